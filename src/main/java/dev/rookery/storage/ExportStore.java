package dev.rookery.storage;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;

/** A player's objects, for the export of the player's data. */
final class ExportStore {
  private static final String OBJECTS =
      """
      SELECT id, collection, object_key, lobby_id, value, metadata, version, created_ms, updated_ms
      FROM storage_object WHERE player_id = $1 AND id > $2 ORDER BY id LIMIT $3
      """;

  Export.Part objects(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(OBJECTS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("collection", row.text("collection"))
                        .put("key", row.text("object_key"))
                        .put(
                            "lobby_id", row.number("lobby_id") == 0 ? null : row.number("lobby_id"))
                        .put("value", new JsonObject(row.text("value")))
                        .put("metadata", new JsonObject(row.text("metadata")))
                        .put("version", row.text("version"))
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("updated_at", Export.time(row.number("updated_ms")))),
        object -> object.getLong("id"));
  }
}
