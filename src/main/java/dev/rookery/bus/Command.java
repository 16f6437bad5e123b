package dev.rookery.bus;

/**
 * A request to a domain, answered with an {@code R} or refused. Commands stay on the node that
 * receives them; the store decides races between nodes.
 */
public interface Command<R> {
  /** The bus address of this command's handler, the same for each sealed family. */
  String address();
}
