package dev.rookery.email;

import io.vertx.core.Future;

/** Takes letters. */
public interface EmailSender extends AutoCloseable {
  /** Fails when the letter was not taken; it may then be sent again. */
  Future<Void> send(Email letter);

  /** Whether there is anywhere for letters to go, if only to the log. */
  boolean works();

  /** Whether letters reach people, so that something may depend on their reading them. */
  boolean delivers();

  @Override
  void close();
}
