package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.console.Grants;
import dev.rookery.console.OidcSignIns;
import dev.rookery.console.RoleTemplate;
import dev.rookery.session.Tokens;
import dev.rookery.store.Dialect;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores sessions, one row per sign-in. */
final class SessionStore {
  // The values table is padded with rows of nulls, which are skipped.
  private static final String INSERT =
      """
      INSERT INTO session (id, player_id, kind, created_ms, used_ms, expires_ms, user_agent, address)
      SELECT column1, CAST(column2 AS BIGINT), CAST($1 AS TEXT), CAST($2 AS BIGINT),
        CAST($2 AS BIGINT), CAST($3 AS BIGINT), column3, column4
      FROM %s
      WHERE column1 IS NOT NULL
      """;

  // Of two refreshes with the same token, only one matches the generation.
  private static final String ROTATE =
      """
      UPDATE session SET generation = generation + 1, used_ms = $1, refreshed_ms = $1,
        expires_ms = CASE WHEN created_ms + $2 < $3 THEN created_ms + $2 ELSE $3 END,
        user_agent = $4, address = $5
      WHERE id = $6 AND player_id = $7 AND generation = $8 AND ended_ms IS NULL AND expires_ms > $1
      RETURNING generation, refreshed_ms
      """;

  // The session's generation is that of the successor as long as nobody refreshed with it.
  private static final String FIND_SUCCESSOR =
      """
      SELECT generation, refreshed_ms FROM session
      WHERE id = $1 AND player_id = $2 AND generation = $3 AND ended_ms IS NULL AND expires_ms > $4
        AND refreshed_ms > $5
      """;

  private static final String RENEW =
      """
      UPDATE session SET used_ms = $1,
        expires_ms = CASE WHEN created_ms + $2 < $3 THEN created_ms + $2 ELSE $3 END,
        user_agent = $4, address = $5
      WHERE id = $6 AND ended_ms IS NULL AND expires_ms > $1
      RETURNING id
      """;

  private static final String END_REUSED =
      """
      UPDATE session SET ended_ms = $1
      WHERE id = $2 AND player_id = $3 AND generation > $4 AND ended_ms IS NULL
      RETURNING id
      """;

  private static final String END =
      "UPDATE session SET ended_ms = $1 WHERE id = $2 AND ended_ms IS NULL RETURNING id";

  private static final String END_ALL =
      """
      UPDATE session SET ended_ms = $1
      WHERE player_id = $2 AND ended_ms IS NULL AND id <> $3
      RETURNING id
      """;

  // The row stays until every node has polled the end of the session.
  private static final String ANONYMIZE_AND_END =
      """
      UPDATE session SET ended_ms = COALESCE(ended_ms, $1),
        expires_ms = CASE WHEN expires_ms < $2 THEN expires_ms ELSE $2 END,
        address = '', user_agent = ''
      WHERE number IN (
        SELECT number FROM session WHERE player_id = $3 AND ended_ms IS NULL
        UNION ALL
        SELECT number FROM session WHERE player_id = $3 AND ended_ms IS NOT NULL)
      RETURNING id
      """;

  private static final String END_EXCESS =
      "UPDATE session SET ended_ms = $1 WHERE number IN (%s) RETURNING id";

  // Finds the first excess session and all older ones, each by the index alone.
  private static final String EXCESS_ON_SQLITE =
      """
      SELECT excess.number
      FROM (
        SELECT (
          SELECT open.number FROM session AS open
          WHERE open.player_id = player.id AND open.ended_ms IS NULL AND open.expires_ms > $1
          ORDER BY open.used_ms DESC, open.number DESC LIMIT 1 OFFSET $2) AS number
        FROM player WHERE player.id IN (%s)) AS found
      JOIN session AS first ON first.number = found.number
      CROSS JOIN session AS excess
      WHERE excess.player_id = first.player_id
        AND excess.ended_ms IS NULL AND excess.expires_ms > $1
        AND (excess.used_ms, excess.number) <= (first.used_ms, first.number)
      """;

  // LATERAL fixes the plan; the SQLite form is slow on PostgreSQL until the table is analyzed.
  private static final String EXCESS_ON_POSTGRES =
      """
      SELECT excess.number
      FROM player
      CROSS JOIN LATERAL (
        SELECT open.number FROM session AS open
        WHERE open.player_id = player.id AND open.ended_ms IS NULL AND open.expires_ms > $1
        ORDER BY open.used_ms DESC, open.number DESC OFFSET $2) AS excess
      WHERE player.id IN (%s)
      """;

  private static final String FIND_STATES =
      """
      SELECT id, player_id, CASE WHEN ended_ms IS NULL AND expires_ms > $1 THEN 1 ELSE 0 END AS open,
      """;

