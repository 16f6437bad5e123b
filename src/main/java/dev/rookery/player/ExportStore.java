package dev.rookery.player;

import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads the row of a player for the data export. */
final class ExportStore {
  private static final int DEVICE_PREFIX_LENGTH = 4;

  private static final String FIND =
      """
      SELECT id, uuid, email, email_confirmed_ms, username, display_name, language, profile_url,
        metadata,
        admin, online, last_seen_ms, lobby_id, party_id, created_ms, updated_ms,
        device_id, device_digest, device_hint,
        google_id, facebook_id, discord_id, apple_id, steam_id, openid_id,
        banned_ms, banned_until_ms, ban_reason, time_zone,
        CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password
      FROM player WHERE id = $1
      """;

  Export.Part profile(Reader reader, Export export) {
    return part(
        reader,
        export,
        row ->
            List.of(
                new JsonObject()
                    .put("id", row.number("id"))
                    .put("uuid", row.text("uuid"))
                    .put("email", row.textOrNull("email"))
                    .put("email_confirmed_at", Export.time(row.numberOrNull("email_confirmed_ms")))
                    .put("username", row.textOrNull("username"))
                    .put("display_name", row.text("display_name"))
                    .put("language", row.text("language"))
                    .put("profile_url", row.text("profile_url"))
                    .put("metadata", new JsonObject(row.text("metadata")))
                    .put("is_admin", row.flag("admin"))
                    .put("is_online", row.flag("online"))
                    .put("time_zone", row.text("time_zone"))
                    .put("has_password", row.flag("has_password"))
                    .put("lobby_id", row.numberOrNull("lobby_id"))
                    .put("party_id", row.numberOrNull("party_id"))
                    .put("last_seen_at", Export.time(row.numberOrNull("last_seen_ms")))
                    .put("created_at", Export.time(row.numberOrNull("created_ms")))
                    .put("updated_at", Export.time(row.numberOrNull("updated_ms")))));
  }

  /** A device id is enough to sign in, so only its first characters are exported. */
  Export.Part devices(Reader reader, Export export) {
    return part(reader, export, ExportStore::device);
  }

  private static List<JsonObject> device(Row row) {
    if (row.textOrNull("device_digest") != null) {
      String hint = row.textOrNull("device_hint");
      return List.of(JsonObject.of("begins_with", hint == null ? "" : hint));
    }
    String id = row.textOrNull("device_id");
    if (id == null) {
      return List.of();
    }
    boolean guessable = id.codePointCount(0, id.length()) < 2 * DEVICE_PREFIX_LENGTH;
    String prefix =
        guessable ? "" : id.substring(0, id.offsetByCodePoints(0, DEVICE_PREFIX_LENGTH));
    return List.of(JsonObject.of("begins_with", prefix));
  }

  Export.Part linkedProviders(Reader reader, Export export) {
    return part(
        reader,
        export,
        row -> {
          var linked = new ArrayList<JsonObject>();
          for (Provider provider : Provider.values()) {
            String name = provider.name().toLowerCase(Locale.ROOT);
            String id = row.textOrNull(name + "_id");
            if (id != null) {
              linked.add(JsonObject.of("provider", name, "id", id));
            }
          }
          return linked;
        });
  }

  /** The latest ban. Earlier ones are not stored. */
  Export.Part bans(Reader reader, Export export) {
    return part(
        reader,
        export,
        row ->
            row.numberOrNull("banned_ms") == null
                ? List.of()
                : List.of(
                    new JsonObject()
                        .put("since", Export.time(row.numberOrNull("banned_ms")))
                        .put("until", Export.time(row.numberOrNull("banned_until_ms")))
                        .put("reason", row.textOrNull("ban_reason"))));
  }

  private static Export.Part part(
      Reader reader, Export export, Function<Row, List<JsonObject>> rows) {
    return Export.Part.whole(
        reader
            .read(FIND, export.player().value())
            .first(rows)
            .orElseThrow(() -> Refused.missing("not_found")));
  }
}
