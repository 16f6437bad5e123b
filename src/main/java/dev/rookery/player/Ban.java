package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * Refuses all sign-ins of a player until it expires or is lifted.
 *
 * @param untilMs when it expires; null for never
 */
public record Ban(long sinceMs, @Nullable Long untilMs, String reason) {
  /** Returns whether the ban has not expired. */
  public boolean isActive(long nowMs) {
    return untilMs == null || untilMs > nowMs;
  }
}