  private static final String FIND_STATES_AND_ROLES = findStates(true);
  private static final String FIND_STATES_AND_OIDC_ROLES = findStates(false);

  private static final String FIND_ENDED_SINCE =
      """
      SELECT id, ended_ms FROM session WHERE (ended_ms, id) > ($1, $2)
      ORDER BY ended_ms, id LIMIT $3
      """;

  private static final String DELETE_EXPIRED =
      """
      DELETE FROM session
      WHERE id IN (SELECT id FROM session WHERE expires_ms < $1 ORDER BY expires_ms LIMIT $2)
      RETURNING id
      """;

  /** How long a spent refresh token gives its successor again: an answer may be lost on its way. */
  static final Duration REPEATABLE_FOR = Duration.ofSeconds(30);

  private static final Duration ANONYMIZED_KEPT_FOR = Duration.ofMinutes(1);
  private static final int USER_AGENT_MAX = 200;
  private static final int ADDRESS_MAX = 64;

  private final InstantSource clock;
  private final StatementTexts texts = new StatementTexts();
  private final Grants grants;

  SessionStore(InstantSource clock) {
    this.clock = clock;
    this.grants = new Grants(clock);
  }

  /** Inserts at most {@link Placeholders#MANY_MAX} sessions in one statement. */
  void insert(Transaction tx, String kind, List<NewSession> newSessions, Duration lifetimeMax) {
    var values = new ValuesTable(4);
    for (NewSession one : newSessions) {
      values.add(one.session(), one.player(), userAgent(one.client()), address(one.client()));
    }
    long now = clock.millis();
    long expires = now + Math.min(Tokens.REFRESH_LIFETIME.toMillis(), lifetimeMax.toMillis());
    values.run(tx, texts, INSERT, kind, now, expires);
  }

  /**
   * Increments the generation; empty if the refresh token is no longer valid.
   *
   * @param lifetimeMax how long a session may last from its sign-in
   */
  Optional<Rotation> rotate(
      Transaction tx, Tokens.RefreshClaims token, Client client, Duration lifetimeMax) {
    long now = clock.millis();
    return tx.run(
            ROTATE,
            now,
            lifetimeMax.toMillis(),
            now + Tokens.REFRESH_LIFETIME.toMillis(),
            userAgent(client),
            address(client),
            token.session().value(),
            token.player().value(),
            token.generation())
        .first(SessionStore::rotation);
  }

  /**
   * Returns the last rotation if it was this token that was spent by it, less than {@link
   * #REPEATABLE_FOR} ago by this node's clock, and its successor has not been used to refresh.
   */
  Optional<Rotation> findRepeatable(Reader reader, Tokens.RefreshClaims token) {
    long now = clock.millis();
    return reader
        .read(
            FIND_SUCCESSOR,
            token.session().value(),
            token.player().value(),
            token.generation() + 1,
            now,
            now - REPEATABLE_FOR.toMillis())
        .first(SessionStore::rotation);
  }

  private static Rotation rotation(Row row) {
    return new Rotation(row.number("generation"), Instant.ofEpochMilli(row.number("refreshed_ms")));
  }

  /** Extends the session; false if it is not open. */
  boolean renew(Transaction tx, SessionId session, Client client, Duration lifetimeMax) {
    long now = clock.millis();
    return !tx.run(
            RENEW,
            now,
            lifetimeMax.toMillis(),
            now + Tokens.REFRESH_LIFETIME.toMillis(),
            userAgent(client),
            address(client),
            session.value())
        .isEmpty();
  }

  /** Ends the session of a refresh token that was used before; false if it was not. */
  boolean endReused(Transaction tx, Tokens.RefreshClaims token) {
    return !tx.run(
            END_REUSED,
            clock.millis(),
            token.session().value(),
            token.player().value(),
            token.generation())
        .isEmpty();
  }

  /** Ends the session; false if it is not open. */
  boolean end(Transaction tx, SessionId session) {
    return !tx.run(END, clock.millis(), session.value()).isEmpty();
  }

  /** Ends all open sessions of the player but {@code except}, and returns them. */
  List<SessionId> endAll(Transaction tx, PlayerId player, @Nullable SessionId except) {
    String kept = except == null ? "" : except.value();
    grants.endSessions(tx, player);
    return tx.run(END_ALL, clock.millis(), player.value(), kept).all(SessionStore::id);
  }

  /**
   * Ends the open sessions of a deleted player, clears addresses and user agents, and lets the rows
   * expire after {@link #ANONYMIZED_KEPT_FOR}.
   */
  List<SessionId> anonymizeAndEnd(Transaction tx, PlayerId player) {
    long now = clock.millis();
    return tx.run(ANONYMIZE_AND_END, now, now + ANONYMIZED_KEPT_FOR.toMillis(), player.value())
        .all(SessionStore::id);
  }

