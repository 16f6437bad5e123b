package dev.rookery.script;

/**
 * The messages that scripts publish to channels {@code game_updates:*}. Every node receives each
 * message once, in the order of publishing for each channel, whichever node ran the script. What is
 * published while a node cannot reach the engine is lost to that node.
 */
public interface GameUpdates {
  /** The beginning of the channels' names. */
  String CHANNELS = "game_updates:";

  /**
   * Sets the receiver of all messages; called once, before the first script runs. The receiver is
   * called on one thread at a time and must not block.
   */
  void deliverTo(Receiver receiver);

  /** Receives messages. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Receives one message.
     *
     * @param channel the whole name, such as {@code game_updates:game:17}
     * @param message the bytes as the script published them; they are never changed
     */
    void receive(String channel, byte[] message);
  }
}
