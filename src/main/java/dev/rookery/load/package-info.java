/**
 * The load test in the box: players that sign in, read and gather over HTTP, at a bounded number of
 * connections for a bounded time. Speaks to a node as any client does and uses nothing of it.
 */
@NullMarked
package dev.rookery.load;

import org.jspecify.annotations.NullMarked;
