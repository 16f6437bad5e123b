package dev.rookery.achievement;

import dev.rookery.base.AchievementId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands of achievements. */
public sealed interface AchievementCommand<R> extends Command<R> {
  String ADDRESS = "achievement";

  /** The most items of one page. */
  int PAGE_MAX = 200;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Lists all achievements as a player sees them, by sort order and title. Hidden ones that the
   * player has not unlocked are masked and count.
   *
   * @param viewer null for a client without an account
   * @param page of any size; at most {@link #PAGE_MAX} items are returned
   */
  record ListAll(@Nullable PlayerId viewer, Page.Request page)
      implements AchievementCommand<Page<AchievementStatus>> {}

  /**
   * Finds an achievement as a player sees it. {@code Missing("not_found")}, also if it is hidden
   * and not unlocked.
   *
   * @param viewer null for a client without an account
   */
  record Find(String slug, @Nullable PlayerId viewer)
      implements AchievementCommand<AchievementStatus> {}

  /** Lists what a player has unlocked, latest first; empty for an unknown player. */
  record ListUnlocked(PlayerId player, Page.Request page)
      implements AchievementCommand<Page<AchievementStatus>> {}

  /** Lists the definitions for admins, by sort order and title. */
  record ListDefinitions(Page.Request page)
      implements AchievementCommand<Page<AchievementStatistics>> {}

  /** Finds a definition. {@code Missing("not_found")}. */
  record FindDefinition(AchievementId achievement)
      implements AchievementCommand<AchievementStatistics> {}

  /** Creates a definition. Invalid fields; {@code Conflict("too_many_achievements")}. */
  record Create(Fields fields) implements AchievementCommand<AchievementStatistics> {}

  /**
   * Changes a definition. {@code Missing("not_found")}, or invalid fields.
   *
   * @param revision the time of the last change that an admin has read: {@code
   *     Conflict("revision_conflict")} if the definition has another one; null to change it
   *     whatever was read
   */
  record Update(AchievementId achievement, Fields fields, @Nullable Long revision)
      implements AchievementCommand<AchievementStatistics> {}

  /**
   * The fields of a definition; null keeps the value, or takes the default.
   *
   * @param sortOrder 0 by default
   * @param hidden false by default
   * @param progressTarget 1 by default
   */
  record Fields(
      @Nullable String slug,
      @Nullable String title,
      @Nullable String description,
      @Nullable String iconUrl,
      @Nullable Integer sortOrder,
      @Nullable Boolean hidden,
      @Nullable Integer progressTarget,
      @Nullable Map<String, Object> metadata) {}

  /** Deletes a definition and the progress of all players. {@code Missing("not_found")}. */
  record Delete(AchievementId achievement) implements AchievementCommand<Done> {}

  /**
   * Unlocks an achievement for a player. {@code Missing("achievement_not_found")}, {@code
   * Missing("user_not_found")}, {@code Conflict("already_unlocked")}.
   *
   * @param by whose idempotency key it is
   * @param idempotencyKey 1 to 200 characters, or null
   */
  record Unlock(PlayerId player, String slug, PlayerId by, @Nullable String idempotencyKey)
      implements AchievementCommand<PlayerAchievement> {}

  /**
   * Adds to a player's progress, up to the target, where it unlocks. Changes nothing once it is
   * unlocked. Refused as {@link Unlock} but for the last, and invalid {@code amount} if it is less
   * than 1.
   */
  record Increment(
      PlayerId player, String slug, long amount, PlayerId by, @Nullable String idempotencyKey)
      implements AchievementCommand<PlayerAchievement> {}

  /** Takes progress and unlock away. {@code Missing("not_found")} if the player has neither. */
  record Revoke(PlayerId player, AchievementId achievement) implements AchievementCommand<Done> {}

  /** Deletes the progress of a player, when the account is deleted. */
  record Forget(PlayerId player) implements AchievementCommand<Done> {}
}
