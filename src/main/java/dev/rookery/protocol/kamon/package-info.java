/**
 * The wire of two-player browser games: a socket at {@code /ws} and a folder of files.
 *
 * <p>A client says {@code * <room>_<n>} once, where the room is letters, digits and {@code -}, at
 * most 64 of them, and {@code n} one digit: 0 is the first player, any other the second. What it
 * says before is ignored; whatever it says from then on, text or binary, goes unchanged to the
 * other player of the room, if he is there. Whoever comes later to a seat has it. By convention
 * {@code *} alone asks the other for the state of the game. The files of the static folder are at
 * {@code /static/}, its {@code index.html} also at {@code /}.
 */
@NullMarked
package dev.rookery.protocol.kamon;

import org.jspecify.annotations.NullMarked;
