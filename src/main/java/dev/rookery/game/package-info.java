/**
 * Games that the server runs: the interface of an engine, the engine of turn-based games in Java,
 * tic-tac-toe and crazy eights.
 *
 * <p>An engine is deterministic. Time and randomness are handed in, so the same setup and the same
 * actions give the same bytes on every node, and a match can be restored by repeating its actions.
 */
@NullMarked
package dev.rookery.game;

import org.jspecify.annotations.NullMarked;
