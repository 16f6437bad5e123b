/**
 * The channel framing of Phoenix sockets, versions 2.0.0 and 1.0.0, and nothing of what is said in
 * it.
 */
@NullMarked
package dev.rookery.protocol.phoenix;

import org.jspecify.annotations.NullMarked;
