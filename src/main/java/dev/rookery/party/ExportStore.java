package dev.rookery.party;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A player's party and invites, for the export of the player's data. */
final class ExportStore {
  private static final String PARTY =
      """
      SELECT party.id, party.leader_id, party.max_size, party.metadata, party.created_ms
      FROM player JOIN party ON party.id = player.party_id WHERE player.id = $1
      """;

  private static final String INVITES =
      """
      SELECT id, party_id, sender_id, recipient_id, state, created_ms, changed_ms
      FROM party_invite WHERE (sender_id = $1 OR recipient_id = $1) AND id > $2
      ORDER BY id LIMIT $3
      """;

  /** The party that the player is in; its settings only if the player leads it. */
  Export.Part party(Reader reader, Export export) {
    List<JsonObject> found =
        reader
            .read(PARTY, export.player().value())
            .all(
                row -> {
                  boolean leads = row.number("leader_id") == export.player().value();
                  return new JsonObject()
                      .put("id", row.number("id"))
                      .put("leader", leads)
                      .put("max_size", leads ? row.number("max_size") : null)
                      .put("metadata", leads ? metadata(row.text("metadata")) : null)
                      .put("created_at", Export.time(row.number("created_ms")));
                });
    return Export.Part.whole(found);
  }

  Export.Part invites(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(INVITES, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("party_id", row.number("party_id"))
                        .put("sender_id", row.number("sender_id"))
                        .put("recipient_id", row.number("recipient_id"))
                        .put("status", row.text("state"))
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("changed_at", Export.time(row.number("changed_ms")))),
        invite -> invite.getLong("id"));
  }

  private static @Nullable JsonObject metadata(String json) {
    return new JsonObject(json);
  }
}
