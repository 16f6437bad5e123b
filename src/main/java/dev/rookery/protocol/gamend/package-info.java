/**
 * The protocol of Gamend clients: a REST API under {@code /api/v1} and Phoenix channels at {@code
 * /socket/websocket}. The Gamend HTTP and realtime contracts define it; the API document {@code
 * openapi/gamend.yaml}, served at {@code /api/openapi} and shown at {@code /api/docs}, describes
 * every route.
 *
 * <p><b>REST.</b> Requests carry JSON, URL-encoded or multipart bodies; parameters of the path win
 * over the body, and the body over the query. {@code POST /api/v1/login}, {@code
 * /api/v1/login/device} and others return {@code {"data":{"access_token","refresh_token",
 * "expires_in",…}}}; other routes take the access token as {@code Authorization: Bearer <token>}.
 * Lists are {@code {"data":[…],"meta":{"page","page_size","count","total_count","total_pages",
 * "has_more"}}}. Errors are {@code {"error":"<code>"}}, in some routes with {@code message}, {@code
 * details} or {@code errors}; those without a code are {@code {"errors":{"detail":"Not Found"}}}. A
 * request that exceeds a limit gets 429 with {@code Retry-After}. Operations that the API document
 * marks accept the header {@code Idempotency-Key}.
 *
 * <p><b>Channels.</b> The framing is that of {@link dev.rookery.protocol.phoenix}. Topics:
 *
 * <ul>
 *   <li>{@code user:<id>}: the player's own events, and their presence. After the join come {@code
 *       updated} with the player and a {@code notification} for each stored one.
 *   <li>{@code lobby:<id>}: for members and admitted spectators. After the join comes {@code
 *       updated} with the lobby and its members; then {@code updated}, {@code user_joined}, {@code
 *       user_left}, {@code user_kicked}, {@code member_updated}, {@code member_online}, {@code
 *       member_offline}, {@code host_changed}, {@code new_chat_message}, {@code
 *       chat_message_updated}, {@code chat_message_deleted} and {@code match_started}.
 *   <li>{@code lobbies}: changes of the list of lobbies, for anyone: {@code lobby_created}, {@code
 *       lobby_updated}, {@code lobby_deleted}, {@code lobby_membership_changed}.
 * </ul>
 *
 * <p><b>Resume.</b> A client that joins {@code user:<id>} or {@code lobby:<id>} with {@code
 * {"resume":{}}} gets {@code {"recovered","epoch","offset"}} as the response and a {@code
 * _position} in pushes. When it joins again with {@code {"resume":{"epoch","offset"}}} of the last
 * position, it gets every push since then exactly once ({@code recovered: true}), or a new snapshot
 * ({@code recovered: false}).
 */
@NullMarked
package dev.rookery.protocol.gamend;

import org.jspecify.annotations.NullMarked;
