package dev.rookery.friend;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;

/** A player's friendships, requests and blocks, for the export of the player's data. */
final class ExportStore {
  // A block by somebody else is not told: the player would learn who has blocked them.
  private static final String FRIENDSHIPS =
      """
      SELECT * FROM (
        SELECT id, requester_id, target_id, created_ms, changed_ms,
          CASE state WHEN 'blocked' THEN 'rejected' ELSE state END AS state
        FROM friendship WHERE requester_id = $1 AND id > $2
        UNION ALL
        SELECT id, requester_id, target_id, created_ms, changed_ms, state
        FROM friendship WHERE target_id = $1 AND id > $2) AS friendships
      ORDER BY id LIMIT $3
      """;

  Export.Part friendships(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(FRIENDSHIPS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("requester_id", row.number("requester_id"))
                        .put("target_id", row.number("target_id"))
                        .put("status", row.text("state"))
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("changed_at", Export.time(row.number("changed_ms")))),
        friendship -> friendship.getLong("id"));
  }
}
