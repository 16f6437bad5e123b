package dev.rookery.achievement;

import dev.rookery.base.AchievementId;
import java.util.Map;

/**
 * The definition of an achievement.
 *
 * @param slug unique; of the characters a-z, 0-9 and {@code _}
 * @param hidden whether players who have not unlocked it are told no more than that it exists
 * @param progressTarget how much progress unlocks it; at least 1
 */
public record Achievement(
    AchievementId id,
    String slug,
    String title,
    String description,
    String iconUrl,
    int sortOrder,
    boolean hidden,
    int progressTarget,
    Map<String, Object> metadata,
    long createdMs,
    long updatedMs) {
  /** The order of lists. */
  static int compare(Achievement one, Achievement other) {
    int bySortOrder = Integer.compare(one.sortOrder, other.sortOrder);
    int byTitle = bySortOrder != 0 ? bySortOrder : one.title.compareTo(other.title);
    return byTitle != 0 ? byTitle : Long.compare(one.id.value(), other.id.value());
  }
}
