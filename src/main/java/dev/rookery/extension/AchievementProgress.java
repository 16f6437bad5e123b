package dev.rookery.extension;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a player is with an achievement.
 *
 * @param unlockedAt null until it is unlocked
 */
public record AchievementProgress(
    long userId, long achievementId, int progress, @Nullable Instant unlockedAt) {
  public boolean isUnlocked() {
    return unlockedAt != null;
  }
}
