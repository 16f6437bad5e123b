package dev.rookery.protocol.openturn;

import dev.rookery.base.SessionId;
import dev.rookery.match.RoomInfo;
import dev.rookery.protocol.openturn.RoomClaims.Scope;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Issues tokens for the rooms of this server. */
final class TokenIssuer {
  private final RoomTokens tokens;
  private final InstantSource clock;
  private final OpenturnSettings settings;

  TokenIssuer(RoomTokens tokens, InstantSource clock, OpenturnSettings settings) {
    this.tokens = tokens;
    this.clock = clock;
    this.settings = settings;
  }

  /**
   * A token and when it ends.
   *
   * @param expiresAt in seconds since the Unix epoch
   */
  record Issued(String token, long expiresAt) {}

  Issued forLobby(RoomInfo room, String user, @Nullable SessionId session) {
    return issue(
        room.deploymentVersion(),
        room.room(),
        user,
        null,
        Scope.LOBBY,
        settings.lobbyTokenFor(),
        session);
  }

  Issued forGame(RoomInfo room, String user, String playerID, @Nullable SessionId session) {
    return forGame(room.deploymentVersion(), room.room(), user, playerID, session);
  }

  Issued forGame(
      String version, String room, String user, String playerID, @Nullable SessionId session) {
    return issue(version, room, user, playerID, Scope.GAME, settings.gameTokenFor(), session);
  }

  private Issued issue(
      String version,
      String room,
      String user,
      @Nullable String playerID,
      Scope scope,
      Duration lifetime,
      @Nullable SessionId session) {
    long now = clock.instant().getEpochSecond();
    long exp = now + lifetime.toSeconds();
    var claims = new RoomClaims(version, exp, now, playerID, room, scope, user, session);
    return new Issued(tokens.sign(claims), exp);
  }

  /** The claims of a token that opens something now; null if it does not. */
  @Nullable RoomClaims verify(String token) {
    return tokens.verify(token, clock.instant());
  }
}
