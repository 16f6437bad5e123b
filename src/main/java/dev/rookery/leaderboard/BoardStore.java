package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.leaderboard.Board.Operator;
import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.LeaderboardQuery.Filter;
import dev.rookery.leaderboard.LeaderboardQuery.ListOrder;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Boards as rows. Deleted ones are never returned. Every change of a list appends its event. */
final class BoardStore {
  private static final String COLUMNS =
      "id, slug, title, description, sort_order, operator, starts_ms, ends_ms, metadata, reset,"
          + " created_ms, updated_ms";

  private static final String SELECT =
      "SELECT " + COLUMNS + " FROM leaderboard WHERE deleted_ms IS NULL AND ";

  private static final String INSERT =
      """
      INSERT INTO leaderboard (slug, title, description, sort_order, operator, starts_ms, ends_ms,
        metadata, reset, renews, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
      RETURNING
      """
          + COLUMNS;

  private static final String CURRENT =
      SELECT
          + """
          slug = $1 AND (starts_ms IS NULL OR starts_ms <= $2) AND (ends_ms IS NULL OR ends_ms > $2)
          ORDER BY created_ms DESC, id DESC LIMIT 1
          """;

  private static final String UPDATE =
      """
      UPDATE leaderboard SET title = $1, description = $2, starts_ms = $3, ends_ms = $4,
        metadata = $5, renews = CASE WHEN $6 = 1 THEN renews ELSE 0 END, updated_ms = $7
      WHERE id = $8
      """;

  private static final String DELETE =
      "UPDATE leaderboard SET deleted_ms = $1, renews = 0 WHERE id = $2";

  private static final String COUNT =
      """
      SELECT COUNT(*) AS total FROM leaderboard
      WHERE deleted_ms IS NULL
        AND (reset IS NULL OR renews = 1 OR ends_ms IS NULL OR ends_ms > $1)
      """;

  private static final String PREVIOUS =
      """
      SELECT id FROM leaderboard
      WHERE deleted_ms IS NULL AND slug = $1 AND (created_ms, id) < ($2, $3)
      ORDER BY created_ms DESC, id DESC LIMIT 1
      """;

  private static final String NEXT =
      """
      SELECT id FROM leaderboard
      WHERE deleted_ms IS NULL AND slug = $1 AND (created_ms, id) > ($2, $3)
      ORDER BY created_ms, id LIMIT 1
      """;

  private static final String NEXT_END =
      "SELECT MIN(ends_ms) AS ends_ms FROM leaderboard WHERE deleted_ms IS NULL AND ends_ms > $1";

  private static final String DUE =
      "SELECT id FROM leaderboard WHERE renews = 1 AND ends_ms <= $1 ORDER BY ends_ms LIMIT $2";

  private static final String DUE_OF_SLUG =
      "SELECT id FROM leaderboard WHERE slug = $1 AND renews = 1 AND ends_ms <= $2 LIMIT 1";

  private static final String CLAIM_RENEWAL =
      """
      UPDATE leaderboard SET renews = 0 WHERE id = $1 AND renews = 1 AND ends_ms <= $2
      RETURNING
      """
          + COLUMNS;

  private static final String DELETED =
      "SELECT id FROM leaderboard WHERE deleted_ms IS NOT NULL ORDER BY deleted_ms LIMIT 1";

  private static final String REMOVE =
      "DELETE FROM leaderboard WHERE id = $1 AND deleted_ms IS NOT NULL";

  private final StatementTexts texts = new StatementTexts();

  /** Inserts a board; its id is not used. */
  Board insert(Transaction tx, Board board) {
    Board inserted =
        tx.run(
                INSERT,
                board.slug(),
                board.title(),
                board.description(),
                text(board.sortOrder()),
                text(board.operator()),
                board.startsMs(),
                board.endsMs(),
                json(board.metadata()),
                board.reset(),
                board.reset() == null ? 0 : 1,
                board.createdMs())
            .first(BoardStore::board)
            .orElseThrow();
    appendListed(tx, inserted.id());
    return inserted;
  }

  private static void appendListed(Transaction tx, BoardId id) {
    tx.append(LeaderboardEvent.LISTS, new LeaderboardEvent.Listed(id));
  }

  Optional<Board> find(Reader reader, BoardId id) {
    return reader.read(SELECT + "id = $1", id.value()).first(BoardStore::board);
  }

  /** The newest season of a slug that has begun and has not ended. */
  Optional<Board> current(Reader reader, String slug, long nowMs) {
    return reader.read(CURRENT, slug, nowMs).first(BoardStore::board);
  }

  /** As {@link #find}, locked until the end of the transaction. */
  Optional<Board> lock(Transaction tx, BoardId id) {
    return tx.run(SELECT + "id = $1" + tx.dialect().forUpdate(), id.value())
        .first(BoardStore::board);
  }

  /**
   * At most {@link Placeholders#MANY_MAX} boards, which nobody can change until the end of the
   * transaction; others may lock them in the same way.
   */
  Map<BoardId, Board> share(Transaction tx, Collection<BoardId> ids) {
    String sql =
        texts.of(
            "share",
            ids.size(),
            size ->
                SELECT
                    + "id IN ("
                    + Placeholders.list(1, size)
                    + ") ORDER BY id"
                    + tx.dialect().forShare());
    var found = new HashMap<BoardId, Board>();
    tx.run(sql, Placeholders.values(0, ids, BoardId::value))
        .all(BoardStore::board)
        .forEach(board -> found.put(board.id(), board));
    return found;
  }

