package dev.rookery.achievement;

import dev.rookery.base.AchievementId;
import dev.rookery.base.Event;

/** What happens to achievements. */
public sealed interface AchievementEvent extends Event {
  /** The stream of changed definitions. */
  String DEFINITIONS = "achievements";

  /** A player unlocked an achievement; on the stream of the player. */
  record Unlocked(PlayerAchievement achievement) implements AchievementEvent {}

  /** A player came nearer to the target; on the stream of the player. */
  record Progressed(PlayerAchievement achievement) implements AchievementEvent {}

  /** A definition was created, changed or deleted; on the stream of definitions. */
  record Defined(AchievementId achievement) implements AchievementEvent {}
}
