/**
 * The protocol of GameFlow clients: team lobbies and matchmaking over a JSON WebSocket, with a
 * small HTTP API for sign-in, as the GameFlow contract defines it.
 *
 * <p><b>HTTP.</b> {@code POST /auth/anonymous} with {@code {"username"}} and {@code POST
 * /auth/discord} with {@code {"discordToken"}} return {@code {"accessToken","account"}}; the token
 * is valid for 30 days. {@code GET /accounts/me} and {@code GET /lobbies} require it as a bearer
 * token. Errors are {@code {"error": text}}. Every response allows every origin (CORS).
 *
 * <p><b>WebSocket.</b> {@code /_ws?token=<accessToken>} always accepts the upgrade; with a missing
 * or invalid token an {@code error} message follows and the socket is closed. Each text frame is a
 * JSON object with a {@code type}. The first message of the server is {@code connected}.
 *
 * <table>
 * <caption>Messages of a client; messages of one socket are handled in order</caption>
 * <tr><th>type</th><th>fields</th><th>answer</th></tr>
 * <tr><td>{@code ping}</td><td></td><td>{@code pong}</td></tr>
 * <tr><td>{@code lobby:create}</td><td>{@code isPrivate}</td><td>{@code lobby:created}</td></tr>
 * <tr><td>{@code lobby:join}</td><td>{@code code} or {@code lobbyId}, {@code team} A or B,
 *     {@code password}</td><td>{@code lobby:updated} to all members</td></tr>
 * <tr><td>{@code lobby:ready}</td><td>{@code ready}</td><td>{@code lobby:updated}</td></tr>
 * <tr><td>{@code lobby:fill-bots}</td><td></td><td>{@code lobby:updated}</td></tr>
 * <tr><td>{@code lobby:leave}</td><td></td><td>{@code lobby:left}; {@code lobby:updated} or
 *     {@code lobby:deleted} to the others</td></tr>
 * <tr><td>{@code lobby:start}</td><td></td><td>{@code match:started} to all members</td></tr>
 * <tr><td>{@code matchmaking:find}</td><td>{@code mode}, {@code region}, {@code size}</td>
 *     <td>{@code matchmaking:searching}, later {@code match:started} or
 *     {@code matchmaking:error}</td></tr>
 * <tr><td>{@code matchmaking:cancel}</td><td></td><td>{@code matchmaking:cancelled}</td></tr>
 * <tr><td>{@code matchmaking:why}</td><td></td><td>{@code matchmaking:why}</td></tr>
 * </table>
 *
 * <p>A message that is refused is answered with {@code {"type":"error","message"}}; the socket
 * stays open. When a socket closes, its player leaves the lobby that was joined on it and their
 * search is cancelled.
 *
 * <p>The lobbies are the same as those of the other protocols: the UUID contains the lobby's id,
 * private means hidden, and a lobby that another protocol created gets teams and a code when this
 * protocol first reads it.
 */
@NullMarked
package dev.rookery.protocol.gameflow;

import org.jspecify.annotations.NullMarked;
