package dev.rookery.extension;

/**
 * Phoenix channels of the extension. Its topics are {@code x:<extension>:<topic>}; methods take and
 * give the last part, which has 1 to 128 of the characters a-z, A-Z, 0-9, {@code .}, {@code _},
 * {@code :} and {@code -}.
 *
 * <p>A payload is what {@link ExtensionContext#json} maps to a JSON object: a record, a map, a
 * {@code JsonObject}; at most 64 KiB of JSON, nested at most 64 deep. It is encoded once, however
 * many clients receive it. Thread-safe.
 */
public interface Channels {
  /**
   * Serves the topics that begin with a prefix. Of several prefixes that fit the longest counts;
   * the empty one fits all topics. Call it in {@link Extension#start}.
   *
   * @throws IllegalArgumentException if the prefix is invalid, or served already
   */
  void serve(String prefix, ChannelHandler handler);

  /**
   * Sends an event to the clients that have joined the topic, on all nodes, in the order of the
   * calls of one thread. It is stored before this returns: a client that joins again with its last
   * position gets what it has missed, as long as the server keeps the events of streams ({@code
   * store.historyFor}, {@code store.historyMax}).
   *
   * @throws IllegalArgumentException if topic, event or payload are invalid
   * @throws LimitExceededException beyond {@code extensions.broadcastsPerSecond}
   * @throws RoomLostException in the task of a room that this node does not own any more
   * @throws IllegalStateException if the database is unavailable; the event may be stored
   */
  void broadcast(String topic, String event, Object payload);

  /**
   * As {@link #broadcast}, but not stored, for what the next event makes obsolete, such as the
   * positions of a game twenty times a second. Returns at once. A client gets it at most once, and
   * not while its connection is slow; it may be reordered between senders.
   *
   * @throws IllegalArgumentException if topic, event or payload are invalid
   * @throws LimitExceededException beyond {@code extensions.broadcastsPerSecond}
   * @throws RoomLostException in the task of a room that this node does not own any more
   */
  void broadcastTransient(String topic, String event, Object payload);
}
