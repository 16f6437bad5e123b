package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Players as rows. */
final class PlayerStore {
  static final String COLUMNS =
      """
      id, uuid, email, display_name, profile_url, metadata, admin, online, last_seen_ms, lobby_id,
      party_id, created_ms, revision,
      CASE WHEN google_id IS NULL THEN 0 ELSE 1 END AS google,
      CASE WHEN facebook_id IS NULL THEN 0 ELSE 1 END AS facebook,
      CASE WHEN discord_id IS NULL THEN 0 ELSE 1 END AS discord,
      CASE WHEN apple_id IS NULL THEN 0 ELSE 1 END AS apple,
      CASE WHEN steam_id IS NULL THEN 0 ELSE 1 END AS steam,
      CASE WHEN device_id IS NULL THEN 0 ELSE 1 END AS has_device,
      CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password
      """;

  private static final String FIND = "SELECT " + COLUMNS + " FROM player WHERE id = $1";

  private static final String IN_LOBBY =
      "SELECT " + COLUMNS + " FROM player WHERE lobby_id = $1 ORDER BY id";

  // The condition decides between two lobbies that would seat the same player at once.
  private static final String ENTER =
      """
      UPDATE player SET lobby_id = $1, updated_ms = $2, revision = revision + 1
      WHERE id = $3 AND lobby_id IS NULL
      RETURNING
      """
          + COLUMNS;

  private static final String EXIT =
      """
      UPDATE player SET lobby_id = NULL, updated_ms = $1, revision = revision + 1
      WHERE id = $2 AND lobby_id = $3
      RETURNING
      """
          + COLUMNS;

  private final InstantSource clock;
  private final Ids ids;

  PlayerStore(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  Optional<Player> find(Reader reader, PlayerId player) {
    return reader.read(FIND, player.value()).first(PlayerStore::player);
  }

  Optional<Player> lock(Transaction tx, PlayerId player) {
    return tx.run(FIND + tx.dialect().forUpdate(), player.value()).first(PlayerStore::player);
  }

  List<Player> inLobby(Reader reader, LobbyId lobby) {
    return reader.read(IN_LOBBY, lobby.value()).all(PlayerStore::player);
  }

  Optional<Player> enter(Transaction tx, PlayerId player, LobbyId lobby) {
    return tx.run(ENTER, lobby.value(), clock.millis(), player.value()).first(PlayerStore::player);
  }

  Optional<Player> exit(Transaction tx, PlayerId player, LobbyId lobby) {
    return tx.run(EXIT, clock.millis(), player.value(), lobby.value())
        .first(PlayerStore::player);
  }

  static Player player(Row row) {
    var email = row.textOrNull("email");
    var lobby = row.numberOrNull("lobby_id");
    return new Player(
        new PlayerId(row.number("id")),
        row.text("uuid"),
        email == null ? "" : email,
        row.text("display_name"),
        row.text("profile_url"),
        metadata(row.text("metadata")),
        row.flag("admin"),
        row.flag("online"),
        row.number("last_seen_ms"),
        lobby == null ? null : new LobbyId(lobby),
        row.numberOrNull("party_id"),
        linked(row),
        row.flag("has_device"),
        row.flag("has_password"),
        row.number("created_ms"),
        row.number("revision"));
  }

  // Most players have none, and parsing would be the dearest part of reading a row.
  private static Map<String, Object> metadata(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  private static Set<Provider> linked(Row row) {
    var linked = EnumSet.noneOf(Provider.class);
    for (Provider provider : Provider.values()) {
      if (row.flag(provider.name().toLowerCase(Locale.ROOT))) {
        linked.add(provider);
      }
    }
    return linked;
  }
}
