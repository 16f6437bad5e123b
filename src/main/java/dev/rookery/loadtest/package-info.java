/**
 * The load test in the box: players that sign in, gather, chat, lose their connection and resume, a
 * bounded number of them for a bounded time. Speaks to a node as any client does and uses nothing
 * of it.
 *
 * <p>Everything runs on one event loop, so that it takes one core and no more. {@code
 * BaselineServer} is a bare server for the same work, to compare with.
 */
@NullMarked
package dev.rookery.loadtest;

import org.jspecify.annotations.NullMarked;
