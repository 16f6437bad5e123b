/**
 * The built-in load test: simulated players sign in, join lobbies, chat, lose their connection and
 * resume, a bounded number of them for a bounded time. It talks to a node as any client does and
 * uses none of its code.
 *
 * <p>Everything runs on one event loop, so that it uses one core. {@code BaselineServer} is a bare
 * server that does the same work, for comparison.
 */
@NullMarked
package dev.rookery.loadtest;

import org.jspecify.annotations.NullMarked;
