package dev.rookery.console;

import dev.rookery.base.Sha256;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds who uses the console by the cookie of a request. One instance serves a node, on any thread;
 * it never blocks.
 *
 * <p>A session and the role of its player are read again as {@link CredentialCache} says: what is
 * ended or taken on any node has no effect on any node after a second. Sockets ask again as often
 * to notice it.
 */
public final class ConsoleSessions {
  private static final int TOKEN_MAX = 100;

  private final Bus bus;
  private final CredentialCache<ConsoleCommand.FoundSession> cache;

  public ConsoleSessions(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.cache = new CredentialCache<>(clock);
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
    return cache
        .find(session, () -> bus.ask(new ConsoleCommand.FindSession(session, true)))
        .map(found -> admin(found, session, address, requestId));
  }

  /** Reads the session from the database at its next use, after this node has changed it. */
  public void forget(String session) {
    cache.forget(session);
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
    return Sha256.hex(token);
  }
}
