/**
 * The framing of Phoenix Channels, protocol versions 2.0.0 and 1.0.0 (Gamend realtime contract,
 * section 1). It knows frames, joins and replies; what topics and events mean is up to the {@link
 * dev.rookery.protocol.phoenix.Channel}s that a {@link dev.rookery.protocol.phoenix.ChannelRouter}
 * creates.
 *
 * <p><b>Connecting.</b> A WebSocket upgrade with the query parameters {@code vsn} ({@code 2.0.0} or
 * {@code 1.0.0}; 1.0.0 if absent) and {@code token} or {@code params[token]} (an access token;
 * without one the socket is anonymous). The server responds with 400 for a request that is not an
 * upgrade, 403 for an origin, version or token that is not accepted, and 503 while tokens cannot be
 * checked.
 *
 * <p><b>Frames.</b> In version 2.0.0 a text frame is a JSON array {@code [join_ref, ref, topic,
 * event, payload]}; in version 1.0.0 an object {@code {"topic","event","payload","ref"}}, in which
 * clients may also send {@code join_ref}. The client numbers its messages with {@code ref}; {@code
 * join_ref} is the {@code ref} of the join of the topic. A binary frame of version 2.0.0 is a kind
 * (0 push, 1 reply, 2 broadcast), one length byte per string, the strings, and the data.
 *
 * <p><b>Topics.</b> {@code phx_join} joins a topic and {@code phx_leave} leaves it. Each message
 * gets one {@code phx_reply} with the payload {@code {"status":"ok","response":{…}}}, or status
 * {@code error}; a refused join has {@code {"reason":"…"}} as its response. Messages with the
 * {@code join_ref} of an earlier join get no reply. Joining a joined topic again replaces the
 * channel: the reply, then {@code phx_close} with the old {@code join_ref}. {@code phx_close} means
 * that the topic has ended, {@code phx_error} that the client must join again. A socket joins at
 * most 100 topics.
 *
 * <p><b>Heartbeat.</b> {@code [null, ref, "phoenix", "heartbeat", {}]} gets an {@code ok}; a socket
 * that sends nothing for 60 s is closed. A frame that cannot be decoded closes the socket with
 * 1011.
 */
@NullMarked
package dev.rookery.protocol.phoenix;

import org.jspecify.annotations.NullMarked;
