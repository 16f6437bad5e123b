package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/**
 * Serves topics of an extension. Calls run on threads of the extension, at the same time, with the
 * bounds of {@link RpcHandler#call}; the calls of one join run one after the other. After an update
 * the new version gets the messages of clients that joined before.
 */
public interface ChannelHandler {
  /** Whether clients that are not signed in may ask to join. */
  default boolean admitsAnonymous() {
    return false;
  }

  /**
   * Decides about a join. Events that are broadcast after this is called reach the client, so a
   * state that is read here and the events after it leave no gap.
   *
   * @return the response to the client: what maps to a JSON object, or null for an empty one
   * @throws RpcException to refuse the join with this reason
   * @throws Exception anything else is logged, and the client gets {@code join crashed}
   */
  @Nullable Object join(ChannelJoin join) throws Exception;

  /**
   * Answers a message of a client.
   *
   * @return the response: an object as it is, any other value as the field {@code data}, null as an
   *     empty object
   * @throws RpcException to answer with the error of this reason
   * @throws Exception anything else is logged, and the client gets {@code unexpected_error}
   */
  default @Nullable Object message(ChannelMessage message) throws Exception {
    throw new RpcException("unknown_event");
  }

  /**
   * The client has left, or its connection has ended, or was told that its join failed although
   * {@link #join} returned: too late, or what is no JSON. Called at most once per join; not if the
   * node dies, or the extension has too many calls.
   */
  default void leave(ChannelMember member) throws Exception {}
}
