package dev.rookery.bus;

/**
 * A wish, in the imperative, answered with an {@code R} or refused. Commands stay on the node they
 * arrive at: the store decides races between nodes.
 */
public interface Command<R> {
  /** The bus address that serves this kind of command, constant for each sealed family. */
  String address();
}
