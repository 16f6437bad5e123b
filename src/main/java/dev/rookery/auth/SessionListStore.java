package dev.rookery.auth;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.player.Players;
import dev.rookery.store.LongList;
import dev.rookery.store.LongLists;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists open sessions for players and admins, and ends single ones. */
final class SessionListStore {
  private static final String OPEN = " FROM session WHERE ended_ms IS NULL AND expires_ms > $1";
  private static final String OF_PLAYER = OPEN + " AND player_id = $2";

  private static final String WAS_OPENED_AFTER =
      "SELECT number FROM session WHERE id = $1 AND created_ms > $2 AND ended_ms IS NULL";

  private static final String HAS_SESSION_AT =
      "SELECT number" + OF_PLAYER + " AND address = $3 LIMIT 1";

  private static final String COLUMNS =
      """
      SELECT number, id, player_id, kind, address, user_agent, created_ms, used_ms, expires_ms,
      """
          + Players.nameOf("player_id")
          + " AS player_name, "
          + Players.emailOf("player_id")
          + " AS email";

  private static final String COUNT = "SELECT COUNT(*) AS total";

  private static final String END =
      """
      UPDATE session SET ended_ms = $1
      WHERE number = $2 AND ended_ms IS NULL AND expires_ms > $1
      """;

  private static final String FIND_PLAYER = "SELECT player_id FROM session WHERE number = $1";

  private final InstantSource clock;
  private final LongLists longLists;

  SessionListStore(InstantSource clock) {
    this.clock = clock;
    this.longLists = new LongLists(clock);
  }

  /**
   * Lists open sessions, newest first. The total of those of all players, above {@value
   * LongLists#EXACT_MAX}, may be a minute old.
   *
   * @param player null for the sessions of all players
   */
  Page<OpenSession> list(Reader reader, @Nullable PlayerId player, Page.Request page) {
    return player == null ? listAll(reader, page) : listOfPlayer(reader, player, page);
  }

  private Page<OpenSession> listAll(Reader reader, Page.Request page) {
    long now = clock.millis();
    var list = new LongList(OPEN, "number", true, OPEN, List.of(now));
    return longLists.page(reader, list, COLUMNS + " FROM session", page, SessionListStore::session);
  }

  private Page<OpenSession> listOfPlayer(Reader reader, PlayerId player, Page.Request page) {
    long now = clock.millis();
    long total = reader.read(COUNT + OF_PLAYER, now, player.value()).row(0).number("total");
    String sql = COLUMNS + OF_PLAYER + " ORDER BY number DESC LIMIT $3 OFFSET $4";
    List<OpenSession> found =
        total <= page.offset()
            ? List.of()
            : reader
                .read(sql, now, player.value(), (long) page.size(), page.offset())
                .all(SessionListStore::session);
    return new Page<>(found, page.number(), page.size(), total);
  }

  /** Lists open sessions by keyset, newest first. */
  List<OpenSession> browse(Reader reader, AuthCommand.BrowseSessions browse) {
    var values = new ArrayList<@Nullable Object>();
    values.add(clock.millis());
    var where = new StringBuilder(OPEN);
    if (browse.player() != null) {
      values.add(browse.player().value());
      where.append(" AND player_id = $").append(values.size());
    }
    if (browse.from() != null) {
      values.add(browse.from());
      where.append(" AND number ").append(browse.backwards() ? '>' : '<');
      where.append(" $").append(values.size());
    }
    values.add((long) Math.clamp(browse.max(), 1, AuthCommand.LISTED_MAX));
    String sql =
        COLUMNS
            + where
            + (browse.backwards() ? " ORDER BY number" : " ORDER BY number DESC")
            + " LIMIT $"
            + values.size();
    List<OpenSession> found = reader.read(sql, values.toArray()).all(SessionListStore::session);
    return browse.backwards() ? found.reversed() : found;
  }

  /** Counts open sessions, at most {@code max} of them. */
  long count(Reader reader, @Nullable PlayerId player, long max) {
    String counted = COUNT + " FROM (SELECT 1%s LIMIT $%d) AS open_session";
    var rows =
        player == null
            ? reader.read(counted.formatted(OPEN, 2), clock.millis(), max)
            : reader.read(counted.formatted(OF_PLAYER, 3), clock.millis(), player.value(), max);
    return rows.row(0).number("total");
  }

  /**
   * Ends an open session; empty if there is none of that number, or it belongs to another player
   * than {@code owner}.
   *
   * @param owner null to end the session of any player
   */
  Optional<SessionId> end(Transaction tx, long number, @Nullable PlayerId owner) {
    var ended =
        owner == null
            ? tx.run(END + "RETURNING id", clock.millis(), number)
            : tx.run(
                END + "AND player_id = $3 RETURNING id", clock.millis(), number, owner.value());
    return ended.first(row -> new SessionId(row.text("id")));
  }

  /** The player whose session has that number, ended or not. */
  Optional<PlayerId> findPlayer(Reader reader, long number) {
    return reader.read(FIND_PLAYER, number).first(row -> new PlayerId(row.number("player_id")));
  }

  /** Returns whether the player has an open session last used at that address. */
  boolean hasSessionAt(Reader reader, PlayerId player, String address) {
    return !reader.read(HAS_SESSION_AT, clock.millis(), player.value(), address).isEmpty();
  }

  /** Returns whether the session was opened less than {@code age} ago. */
  boolean wasOpenedWithin(Reader reader, SessionId session, Duration age) {
    long since = clock.millis() - age.toMillis();
    return !reader.read(WAS_OPENED_AFTER, session.value(), since).isEmpty();
  }

  private static OpenSession session(Row row) {
    return new OpenSession(
        row.number("number"),
        new SessionId(row.text("id")),
        new PlayerId(row.number("player_id")),
        row.text("player_name"),
        row.text("email"),
        row.text("kind"),
        row.text("address"),
        row.text("user_agent"),
        row.number("created_ms"),
        row.number("used_ms"),
        row.number("expires_ms"));
  }
}
