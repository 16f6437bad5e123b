/**
 * The wire of GameFlow clients: team lobbies over one JSON socket, and a little HTTP around it.
 *
 * <p>{@code POST /auth/anonymous} and {@code POST /auth/discord} give a token for thirty days;
 * {@code GET /accounts/me} and {@code GET /lobbies} take it as a bearer token, {@code /_ws?token=}
 * in the query. On the socket each text frame is an object with a {@code type}. A client hears
 * {@code connected}, asks {@code lobby:create}, {@code lobby:join}, {@code lobby:ready}, {@code
 * lobby:fill-bots}, {@code lobby:start}, {@code lobby:leave}, {@code matchmaking:find}, {@code
 * matchmaking:cancel}, {@code matchmaking:why} or {@code ping}, and hears {@code lobby:created},
 * {@code lobby:updated}, {@code lobby:deleted}, {@code lobby:left}, {@code match:started}, {@code
 * pong} or {@code error}. A player whose socket ends leaves the lobby he entered through it.
 *
 * <p>Its lobbies are those of every other wire: the UUID holds the lobby's number, private means
 * hidden, and a lobby made elsewhere has teams and a code from the first look this wire takes.
 */
@NullMarked
package dev.rookery.protocol.gameflow;

import org.jspecify.annotations.NullMarked;
