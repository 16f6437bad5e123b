package dev.rookery.auth;

import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.player.Timeline;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** Reads a player's sessions, pending email tokens and provider flows for the data export. */
final class ExportStore {
  // Two branches, because open and ended sessions have separate indexes.
  private static final String SESSIONS =
      """
      SELECT number, kind, address, user_agent, created_ms, used_ms, expires_ms, ended_ms
      FROM session WHERE player_id = $1 AND ended_ms IS NULL AND number > $2
      UNION ALL
      SELECT number, kind, address, user_agent, created_ms, used_ms, expires_ms, ended_ms
      FROM session WHERE player_id = $1 AND ended_ms IS NOT NULL AND number > $2
      ORDER BY number LIMIT $3
      """;

  private static final String SIGN_INS =
      """
      SELECT * FROM (
        SELECT number, kind, address, user_agent, created_ms, ended_ms FROM session
        WHERE player_id = $1 AND ended_ms IS NULL AND created_ms <= $2
        ORDER BY number DESC LIMIT $3) AS open
      UNION ALL
      SELECT * FROM (
        SELECT number, kind, address, user_agent, created_ms, ended_ms FROM session
        WHERE player_id = $1 AND ended_ms IS NOT NULL AND created_ms <= $2
        ORDER BY number DESC LIMIT $3) AS ended
      ORDER BY created_ms DESC, number DESC LIMIT $3
      """;

  private static final String EMAIL_TOKENS =
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

  /**
   * All sessions that still have a row: open ones, and ended ones until they would have expired.
   */
  List<Timeline.Entry> signIns(Reader reader, Timeline asked) {
    return reader
        .read(SIGN_INS, asked.player().value(), asked.untilMs(), asked.max())
        .all(
            row -> {
              String ended = Export.time(row.numberOrNull("ended_ms"));
              return new Timeline.Entry(
                  row.number("created_ms"),
                  asked.part(),
                  "signed in with "
                      + row.text("kind")
                      + (ended == null ? "" : ", the session ended at " + ended),
                  row.text("address") + " " + row.text("user_agent"));
            });
  }

  Export.Part sessions(Reader reader, Export export) {
    return Export.Part.of(
        reader
            .read(SESSIONS, export.player().value(), export.afterId(), (long) Export.ROWS_MAX)
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

  /** Pending email tokens. There are few: one of each kind and address. */
  Export.Part emailTokens(Reader reader, Export export) {
    return Export.Part.whole(
        reader
            .read(EMAIL_TOKENS, export.player().value(), (long) Export.ROWS_MAX)
            .all(ExportStore::emailToken));
  }

  private static JsonObject emailToken(Row row) {
    return new JsonObject()
        .put("kind", row.text("kind"))
        .put("sent_to", row.text("email"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("expires_at", Export.time(row.number("expires_ms")));
  }

  /** Provider flows. There are few: they expire after minutes. */
  Export.Part flows(Reader reader, Export export) {
    return Export.Part.whole(
        reader.read(FLOWS, export.player().value(), (long) Export.ROWS_MAX).all(ExportStore::flow));
  }

  private static JsonObject flow(Row row) {
    return new JsonObject()
        .put("provider", row.text("provider").toLowerCase(Locale.ROOT))
        .put("status", row.text("status"))
        .put("created_at", Export.time(row.number("created_ms")))
        .put("expires_at", Export.time(row.number("expires_ms")));
  }
}