  /**
   * Ends the sessions that these players have beyond {@code kept}, least recently used first; for
   * at most {@link Placeholders#MANY_MAX} players.
   */
  List<SessionId> endExcess(Transaction tx, Collection<PlayerId> players, int kept) {
    String sql =
        texts.of(
            "end excess",
            players.size(),
            room ->
                END_EXCESS.formatted(
                    selectExcess(tx.dialect()).formatted(Placeholders.list(3, room))));
    var values = Placeholders.values(2, players, PlayerId::value);
    values[0] = clock.millis();
    values[1] = (long) kept;
    return tx.run(sql, values).all(SessionStore::id);
  }

  /**
   * Returns the state of at most {@link Placeholders#MANY_MAX} sessions; those without a row are
   * left out.
   *
   * @param adminPasswords whether roles count in sessions that did not begin at the identity
   *     provider of admins
   */
  Map<SessionId, SessionState> findStates(
      Reader reader, Collection<SessionId> sessions, boolean adminPasswords) {
    int room = Placeholders.room(sessions.size());
    String sql =
        texts.of(
            adminPasswords ? "check" : "check oidc",
            room,
            size ->
                (adminPasswords ? FIND_STATES_AND_ROLES : FIND_STATES_AND_OIDC_ROLES)
                    .formatted(Placeholders.list(2, size)));
    var values = new @Nullable Object[1 + room];
    values[0] = clock.millis();
    Iterator<SessionId> next = sessions.iterator();
    for (int i = 1; i <= room; i++) {
      values[i] = next.hasNext() ? next.next().value() : null;
    }
    var found = new HashMap<SessionId, SessionState>();
    reader
        .read(sql, values)
        .all(SessionStore::sessionState)
        .forEach(one -> found.put(one.session(), one));
    return found;
  }

  List<EndedSession> findEndedSince(Reader reader, EndedSession last, int max) {
    return reader
        .read(FIND_ENDED_SINCE, last.endedMs(), last.session().value(), (long) max)
        .all(row -> new EndedSession(id(row), row.number("ended_ms")));
  }

  /** Deletes expired sessions and returns them. */
  List<SessionId> sweep(Transaction tx, int max) {
    return tx.run(DELETE_EXPIRED, clock.millis(), (long) max).all(SessionStore::id);
  }

  private static String selectExcess(Dialect dialect) {
    return switch (dialect) {
      case SQLITE -> EXCESS_ON_SQLITE;
      case POSTGRES -> EXCESS_ON_POSTGRES;
    };
  }

  /** Tokens of a test player that is given a role are nobody's: they have no part in it. */
  private static String findStates(boolean adminPasswords) {
    return FIND_STATES
        + "CASE WHEN kind = '"
        + MarkedPlayers.SESSION_KIND
        + "' AND EXISTS (SELECT player.id FROM player WHERE player.id = session.player_id"
        + " AND player.mark IS NOT NULL) THEN '' ELSE "
        + OidcSignIns.roleInSession(adminPasswords)
        + " END AS role FROM session WHERE id IN (%s)";
  }

  private static SessionId id(Row row) {
    return new SessionId(row.text("id"));
  }

  private static SessionState sessionState(Row row) {
    String role = row.textOrNull("role");
    return new SessionState(
        id(row),
        new PlayerId(row.number("player_id")),
        row.flag("open"),
        role != null,
        RoleTemplate.selected(role).orElse(null));
  }

  private static String userAgent(Client client) {
    return client.userAgent() == null ? "" : sanitize(client.userAgent(), USER_AGENT_MAX);
  }

  private static String address(Client client) {
    return sanitize(client.address(), ADDRESS_MAX);
  }

  /** Shortens text from a client and replaces control characters, because it is shown to people. */
  private static String sanitize(String text, int charactersMax) {
    String kept = text.length() <= charactersMax ? text : text.substring(0, charactersMax);
    return kept.chars().anyMatch(Character::isISOControl)
        ? kept.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?")
        : kept;
  }

  /** A generation of a session, and when it began. */
  record Rotation(long generation, Instant at) {}

  /** A session to insert. */
  record NewSession(SessionId session, PlayerId player, Client client) {}

  /** The state of a stored session. Its player may be deleted. */
  record SessionState(
      SessionId session,
      PlayerId player,
      boolean isOpen,
      boolean playerExists,
      @Nullable RoleTemplate role) {}

  /** An ended session and when it ended. */
  record EndedSession(SessionId session, long endedMs) {}
}
