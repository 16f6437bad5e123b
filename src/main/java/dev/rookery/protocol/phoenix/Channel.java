package dev.rookery.protocol.phoenix;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * The server side of one topic joined by one socket; a new instance is created for each join.
 * Called on the socket's event loop, and not before the future of the previous call has completed.
 * Its futures complete on that event loop as well.
 */
public interface Channel {
  /**
   * Decides about the join; the result is the response to the client. A refusal fails with (or
   * throws) {@link JoinRefusedException}, an error with anything else. After a failure no further
   * method is called, so the channel must have released its resources.
   *
   * @param payload the payload of the join, which most channels ignore
   */
  Future<JsonObject> join(Payload payload);

  /** The client has been told that it joined; from now on the channel may push. */
  void onJoined(ChannelConnection connection);

  /** Handles a message of the client. A failed future closes the channel with {@code phx_error}. */
  Future<ChannelReply> handle(Frame.Message message);

  /** The client leaves the topic; {@link #onEnd} follows. */
  default void onLeave() {}

  /**
   * The channel has ended after a successful join: the client left, the server closed it, or the
   * socket closed. Completes when the effects (such as presence) have been announced.
   */
  Future<?> onEnd();
}
