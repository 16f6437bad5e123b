package dev.rookery.lobby;

import dev.rookery.base.ComparedText;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.lobby.LobbyQuery.FoundLobby;
import dev.rookery.player.Players;
import dev.rookery.store.Outbox;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lobbies as rows. Statements about several lobbies are for at most {@link Placeholders#MANY_MAX}.
 *
 * <p>A transaction that changes a lobby, or who is in it, locks its row first, and rows of players
 * after that.
 */
final class LobbyStore {
  static final String COLUMNS =
      """
      id, title, host_id, hostless, seats_max, hidden, locked, password_hash, metadata, slowdown_s,
      members, revision, code, roster, by_code,
      """
          + Players.nameOf("lobby.host_id")
          + " AS host_name\n";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM lobby WHERE closed_ms IS NULL ";

  // Filled up with rows of nulls, which are no lobbies.
  private static final String INSERT =
      """
      INSERT INTO lobby (host_id, title, title_key, seats_max, hidden, locked, password_hash,
        metadata, slowdown_s, code, roster, hostless, members, revision, by_code, created_ms,
        updated_ms)
      SELECT CAST(column1 AS BIGINT), column2, column3, CAST(column4 AS INTEGER),
        CAST(column5 AS INTEGER), CAST(column6 AS INTEGER), column7, column8,
        CAST(column9 AS INTEGER), CAST(column10 AS INTEGER), column11, CAST(column12 AS INTEGER),
        CAST(column13 AS INTEGER), CAST(column14 AS BIGINT), CAST(column15 AS INTEGER),
        CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column2 IS NOT NULL
      ON CONFLICT DO NOTHING
      RETURNING id, host_id
      """;

  private static final String BY_IDS = SELECT + "AND id IN (%s)";

  private static final String SLOWDOWNS =
      "SELECT id, slowdown_s FROM lobby WHERE closed_ms IS NULL AND id IN (%s) ORDER BY id";

  private static final String TITLES =
      "SELECT id, title FROM lobby WHERE closed_ms IS NULL AND id IN (%s)";

  // Full lobbies are passed over by the index, or ten thousand at once would all try the same few.
  private static final String CANDIDATES =
      """
      SELECT id, metadata, seats_max - members AS room FROM lobby
      WHERE joinable = 1 AND (CAST($1 AS INTEGER) IS NULL OR seats_max = $1) AND id > $2
      ORDER BY id LIMIT $3
      """;

  private static final String SAVE =
      """
      UPDATE lobby SET host_id = CAST(given.column2 AS BIGINT),
        members = CAST(given.column3 AS INTEGER), revision = CAST(given.column4 AS BIGINT),
        closed_ms = CAST(given.column5 AS BIGINT), roster = given.column6
      FROM %s WHERE lobby.id = CAST(given.column1 AS BIGINT)
      """;

  private static final String SAVE_SETTINGS =
      """
      UPDATE lobby SET title = $1, title_key = $2, seats_max = $3, hidden = $4, locked = $5,
        password_hash = $6, metadata = $7, slowdown_s = $8, updated_ms = $9
      WHERE id = $10
      """;

  private static final String SAVE_CODE = "UPDATE lobby SET code = $1 WHERE id = $2";

  private static final String CODE_TAKEN =
      "SELECT id FROM lobby WHERE code = $1 AND closed_ms IS NULL";

  private static final String WITH_POSITION =
      "SELECT "
          + COLUMNS
          + ", "
          + Outbox.headColumns("'lobby:' || lobby.id")
          + " FROM lobby WHERE closed_ms IS NULL AND ";

  private static final String POSITIONED_BY_IDS = WITH_POSITION + "id IN (%s)";
  private static final String POSITIONED_BY_CODES = WITH_POSITION + "code IN (%s)";

  private static final String NEWEST = SELECT + "AND hidden = 0 ORDER BY id DESC LIMIT $1";

  /** How many players watch the lobby who are in none. */
  static final String SPECTATORS =
      """
      (SELECT count(DISTINCT spectator.player_id) FROM spectator
        WHERE spectator.lobby_id = lobby.id AND %s IS NULL AND %s) AS spectators
      """
          .formatted(
              Players.lobbyOf("spectator.player_id"),
              NodeLiveness.isAliveCondition("spectator.run"));

  private static final String WITH_SPECTATORS =
      "SELECT "
          + COLUMNS
          + ", "
          + SPECTATORS
          + ", "
          + Outbox.headColumns("'lobby:' || lobby.id")
          + " FROM lobby WHERE id = $1 AND closed_ms IS NULL";

  private static final String REVISION =
      "SELECT revision FROM lobby WHERE id = $1 AND closed_ms IS NULL";

  private static final String HIDDEN =
      "SELECT id FROM lobby WHERE closed_ms IS NULL AND hidden = 1 AND id IN (%s)";

  private static final String CLOSED =
      "SELECT id FROM lobby WHERE closed_ms IS NOT NULL ORDER BY id LIMIT $1";

  // The statement always names as many, so that there is one text of it to prepare.
  private static final String FORGET =
      IntStream.rangeClosed(1, Lobbies.CLOSED_MAX)
          .mapToObj(place -> "$" + place)
          .collect(
              Collectors.joining(
                  ", ", "DELETE FROM lobby WHERE closed_ms IS NOT NULL AND id IN (", ")"));

  private final StatementTexts texts = new StatementTexts();

  /**
   * A lobby with what is never shown.
   *
   * @param byCode whether it is entered by its code alone as long as it is hidden
   */
  record Stored(Lobby lobby, @Nullable String passwordHash, boolean byCode) {
    Stored with(Lobby changed) {
      return new Stored(changed, passwordHash, byCode);
    }

    @Override
    public String toString() {
      return "Stored[lobby=" + lobby.id() + "]";
    }
  }

  /**
   * A lobby that a quick join may try.
   *
   * @param metadata as JSON, since most are never looked at
   * @param room how many seats are free
   */
  record Candidate(LobbyId id, String metadata, int room) {
    Map<String, Object> data() {
      return object(metadata);
    }
  }

  /**
   * A lobby, the number of its spectators and the position of its stream, all of one moment.
   *
   * @param byCode as in {@link Stored}
   */
  record Watched(Lobby lobby, boolean byCode, int spectators, Position position) {}

  /**
   * Inserts lobbies as they are; of those without a host, one at a time.
   *
   * @return their ids by host; missing are those whose code another open lobby has
   */
  Map<Optional<PlayerId>, LobbyId> insert(Transaction tx, Collection<Stored> lobbies) {
    var given = new ValuesTable(15);
    for (Stored one : lobbies) {
      Lobby lobby = one.lobby();
      given.add(
          lobby.host(),
          lobby.title(),
          key(lobby.title()),
          lobby.seatsMax(),
          flag(lobby.hidden()),
          flag(lobby.locked()),
          one.passwordHash(),
          json(lobby.metadata()),
          lobby.slowdownSeconds(),
          lobby.code(),
          json(lobby.roster()),
          flag(lobby.hostless()),
          lobby.members(),
          lobby.revision(),
          flag(one.byCode()));
    }
    var inserted = new HashMap<Optional<PlayerId>, LobbyId>();
    given
        .run(tx, texts, INSERT, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(
            row ->
                inserted.put(
                    Optional.ofNullable(row.numberOrNull("host_id")).map(PlayerId::new),
                    new LobbyId(row.number("id"))));
    return inserted;
  }

  /**
   * The open ones of these, their rows locked until the end of the transaction.
   *
   * @param wait for rows that other transactions have locked, in ascending order of their ids;
   *     otherwise those lobbies are left out
   */
  List<Stored> lock(Transaction tx, Collection<LobbyId> ids, boolean wait) {
    String sql =
        texts.of(
            wait ? "lock" : "lock free",
            ids.size(),
            size ->
                BY_IDS.formatted(Placeholders.list(1, size))
                    + (wait
                        ? " ORDER BY id" + tx.dialect().forUpdate()
                        : tx.dialect().forUpdateSkipLocked()));
    return tx.run(sql, values(ids)).all(LobbyStore::stored);
  }

  /** The slowdowns of the open ones of these in seconds, their rows locked as by {@link #lock}. */
  Map<LobbyId, Integer> lockSlowdowns(Transaction tx, Collection<LobbyId> ids) {
    String sql =
        texts.of(
            "slowdowns",
            ids.size(),
            size -> SLOWDOWNS.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
    var slowdowns = new HashMap<LobbyId, Integer>();
    tx.run(sql, values(ids))
        .all(row -> row)
        .forEach(
            row -> slowdowns.put(new LobbyId(row.number("id")), (int) row.number("slowdown_s")));
    return slowdowns;
  }

  Map<LobbyId, String> titles(Reader reader, Collection<LobbyId> ids) {
    String sql =
        texts.of("titles", ids.size(), size -> TITLES.formatted(Placeholders.list(1, size)));
    var titles = new HashMap<LobbyId, String>();
    reader
        .read(sql, values(ids))
        .all(row -> row)
        .forEach(row -> titles.put(new LobbyId(row.number("id")), row.text("title")));
    return titles;
  }

  /** The oldest lobbies after one that a quick join may try. */
  List<Candidate> candidates(Reader reader, LobbyId after, @Nullable Integer seats, int max) {
    return reader
        .read(CANDIDATES, seats, after.value(), max)
        .all(
            row ->
                new Candidate(
                    new LobbyId(row.number("id")), row.text("metadata"), (int) row.number("room")));
  }

  /**
   * Saves who is in lobbies, their hosts, their teams and their revisions. The caller has locked
   * their rows.
   *
   * @param closed those that end with this
   */
  void save(Transaction tx, Collection<Lobby> lobbies, Collection<LobbyId> closed) {
    long now = tx.now().toEpochMilli();
    var given = new ValuesTable(6);
    for (Lobby lobby : lobbies) {
      given.add(
          lobby.id(),
          lobby.host(),
          lobby.members(),
          lobby.revision(),
          closed.contains(lobby.id()) ? now : null,
          json(lobby.roster()));
    }
    given.run(tx, texts, SAVE);
  }

  /** Beside {@link #save}. */
  void saveSettings(Transaction tx, Stored changed) {
    Lobby lobby = changed.lobby();
    tx.run(
        SAVE_SETTINGS,
        lobby.title(),
        key(lobby.title()),
        lobby.seatsMax(),
        flag(lobby.hidden()),
        flag(lobby.locked()),
        changed.passwordHash(),
        json(lobby.metadata()),
        lobby.slowdownSeconds(),
        tx.now().toEpochMilli(),
        lobby.id().value());
  }

  /** Beside {@link #save}. Fails as a duplicate if another transaction took the code meanwhile. */
  void saveCode(Transaction tx, Lobby lobby) {
    tx.run(SAVE_CODE, lobby.code(), lobby.id().value());
  }

  boolean isCodeTaken(Reader reader, int code) {
    return !reader.read(CODE_TAKEN, code).isEmpty();
  }

  /** The open ones of these, with the positions of their streams. */
  List<FoundLobby> byIds(Reader reader, Collection<LobbyId> ids) {
    String sql =
        texts.of(
            "ids", ids.size(), size -> POSITIONED_BY_IDS.formatted(Placeholders.list(1, size)));
    return found(reader, sql, values(ids));
  }

  /** As {@link #byIds}, by their codes. */
  List<FoundLobby> byCodes(Reader reader, Collection<Integer> codes) {
    String sql =
        texts.of(
            "codes",
            codes.size(),
            size -> POSITIONED_BY_CODES.formatted(Placeholders.list(1, size)));
    return found(reader, sql, Placeholders.values(0, codes, Integer::longValue));
  }

  private static List<FoundLobby> found(Reader reader, String sql, @Nullable Object[] keys) {
    return reader.read(sql, keys).all(row -> new FoundLobby(lobby(row), Outbox.position(row)));
  }

  /** Those that are open and not hidden, newest first. */
  List<Lobby> newest(Reader reader, int max) {
    return reader.read(NEWEST, max).all(LobbyStore::lobby);
  }

  Optional<Watched> watched(Reader reader, LobbyId id) {
    return reader
        .read(WITH_SPECTATORS, id.value())
        .first(
            row ->
                new Watched(
                    lobby(row),
                    row.flag("by_code"),
                    (int) row.number("spectators"),
                    Outbox.position(row)));
  }

  /** Empty if the lobby is not open. */
  OptionalLong revision(Reader reader, LobbyId id) {
    var rows = reader.read(REVISION, id.value());
    return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.row(0).number("revision"));
  }

  /** The hidden ones of these, however many. */
  List<LobbyId> hidden(Reader reader, List<LobbyId> ids) {
    var hidden = new ArrayList<LobbyId>();
    Placeholders.inParts(
        ids,
        part -> {
          String sql =
              texts.of("hidden", part.size(), size -> HIDDEN.formatted(Placeholders.list(1, size)));
          hidden.addAll(reader.read(sql, values(part)).all(row -> new LobbyId(row.number("id"))));
        });
    return hidden;
  }

  List<LobbyId> closed(Reader reader, int max) {
    return reader.read(CLOSED, max).all(row -> new LobbyId(row.number("id")));
  }

  void forget(Transaction tx, List<LobbyId> closed) {
    var values = new Object[Lobbies.CLOSED_MAX];
    for (int place = 0; place < values.length; place++) {
      values[place] = closed.get(Math.min(place, closed.size() - 1)).value();
    }
    tx.run(FORGET, values);
  }

  /** A title as it is searched for. */
  static String key(String title) {
    return ComparedText.searchKey(title);
  }

  static Lobby lobby(Row row) {
    Long host = row.numberOrNull("host_id");
    Long code = row.numberOrNull("code");
    String roster = row.textOrNull("roster");
    return new Lobby(
        new LobbyId(row.number("id")),
        row.text("title"),
        host == null ? null : new PlayerId(host),
        row.text("host_name"),
        row.flag("hostless"),
        (int) row.number("seats_max"),
        row.flag("hidden"),
        row.flag("locked"),
        row.textOrNull("password_hash") != null,
        object(row.text("metadata")),
        (int) row.number("slowdown_s"),
        (int) row.number("members"),
        row.number("revision"),
        code == null ? null : code.intValue(),
        roster == null ? null : Roster.fromJson(roster));
  }

  private static Stored stored(Row row) {
    return new Stored(lobby(row), row.textOrNull("password_hash"), row.flag("by_code"));
  }

  private static @Nullable Object[] values(Collection<LobbyId> ids) {
    return Placeholders.values(0, ids, LobbyId::value);
  }

  // Most have none, and parsing would be the most expensive part of reading a row.
  private static Map<String, Object> object(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  private static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }

  private static @Nullable String json(@Nullable Roster roster) {
    return roster == null ? null : roster.toJson();
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }
}
