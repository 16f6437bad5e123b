package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind an access token, now. One object for the whole node, for event loops and any other
 * thread; it never blocks.
 *
 * <p>A token's signature is computed once, and a session's openness asked for at most once in
 * {@link #FRESH_FOR}: a session that ends anywhere is refused everywhere within that time, whatever
 * the bus loses. Open sockets hear of it through {@link #whenEnded}.
 */
public final class Sessions {
  /** How long an answer about a session is believed. */
  public static final Duration FRESH_FOR = Duration.ofMillis(900);

  private static final int TOKENS_MAX = 50_000;
  private static final int CHECKS_MAX = 50_000;
  private static final int ENDED_MAX = 20_000;

  private final Vertx vertx;
  private final Tokens tokens;
  private final InstantSource clock;
  private final SessionCheckBatcher asking;
  private final GenerationalCache<String, Tokens.AccessClaims> read =
      new GenerationalCache<>(TOKENS_MAX);
  private final GenerationalCache<SessionId, CachedCheck> checks =
      new GenerationalCache<>(CHECKS_MAX);
  private final GenerationalCache<SessionId, Boolean> ended = new GenerationalCache<>(ENDED_MAX);
  private final Map<SessionId, Set<EndListener>> watchers = new ConcurrentHashMap<>();

  public Sessions(Vertx vertx, Bus bus, Tokens tokens, InstantSource clock) {
    this.vertx = vertx;
    this.asking = new SessionCheckBatcher(vertx, bus);
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Fails with {@code Denied("invalid_token")} if it is no valid access token of ours, {@code
   * Denied("session_ended")}, or {@code Missing("player_not_found")} when the token is valid but
   * its player is gone.
   */
  public Future<Session> authenticate(String accessToken) {
    Tokens.AccessClaims access;
    try {
      access = read(accessToken);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    return check(access);
  }

  /** The same for a token that was read: {@code Denied("session_ended")}, or Missing. */
  public Future<Session> check(Tokens.AccessClaims access) {
    Session known = fresh(access.session(), access.player());
    return known != null ? Future.succeededFuture(known) : ask(access);
  }

  /**
   * Runs {@code action} once when the session ends, on the context of the caller; soon, if it has
   * ended already. Register right after {@link #authenticate}: an end in between is not missed.
   */
  public Registration whenEnded(SessionId session, Runnable action) {
    var watcher = new EndListener(vertx.getOrCreateContext(), action);
    watchers.compute(
        session,
        (_, present) -> {
          Set<EndListener> all = present == null ? ConcurrentHashMap.newKeySet(2) : present;
          all.add(watcher);
          return all;
        });
    if (ended.get(session) != null) {
      watcher.run();
    }
    return () -> {
      watcher.over = true;
      watchers.computeIfPresent(
          session,
          (_, all) -> {
            all.remove(watcher);
            return all.isEmpty() ? null : all;
          });
    };
  }

  /** Whether anybody on this node waits for the end of a session. */
  public boolean watched() {
    return !watchers.isEmpty();
  }

  /** Tells that a session has ended. Harmless when repeated. */
  public void end(SessionId session) {
    ended.put(session, true);
    checks.remove(session);
    Set<EndListener> told = watchers.remove(session);
    if (told != null) {
      told.forEach(EndListener::run);
    }
  }

  /** Whether a session that had sockets here has ended lately. */
  public boolean hasEnded(SessionId session) {
    return ended.get(session) != null;
  }

  private Tokens.AccessClaims read(String token) {
    Tokens.AccessClaims known = read.get(token);
    if (known == null) {
      known = tokens.readAccess(token);
      read.put(token, known);
    } else if (known.expiresMs() <= clock.millis()) {
      read.remove(token);
      throw Tokens.invalid();
    }
    return known;
  }

  private @Nullable Session fresh(SessionId id, PlayerId player) {
    CachedCheck check = checks.get(id);
    if (check == null
        || !check.session.player().equals(player)
        || clock.millis() - check.askedMs >= FRESH_FOR.toMillis()) {
      return null;
    }
    return check.session;
  }

  private Future<Session> ask(Tokens.AccessClaims access) {
    long askedMs = clock.millis();
    return asking
        .ask(access)
        .onSuccess(
            session -> {
              if (ended.get(session.id()) == null) {
                checks.put(session.id(), new CachedCheck(session, askedMs));
              }
            });
  }

  private record CachedCheck(Session session, long askedMs) {}

  private static final class EndListener {
    private final Context context;
    private final Runnable action;
    private volatile boolean over;

    EndListener(Context context, Runnable action) {
      this.context = context;
      this.action = action;
    }

    void run() {
      context.runOnContext(
          _ -> {
            if (!over) {
              over = true;
              action.run();
            }
          });
    }
  }
}
