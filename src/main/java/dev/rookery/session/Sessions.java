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
 * Authenticates access tokens. One instance serves the whole node, on any thread; it never blocks.
 *
 * <p>A token's signature is verified once, and whether its session is open is checked at most once
 * in {@link #CACHE_TTL}: a session that ends on any node is refused on every node within that time,
 * whatever the bus loses. Open sockets are notified through {@link #onEnd}.
 */
public final class Sessions {
  /** How long the result of a session check is used. */
  public static final Duration CACHE_TTL = Duration.ofMillis(900);

  private static final int TOKENS_MAX = 50_000;
  private static final int CHECKS_MAX = 50_000;
  private static final int ENDED_MAX = 20_000;

  private final Vertx vertx;
  private final Tokens tokens;
  private final InstantSource clock;
  private final SessionCheckBatcher batcher;
  private final GenerationalCache<String, Tokens.AccessClaims> parsedTokens =
      new GenerationalCache<>(TOKENS_MAX);
  private final GenerationalCache<SessionId, CachedCheck> cachedChecks =
      new GenerationalCache<>(CHECKS_MAX);
  private final GenerationalCache<SessionId, Boolean> endedSessions =
      new GenerationalCache<>(ENDED_MAX);
  private final Map<SessionId, Set<EndListener>> listeners = new ConcurrentHashMap<>();

  public Sessions(Vertx vertx, Bus bus, Tokens tokens, InstantSource clock) {
    this.vertx = vertx;
    this.batcher = new SessionCheckBatcher(vertx, bus);
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Returns the session of an access token. Fails with {@code Denied("invalid_token")} if the token
   * is not a valid access token of this server, with {@code Denied("session_ended")}, or with
   * {@code Missing("player_not_found")} when the player no longer exists.
   */
  public Future<Session> authenticate(String accessToken) {
    Tokens.AccessClaims access;
    try {
      access = parsedTokens(accessToken);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    return check(access);
  }

  /**
   * As {@link #authenticate}, for a token that has been read: fails with {@code
   * Denied("session_ended")} or {@code Missing("player_not_found")}.
   */
  public Future<Session> check(Tokens.AccessClaims access) {
    Session cachedSession = cached(access.session(), access.player());
    return cachedSession != null ? Future.succeededFuture(cachedSession) : fetch(access);
  }

  /**
   * Runs {@code action} once when the session ends, on the caller's context; immediately if it has
   * ended already. Register right after {@link #authenticate}: an end in between is not missed.
   */
  public Registration onEnd(SessionId session, Runnable action) {
    var listener = new EndListener(vertx.getOrCreateContext(), action);
    listeners.compute(
        session,
        (_, existing) -> {
          Set<EndListener> all = existing == null ? ConcurrentHashMap.newKeySet(2) : existing;
          all.add(listener);
          return all;
        });
    if (endedSessions.get(session) != null) {
      listener.run();
    }
    return () -> {
      listener.cancelled = true;
      listeners.computeIfPresent(
          session,
          (_, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
          });
    };
  }

  /** Whether any listener on this node waits for the end of a session. */
  public boolean hasEndListeners() {
    return !listeners.isEmpty();
  }

  /** Marks a session as ended and notifies its listeners. Repeating it has no effect. */
  public void end(SessionId session) {
    endedSessions.put(session, true);
    cachedChecks.remove(session);
    Set<EndListener> removed = listeners.remove(session);
    if (removed != null) {
      removed.forEach(EndListener::run);
    }
  }

  /** Whether the session is known to have ended recently. */
  public boolean hasEnded(SessionId session) {
    return endedSessions.get(session) != null;
  }

  private Tokens.AccessClaims parsedTokens(String token) {
    Tokens.AccessClaims cachedSession = parsedTokens.get(token);
    if (cachedSession == null) {
      cachedSession = tokens.readAccess(token);
      parsedTokens.put(token, cachedSession);
    } else if (cachedSession.expiresMs() <= clock.millis()) {
      parsedTokens.remove(token);
      throw Tokens.invalid();
    }
    return cachedSession;
  }

  private @Nullable Session cached(SessionId id, PlayerId player) {
    CachedCheck check = cachedChecks.get(id);
    if (check == null
        || !check.session.player().equals(player)
        || clock.millis() - check.requestedMs >= CACHE_TTL.toMillis()) {
      return null;
    }
    return check.session;
  }

  private Future<Session> fetch(Tokens.AccessClaims access) {
    long requestedMs = clock.millis();
    return batcher
        .check(access)
        .onSuccess(
            session -> {
              if (endedSessions.get(session.id()) == null) {
                cachedChecks.put(session.id(), new CachedCheck(session, requestedMs));
              }
            });
  }

  private record CachedCheck(Session session, long requestedMs) {}

  private static final class EndListener {
    private final Context context;
    private final Runnable action;
    private volatile boolean cancelled;

    EndListener(Context context, Runnable action) {
      this.context = context;
      this.action = action;
    }

    void run() {
      context.runOnContext(
          _ -> {
            if (!cancelled) {
              cancelled = true;
              action.run();
            }
          });
    }
  }
}
