package dev.rookery.auth;

import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Sign-ins and letters under way, for the player they are of. */
final class ExportStore {
  // Two branches, for open and ended sessions are in indexes of their own.
  private static final String SESSIONS =
      """
      SELECT number, kind, address, user_agent, created_ms, used_ms, expires_ms, ended_ms
      FROM session WHERE player_id = $1 AND ended_ms IS NULL AND number > $2
      UNION ALL
      SELECT number, kind, address, user_agent, created_ms, used_ms, expires_ms, ended_ms
      FROM session WHERE player_id = $1 AND ended_ms IS NOT NULL AND number > $2
      ORDER BY number LIMIT $3
      """;

  private static final String LETTERS =
      """
      SELECT kind, email, created_ms, expires_ms FROM mail_token WHERE player_id = $1
      UNION ALL
      SELECT kind, email, created_ms, expires_ms FROM mail_token
      WHERE player_id IS NULL AND email <> '' AND email =
      """
          + Players.emailOf("CAST($1 AS BIGINT)")
          + " ORDER BY created_ms, kind LIMIT $2";

  private static final String FLOWS =
      """
      SELECT provider, status, created_ms, expires_ms FROM provider_flow WHERE player_id = $1
      ORDER BY created_ms LIMIT $2
      """;

  /** All that are remembered: an ended one until it would have expired. */
  Export.Part sessions(Reader reader, Export asked) {
    return Export.Part.of(
        reader
            .read(SESSIONS, asked.player().value(), asked.afterId(), (long) Export.ROWS_MAX)
            .all(ExportStore::session),
        session -> session.getLong("id"));
  }

  private static JsonObject session(Row row) {
    return new JsonObject()
        .put("id", row.number("number"))
        .put("kind", row.text("kind"))
        .put("address", row.text("address"))
        .put("user_agent", row.text("user_agent"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("used_at", Export.time(row.number("used_ms")))
        .put("expires_at", Export.time(row.number("expires_ms")))
        .put("ended_at", Export.time(row.numberOrNull("ended_ms")));
  }

  /** One of each kind and address, so there are few. */
  Export.Part letters(Reader reader, Export asked) {
    return Export.Part.whole(
        reader
            .read(LETTERS, asked.player().value(), (long) Export.ROWS_MAX)
            .all(ExportStore::letter));
  }

  private static JsonObject letter(Row row) {
    return new JsonObject()
        .put("kind", row.text("kind"))
        .put("sent_to", row.text("email"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("expires_at", Export.time(row.number("expires_ms")));
  }

  /** Those of the last minutes, so there are few. */
  Export.Part flows(Reader reader, Export asked) {
    return Export.Part.whole(
        reader.read(FLOWS, asked.player().value(), (long) Export.ROWS_MAX).all(ExportStore::flow));
  }

  private static JsonObject flow(Row row) {
    return new JsonObject()
        .put("provider", row.text("provider").toLowerCase(Locale.ROOT))
        .put("status", row.text("status"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("expires_at", Export.time(row.number("expires_ms")));
  }
}
