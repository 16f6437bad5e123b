package dev.rookery.notification;

import dev.rookery.player.Export;
import dev.rookery.player.Timeline;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** Reads the notifications that a player received or sent, for the export of their data. */
final class ExportStore {
  private static final String COLUMNS =
      "SELECT id, %s, title, content, metadata, is_read, created_ms, updated_ms FROM notification ";

  private static final String RECEIVED =
      COLUMNS.formatted("sender_id AS other")
          + "WHERE recipient_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  private static final String TIMELINE =
      """
      SELECT sender_id, title, created_ms FROM notification
      WHERE recipient_id = $1 AND created_ms <= $2 ORDER BY created_ms DESC, id DESC LIMIT $3
      """;

  private static final String SENT =
      COLUMNS.formatted("recipient_id AS other")
          + "WHERE sender_id = $1 AND id > $2 ORDER BY id LIMIT $3";

  List<Timeline.Entry> timeline(Reader reader, Timeline asked) {
    return reader
        .read(TIMELINE, asked.player().value(), asked.untilMs(), asked.max())
        .all(
            row ->
                new Timeline.Entry(
                    row.number("created_ms"),
                    asked.part(),
                    "notified by player " + row.number("sender_id") + ": " + row.text("title"),
                    ""));
  }

  Export.Part received(Reader reader, Export export) {
    return part(
        reader,
        RECEIVED,
        export,
        row -> notification(row, "sender_id").put("read", row.flag("is_read")));
  }

  /** Whether they are read is what their recipients do, and says who has muted the player. */
  Export.Part sent(Reader reader, Export export) {
    return part(reader, SENT, export, row -> notification(row, "recipient_id"));
  }

  private static Export.Part part(
      Reader reader, String sql, Export export, Function<Row, JsonObject> view) {
    return Export.Part.of(
        reader
            .read(sql, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(view),
        notification -> notification.getLong("id"));
  }

  private static JsonObject notification(Row row, String other) {
    return new JsonObject()
        .put("id", row.number("id"))
        .put(other, row.number("other"))
        .put("title", row.text("title"))
        .put("content", row.text("content"))
        .put("metadata", new JsonObject(row.text("metadata")))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("updated_at", Export.time(row.number("updated_ms")));
  }
}
