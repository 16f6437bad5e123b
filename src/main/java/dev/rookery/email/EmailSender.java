package dev.rookery.email;

import io.vertx.core.Future;

/** Delivers emails to a mail server, or to a stand-in for one. */
public interface EmailSender extends AutoCloseable {
  /** Sends an email. Fails when it was not accepted; it may then be sent again. */
  Future<Void> send(Email email);

  /** Whether emails can be sent at all, if only to the log. */
  boolean isEnabled();

  /** Whether emails reach their recipients, so that sign-in may depend on them. */
  boolean reachesRecipients();

  @Override
  void close();
}
