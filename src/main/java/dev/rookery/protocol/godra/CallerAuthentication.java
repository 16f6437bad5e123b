package dev.rookery.protocol.godra;

import dev.rookery.auth.GuestCommand;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the users of tokens: players by the access token of any wire, and guests. Whether a guest
 * still exists is checked at most once in {@link Sessions#CACHE_TTL}. Never blocks.
 */
final class CallerAuthentication {
  private static final int GUESTS_MAX = 20_000;

  private final Bus bus;
  private final Sessions sessions;
  private final Tokens tokens;
  private final InstantSource clock;
  private final Map<String, CheckedGuest> guests = new ConcurrentHashMap<>();

  private record CheckedGuest(Caller caller, long expiresMs, long checkedMs) {}

  CallerAuthentication(Bus bus, Sessions sessions, Tokens tokens, InstantSource clock) {
    this.bus = bus;
    this.sessions = sessions;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Fails with {@code Denied} or {@code Missing} if the token is not valid, or was. */
  Future<Caller> authenticate(String token) {
    CheckedGuest known = guests.get(token);
    long now = clock.millis();
    if (known != null
        && now - known.checkedMs < Sessions.CACHE_TTL.toMillis()
        && now < known.expiresMs) {
      return Future.succeededFuture(known.caller);
    }
    if (known != null) {
      return authenticateGuest(token);
    }
    return sessions
        .authenticate(token)
        .map(Caller::of)
        .recover(
            failure ->
                failure instanceof Refused refused
                        && refused.refusal() instanceof Refusal.Denied(var code, _)
                        && code.equals("invalid_token")
                    ? authenticateGuest(token)
                    : Future.failedFuture(failure));
  }

  private Future<Caller> authenticateGuest(String token) {
    long now = clock.millis();
    Tokens.GuestClaims claims;
    try {
      claims = tokens.readGuest(token);
    } catch (Refused invalid) {
      guests.remove(token);
      return Future.failedFuture(invalid);
    }
    return bus.ask(new GuestCommand.Check(claims.guest()))
        .compose(
            exists -> {
              if (!exists) {
                guests.remove(token);
                return Future.failedFuture(Refused.denied("session_ended"));
              }
              if (guests.size() >= GUESTS_MAX) {
                guests.clear();
              }
              var caller = Caller.guest(claims.guest());
              guests.put(token, new CheckedGuest(caller, claims.expiresMs(), now));
              return Future.succeededFuture(caller);
            });
  }

  /** Whether a failure says that the token is not valid, rather than that nobody knows. */
  static boolean isInvalid(Throwable failure) {
    return failure instanceof Refused refused
        && (refused.refusal() instanceof Refusal.Denied
            || refused.refusal() instanceof Refusal.Missing);
  }
}
