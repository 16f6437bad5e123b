package dev.rookery.player;

import dev.rookery.base.ComparedText;
import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores players. */
final class PlayerStore {
  /** The columns that {@link #player} reads. */
  static final String COLUMNS =
      """
       id, uuid, email, display_name, profile_url, metadata, admin, online, last_seen_ms, lobby_id,
       party_id, created_ms, revision,
       CASE WHEN google_id IS NULL THEN 0 ELSE 1 END AS google,
       CASE WHEN facebook_id IS NULL THEN 0 ELSE 1 END AS facebook,
       CASE WHEN discord_id IS NULL THEN 0 ELSE 1 END AS discord,
       CASE WHEN apple_id IS NULL THEN 0 ELSE 1 END AS apple,
       CASE WHEN steam_id IS NULL THEN 0 ELSE 1 END AS steam,
       CASE WHEN openid_id IS NULL THEN 0 ELSE 1 END AS openid,
       CASE WHEN COALESCE(device_digest, device_id) IS NULL THEN 0 ELSE 1 END AS has_device,
       CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password
      """;

  static final String RETURNING = " RETURNING" + COLUMNS;

  private static final String FIND = "SELECT" + COLUMNS + "FROM player WHERE id = $1";

  private static final String FIND_ALL = "SELECT" + COLUMNS + "FROM player WHERE id IN (%s)";

  private static final String FIND_IN_LOBBY =
      "SELECT" + COLUMNS + "FROM player WHERE lobby_id = $1 ORDER BY id";

  private static final String SET_ONLINE =
      """
      UPDATE player SET last_seen_ms = $1, revision = revision + (1 - online), online = 1
      WHERE id IN (SELECT id FROM player WHERE id IN (%s) ORDER BY id%s)
      """
          + RETURNING;

  private static final String SET_OFFLINE =
      """
      UPDATE player SET
        last_seen_ms = CASE WHEN last_seen_ms < CAST(given.column2 AS BIGINT)
          THEN CAST(given.column2 AS BIGINT) ELSE last_seen_ms END,
        revision = revision + online, online = 0
      FROM %s WHERE player.id = CAST(given.column1 AS BIGINT)
      """
          + RETURNING;

  private static final String LOCK_ROWS_WITH =
      "SELECT id, %s AS flag FROM player WHERE id IN (%s) ORDER BY id";

  private static final String LOCK_ROWS = "SELECT id FROM player WHERE id IN (%s) ORDER BY id";

  private static final String UPDATE_LAST_SEEN =
      """
      UPDATE player SET last_seen_ms = $1
      WHERE id IN (SELECT id FROM player WHERE id IN (%s) ORDER BY id%s)
      """;

  // Each branch is a key lookup or an index range; UNION removes duplicates.
  static final String MATCHING =
      """
      (SELECT id FROM (
         SELECT id FROM player WHERE name_key <> '' AND name_key >= $1 AND name_key < $2
         ORDER BY name_key, id LIMIT %d) AS named
       UNION SELECT id FROM player WHERE email = $3
       UNION SELECT id FROM player WHERE id = $4)
      """
          .formatted(PlayerCommand.NAMED_MAX);

  private static final String GIVEN_ID_FIRST = " ORDER BY CASE WHEN id = $4 THEN 0 ELSE 1 END, id";

  private static final String SEARCH =
      "SELECT"
          + COLUMNS
          + "FROM player WHERE id IN (SELECT id FROM "
          + MATCHING
          + " AS matching"
          + GIVEN_ID_FIRST
          + " LIMIT $5 OFFSET $6)"
          + GIVEN_ID_FIRST;

  private static final String COUNT = "SELECT COUNT(*) AS total FROM " + MATCHING + " AS matching";

  private static final String RENAME =
      """
      UPDATE player SET display_name = $1, name_key = $2, updated_ms = $3, revision = revision + 1
      WHERE id = $4
      """
          + RETURNING;

  private static final String LINK_DEVICE =
      """
      UPDATE player SET device_digest = $1, device_hint = $2, device_id = $3, updated_ms = $4,
        revision = revision + 1
      WHERE id = $5
      """
          + RETURNING;

  private static final String ATTACH_DEVICE =
      """
      UPDATE player SET device_digest = $1, device_hint = $2, device_id = $3, updated_ms = $4,
        revision = revision + 1
      WHERE id = $5 AND device_id IS NULL AND device_digest IS NULL
      """
          + RETURNING;

