package dev.rookery.achievement;

import dev.rookery.achievement.AchievementCommand.Fields;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a definition may contain, what a player sees of it, and how progress counts. */
final class AchievementRules {
  private static final String MASK = "???";
  private static final Pattern SLUG = Pattern.compile("[a-z0-9_]+");
  private static final int SLUG_MAX = 100;
  private static final int TITLE_MAX = 255;
  private static final int DESCRIPTION_MAX = 1_000;
  private static final int ICON_URL_MAX = 512;

  private final Limits limits;

  AchievementRules(Limits limits) {
    this.limits = limits;
  }

  /** Refuses invalid fields of a new definition. */
  void mustBeComplete(Fields fields) {
    var errors = new FieldErrors();
    if (isBlank(fields.slug())) {
      errors.add("slug", "can't be blank");
    }
    if (isBlank(fields.title())) {
      errors.add("title", "can't be blank");
    }
    check(errors, fields);
  }

  /** Refuses invalid fields. */
  void mustBeValid(Fields fields) {
    check(new FieldErrors(), fields);
  }

  private void check(FieldErrors errors, Fields fields) {
    String slug = fields.slug();
    if (slug != null && !slug.isBlank() && !SLUG.matcher(slug).matches()) {
      errors.add("slug", "must be lowercase alphanumeric with underscores");
    }
    errors
        .text("slug", slug, 0, SLUG_MAX)
        .visibleLine("title", fields.title(), TITLE_MAX)
        .visibleLines(
            "description",
            isBlank(fields.description()) ? null : fields.description(),
            DESCRIPTION_MAX)
        .text("icon_url", fields.iconUrl(), 0, ICON_URL_MAX)
        .number("progress_target", fields.progressTarget(), 1, Integer.MAX_VALUE)
        .object("metadata", fields.metadata(), limits.metadataBytesMax())
        .refuse();
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  /** What a player sees of an achievement in a list. */
  static AchievementStatus status(Achievement achievement, @Nullable PlayerAchievement own) {
    Long unlockedMs = own == null ? null : own.unlockedMs();
    if (achievement.hidden() && unlockedMs == null) {
      return new AchievementStatus(masked(achievement), 0, null);
    }
    int progress = own == null ? 0 : Math.min(own.progress(), achievement.progressTarget());
    return new AchievementStatus(achievement, progress, unlockedMs);
  }

  private static Achievement masked(Achievement achievement) {
    return new Achievement(
        achievement.id(),
        achievement.slug(),
        MASK,
        MASK,
        "",
        achievement.sortOrder(),
        true,
        achievement.progressTarget(),
        Map.of(),
        achievement.createdMs(),
        achievement.updatedMs());
  }

  /**
   * The progress of a player who has not unlocked the achievement.
   *
   * @param amount at least 1
   */
  static int progress(Achievement achievement, @Nullable PlayerAchievement own, long amount) {
    long before = own == null ? 0 : own.progress();
    long room = Math.max(0, achievement.progressTarget() - before);
    return (int) (amount >= room ? achievement.progressTarget() : before + amount);
  }
}
