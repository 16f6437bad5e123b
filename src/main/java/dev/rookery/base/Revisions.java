package dev.rookery.base;

import org.jspecify.annotations.Nullable;

/** Compares the revision that an editor has read with the one that is there. */
public final class Revisions {
  private static final String CONFLICT = "revision_conflict";

  private Revisions() {}

  /**
   * Refuses a change of something that others have changed since its editor read it: {@code
   * Conflict("revision_conflict")}. Called in the transaction of the change, on what it has locked.
   *
   * @param read null to change it whatever was read
   */
  public static void mustBe(@Nullable Long read, long now) {
    if (read != null && read != now) {
      throw Refused.conflict(CONFLICT);
    }
  }

  /** Whether a change was refused because of its revision. */
  public static boolean isConflict(Refusal refusal) {
    return refusal.code().equals(CONFLICT);
  }

  /**
   * The time of a change as the revision that follows the one before: later than it, also within a
   * millisecond or after the clock was set back.
   */
  public static long next(long beforeMs, long nowMs) {
    return Math.max(nowMs, beforeMs + 1);
  }
}
