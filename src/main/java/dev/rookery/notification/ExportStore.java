package dev.rookery.notification;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;

/** Notices that a player got, and those he sent, for himself. */
final class ExportStore {
  private static final String COLUMNS =
      "SELECT id, %s, title, content, metadata, is_read, created_ms, updated_ms FROM notification ";

  private static final String RECEIVED =
      COLUMNS.formatted("sender_id AS other")
          + "WHERE recipient_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String SENT =
      COLUMNS.formatted("recipient_id AS other")
          + "WHERE sender_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  Export.Part received(Reader reader, Export asked) {
    return part(reader, RECEIVED, "sender_id", asked);
  }

  Export.Part sent(Reader reader, Export asked) {
    return part(reader, SENT, "recipient_id", asked);
  }

  private static Export.Part part(Reader reader, String sql, String other, Export asked) {
    return Export.Part.of(
        reader
            .read(sql, asked.player().value(), asked.afterId(), (long) Export.ROWS_MAX)
            .all(row -> notice(row, other)),
        notice -> notice.getLong("id"));
  }

  private static JsonObject notice(Row row, String other) {
    return new JsonObject()
        .put("id", row.number("id"))
        .put(other, row.number("other"))
        .put("title", row.text("title"))
        .put("content", row.text("content"))
        .put("metadata", new JsonObject(row.text("metadata")))
        .put("read", row.flag("is_read"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("updated_at", Export.time(row.number("updated_ms")));
  }
}
