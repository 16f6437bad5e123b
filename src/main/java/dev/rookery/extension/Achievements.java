package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/** Achievements, which players unlock. */
public interface Achievements {
  /** Creates a definition. Invalid if the slug is taken. */
  Achievement create(AchievementSettings settings);

  Achievement update(long achievementId, AchievementSettings settings);

  /** Deletes a definition and the progress of all players. */
  void delete(long achievementId);

  /** The definition with this slug. */
  @Nullable Achievement find(String slug);

  /** All definitions, by sort order and title. */
  ResultPage<Achievement> list(int page, int pageSize);

  /** All definitions with how many players have unlocked them, by sort order and title. */
  ResultPage<AchievementStatistics> listStatistics(int page, int pageSize);

  /** Of how many percent of all players it is unlocked, from 0 to 100. {@code not_found}. */
  double unlockPercentage(String slug);

  /** All achievements as a player sees them, by sort order and title. */
  ResultPage<AchievementStatus> listFor(long userId, int page, int pageSize);

  /** What a player has unlocked, latest first. */
  ResultPage<AchievementStatus> listUnlocked(long userId, int page, int pageSize);

  /**
   * Unlocks an achievement. {@code achievement_not_found}, {@code user_not_found}, {@code
   * already_unlocked}.
   */
  default AchievementProgress unlock(long userId, String slug) {
    return unlock(userId, slug, null);
  }

  /** As the shorter method, once per idempotency key. */
  AchievementProgress unlock(long userId, String slug, @Nullable String idempotencyKey);

  /**
   * Adds to the progress of a player, up to the target, where it unlocks. Changes nothing once it
   * is unlocked.
   *
   * @param amount at least 1
   */
  default AchievementProgress increment(long userId, String slug, long amount) {
    return increment(userId, slug, amount, null);
  }

  /** As the shorter method, once per idempotency key. */
  AchievementProgress increment(
      long userId, String slug, long amount, @Nullable String idempotencyKey);

  /** Takes progress and unlock away. {@code not_found} if the player has neither. */
  void revoke(long userId, long achievementId);
}
