package dev.rookery.group;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A player's groups, requests and invites, for the export of the player's data. */
final class ExportStore {
  // A ban is told to nobody, as on the wires.
  private static final String MEMBERSHIPS =
      """
      SELECT group_membership.id, group_id, title, role, group_membership.created_ms, joined_ms
      FROM group_membership JOIN player_group ON player_group.id = group_id
      WHERE player_id = $1 AND group_membership.id > $2 AND role <> 4
      ORDER BY group_membership.id LIMIT $3
      """;

  private static final String INVITES =
      """
      SELECT id, group_id, sender_id, recipient_id, state, created_ms FROM group_invite
      WHERE (sender_id = $1 OR recipient_id = $1) AND id > $2
      ORDER BY id LIMIT $3
      """;

  Export.Part memberships(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(MEMBERSHIPS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row -> {
                  Long joined = row.numberOrNull("joined_ms");
                  return new JsonObject()
                      .put("id", row.number("id"))
                      .put("group_id", row.number("group_id"))
                      .put("title", row.text("title"))
                      .put("role", GroupRole.of(row.number("role")).name().toLowerCase(Locale.ROOT))
                      .put("created_at", Export.time(row.number("created_ms")))
                      .put("joined_at", joined == null ? null : Export.time(joined));
                }),
        membership -> membership.getLong("id"));
  }

  Export.Part invites(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(INVITES, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("group_id", row.number("group_id"))
                        .put("sender_id", row.number("sender_id"))
                        .put("recipient_id", row.number("recipient_id"))
                        .put("status", row.text("state"))
                        .put("created_at", Export.time(row.number("created_ms")))),
        invite -> invite.getLong("id"));
  }
}
