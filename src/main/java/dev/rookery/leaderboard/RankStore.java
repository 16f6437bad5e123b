package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads records and computes ranks by SQL, for boards without an index in memory, and reads whole
 * boards to fill one. There is no index of the order in the database: what computes ranks reads all
 * records of the board.
 */
final class RankStore {
  /** How many records one statement reads to fill an index. */
  static final int FILL_MAX = 10_000;

  private static final String COLUMNS =
      RecordStore.COLUMNS
          + ", CASE WHEN player_id IS NULL THEN label ELSE "
          + Players.nameOf("leaderboard_record.player_id")
          + " END AS name";

  private static final String BY_IDS =
      "SELECT " + COLUMNS + " FROM leaderboard_record WHERE id IN (%s)";

  // Only keys are sorted, and of those no more are kept than the page and what is before it.
  private static final String PAGE =
      "SELECT "
          + COLUMNS
          + """
           FROM leaderboard_record WHERE id IN (
            SELECT id FROM leaderboard_record WHERE board_id = $1
            ORDER BY order_score, order_subscore, id LIMIT $2 OFFSET $3)
          ORDER BY order_score, order_subscore, id
          """;

  private static final String NEIGHBOURS =
      "SELECT "
          + COLUMNS
          + """
           FROM leaderboard_record WHERE id IN (
            SELECT other.id FROM leaderboard_record AS own
            JOIN leaderboard_record AS other ON other.board_id = own.board_id
              AND (other.order_score, other.order_subscore, other.id)
                %1$s (own.order_score, own.order_subscore, own.id)
            WHERE own.board_id = $1 AND own.player_id = $2
            ORDER BY other.order_score %2$s, other.order_subscore %2$s, other.id %2$s LIMIT $3)
          ORDER BY order_score, order_subscore, id
          """;

  private static final String BEFORE = NEIGHBOURS.formatted("<", "DESC");
  private static final String FROM = NEIGHBOURS.formatted(">=", "ASC");

  private static final String COUNT =
      "SELECT COUNT(*) AS total FROM leaderboard_record WHERE board_id = $1";

  private static final String RANKS =
      """
      SELECT own.player_id AS player, (SELECT COUNT(*) FROM leaderboard_record AS better
        WHERE better.board_id = own.board_id
          AND (better.order_score, better.order_subscore, better.id)
            < (own.order_score, own.order_subscore, own.id)) + 1 AS rank
      FROM leaderboard_record AS own
      WHERE own.board_id = $%2$d AND own.player_id IN (%1$s)
      """;

  private static final String OF_PLAYERS =
      "SELECT "
          + COLUMNS
          + " FROM leaderboard_record WHERE board_id = $%2$d AND player_id IN (%1$s)";

  // One text of many rows: reading each row by itself would take several times as long. The index
  // of players gives an order in which no record is read twice.
  private static final String FILL =
      """
      SELECT COUNT(*) AS records, MAX(%1$s) AS last,
        string_agg(id || ',' || COALESCE(player_id, 0) || ',' || score || ',' || subscore || ','
          || revision, ';') AS entries
      FROM (SELECT id, player_id, label, score, subscore, revision FROM leaderboard_record
        WHERE board_id = $1 AND %1$s > $2 ORDER BY %1$s LIMIT $3) AS page
      """;

  private static final String FILL_PLAYERS = FILL.formatted("player_id");
  private static final String FILL_LABELS = FILL.formatted("label");

  private final StatementTexts texts = new StatementTexts();

  /**
   * A row with the name to show.
   *
   * @param metadataLength characters of the metadata as JSON
   */
  record Named(RecordStore.Stored stored, String name, int metadataLength) {}

  /** Records by id; those that are gone are missing. */
  Map<Long, Named> byIds(Reader reader, Collection<Long> ids) {
    var found = new HashMap<Long, Named>();
    Placeholders.inParts(
        List.copyOf(ids),
        part -> {
          String sql =
              texts.of("ids", part.size(), size -> BY_IDS.formatted(Placeholders.list(1, size)));
          reader
              .read(sql, Placeholders.values(0, part, id -> id))
              .all(RankStore::named)
              .forEach(one -> found.put(one.stored().record().id().value(), one));
        });
    return found;
  }

