package dev.rookery.achievement;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import java.util.Map;

/** The notification about an unlocked achievement (Gamend HTTP contract, appendix B). */
final class AchievementNotifications {
  private static final NotificationKind KIND = NotificationKind.ACHIEVEMENT_UNLOCKED;

  private AchievementNotifications() {}

  static Draft unlocked(PlayerId player, Achievement achievement) {
    return new Draft(
        KIND,
        player,
        player,
        achievement.hidden() ? "Secret Achievement Unlocked" : KIND.title() + achievement.title(),
        achievement.hidden()
            ? "You have unlocked a secret achievement!"
            : achievement.description(),
        Map.of(
            "type", KIND.type(),
            "achievement_id", achievement.id().value(),
            "achievement_slug", achievement.slug()),
        0);
  }
}
