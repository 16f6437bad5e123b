/**
 * The Kamon protocol for two-player browser games (Kamon relay contract, Protocol): a WebSocket at
 * {@code /ws} and a host for static files.
 *
 * <p><b>Registration.</b> The client sends the text frame {@code * <room>_<n>} once. The room is 1
 * to 64 letters, digits and {@code -}; {@code n} is one digit, 0 for the first player and any other
 * for the second; the rest of the frame is ignored. The server does not answer, and ignores all
 * frames before the registration, which together may have 300 bytes.
 *
 * <p><b>Relay.</b> Every later frame, text or binary, goes unchanged and in order to the other
 * player of the room, or is dropped if there is none. A later registration for the same seat takes
 * it over: the earlier socket stays open but receives nothing. By convention {@code *} alone asks
 * the other player for the state of the game.
 *
 * <p><b>Close codes.</b> 1002 after 60 s without a frame or pong, 1008 for too many frames, 1009
 * for a frame over 128 KiB, 1012 when the node drains (register again), 1013 for a client that
 * reads too slowly. An origin that is not allowed is rejected with 403. A request with {@code
 * token} or {@code game_id} in its query belongs to another protocol.
 *
 * <p><b>Files.</b> The static folder is served at {@code /static/}, and its {@code index.html} also
 * at {@code /}.
 */
@NullMarked
package dev.rookery.protocol.kamon;

import org.jspecify.annotations.NullMarked;