  private static final String UNLINK_DEVICE =
      """
      UPDATE player SET device_digest = NULL, device_hint = NULL, device_id = NULL,
        updated_ms = $1, revision = revision + 1
      WHERE id = $2 AND COALESCE(device_digest, device_id) IS NOT NULL
        AND COALESCE(password_hash, google_id, facebook_id, discord_id, apple_id, steam_id,
          openid_id) IS NOT NULL
      """
          + RETURNING;

  // Removes the avatar of the provider too, since it shows an account that is no longer linked.
  private static final String UNLINK_PROVIDER =
      """
      UPDATE player SET %1$s = NULL, updated_ms = $1, revision = revision + 1,
        profile_url = CASE WHEN profile_url LIKE $2 THEN '' ELSE profile_url END
      WHERE id = $3 AND %1$s IS NOT NULL
        AND CASE WHEN google_id IS NULL THEN 0 ELSE 1 END
          + CASE WHEN facebook_id IS NULL THEN 0 ELSE 1 END
          + CASE WHEN discord_id IS NULL THEN 0 ELSE 1 END
          + CASE WHEN apple_id IS NULL THEN 0 ELSE 1 END
          + CASE WHEN steam_id IS NULL THEN 0 ELSE 1 END
          + CASE WHEN openid_id IS NULL THEN 0 ELSE 1 END > 1
      """
          + RETURNING;

  private static final String REMOVE =
      "DELETE FROM player WHERE id = $1 AND lobby_id IS NULL AND party_id IS NULL" + RETURNING;

