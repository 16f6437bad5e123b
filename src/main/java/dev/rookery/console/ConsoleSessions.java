package dev.rookery.console;

import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds who uses the console by the cookie of a request. One instance serves a node, on any thread;
 * it never blocks.
 *
 * <p>A session and the role of its player are read again at least every {@link #CACHE_TTL}: what is
 * ended or taken on any node has no effect after that on every node, whatever the bus loses.
 * Sockets ask again as often to notice it.
 */
public final class ConsoleSessions {
  public static final Duration CACHE_TTL = Duration.ofMillis(900);

  private static final int CACHED_MAX = 1_000;
  private static final int TOKEN_MAX = 100;

  private final Bus bus;
  private final InstantSource clock;
  private final Map<String, Cached> cache =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
          return size() > CACHED_MAX;
        }
      };

  public ConsoleSessions(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /**
   * Returns the admin whose console session has this cookie; null if there is no such session.
   *
   * @param cookie null if the request has none
   * @param address the network address of the client
   */
  public Future<@Nullable Admin> find(@Nullable String cookie, String address, String requestId) {
    if (cookie == null || cookie.isEmpty() || cookie.length() > TOKEN_MAX) {
      return Future.succeededFuture(null);
    }
    return findSession(digest(cookie), address, requestId);
  }

  /** As {@link #find}, by the id of a session ({@link Admin#session}). */
  public Future<@Nullable Admin> findSession(String session, String address, String requestId) {
    long now = clock.millis();
    Cached cached;
    synchronized (cache) {
      cached = cache.get(session);
    }
    if (cached != null && now - cached.readMs < CACHE_TTL.toMillis()) {
      return Future.succeededFuture(admin(cached.found, session, address, requestId));
    }
    return bus.ask(new ConsoleCommand.FindSession(session, true))
        .map(
            found -> {
              synchronized (cache) {
                cache.put(session, new Cached(found, now));
              }
              return admin(found, session, address, requestId);
            });
  }

  /** Reads the session from the database at its next use, after this node has changed it. */
  public void forget(String session) {
    synchronized (cache) {
      cache.remove(session);
    }
  }

  private static @Nullable Admin admin(
      Optional<ConsoleCommand.FoundSession> found,
      String session,
      String address,
      String requestId) {
    return found
        .map(
            one ->
                new Admin(
                    one.player(),
                    one.role(),
                    session,
                    address,
                    requestId,
                    one.factorMs() == 0 ? 0 : one.factorMs() + ConsoleSettings.STEP_UP.toMillis(),
                    one.enrolling()))
        .orElse(null);
  }

  /** The id of the session whose cookie has this value. */
  static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private record Cached(Optional<ConsoleCommand.FoundSession> found, long readMs) {}
}
