package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.base.SessionId;
import dev.rookery.player.Identity;
import dev.rookery.session.TokenSubject;
import dev.rookery.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Issues session ids and the tokens of a session, for all sign-in methods. */
final class TokenIssuer {
  private static final int SESSION_ID_BYTES = 16;

  private final Tokens tokens;
  private final Ids ids;
  private final InstantSource clock;

  TokenIssuer(AuthDependencies dependencies) {
    this.tokens = dependencies.tokens();
    this.ids = dependencies.ids();
    this.clock = dependencies.clock();
  }

  SessionId newSessionId() {
    return SessionId.of(clock.millis(), ids.token(SESSION_ID_BYTES));
  }

  /**
   * Issues one token that lasts as long as the session.
   *
   * @param provider the player's id at the provider they signed in with, or their own UUID
   */
  LongLivedToken issueLongLived(SessionId session, Identity player, String provider) {
    var bearer =
        new TokenSubject(
            session, player.player(), player.uuid(), player.displayName(), player.admin());
    return new LongLivedToken(
        tokens.longLivedAccess(bearer, provider),
        player.player(),
        player.uuid(),
        player.displayName());
  }

  /** Issues the first access and refresh token of a session. */
  TokenPair issue(SessionId session, Identity player) {
    return issue(session, 0, clock.instant(), player);
  }

  /**
   * Issues an access and a refresh token. The same arguments give the same tokens on any node, so
   * that an answer that was lost can be given again without being stored.
   *
   * @param generation how often the session was refreshed; an older refresh token is invalid
   * @param issued when that was, or when the session began
   */
  TokenPair issue(SessionId session, long generation, Instant issued, Identity player) {
    var bearer =
        new TokenSubject(
            session, player.player(), player.uuid(), player.displayName(), player.admin());
    // In whole seconds, so that an answer that comes at once has the full lifetime.
    long age = Math.max(0, Duration.between(issued, clock.instant()).toSeconds());
    return new TokenPair(
        tokens.access(bearer, generation, issued),
        tokens.refresh(bearer, generation, issued),
        Tokens.ACCESS_LIFETIME.minusSeconds(age),
        player.player(),
        player.displayName());
  }
}
