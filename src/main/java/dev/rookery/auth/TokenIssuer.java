package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.base.SessionId;
import dev.rookery.player.Identity;
import dev.rookery.session.TokenSubject;
import dev.rookery.session.Tokens;
import java.time.InstantSource;

/** What every way in ends with: a session's name, and the two tokens that carry it. */
final class TokenIssuer {
  private static final int SESSION_ID_BYTES = 16;

  private final Tokens tokens;
  private final Ids ids;
  private final InstantSource clock;

  TokenIssuer(AuthDependencies parts) {
    this.tokens = parts.tokens();
    this.ids = parts.ids();
    this.clock = parts.clock();
  }

  SessionId newSessionId() {
    return SessionId.of(clock.millis(), ids.token(SESSION_ID_BYTES));
  }

  /**
   * @param provider the player's id at a provider, or his own
   */
  LongLivedToken issueLongLived(SessionId session, Identity player, String provider) {
    var bearer =
        new TokenSubject(
            session, player.player(), player.uuid(), player.displayName(), player.admin());
    return new LongLivedToken(
        tokens.lasting(bearer, provider), player.player(), player.uuid(), player.displayName());
  }

  TokenPair issue(SessionId session, long generation, Identity player) {
    var bearer =
        new TokenSubject(
            session, player.player(), player.uuid(), player.displayName(), player.admin());
    return new TokenPair(
        tokens.access(bearer),
        tokens.refresh(bearer, generation),
        Tokens.ACCESS_FOR,
        player.player(),
        player.displayName());
  }
}
