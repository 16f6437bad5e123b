package dev.rookery.protocol.phoenix;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * One topic as one socket joins it; made anew for each join. Called on the socket's event loop, and
 * never while a call before has not been answered. Its futures complete on that event loop, too.
 */
public interface Channel {
  /**
   * Decides about the join, and gives what the client is answered. Fails with (or throws) {@link
   * JoinRefusedException}, or with anything else when it broke; then nothing is called any more,
   * and whatever was taken for it must have been given back.
   *
   * @param payload of the join, of which most channels want nothing
   */
  Future<JsonObject> join(Payload payload);

  /** The client knows that it has joined: from now on it may be pushed to. */
  void onJoined(ChannelConnection line);

  /** An event of the client. What fails here breaks the channel. */
  Future<ChannelReply> handle(Frame.Message message);

  /** The client says that it leaves; the end follows. */
  default void onLeave() {}

  /**
   * The end, after a join that was granted: left, sent away, or the socket is gone. Completes when
   * whoever must know of it has been told.
   */
  Future<?> onEnd();
}