  List<Named> page(Reader reader, BoardId board, int max, long offset) {
    return reader.read(PAGE, board.value(), max, offset).all(RankStore::named);
  }

  /** The records before that of a player, those next to it. */
  List<Named> before(Reader reader, BoardId board, PlayerId player, int max) {
    return reader.read(BEFORE, board.value(), player.value(), max).all(RankStore::named);
  }

  /** The record of a player and those behind it. */
  List<Named> from(Reader reader, BoardId board, PlayerId player, int max) {
    return reader.read(FROM, board.value(), player.value(), max).all(RankStore::named);
  }

  long count(Reader reader, BoardId board) {
    return reader.read(COUNT, board.value()).row(0).number("total");
  }

  /** The rank of a player by counting the better records. */
  Optional<Long> rank(Reader reader, BoardId board, PlayerId player) {
    return Optional.ofNullable(ranks(reader, board, List.of(player)).get(player));
  }

  /** The ranks of those of at most {@link Placeholders#MANY_MAX} players who have a record. */
  Map<PlayerId, Long> ranks(Reader reader, BoardId board, Collection<PlayerId> players) {
    var ranks = new HashMap<PlayerId, Long>();
    reader
        .read(text(RANKS, players), values(board, players))
        .all(row -> row)
        .forEach(row -> ranks.put(new PlayerId(row.number("player")), row.number("rank")));
    return ranks;
  }

  /** The records of at most {@link Placeholders#MANY_MAX} players. */
  List<Named> ofPlayers(Reader reader, BoardId board, Collection<PlayerId> players) {
    return reader.read(text(OF_PLAYERS, players), values(board, players)).all(RankStore::named);
  }

  private String text(String sql, Collection<PlayerId> players) {
    return texts.of(sql, players.size(), size -> sql.formatted(Placeholders.list(2, size), 1));
  }

  private static @Nullable Object[] values(BoardId board, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = board.value();
    return values;
  }

  /** Loads all records of a board, a few thousand at a time; each is read once. */
  void fill(Reader reader, BoardId board, FillTarget target) {
    long player = 0;
    for (Row page = page(reader, FILL_PLAYERS, board, player);
        page.number("records") > 0;
        page = page(reader, FILL_PLAYERS, board, player)) {
      target.load(standings(page));
      player = page.number("last");
      if (page.number("records") < FILL_MAX) {
        break;
      }
    }
    String label = "";
    for (Row page = page(reader, FILL_LABELS, board, label);
        page.number("records") > 0;
        page = page(reader, FILL_LABELS, board, label)) {
      target.load(standings(page));
      label = page.text("last");
      if (page.number("records") < FILL_MAX) {
        break;
      }
    }
  }

  private static Row page(Reader reader, String sql, BoardId board, Object after) {
    return reader.read(sql, board.value(), after, FILL_MAX).row(0);
  }

  private static Standing[] standings(Row page) {
    var standings = new Standing[(int) page.number("records")];
    String entries = page.text("entries");
    int[] at = {0};
    for (int i = 0; i < standings.length; i++) {
      standings[i] =
          new Standing(
              number(entries, at),
              number(entries, at),
              number(entries, at),
              number(entries, at),
              number(entries, at));
    }
    return standings;
  }

  /** The next number of the text; moves behind the character after it. */
  private static long number(String text, int[] at) {
    int end = at[0];
    while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ';') {
      end++;
    }
    long number = Long.parseLong(text, at[0], end, 10);
    at[0] = end + 1;
    return number;
  }

  /** Receives the records of a board. */
  @FunctionalInterface
  interface FillTarget {
    void load(Standing[] standings);
  }

  private static Named named(Row row) {
    return new Named(RecordStore.stored(row), row.text("name"), row.text("metadata").length());
  }
}
