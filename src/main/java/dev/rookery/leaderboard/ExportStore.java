package dev.rookery.leaderboard;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;

/** A player's records, for the export of the player's data. */
final class ExportStore {
  private static final String RECORDS =
      """
      SELECT leaderboard_record.id, leaderboard.id AS board_id, slug, score, subscore, submissions,
        leaderboard_record.metadata, leaderboard_record.created_ms, leaderboard_record.updated_ms
      FROM leaderboard JOIN leaderboard_record
        ON leaderboard_record.board_id = leaderboard.id AND leaderboard_record.player_id = $1
      WHERE leaderboard_record.id > $2
      ORDER BY leaderboard_record.id LIMIT $3
      """;

  Export.Part records(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(RECORDS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("leaderboard_id", row.number("board_id"))
                        .put("slug", row.text("slug"))
                        .put("score", row.number("score"))
                        .put("subscore", row.number("subscore"))
                        .put("submissions", row.number("submissions"))
                        .put("metadata", BoardStore.object(row.text("metadata")))
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("updated_at", Export.time(row.number("updated_ms")))),
        record -> record.getLong("id"));
  }
}
