package dev.rookery.chat;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;

/** A player's messages and read positions, for the export of the player's data. */
final class ExportStore {
  private static final String DIRECT = ChatStore.name(Conversation.Kind.DIRECT);

  /** What the player knows a direct conversation as. */
  private static final String FRIEND = "friend";

  private static final String MESSAGES =
      """
      SELECT id, kind, ref, content, content_json, metadata, created_ms, updated_ms
      FROM chat_message
      WHERE sender_id = $1 AND id > $2 ORDER BY id LIMIT $3
      """;

  private static final String READ =
      """
      SELECT kind, ref, message_id, updated_ms AS at_ms FROM chat_read
      WHERE player_id = $1 AND (kind, ref) > ($2, $3) ORDER BY kind, ref LIMIT $4
      """;

  private static final String PACE =
      """
      SELECT kind, ref, sent_ms AS at_ms FROM chat_pace
      WHERE player_id = $1 AND (kind, ref) > ($2, $3) ORDER BY kind, ref LIMIT $4
      """;

  Export.Part messages(Reader reader, Export asked) {
    return Export.Part.of(
        reader
            .read(MESSAGES, asked.player().value(), asked.afterId(), (long) Export.ROWS_MAX)
            .all(ExportStore::message),
        message -> message.getLong("id"));
  }

  private static JsonObject message(Row row) {
    String json = row.textOrNull("content_json");
    return conversation(row)
        .put("id", row.number("id"))
        .put("content", json == null ? row.text("content") : new JsonObject(json))
        .put("metadata", new JsonObject(row.text("metadata")))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("updated_at", Export.time(row.number("updated_ms")));
  }

  Export.Part readPositions(Reader reader, Export asked) {
    return byConversation(reader, READ, asked);
  }

  /** When the player last sent a message where there is a slowdown. */
  Export.Part lastWritten(Reader reader, Export asked) {
    return byConversation(reader, PACE, asked);
  }

  private static Export.Part byConversation(Reader reader, String sql, Export asked) {
    String after = asked.after() == null ? ":0" : asked.after();
    int colon = after.indexOf(':');
    return Export.Part.of(
        reader
            .read(
                sql,
                asked.player().value(),
                after.substring(0, colon),
                Long.parseLong(after.substring(colon + 1)),
                (long) Export.ROWS_MAX)
            .all(
                row -> {
                  var told = conversation(row).put("at", Export.time(row.number("at_ms")));
                  return sql.equals(READ)
                      ? told.put("message_id", row.numberOrNull("message_id"))
                      : told;
                }),
        told -> kind(told.getString("chat_type")) + ":" + told.getLong("chat_ref_id"));
  }

  private static JsonObject conversation(Row row) {
    return new JsonObject()
        .put("chat_type", row.text("kind").equals(DIRECT) ? FRIEND : row.text("kind"))
        .put("chat_ref_id", row.number("ref"));
  }

  private static String kind(String type) {
    return type.equals(FRIEND) ? DIRECT : type;
  }
}
