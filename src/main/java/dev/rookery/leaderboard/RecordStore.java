package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.leaderboard.RecordOwner.OfLabel;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Records as rows, for changes. Statements about several are for at most {@link
 * Placeholders#MANY_MAX}, and lock rows by ascending id.
 */
final class RecordStore {
  static final String COLUMNS =
      "id, board_id, player_id, label, score, subscore, submissions, revision, metadata,"
          + " created_ms, updated_ms";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM leaderboard_record ";

  private static final String OF_PLAYERS =
      """
      SELECT id, board_id, player_id, label, score, subscore, submissions, revision, metadata,
        created_ms, updated_ms
      FROM %s JOIN leaderboard_record ON board_id = CAST(given.column1 AS BIGINT)
        AND player_id = CAST(given.column2 AS BIGINT)
      ORDER BY id
      """;

  private static final String OF_LABELS =
      """
      SELECT id, board_id, player_id, label, score, subscore, submissions, revision, metadata,
        created_ms, updated_ms
      FROM %s JOIN leaderboard_record ON board_id = CAST(given.column1 AS BIGINT)
        AND label = given.column2
      ORDER BY id
      """;

  private static final String INSERT =
      """
      INSERT INTO leaderboard_record (board_id, player_id, label, score, subscore, order_score,
        order_subscore, submissions, metadata, revision, created_ms, updated_ms)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), column3, CAST(column4 AS BIGINT),
        CAST(column5 AS BIGINT), CAST(column6 AS BIGINT), CAST(column7 AS BIGINT),
        CAST(column8 AS BIGINT), column9, 1, CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT DO NOTHING
      RETURNING id, board_id, player_id, label
      """;

  private static final String UPDATE =
      """
      UPDATE leaderboard_record SET score = CAST(given.column2 AS BIGINT),
        subscore = CAST(given.column3 AS BIGINT), order_score = CAST(given.column4 AS BIGINT),
        order_subscore = CAST(given.column5 AS BIGINT), submissions = CAST(given.column6 AS BIGINT),
        revision = CAST(given.column7 AS BIGINT), metadata = given.column8,
        updated_ms = CAST($1 AS BIGINT)
      FROM %s WHERE leaderboard_record.id = CAST(given.column1 AS BIGINT)
      """;

  // Boards are few, and each is one look into the index of players. The outer SELECT locks records
  // and no boards.
  private static final String OF_PLAYER =
      """
      SELECT id, board_id FROM leaderboard_record WHERE id IN (
        SELECT leaderboard_record.id
        FROM leaderboard JOIN leaderboard_record
          ON leaderboard_record.board_id = leaderboard.id AND leaderboard_record.player_id = $1
        ORDER BY leaderboard_record.id LIMIT $2)
      ORDER BY id
      """;

  private static final String DELETE = "DELETE FROM leaderboard_record WHERE id IN (%s)";

  private static final String DELETE_OF_BOARD =
      """
      DELETE FROM leaderboard_record WHERE id IN (
        SELECT id FROM leaderboard_record WHERE board_id = $1 LIMIT $2)
      RETURNING id
      """;

  private static final Comparator<Key> ORDER =
      Comparator.<Key>comparingLong(key -> key.board.value())
          .thenComparingLong(key -> key.owner instanceof OfPlayer(var player) ? player.value() : 0)
          .thenComparing(key -> key.owner instanceof OfLabel(var label) ? label : "");

  private final StatementTexts texts = new StatementTexts();

  /** Whose record on which board. */
  record Key(BoardId board, RecordOwner owner) {}

  /**
   * A row.
   *
   * @param revision how often it has changed
   */
  record Stored(BoardRecord record, long revision) {
    Key key() {
      PlayerId player = record.player();
      return new Key(
          record.board(),
          player == null
              ? new OfLabel(Objects.requireNonNull(record.label()))
              : new OfPlayer(player));
    }

    /** The row after a change. */
    Stored with(BoardRecord changed) {
      return new Stored(changed, revision + 1);
    }

    LeaderboardEvent.Standing standing() {
      PlayerId player = record.player();
      return new LeaderboardEvent.Standing(
          record.id().value(),
          player == null ? 0 : player.value(),
          record.score(),
          record.subscore(),
          revision);
    }
  }

  /** The records of these owners, locked. */
  Map<Key, Stored> lock(Transaction tx, Collection<Key> keys) {
    var found = new HashMap<Key, Stored>();
    var players = new ValuesTable(2);
    var labels = new ValuesTable(2);
    boolean anyPlayer = false;
    boolean anyLabel = false;
    for (Key key : keys) {
      switch (key.owner) {
        case OfPlayer(var player) -> {
          players.add(key.board, player);
          anyPlayer = true;
        }
        case OfLabel(var label) -> {
          labels.add(key.board, label);
          anyLabel = true;
        }
      }
    }
    if (anyPlayer) {
      read(tx, players, OF_PLAYERS, found);
    }
    if (anyLabel) {
      read(tx, labels, OF_LABELS, found);
    }
    return found;
  }

  private void read(Transaction tx, ValuesTable given, String sql, Map<Key, Stored> found) {
    given
        .run(tx, texts, sql + tx.dialect().forUpdate())
        .all(RecordStore::stored)
        .forEach(one -> found.put(one.key(), one));
  }

  Optional<Stored> lock(Transaction tx, RecordId id) {
    return tx.run(SELECT + "WHERE id = $1" + tx.dialect().forUpdate(), id.value())
        .first(RecordStore::stored);
  }

  /**
   * Inserts records, whose ids are not used.
   *
   * @return their ids; missing are those that another transaction has inserted meanwhile
   */
  Map<Key, RecordId> insert(Transaction tx, Map<Key, BoardRecord> records, BoardOrders orders) {
    var given = new ValuesTable(9);
    records.keySet().stream()
        .sorted(ORDER)
        .forEach(
            key -> {
              BoardRecord record = Objects.requireNonNull(records.get(key));
              Board.SortOrder order = orders.of(record.board());
              given.add(
                  record.board(),
                  record.player(),
                  record.label(),
                  record.score(),
                  record.subscore(),
                  order.orderKey(record.score()),
                  order.orderKey(record.subscore()),
                  record.submissions(),
                  BoardStore.json(record.metadata()));
            });
    var ids = new HashMap<Key, RecordId>();
    given
        .run(tx, texts, INSERT, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(row -> ids.put(key(row), new RecordId(row.number("id"))));
    return ids;
  }

  void update(Transaction tx, Collection<Stored> changed, BoardOrders orders) {
    var given = new ValuesTable(8);
    changed.stream()
        .sorted(Comparator.comparingLong(one -> one.record.id().value()))
        .forEach(
            one -> {
              BoardRecord record = one.record;
              Board.SortOrder order = orders.of(record.board());
              given.add(
                  record.id(),
                  record.score(),
                  record.subscore(),
                  order.orderKey(record.score()),
                  order.orderKey(record.subscore()),
                  record.submissions(),
                  one.revision,
                  BoardStore.json(record.metadata()));
            });
    given.run(tx, texts, UPDATE, tx.now().toEpochMilli());
  }

  /**
   * The first records of a player on all boards, at most {@code max}, locked; id and board of each.
   * A statement that deletes several rows locks them in any order.
   */
  Map<RecordId, BoardId> lockOfPlayer(Transaction tx, PlayerId player, int max) {
    var found = new HashMap<RecordId, BoardId>();
    tx.run(OF_PLAYER + tx.dialect().forUpdate(), player.value(), max)
        .all(row -> row)
        .forEach(
            row -> found.put(new RecordId(row.number("id")), new BoardId(row.number("board_id"))));
    return found;
  }

  /** Deletes records that the caller has locked. */
  void delete(Transaction tx, Collection<RecordId> ids) {
    String sql =
        texts.of("delete", ids.size(), size -> DELETE.formatted(Placeholders.list(1, size)));
    tx.run(sql, Placeholders.values(0, ids, RecordId::value));
  }

  /** Deletes some records of a board that is deleted, without an event; returns how many. */
  int deleteOfBoard(Transaction tx, BoardId board, int max) {
    return tx.run(DELETE_OF_BOARD, board.value(), max).size();
  }

  /** The sort orders of boards. */
  @FunctionalInterface
  interface BoardOrders {
    Board.SortOrder of(BoardId board);
  }

  private static Key key(Row row) {
    Long player = row.numberOrNull("player_id");
    return new Key(
        new BoardId(row.number("board_id")),
        player == null ? new OfLabel(row.text("label")) : new OfPlayer(new PlayerId(player)));
  }

  static Stored stored(Row row) {
    return new Stored(record(row), row.number("revision"));
  }

  private static BoardRecord record(Row row) {
    Long player = row.numberOrNull("player_id");
    return new BoardRecord(
        new RecordId(row.number("id")),
        new BoardId(row.number("board_id")),
        player == null ? null : new PlayerId(player),
        row.textOrNull("label"),
        row.number("score"),
        row.number("subscore"),
        row.number("submissions"),
        BoardStore.object(row.text("metadata")),
        row.number("created_ms"),
        row.number("updated_ms"));
  }
}
