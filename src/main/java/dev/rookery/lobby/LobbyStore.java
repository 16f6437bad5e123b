package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.player.Players;
import dev.rookery.store.Dialect;
import dev.rookery.store.Outbox;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lobbies as rows. A seat is taken and given back by one conditional statement, which also holds
 * the row until the end of the transaction: whoever changes who is in a lobby holds its row first.
 */
final class LobbyStore {
  static final String COLUMNS =
      """
      id, title, host_id, hostless, seats_max, hidden, locked, password_hash, metadata, slowdown_s,
      members, revision, code, roster,
      """
          + Players.nameOf("lobby.host_id")
          + " AS host_name\n";

  private static final String INSERT =
      """
      INSERT INTO lobby (title, title_key, host_id, hostless, seats_max, hidden, locked,
        password_hash, metadata, slowdown_s, members, revision, created_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)
      RETURNING id
      """;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM lobby WHERE id = $1 AND closed_ms IS NULL";

  private static final String UNPACED =
      """
      SELECT id FROM lobby WHERE id IN (%s) AND closed_ms IS NULL AND slowdown_s = 0
      ORDER BY id%s
      """;

  private static final String TAKE_SEAT =
      """
      UPDATE lobby SET members = members + 1, revision = revision + 1
      WHERE id = $1 AND closed_ms IS NULL AND locked = 0 AND members < seats_max
        AND (password_hash IS NULL OR password_hash = $2)
      RETURNING
      """
          + COLUMNS;

  // Full lobbies are passed over by the index, or ten thousand at once would all try the same few.
  private static final String FITTING =
      "joinable = 1 AND (CAST($1 AS INTEGER) IS NULL OR seats_max = $1)";

  private static final String CANDIDATES =
      "SELECT id, metadata FROM lobby WHERE " + FITTING + " AND id > $2 ORDER BY id LIMIT $3";

  private static final Map<Dialect, String> TAKE_OLDEST_FREE =
      takeFree("SELECT id FROM lobby WHERE " + FITTING + " ORDER BY id LIMIT 1");

  private static final Map<Dialect, String> TAKE_FREE =
      takeFree("SELECT id FROM lobby WHERE id = $1 AND joinable = 1");

  private static Map<Dialect, String> takeFree(String which) {
    var texts = new EnumMap<Dialect, String>(Dialect.class);
    for (Dialect dialect : Dialect.values()) {
      texts.put(
          dialect,
          "UPDATE lobby SET members = members + 1, revision = revision + 1 WHERE id = ("
              + which
              + dialect.forUpdateSkipLocked()
              + ") RETURNING "
              + COLUMNS);
    }
    return texts;
  }

  // Whoever waited here for the row may have left the lobby meanwhile, by another command: where
  // nobody is in it any more, there is nothing to give back.
  private static final String GIVE_SEAT_BACK =
      """
      UPDATE lobby SET members = members - 1, revision = revision + 1,
        host_id = CASE WHEN host_id = $1 THEN NULL ELSE host_id END,
        closed_ms = CASE WHEN members = 1 AND hostless = 0 THEN CAST($2 AS BIGINT) END
      WHERE closed_ms IS NULL AND members > 0 AND id =
      """
          + Players.lobbyOf("$1")
          + " RETURNING "
          + COLUMNS;

  private static final String SUCCEED =
      "UPDATE lobby SET host_id = "
          + Players.oldestIn("$1")
          + " WHERE id = $1 RETURNING "
          + COLUMNS;

  private static final String SAVE =
      """
      UPDATE lobby SET title = $1, title_key = $2, seats_max = $3, hidden = $4, locked = $5,
        password_hash = $6, metadata = $7, slowdown_s = $8, revision = revision + 1
      WHERE id = $9
      RETURNING
      """
          + COLUMNS;

  private static final String GLANCE =
      "SELECT "
          + COLUMNS
          + """
          , (SELECT count(DISTINCT spectator.player_id) FROM spectator
             WHERE spectator.lobby_id = lobby.id
               AND %s IS NULL AND %s) AS spectators,
          %s
          FROM lobby WHERE id = $1 AND closed_ms IS NULL
          """
              .formatted(
                  Players.lobbyOf("spectator.player_id"),
                  NodeLiveness.isAliveCondition("spectator.run"),
                  Outbox.headColumns("'lobby:' || lobby.id"));

  private static final String REVISION =
      "SELECT revision FROM lobby WHERE id = $1 AND closed_ms IS NULL";

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

  /** One that a quick join may try; {@code metadata} as JSON, since most are never looked at. */
  record Candidate(LobbyId id, String metadata) {
    Map<String, Object> data() {
      return object(metadata);
    }
  }

  /** A lobby, how many watch it, and the place of its stream, all of one moment. */
  record Glance(Lobby lobby, int spectators, Position position) {}

