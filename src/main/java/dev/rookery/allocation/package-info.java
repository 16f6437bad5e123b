/**
 * Where a match is played: the port to whoever starts game servers, and what stands behind it. Used
 * by the domains that start matches; knows none of them.
 */
@NullMarked
package dev.rookery.allocation;

import org.jspecify.annotations.NullMarked;
