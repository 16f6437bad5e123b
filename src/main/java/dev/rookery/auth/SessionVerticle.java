package dev.rookery.auth;

import dev.rookery.auth.SessionStore.EndedSession;
import dev.rookery.auth.SessionStore.SessionState;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.player.Credentials;
import dev.rookery.session.CheckSessions;
import dev.rookery.session.CheckSessions.Answer;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers which sessions are open, and tells this node's {@link Sessions} when one ends. A node
 * deploys exactly one instance.
 *
 * <p>An end normally arrives over the bus. What the bus loses is polled from the store within a
 * second; polls overlap by {@link #POLL_OVERLAP}, because clocks of nodes differ and a commit takes
 * a moment. Expired sessions are deleted in batches.
 */
public final class SessionVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SessionVerticle.class);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(900);
  private static final Duration POLL_OVERLAP = Duration.ofSeconds(5);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final int POLL_BATCH_MAX = 1_000;
  private static final int POLL_BATCHES_MAX = 50;
  private static final int SWEEP_BATCH_MAX = 500;
  private static final int SWEEP_BATCHES_MAX = 20;

  private static final Answer PLAYER_NOT_FOUND =
      new CheckSessions.Closed(new Refusal.Missing("player_not_found"));
  private static final Answer SESSION_ENDED =
      new CheckSessions.Closed(new Refusal.Denied("session_ended"));

  private final Bus bus;
  private final Database database;
  private final Sessions sessionCache;
  private final InstantSource clock;
  private final SessionStore sessions;
  private final PlaySessionStore playSessions;
  private final Credentials credentials;
  private final ClusterScheduler scheduler;
  private final boolean adminPasswords;
  private long polledUntilMs;
  private boolean polling;

  /**
   * @param adminPasswords whether roles count in sessions that did not begin at the identity
   *     provider of admins
   */
  public SessionVerticle(
      Bus bus,
      Database database,
      Sessions sessionCache,
      InstantSource clock,
      Ids ids,
      ClusterScheduler scheduler,
      boolean adminPasswords) {
    this.scheduler = scheduler;
    this.adminPasswords = adminPasswords;
    this.bus = bus;
    this.database = database;
    this.sessionCache = sessionCache;
    this.clock = clock;
    this.sessions = new SessionStore(clock);
    this.playSessions = new PlaySessionStore(sessions);
    this.credentials = new Credentials(clock, ids);
  }

  @Override
  public Future<?> start() {
    polledUntilMs = clock.millis();
    vertx.setPeriodic(POLL_INTERVAL.toMillis(), _ -> pollEnded());
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_INTERVAL,
            "expired sessions",
            SweptTable.expired("session", "expires_ms").setBy("auth.sessionFor")),
        _ -> sweep());
    scheduler
        .sweeps()
        .register(
            Sweep.byWriters(
                "guests, by the wire of Godra", SweptTable.expired("guest_session", "expires_ms")));
    return SessionEndBroadcast.listen(bus, sessionCache::end)
        .compose(
            _ -> bus.<CheckSessions>serve(CheckSessions.ADDRESS, check -> check(check.tokens())));
  }

  private List<Answer> check(List<Tokens.AccessClaims> accesses) {
    var ids = accesses.stream().map(Tokens.AccessClaims::session).collect(Collectors.toSet());
    var known = sessions.findStates(database, ids, adminPasswords);
    // A session without a row was deleted after its end, or never existed: check its player.
    Set<PlayerId> unknown =
        accesses.stream()
            .filter(check -> !known.containsKey(check.session()))
            .map(Tokens.AccessClaims::player)
            .collect(Collectors.toSet());
    Set<PlayerId> existing =
        unknown.isEmpty() ? Set.of() : credentials.findAll(database, unknown).keySet();
    return accesses.stream().map(check -> answer(check, known, existing)).toList();
  }

  private static Answer answer(
      Tokens.AccessClaims check, Map<SessionId, SessionState> known, Set<PlayerId> existing) {
    SessionState session = known.get(check.session());
    if (session == null || !session.player().equals(check.player())) {
      return session == null && !existing.contains(check.player())
          ? PLAYER_NOT_FOUND
          : SESSION_ENDED;
    }
    if (!session.playerExists()) {
      return PLAYER_NOT_FOUND;
    }
    return session.isOpen()
        ? new CheckSessions.Open(new Session(session.session(), session.player(), session.role()))
        : SESSION_ENDED;
  }

  /**
   * Reads which sessions ended since the last poll; skipped while no socket or request waits for
   * one.
   */
  private void pollEnded() {
    if (polling) {
      return;
    }
    long now = clock.millis();
    if (!sessionCache.hasEndListeners()) {
      polledUntilMs = now;
      return;
    }
    polling = true;
    try {
      endSince(new EndedSession(new SessionId(""), polledUntilMs - POLL_OVERLAP.toMillis()));
      polledUntilMs = now;
    } catch (RuntimeException failed) {
      LOG.warn("could not poll ended sessions, will retry: {}", failed.toString());
    } finally {
      polling = false;
    }
  }

  private void endSince(EndedSession from) {
    EndedSession last = from;
    for (int reads = 0; reads < POLL_BATCHES_MAX; reads++) {
      List<EndedSession> ended = sessions.findEndedSince(database, last, POLL_BATCH_MAX);
      ended.forEach(one -> sessionCache.end(one.session()));
      if (ended.size() < POLL_BATCH_MAX) {
        return;
      }
      last = ended.getLast();
    }
  }

  /**
   * Deletes expired sessions, and ends those of the games in browsers with the session of the
   * browser; runs on one node at a time. Returns how many it deleted.
   */
  private long sweep() {
    long removed = 0;
    for (int sweeps = 0; sweeps < SWEEP_BATCHES_MAX; sweeps++) {
      var swept =
          database.write(
              tx -> {
                List<SessionId> deleted = sessions.sweep(tx, SWEEP_BATCH_MAX);
                return new Swept(deleted, playSessions.endGames(tx, deleted));
              });
      SessionEndBroadcast.publish(bus, swept.deleted);
      SessionEndBroadcast.publish(bus, swept.games);
      removed += swept.deleted.size();
      if (swept.deleted.size() < SWEEP_BATCH_MAX) {
        break;
      }
    }
    return removed;
  }

  private record Swept(List<SessionId> deleted, List<SessionId> games) {}
}
