package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a player out. It ends by itself, without anybody doing anything.
 *
 * @param untilMs null for good
 */
public record Ban(long sinceMs, @Nullable Long untilMs, String reason) {
  public boolean isActive(long nowMs) {
    return untilMs == null || untilMs > nowMs;
  }
}
