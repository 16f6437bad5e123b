package dev.rookery.match;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Management, by admins, of the changes of profiles that were given up: the control plane refused
 * them, or did not answer for about a day. They are kept for 30 days.
 */
public sealed interface ProfileChangeCommand<R> extends Command<R> {
  String ADDRESS = "match.profile";

  /** Maximum number of changes in an answer. */
  int PAGE_MAX = 100;

  /** Maximum length of the reason for dropping a change, in UTF-16 units. */
  int REASON_MAX = 200;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Lists the changes that were given up, in the order in which matches made them.
   *
   * @param after the id of the change before the page; 0 for the first page
   * @param max at most {@link #PAGE_MAX}
   */
  record ListParked(long after, int max) implements ProfileChangeCommand<ParkedPage> {}

  /**
   * Sends a change again, before later ones of the same user and game. {@code
   * Missing("not_found")}; {@code Conflict("no_control_plane")} if this server keeps the profiles.
   */
  record Retry(long id) implements ProfileChangeCommand<Done> {}

  /**
   * Deletes a change that nobody is to send any more. The log keeps what it was and why, the audit
   * log who dropped it. {@code Missing("not_found")}.
   *
   * @param reason at most {@link #REASON_MAX}
   */
  record Drop(long id, String reason) implements ProfileChangeCommand<Done> {}

  /**
   * A change that was given up.
   *
   * @param action the id of the action; {@code end} for the settlement of the match
   * @param user whose profile it changes
   * @param delta JSON text of its operations
   * @param attempts that have failed
   * @param reason why it was given up
   */
  record ParkedProfileChange(
      long id,
      String room,
      String action,
      String player,
      String user,
      String gameKey,
      String deploymentVersion,
      String schemaVersion,
      String delta,
      long attempts,
      String reason,
      long createdMs,
      long parkedMs) {}

  /**
   * @param next the id after which the next page begins; null if there is none
   */
  record ParkedPage(List<ParkedProfileChange> changes, @Nullable Long next) {
    public ParkedPage {
      changes = List.copyOf(changes);
    }
  }
}
