package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the console keeps about a player, as rows of their data export; no secrets. */
final class ExportStore {
  private static final long ROWS_MAX = 100;

  private static final String ROLE =
      "SELECT role, granted_ms FROM console_grant WHERE player_id = $1 LIMIT $2";

  private static final String SESSIONS =
      """
      SELECT created_ms, used_ms, address, user_agent FROM console_session WHERE player_id = $1
      ORDER BY used_ms DESC LIMIT $2
      """;

  private static final String ACTIONS =
      """
      SELECT at_ms, address, action, target, result FROM console_audit WHERE player_id = $1
      ORDER BY at_ms DESC, run DESC, number DESC LIMIT $2
      """;

  private static final String NOTES =
      "SELECT created_ms, text FROM player_note WHERE player_id = $1 ORDER BY id DESC LIMIT $2";

  private static final String PASSKEYS =
      """
      SELECT name, created_ms, used_ms FROM console_passkey WHERE player_id = $1
      ORDER BY created_ms, id LIMIT $2
      """;

  private static final String KEYS =
      """
      SELECT name, permissions, networks, created_ms, expires_ms, used_ms, used_address
      FROM console_key WHERE player_id = $1 ORDER BY created_ms, id LIMIT $2
      """;

  private ExportStore() {}

  static List<JsonObject> read(Reader reader, PlayerId player) {
    var rows = new ArrayList<JsonObject>();
    rows.addAll(
        reader
            .read(ROLE, player.value(), ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "role",
                        "role", row.text("role"),
                        "since", time(row, "granted_ms"))));
    rows.addAll(
        reader
            .read(SESSIONS, player.value(), ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "session",
                        "since", time(row, "created_ms"),
                        "used", time(row, "used_ms"),
                        "address", row.text("address"),
                        "user_agent", row.text("user_agent"))));
    rows.addAll(
        reader
            .read(ACTIONS, player.value(), ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "action",
                        "at", time(row, "at_ms"),
                        "address", row.text("address"),
                        "action", row.text("action"),
                        "target", row.text("target"),
                        "result", row.text("result"))));
    rows.addAll(
        reader
            .read(NOTES, player.value(), (long) NoteVerticle.NOTES_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "note",
                        "at", time(row, "created_ms"),
                        "text", row.text("text"))));
    rows.addAll(
        reader
            .read(PASSKEYS, player.value(), ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "passkey",
                        "name", row.text("name"),
                        "since", time(row, "created_ms"),
                        "used", time(row, "used_ms"))));
    rows.addAll(
        reader
            .read(KEYS, player.value(), ROWS_MAX)
            .all(
                row ->
                    JsonObject.of(
                        "kind", "access_key",
                        "name", row.text("name"),
                        "permissions", row.text("permissions"),
                        "networks", row.text("networks"),
                        "since", time(row, "created_ms"),
                        "until", time(row, "expires_ms"),
                        "used", time(row, "used_ms"),
                        "address", row.text("used_address"))));
    return rows;
  }

  /** Empty for never. */
  private static String time(Row row, String column) {
    long ms = row.number(column);
    return ms == 0 ? "" : Instant.ofEpochMilli(ms).toString();
  }
}
