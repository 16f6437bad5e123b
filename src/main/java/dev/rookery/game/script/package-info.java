/**
 * Games in JavaScript, run by GraalJS.
 *
 * <p>A game's script runs in contexts without access to the host, to files, to the network or to
 * threads, on threads of their own and never on an event loop. Each call has a budget of
 * statements, time, allocated memory and size of its result. Time is that of the action, and
 * randomness comes from the match, so a script gives the same bytes on every node. A context holds
 * nothing that cannot be restored: a session is its last state and the actions since then.
 */
@NullMarked
package dev.rookery.game.script;

import org.jspecify.annotations.NullMarked;