  /**
   * Saves the properties that can change.
   *
   * @param renews whether a recurring board keeps its further seasons
   */
  void update(Transaction tx, Board board, boolean renews) {
    tx.run(
        UPDATE,
        board.title(),
        board.description(),
        board.startsMs(),
        board.endsMs(),
        json(board.metadata()),
        renews ? 1 : 0,
        board.updatedMs(),
        board.id().value());
    appendListed(tx, board.id());
  }

  /** Hides the board; {@link #remove} removes the row once its records are gone. */
  void delete(Transaction tx, BoardId id) {
    tx.run(DELETE, tx.now().toEpochMilli(), id.value());
    appendListed(tx, id);
  }

  /** The number of boards without the past seasons of recurring ones. */
  long count(Reader reader, long nowMs) {
    return reader.read(COUNT, nowMs).row(0).number("total");
  }

  /** When the season of a board ends next; {@code Long.MAX_VALUE} if none does. */
  long nextEndMs(Reader reader, long nowMs) {
    Long endsMs = reader.read(NEXT_END, nowMs).row(0).numberOrNull("ends_ms");
    return endsMs == null ? Long.MAX_VALUE : endsMs;
  }

  BoardSeasons seasons(Reader reader, Board board) {
    return new BoardSeasons(
        board, neighbour(reader, PREVIOUS, board), neighbour(reader, NEXT, board));
  }

  private static @Nullable BoardId neighbour(Reader reader, String sql, Board board) {
    return reader
        .read(sql, board.slug(), board.createdMs(), board.id().value())
        .first(BoardStore::id)
        .orElse(null);
  }

  /** Recurring boards whose season has ended and that have no next one yet. */
  List<BoardId> due(Reader reader, long nowMs, int max) {
    return reader.read(DUE, nowMs, max).all(BoardStore::id);
  }

  Optional<BoardId> due(Reader reader, long nowMs, String slug) {
    return reader.read(DUE_OF_SLUG, slug, nowMs).first(BoardStore::id);
  }

  /** Takes the task to open the next season; empty if another transaction has. */
  Optional<Board> claimRenewal(Transaction tx, BoardId id) {
    return tx.run(CLAIM_RENEWAL, id.value(), tx.now().toEpochMilli()).first(BoardStore::board);
  }

  /** A deleted board whose records may have to be removed. */
  Optional<BoardId> deleted(Reader reader) {
    return reader.read(DELETED).first(BoardStore::id);
  }

  void remove(Transaction tx, BoardId id) {
    tx.run(REMOVE, id.value());
  }

  Page<Board> list(Reader reader, Filter filter, ListOrder order, long nowMs, Page.Request page) {
    var conditions = new ArrayList<String>(List.of("deleted_ms IS NULL"));
    var values = new ArrayList<@Nullable Object>();
    add(conditions, values, "slug = ", filter.slug());
    if (filter.active() != null) {
      values.add(nowMs);
      String now = "$" + values.size();
      conditions.add(
          filter.active() ? "(ends_ms IS NULL OR ends_ms > " + now + ")" : "ends_ms <= " + now);
    }
    add(conditions, values, "starts_ms > ", filter.startsAfterMs());
    add(conditions, values, "starts_ms <= ", filter.startsUpToMs());
    add(conditions, values, "ends_ms > ", filter.endsAfterMs());
    add(conditions, values, "ends_ms <= ", filter.endsUpToMs());
    String where = " FROM leaderboard WHERE " + String.join(" AND ", conditions);
    long total =
        reader.read("SELECT COUNT(*) AS total" + where, values.toArray()).row(0).number("total");
    if (total <= page.offset()) {
      return new Page<>(List.of(), page.number(), page.size(), total);
    }
    String sorting =
        switch (order) {
          case ENDS_AT ->
              " ORDER BY CASE WHEN ends_ms IS NULL THEN 0 ELSE 1 END, ends_ms DESC, id DESC";
          case INSERTED_AT -> " ORDER BY created_ms DESC, id DESC";
        };
    values.add(page.size());
    values.add(page.offset());
    String range = " LIMIT $" + (values.size() - 1) + " OFFSET $" + values.size();
    List<Board> boards =
        reader
            .read("SELECT " + COLUMNS + where + sorting + range, values.toArray())
            .all(BoardStore::board);
    return new Page<>(boards, page.number(), page.size(), total);
  }

  private static void add(
      List<String> conditions,
      List<@Nullable Object> values,
      String condition,
      @Nullable Object value) {
    if (value != null) {
      values.add(value);
      conditions.add(condition + "$" + values.size());
    }
  }

  private static BoardId id(Row row) {
    return new BoardId(row.number("id"));
  }

  private static Board board(Row row) {
    return new Board(
        id(row),
        row.text("slug"),
        row.text("title"),
        row.textOrNull("description"),
        SortOrder.valueOf(row.text("sort_order").toUpperCase(Locale.ROOT)),
        Operator.valueOf(row.text("operator").toUpperCase(Locale.ROOT)),
        row.numberOrNull("starts_ms"),
        row.numberOrNull("ends_ms"),
        object(row.text("metadata")),
        row.textOrNull("reset"),
        row.number("created_ms"),
        row.number("updated_ms"));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  // Most have none, and parsing would be the most expensive part of reading a row.
  static Map<String, Object> object(String json) {
    return json.equals("{}") ? Map.of() : new JsonObject(json).getMap();
  }

  static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }
}
