package dev.rookery.console;

import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit log.
 *
 * @param run the run of the node that wrote it
 * @param number its place in the chain of that run, from 1
 * @param actor the name of an {@link Actor.Kind}
 * @param player null for the system
 * @param details JSON
 * @param result {@code done}, or the code of the refusal
 */
public record AuditEntry(
    long run,
    long number,
    long atMs,
    String actor,
    @Nullable PlayerId player,
    String session,
    String address,
    String permission,
    String action,
    String target,
    String reason,
    String details,
    String requestId,
    String result,
    String hash) {
  public static final String DONE = "done";

  /** Before the id of an access key, in place of a session. */
  public static final String KEY = "key ";

  /** Before the network of clients whose requests are limited. */
  private static final String NETWORKS = "limits/";

  /** Where the entry is in the log, for the next page. */
  public Place place() {
    return new Place(atMs, run, number);
  }

  /** The id of the access key that did it; null if a person or the server did. */
  public @Nullable String keyId() {
    return Actor.keyId(actor, session);
  }

  /** What it was done to, as {@link #target(String, boolean)} shows it. */
  public String target(boolean personal) {
    return target(target, personal);
  }

  /**
   * A target as it may be shown: the network of clients is hidden from those who may not read
   * personal data.
   */
  public static String target(String target, boolean personal) {
    return !personal && target.startsWith(NETWORKS) ? NETWORKS + "hidden" : target;
  }

  /** A place in the log, which is ordered by time. */
  public record Place(long atMs, long run, long number) {}

  /**
   * Which entries are listed; a null does not select.
   *
   * @param actionPrefix how the action begins
   * @param target the whole target
   */
  public record Filter(
      @Nullable PlayerId player,
      @Nullable String actionPrefix,
      @Nullable String target,
      @Nullable Boolean done,
      @Nullable Long fromMs,
      @Nullable Long untilMs) {
    public static final Filter NONE = new Filter(null, null, null, null, null, null);
  }

  /**
   * What the check of a chain found.
   *
   * @param entries how many are there
   * @param brokenAt the number of the first entry that was changed or is missing; null if none
   */
  public record ChainCheck(long run, long entries, @Nullable Long brokenAt) {}
}
