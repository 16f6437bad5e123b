package dev.rookery.achievement;

import dev.rookery.player.Export;
import dev.rookery.player.Timeline;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A player's progress, for the export of the player's data. */
final class ExportStore {
  private static final String UNLOCKED =
      """
      SELECT achievement.slug, player_achievement.unlocked_ms
      FROM player_achievement JOIN achievement
        ON achievement.id = player_achievement.achievement_id
      WHERE player_achievement.player_id = $1 AND player_achievement.unlocked_ms IS NOT NULL
        AND player_achievement.unlocked_ms <= $2
      ORDER BY player_achievement.unlocked_ms DESC, player_achievement.id DESC LIMIT $3
      """;

  private static final String ACHIEVEMENTS =
      """
      SELECT player_achievement.id, achievement.slug, player_achievement.progress,
        player_achievement.unlocked_ms, player_achievement.created_ms,
        player_achievement.updated_ms
      FROM player_achievement JOIN achievement
        ON achievement.id = player_achievement.achievement_id
      WHERE player_achievement.player_id = $1 AND player_achievement.id > $2
      ORDER BY player_achievement.id LIMIT $3
      """;

  List<Timeline.Entry> timeline(Reader reader, Timeline asked) {
    return reader
        .read(UNLOCKED, asked.player().value(), asked.untilMs(), asked.max())
        .all(
            row ->
                new Timeline.Entry(
                    row.number("unlocked_ms"),
                    asked.part(),
                    "unlocked the achievement " + row.text("slug"),
                    ""));
  }

  Export.Part achievements(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(ACHIEVEMENTS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("achievement", row.text("slug"))
                        .put("progress", row.number("progress"))
                        .put("unlocked_at", Export.time(row.numberOrNull("unlocked_ms")))
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("updated_at", Export.time(row.number("updated_ms")))),
        achievement -> achievement.getLong("id"));
  }
}
