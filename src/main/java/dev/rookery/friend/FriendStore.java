package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.friend.Friendship.State;
import dev.rookery.player.Players;
import dev.rookery.presence.OnlinePlayers;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Friendships as rows. Statements about several are for at most {@link Placeholders#MANY_MAX}. The
 * caller of those that write has locked both players.
 */
final class FriendStore {
  private static final String COLUMNS = "id, requester_id, target_id, state, created_ms";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM friendship ";

  private static final String BY_IDS = SELECT + "WHERE id IN (%s)";

  private static final String BY_PAIRS =
      """
      SELECT friendship.id, requester_id, target_id, state, created_ms
      FROM %s JOIN friendship ON requester_id = CAST(given.column1 AS BIGINT)
        AND target_id = CAST(given.column2 AS BIGINT)
      """;

  private static final String IDS_OF_PAIRS =
      """
      SELECT friendship.id FROM %1$s JOIN friendship
        ON requester_id = CAST(given.column1 AS BIGINT)
          AND target_id = CAST(given.column2 AS BIGINT)
      UNION ALL
      SELECT friendship.id FROM %1$s JOIN friendship
        ON requester_id = CAST(given.column2 AS BIGINT)
          AND target_id = CAST(given.column1 AS BIGINT)
      """;

  private static final String BY_EITHER_DIRECTION =
      SELECT + "WHERE id IN (" + IDS_OF_PAIRS + ") ORDER BY id";

  private static final String COUNT_FRIENDS =
      """
      SELECT player.id,
        (SELECT COUNT(*) FROM friendship WHERE requester_id = player.id AND state = 'accepted')
        + (SELECT COUNT(*) FROM friendship WHERE target_id = player.id AND state = 'accepted')
          AS total
      FROM player WHERE player.id IN (%s)
      """;

  private static final String COUNT_PENDING =
      """
      SELECT player.id,
        (SELECT COUNT(*) FROM friendship WHERE requester_id = player.id AND state = 'pending')
          AS total
      FROM player WHERE player.id IN (%s)
      """;

  private static final String INSERT =
      """
      INSERT INTO friendship (requester_id, target_id, state, created_ms, changed_ms)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), 'pending', CAST($1 AS BIGINT),
        CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE friendship SET state = given.column2, changed_ms = CAST($1 AS BIGINT)
      FROM %s WHERE friendship.id = CAST(given.column1 AS BIGINT)
      """;

  private static final String DELETE = "DELETE FROM friendship WHERE id IN (%s)";

  // Each branch reads one index range in the order of the ids.
  private static final String FRIENDS =
      """
      SELECT * FROM (
        SELECT id, requester_id, target_id, state, created_ms FROM friendship
        WHERE requester_id = $1 AND state = 'accepted'
        UNION ALL
        SELECT id, requester_id, target_id, state, created_ms FROM friendship
        WHERE target_id = $1 AND state = 'accepted') AS friends
      ORDER BY id LIMIT $2 OFFSET $3
      """;

  // A player has few friends, so that all of them may be sorted.
  private static final String FRIENDS_ONLINE_FIRST =
      """
      SELECT friends.* FROM (
        SELECT id, requester_id, target_id, state, created_ms, target_id AS other_id
        FROM friendship WHERE requester_id = $1 AND state = 'accepted'
        UNION ALL
        SELECT id, requester_id, target_id, state, created_ms, requester_id AS other_id
        FROM friendship WHERE target_id = $1 AND state = 'accepted') AS friends
      LEFT JOIN player ON player.id = friends.other_id
      ORDER BY COALESCE(player.online, 0) DESC, friends.id LIMIT $2 OFFSET $3
      """;

  private static final String TO = SELECT + "WHERE target_id = $1 AND state = $4";

  private static final String BY = SELECT + "WHERE requester_id = $1 AND state = $4";

  private static final String PAGE = " ORDER BY id LIMIT $2 OFFSET $3";

  private static final String COUNT_TO =
      "SELECT COUNT(*) AS total FROM friendship WHERE target_id = $1 AND state = $2";

  private static final String COUNT_BY =
      "SELECT COUNT(*) AS total FROM friendship WHERE requester_id = $1 AND state = $2";

  private static final String ONLINE_FRIENDS =
      """
      SELECT requester_id AS player_id, target_id AS friend_id FROM friendship
      WHERE requester_id IN (%%1$s) AND state = 'accepted' AND %s
      UNION ALL
      SELECT target_id AS player_id, requester_id AS friend_id FROM friendship
      WHERE target_id IN (%%1$s) AND state = 'accepted' AND %s
      """
          .formatted(
              OnlinePlayers.isOnline("friendship.target_id"),
              OnlinePlayers.isOnline("friendship.requester_id"));

  private static final String ONLINE = "SELECT online FROM player WHERE id = $1";

  private static final String FORGET =
      "DELETE FROM friendship WHERE requester_id = $1 OR target_id = $1";

  private static final int FEW_ONLINE_MAX = 64;

  private final StatementTexts texts = new StatementTexts();

  /** A direction between two players. */
  record Edge(PlayerId requester, PlayerId target) {
    static Edge of(Friendship friendship) {
      return new Edge(friendship.requester(), friendship.target());
    }

    Edge reverse() {
      return new Edge(target, requester);
    }
  }

  Map<FriendshipId, Friendship> byIds(Reader reader, Collection<FriendshipId> ids) {
    String text = texts.of("ids", ids.size(), size -> BY_IDS.formatted(Placeholders.list(1, size)));
    var found = new HashMap<FriendshipId, Friendship>();
    reader
        .read(text, Placeholders.values(0, ids, FriendshipId::value))
        .all(FriendStore::friendship)
        .forEach(one -> found.put(one.id(), one));
    return found;
  }

  List<Friendship> byEdges(Transaction tx, Collection<Edge> edges) {
    var given = new ValuesTable(2);
    edges.forEach(edge -> given.add(edge.requester(), edge.target()));
    return given.run(tx, texts, BY_PAIRS).all(FriendStore::friendship);
  }

  /** The friendships of pairs in either direction, by ascending id. */
  List<Friendship> byPairs(Reader reader, Collection<Pair> pairs) {
    return pairs(pairs).read(reader, texts, BY_EITHER_DIRECTION).all(FriendStore::friendship);
  }

  /** As {@link #byPairs}; their rows are locked until the end of the transaction. */
  List<Friendship> lockByPairs(Transaction tx, Collection<Pair> pairs) {
    String statement = BY_EITHER_DIRECTION + tx.dialect().forUpdate();
    return pairs(pairs).run(tx, texts, statement).all(FriendStore::friendship);
  }

  private static ValuesTable pairs(Collection<Pair> pairs) {
    var given = new ValuesTable(2);
    pairs.forEach(pair -> given.add(pair.lower(), pair.higher()));
    return given;
  }

  Map<PlayerId, Long> countFriends(Reader reader, Collection<PlayerId> players) {
    return count(reader, "count friends", COUNT_FRIENDS, players);
  }

  /** How many requests each of the players waits for an answer to. */
  Map<PlayerId, Long> countPending(Reader reader, Collection<PlayerId> players) {
    return count(reader, "count pending", COUNT_PENDING, players);
  }

  private Map<PlayerId, Long> count(
      Reader reader, String kind, String statement, Collection<PlayerId> players) {
    String text =
        texts.of(kind, players.size(), size -> statement.formatted(Placeholders.list(1, size)));
    var counts = new HashMap<PlayerId, Long>();
    reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .forEach(row -> counts.put(new PlayerId(row.number("id")), row.number("total")));
    return counts;
  }

  /** Inserts pending requests. */
  List<Friendship> insert(Transaction tx, Collection<Edge> edges) {
    var given = new ValuesTable(2);
    edges.forEach(edge -> given.add(edge.requester(), edge.target()));
    return given.run(tx, texts, INSERT, tx.now().toEpochMilli()).all(FriendStore::friendship);
  }

  /** Saves the states of friendships. */
  void update(Transaction tx, Collection<Friendship> changed) {
    var given = new ValuesTable(2);
    changed.forEach(one -> given.add(one.id(), text(one.state())));
    given.run(tx, texts, UPDATE, tx.now().toEpochMilli());
  }

  void delete(Transaction tx, Collection<FriendshipId> ids) {
    String text =
        texts.of("delete", ids.size(), size -> DELETE.formatted(Placeholders.list(1, size)));
    tx.run(text, Placeholders.values(0, ids, FriendshipId::value));
  }

  List<Friendship> friends(Reader reader, PlayerId player, int max, long offset) {
    return reader.read(FRIENDS, player.value(), (long) max, offset).all(FriendStore::friendship);
  }

  List<Friendship> friendsOnlineFirst(Reader reader, PlayerId player, int max, long offset) {
    return reader
        .read(FRIENDS_ONLINE_FIRST, player.value(), (long) max, offset)
        .all(FriendStore::friendship);
  }

  List<Friendship> to(Reader reader, PlayerId target, State state, int max, long offset) {
    return reader
        .read(TO + PAGE, target.value(), (long) max, offset, text(state))
        .all(FriendStore::friendship);
  }

  List<Friendship> by(Reader reader, PlayerId requester, State state, int max, long offset) {
    return reader
        .read(BY + PAGE, requester.value(), (long) max, offset, text(state))
        .all(FriendStore::friendship);
  }

  long countTo(Reader reader, PlayerId target, State state) {
    return reader.read(COUNT_TO, target.value(), text(state)).row(0).number("total");
  }

  long countBy(Reader reader, PlayerId requester, State state) {
    return reader.read(COUNT_BY, requester.value(), text(state)).row(0).number("total");
  }

  /**
   * The friends of each player who are online. When few players are online at all, only they are
   * looked at, however many friends somebody has.
   */
  Map<PlayerId, List<PlayerId>> onlineFriends(Reader reader, Collection<PlayerId> players) {
    List<PlayerId> online = OnlinePlayers.first(reader, FEW_ONLINE_MAX + 1);
    return online.size() <= FEW_ONLINE_MAX
        ? friendsAmong(reader, Set.copyOf(players), online)
        : onlineAmongFriends(reader, players);
  }

  private Map<PlayerId, List<PlayerId>> friendsAmong(
      Reader reader, Set<PlayerId> players, List<PlayerId> online) {
    Set<Pair> pairs =
        players.stream()
            .flatMap(
                player ->
                    online.stream()
                        .filter(other -> !other.equals(player))
                        .map(other -> Pair.of(player, other)))
            .collect(Collectors.toSet());
    var friendships = new ArrayList<Friendship>();
    Placeholders.inParts(List.copyOf(pairs), part -> friendships.addAll(byPairs(reader, part)));
    var isOnline = Set.copyOf(online);
    var found = new HashMap<PlayerId, List<PlayerId>>();
    for (Friendship friendship : friendships) {
      for (PlayerId player : List.of(friendship.requester(), friendship.target())) {
        PlayerId friend = friendship.otherThan(player);
        if (friendship.state() == State.ACCEPTED
            && players.contains(player)
            && isOnline.contains(friend)) {
          found.computeIfAbsent(player, _ -> new ArrayList<>()).add(friend);
        }
      }
    }
    return found;
  }

  private Map<PlayerId, List<PlayerId>> onlineAmongFriends(
      Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of(
            "online", players.size(), size -> ONLINE_FRIENDS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> new PlayerId(row.number("player_id")),
                Collectors.mapping(
                    row -> new PlayerId(row.number("friend_id")), Collectors.toList())));
  }

  boolean isOnline(Reader reader, PlayerId player) {
    return reader.read(ONLINE, player.value()).first(row -> row.flag("online")).orElse(false);
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  /** The players on both sides, in the order in which they are locked. */
  static List<PlayerId> players(Collection<Edge> edges) {
    return edges.stream()
        .flatMap(edge -> List.of(edge.requester(), edge.target()).stream())
        .distinct()
        .sorted(Players.BY_ID)
        .toList();
  }

  static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static Friendship friendship(Row row) {
    return new Friendship(
        new FriendshipId(row.number("id")),
        new PlayerId(row.number("requester_id")),
        new PlayerId(row.number("target_id")),
        State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.number("created_ms"));
  }
}
