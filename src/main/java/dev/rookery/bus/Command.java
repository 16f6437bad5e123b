package dev.rookery.bus;

/**
 * A request to a domain, answered with an {@code R} or refused. Commands stay on the node that
 * receives them; the store decides races between nodes.
 */
public interface Command<R> {
  /** The bus address of this command's handler, the same for each sealed family. */
  String address();

  /**
   * Whether a client without a session causes this command: a sign-in, or a seat of the relay. Of
   * these only a tenth as many may wait as of all commands, so that players' commands go on however
   * many strangers there are.
   */
  default boolean isFromStranger() {
    return false;
  }
}
