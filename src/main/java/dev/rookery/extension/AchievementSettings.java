package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of an achievement; null keeps a value, or takes the default in a new one. See {@link
 * Achievement}.
 */
public record AchievementSettings(
    @Nullable String slug,
    @Nullable String title,
    @Nullable String description,
    @Nullable String iconUrl,
    @Nullable Integer sortOrder,
    @Nullable Boolean hidden,
    @Nullable Integer progressTarget,
    @Nullable Map<String, Object> metadata) {
  /** Unlocked in one step. */
  public static AchievementSettings named(String slug, String title) {
    return new AchievementSettings(slug, title, null, null, null, null, null, null);
  }

  public AchievementSettings withDescription(@Nullable String text) {
    return new AchievementSettings(
        slug, title, text, iconUrl, sortOrder, hidden, progressTarget, metadata);
  }

  public AchievementSettings withIconUrl(@Nullable String url) {
    return new AchievementSettings(
        slug, title, description, url, sortOrder, hidden, progressTarget, metadata);
  }

  public AchievementSettings withSortOrder(@Nullable Integer order) {
    return new AchievementSettings(
        slug, title, description, iconUrl, order, hidden, progressTarget, metadata);
  }

  public AchievementSettings withHidden(@Nullable Boolean isHidden) {
    return new AchievementSettings(
        slug, title, description, iconUrl, sortOrder, isHidden, progressTarget, metadata);
  }

  public AchievementSettings withProgressTarget(@Nullable Integer target) {
    return new AchievementSettings(
        slug, title, description, iconUrl, sortOrder, hidden, target, metadata);
  }

  public AchievementSettings withMetadata(@Nullable Map<String, Object> object) {
    return new AchievementSettings(
        slug, title, description, iconUrl, sortOrder, hidden, progressTarget, object);
  }
}