  /** With its host, if any, as the only member. */
  LobbyId insert(Transaction tx, Draft draft, @Nullable PlayerId host, @Nullable String hash) {
    return tx.run(
            INSERT,
            draft.title(),
            key(draft.title()),
            host == null ? null : host.value(),
            flag(host == null),
            draft.seatsMax(),
            flag(draft.hidden()),
            flag(draft.locked()),
            hash,
            json(draft.metadata()),
            draft.slowdownSeconds(),
            flag(host != null),
            tx.now().toEpochMilli())
        .first(row -> new LobbyId(row.number("id")))
        .orElseThrow();
  }

  Optional<Stored> find(Reader reader, LobbyId id) {
    return reader.read(FIND, id.value()).first(LobbyStore::stored);
  }

  /** As {@link #find}, and holds the row until the end of the transaction. */
  Optional<Stored> lock(Transaction tx, LobbyId id) {
    return tx.run(FIND + tx.dialect().forUpdate(), id.value()).first(LobbyStore::stored);
  }

  /** Those that are open and have no slowdown, held until the end of the transaction. */
  Set<LobbyId> lockUnpaced(Transaction tx, Set<LobbyId> ids) {
    String sql =
        texts.of(
            "unpaced",
            ids.size(),
            size -> UNPACED.formatted(Placeholders.list(1, size), tx.dialect().forUpdate()));
    return Set.copyOf(
        tx.run(sql, Placeholders.values(0, ids, LobbyId::value))
            .all(row -> new LobbyId(row.number("id"))));
  }

  /**
   * Takes a seat where there is one, the lobby is not locked and has no password, or the one whose
   * hash is given. Empty for whatever reason: to tell why, look.
   */
  Optional<Lobby> takeSeat(Transaction tx, LobbyId id, @Nullable String opensHash) {
    return tx.run(TAKE_SEAT, id.value(), opensHash).first(LobbyStore::lobby);
  }

  /** Takes a seat in the oldest lobby that anyone may join and that nobody else holds. */
  Optional<Lobby> takeSeatInOldestFree(Transaction tx, @Nullable Integer seats) {
    return tx.run(textFor(TAKE_OLDEST_FREE, tx), seats).first(LobbyStore::lobby);
  }

  /** Takes a seat if anyone may join and nobody else holds the lobby. */
  Optional<Lobby> takeSeatIfFree(Transaction tx, LobbyId id) {
    return tx.run(textFor(TAKE_FREE, tx), id.value()).first(LobbyStore::lobby);
  }

  private static String textFor(Map<Dialect, String> texts, Transaction tx) {
    return Objects.requireNonNull(texts.get(tx.dialect()));
  }

  /** The oldest lobbies after one that a quick join may try. */
  List<Candidate> candidates(Reader reader, long after, @Nullable Integer seats, int max) {
    return reader
        .read(CANDIDATES, seats, after, max)
        .all(row -> new Candidate(new LobbyId(row.number("id")), row.text("metadata")));
  }

  /**
   * Takes the player off the count of the lobby he is in, and off its head; closes it if it had a
   * host and is empty now. Empty if he is in none.
   */
  Optional<Lobby> giveSeatBack(Transaction tx, PlayerId player) {
    return tx.run(GIVE_SEAT_BACK, player.value(), tx.now().toEpochMilli()).first(LobbyStore::lobby);
  }

  /** Makes the member with the oldest account the host. The caller holds the lobby. */
  Lobby succeed(Transaction tx, LobbyId id) {
    return tx.run(SUCCEED, id.value()).first(LobbyStore::lobby).orElseThrow();
  }

  /** The caller holds the lobby. */
  Lobby save(Transaction tx, LobbyId id, Draft draft, @Nullable String hash) {
    return tx.run(
            SAVE,
            draft.title(),
            key(draft.title()),
            draft.seatsMax(),
            flag(draft.hidden()),
            flag(draft.locked()),
            hash,
            json(draft.metadata()),
            draft.slowdownSeconds(),
            id.value())
        .first(LobbyStore::lobby)
        .orElseThrow();
  }

  Optional<Glance> glance(Reader reader, LobbyId id) {
    return reader
        .read(GLANCE, id.value())
        .first(row -> new Glance(lobby(row), (int) row.number("spectators"), Outbox.position(row)));
  }

  OptionalLong revision(Reader reader, LobbyId id) {
    var rows = reader.read(REVISION, id.value());
    return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.row(0).number("revision"));
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

  static String key(String title) {
    return title.toLowerCase(Locale.ROOT);
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
        roster == null ? null : RosterJson.read(roster));
  }

  private static Stored stored(Row row) {
    return new Stored(lobby(row), row.textOrNull("password_hash"));
  }

  // Most have none, and parsing would be the dearest part of reading a row.
  private static Map<String, Object> object(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }
}