  // Sorts after every other character.
  static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);

  private final InstantSource clock;
  private final StatementTexts texts = new StatementTexts();

  PlayerStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns the form of a name that is searched. */
  static String nameKey(String displayName) {
    return ComparedText.searchKey(displayName);
  }

  Optional<Player> find(Reader reader, PlayerId player) {
    return reader.read(FIND, player.value()).first(PlayerStore::player);
  }

  /** Returns those of at most {@link Placeholders#MANY_MAX} players who exist. */
  Map<PlayerId, Player> findAll(Reader reader, Collection<PlayerId> players) {
    String sql =
        texts.of("find", players.size(), size -> FIND_ALL.formatted(Placeholders.list(1, size)));
    var found = new HashMap<PlayerId, Player>();
    reader
        .read(sql, Placeholders.values(0, players, PlayerId::value))
        .all(PlayerStore::player)
        .forEach(player -> found.put(player.id(), player));
    return found;
  }

  Optional<Player> lock(Transaction tx, PlayerId player) {
    return tx.run(FIND + tx.dialect().forUpdate(), player.value()).first(PlayerStore::player);
  }

  List<Player> findInLobby(Reader reader, LobbyId lobby) {
    return reader.read(FIND_IN_LOBBY, lobby.value()).all(PlayerStore::player);
  }

  List<Player> setOnline(Transaction tx, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = clock.millis();
    String sql =
        texts.of(
            "arrive",
            players.size(),
            size -> SET_ONLINE.formatted(Placeholders.list(2, size), tx.dialect().forUpdate()));
    return tx.run(sql, values).all(PlayerStore::player);
  }

  List<Player> setOffline(Transaction tx, Map<PlayerId, Long> lastSeenMs) {
    var given = new ValuesTable(2);
    lastSeenMs.keySet().stream()
        .sorted(Players.BY_ID)
        .forEach(player -> given.add(player, lastSeenMs.get(player)));
    return given.run(tx, texts, SET_OFFLINE).all(PlayerStore::player);
  }

  Set<PlayerId> lockRows(Transaction tx, Collection<PlayerId> players) {
    return lock(tx, "lock", players, tx.dialect().forUpdate());
  }

  Set<PlayerId> lockKeys(Transaction tx, Collection<PlayerId> players) {
    return lock(tx, "lock keys", players, tx.dialect().forKeyShare());
  }

  Map<PlayerId, Boolean> lockKeysWith(Transaction tx, Collection<PlayerId> players, String flag) {
    String sql =
        texts.of(
            flag,
            players.size(),
            size ->
                LOCK_ROWS_WITH.formatted(flag, Placeholders.list(1, size))
                    + tx.dialect().forKeyShare());
    var locked = new HashMap<PlayerId, Boolean>();
    tx.run(sql, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .forEach(row -> locked.put(new PlayerId(row.number("id")), row.flag("flag")));
    return locked;
  }

  private Set<PlayerId> lock(
      Transaction tx, String kind, Collection<PlayerId> players, String lock) {
    String sql =
        texts.of(
            kind, players.size(), size -> LOCK_ROWS.formatted(Placeholders.list(1, size)) + lock);
    return Set.copyOf(
        tx.run(sql, Placeholders.values(0, players, PlayerId::value))
            .all(row -> new PlayerId(row.number("id"))));
  }

  void updateLastSeen(Transaction tx, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = clock.millis();
    String sql =
        texts.of(
            "see",
            players.size(),
            size ->
                UPDATE_LAST_SEEN.formatted(Placeholders.list(2, size), tx.dialect().forUpdate()));
    tx.run(sql, values);
  }

  /**
   * @param id a player id to match as well; null for none
   * @param byEmail whether to match complete email addresses as well
   */
  Page<Player> search(
      Reader reader, String text, @Nullable Long id, boolean byEmail, Page.Request page) {
    String key = nameKey(text);
    String email = byEmail ? ComparedText.email(text) : null;
    String last = key + LAST_CHARACTER;
    List<Player> found =
        reader
            .read(SEARCH, key, last, email, id, (long) page.size(), page.offset())
            .all(PlayerStore::player);
    long total =
        page.total(
            found.size(), () -> reader.read(COUNT, key, last, email, id).row(0).number("total"));
    return new Page<>(found, page.number(), page.size(), total);
  }

  Optional<Player> rename(Transaction tx, PlayerId player, String displayName) {
    return tx.run(RENAME, displayName, nameKey(displayName), clock.millis(), player.value())
        .first(PlayerStore::player);
  }

  /** Fails with a duplicate-key error if another player has the device. */
  Optional<Player> linkDevice(Transaction tx, PlayerId player, Device device) {
    return setDevice(tx, LINK_DEVICE, player, device);
  }

  /** Like {@link #linkDevice}, but empty if the player already has a device. */
  Optional<Player> attachDevice(Transaction tx, PlayerId player, Device device) {
    return setDevice(tx, ATTACH_DEVICE, player, device);
  }

  private Optional<Player> setDevice(
      Transaction tx, String statement, PlayerId player, Device device) {
    return tx.run(
            statement,
            device.digest(),
            device.hint(),
            device.storedId(),
            clock.millis(),
            player.value())
        .first(PlayerStore::player);
  }

  /** Empty if there is no device, no such player, or no other sign-in method. */
  Optional<Player> unlinkDevice(Transaction tx, PlayerId player) {
    return tx.run(UNLINK_DEVICE, clock.millis(), player.value()).first(PlayerStore::player);
  }

  /**
   * Empty if the provider is not linked, there is no such player, or no other provider is linked.
   */
  Optional<Player> unlinkProvider(Transaction tx, PlayerId player, Provider provider) {
    String sql = UNLINK_PROVIDER.formatted(column(provider));
    return tx.run(sql, clock.millis(), avatarPattern(provider), player.value())
        .first(PlayerStore::player);
  }

  /** Empty if there is no such player, or the player is in a lobby. */
  Optional<Player> remove(Transaction tx, PlayerId player) {
    return tx.run(REMOVE, player.value()).first(PlayerStore::player);
  }

  static String column(Provider provider) {
    return switch (provider) {
      case GOOGLE -> "google_id";
      case FACEBOOK -> "facebook_id";
      case DISCORD -> "discord_id";
      case APPLE -> "apple_id";
      case STEAM -> "steam_id";
      case OPENID -> "openid_id";
    };
  }

  /** Returns a LIKE pattern of the avatar URLs of a provider; empty matches none. */
  private static String avatarPattern(Provider provider) {
    return provider == Provider.DISCORD ? "https://cdn.discordapp.com/%" : "";
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

  // Most players have no metadata, and parsing is the most expensive part of reading a row.
  private static Map<String, Object> metadata(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  private static Set<Provider> linked(Row row) {
    var linked = EnumSet.noneOf(Provider.class);
    addIfLinked(linked, row, "google", Provider.GOOGLE);
    addIfLinked(linked, row, "facebook", Provider.FACEBOOK);
    addIfLinked(linked, row, "discord", Provider.DISCORD);
    addIfLinked(linked, row, "apple", Provider.APPLE);
    addIfLinked(linked, row, "steam", Provider.STEAM);
    addIfLinked(linked, row, "openid", Provider.OPENID);
    return linked;
  }

  private static void addIfLinked(Set<Provider> linked, Row row, String column, Provider provider) {
    if (row.flag(column)) {
      linked.add(provider);
    }
  }
}
