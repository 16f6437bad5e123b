package dev.rookery.email;

import java.util.List;

/**
 * What a node knows of the emails that it sends.
 *
 * @param enabled whether emails can be sent at all, if only to the log
 * @param reachesRecipients whether a mail server is configured
 * @param pending that the mail server has not accepted yet
 * @param failures the latest that it did not accept, the newest first
 */
public record EmailState(
    boolean enabled, boolean reachesRecipients, int pending, List<Failure> failures) {
  /**
   * An email that was not accepted, without its recipient and its text.
   *
   * @param problem what the mail server or the connection said, without addresses
   */
  public record Failure(long atMs, String subject, String problem, boolean dropped) {}
}
