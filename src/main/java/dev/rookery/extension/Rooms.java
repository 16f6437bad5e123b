package dev.rookery.extension;

/**
 * State that lives in memory on one node at a time, such as a game with a tick loop. A room is a
 * name with an owner: the node that runs its task. When that node leaves or dies, another one runs
 * the task; when the extension is updated, the new version does. Thread-safe.
 *
 * <p>Names have 1 to 128 of the characters a-z, A-Z, 0-9, {@code .}, {@code _}, {@code :} and
 * {@code -}. A node runs at most 10,000 rooms of an extension.
 */
public interface Rooms {
  /**
   * Sets what runs a room, on the node that owns it. Call it in {@link Extension#start}.
   *
   * @throws IllegalStateException if it was set already
   */
  void serve(RoomTask task);

  /**
   * Opens a room: from now on one node runs it, until its task returns. Does nothing if the room is
   * open. Blocks until the owner is known, at first this node if the room is new. In {@link
   * Extension#start} the room is opened once this version takes over.
   *
   * @throws IllegalArgumentException if the name is invalid
   * @throws IllegalStateException without a task
   * @throws LimitExceededException if this node runs too many rooms of the extension
   */
  void open(String room);

  /**
   * Sends a message to the owner of a room, wherever it is, for {@link RoomLease#takeMessages}.
   * Returns at once. It arrives at most once, and not at all if the room is not open, or changes
   * its owner meanwhile.
   *
   * @param message a payload as of {@link Channels}
   * @throws IllegalArgumentException if the name or the message are invalid
   * @throws LimitExceededException beyond {@code extensions.broadcastsPerSecond}
   */
  void send(String room, Object message);
}
