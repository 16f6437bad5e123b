package dev.rookery.extension;

import java.util.Map;

/**
 * The definition of an achievement.
 *
 * @param slug unique; of the characters a-z, 0-9 and {@code _}
 * @param hidden whether players who have not unlocked it are told no more than that it exists
 * @param progressTarget how much progress unlocks it; at least 1
 */
public record Achievement(
    long id,
    String slug,
    String title,
    String description,
    String iconUrl,
    int sortOrder,
    boolean hidden,
    int progressTarget,
    Map<String, Object> metadata) {}
