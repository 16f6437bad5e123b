package dev.rookery.auth;

import dev.rookery.auth.SessionStore.Ended;
import dev.rookery.auth.SessionStore.Known;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.lease.Duties;
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
 * Knows which sessions are open, and tells this node's {@link Sessions} which have ended. Exactly
 * one of it runs on a node.
 *
 * <p>An end is heard from the bus at once. What the bus lost is read from the store within a
 * second; that reading overlaps the one before, because clocks of nodes differ a little and a
 * commit takes a moment. Expired sessions are forgotten a few at a time.
 */
public final class SessionVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SessionVerticle.class);

  private static final Duration LOOK_EVERY = Duration.ofMillis(900);
  private static final Duration OVERLAP = Duration.ofSeconds(5);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final int READ_AT_ONCE_MAX = 1_000;
  private static final int READS_MAX = 50;
  private static final int SWEPT_AT_ONCE_MAX = 500;
  private static final int SWEEPS_MAX = 20;

  private static final Answer PLAYER_NOT_FOUND =
      new CheckSessions.Closed(new Refusal.Missing("player_not_found"));
  private static final Answer SESSION_ENDED =
      new CheckSessions.Closed(new Refusal.Denied("session_ended"));

  private final Bus bus;
  private final Database database;
  private final Sessions open;
  private final InstantSource clock;
  private final SessionStore sessions;
  private final Credentials identities;
  private final Duties duties;
  private long seenUptoMs;
  private boolean looking;

  public SessionVerticle(
      Bus bus, Database database, Sessions open, InstantSource clock, Ids ids, Duties duties) {
    this.duties = duties;
    this.bus = bus;
    this.database = database;
    this.open = open;
    this.clock = clock;
    this.sessions = new SessionStore(clock);
    this.identities = new Credentials(clock, ids);
  }

  @Override
  public Future<?> start() {
    seenUptoMs = clock.millis();
    vertx.setPeriodic(LOOK_EVERY.toMillis(), _ -> look());
    duties.every("expired sessions", SWEEP_EVERY, _ -> sweep());
    return SessionEndBroadcast.listen(bus, open::end)
        .compose(
            _ -> bus.<CheckSessions>serve(CheckSessions.ADDRESS, check -> check(check.asked())));
  }

  private List<Answer> check(List<Tokens.Access> asked) {
    var ids = asked.stream().map(Tokens.Access::session).collect(Collectors.toSet());
    var known = sessions.check(database, ids);
    // A session without a row: forgotten after its end, or never ours. Does its player exist?
    Set<PlayerId> doubtful =
        asked.stream()
            .filter(check -> !known.containsKey(check.session()))
            .map(Tokens.Access::player)
            .collect(Collectors.toSet());
    Set<PlayerId> existing =
        doubtful.isEmpty() ? Set.of() : identities.findAll(database, doubtful).keySet();
    return asked.stream().map(check -> answer(check, known, existing)).toList();
  }

  private static Answer answer(
      Tokens.Access check, Map<SessionId, Known> known, Set<PlayerId> existing) {
    Known session = known.get(check.session());
    if (session == null || !session.player().equals(check.player())) {
      return session == null && !existing.contains(check.player())
          ? PLAYER_NOT_FOUND
          : SESSION_ENDED;
    }
    if (!session.playerExists()) {
      return PLAYER_NOT_FOUND;
    }
    return session.open()
        ? new CheckSessions.Open(new Session(session.session(), session.player(), session.admin()))
        : SESSION_ENDED;
  }

  /**
   * Reads what has ended since the last look. Nobody waiting for an end, there is nothing to tell.
   */
  private void look() {
    if (looking) {
      return;
    }
    long now = clock.millis();
    if (!open.watched()) {
      seenUptoMs = now;
      return;
    }
    looking = true;
    try {
      tellEnded(new Ended(new SessionId(""), seenUptoMs - OVERLAP.toMillis()));
      seenUptoMs = now;
    } catch (RuntimeException failed) {
      LOG.warn("could not read which sessions ended, trying again: {}", failed.toString());
    } finally {
      looking = false;
    }
  }

  private void tellEnded(Ended from) {
    Ended last = from;
    for (int reads = 0; reads < READS_MAX; reads++) {
      List<Ended> ended = sessions.endedSince(database, last, READ_AT_ONCE_MAX);
      ended.forEach(one -> open.end(one.session()));
      if (ended.size() < READ_AT_ONCE_MAX) {
        return;
      }
      last = ended.getLast();
    }
  }

  /** One node at a time. */
  private void sweep() {
    for (int sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
      List<SessionId> gone = database.write(tx -> sessions.sweep(tx, SWEPT_AT_ONCE_MAX));
      SessionEndBroadcast.tell(bus, gone);
      if (gone.size() < SWEPT_AT_ONCE_MAX) {
        return;
      }
    }
  }
}
