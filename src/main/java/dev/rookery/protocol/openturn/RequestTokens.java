package dev.rookery.protocol.openturn;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.base.Text;
import dev.rookery.match.MatchCommand;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Verifies the room tokens of requests. */
final class RequestTokens {
  private static final String INVALID = "invalid_room_token";
  private static final int PLAYER_DIGITS_MAX = 18;

  private final TokenIssuer issuer;
  private final Sessions sessions;

  RequestTokens(TokenIssuer issuer, Sessions sessions) {
    this.issuer = issuer;
    this.sessions = sessions;
  }

  /** The claims of a token; null if it is not valid, or names what cannot be stored. */
  @Nullable RoomClaims verify(String token) {
    RoomClaims claims = issuer.verify(token);
    return claims != null && isId(claims.roomID()) && isId(claims.userID()) ? claims : null;
  }

  /** Whether a text can be the id of a room, user or save. */
  static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= MatchCommand.ID_MAX && Text.isStorable(id);
  }

  /** The claims of the request's token; null after answering that there are none. */
  @Nullable RoomClaims require(RoutingContext context, String room, String mismatch) {
    String token = context.request().getParam("token");
    if (token == null || token.isEmpty()) {
      Responses.error(context, 401, "missing_room_token");
      return null;
    }
    RoomClaims claims = verify(token);
    if (claims == null) {
      Responses.error(context, 401, INVALID);
      return null;
    }
    if (!claims.roomID().equals(room)) {
      Responses.error(context, 401, mismatch);
      return null;
    }
    return claims;
  }

  /**
   * Fails if the token was given to a session that has ended; {@link #refuse} answers the failure.
   */
  Future<?> checkSession(RoomClaims claims) {
    SessionId session = claims.session();
    if (session == null) {
      return Future.succeededFuture();
    }
    return isPlayer(claims.userID())
        ? sessions.check(
            new Tokens.AccessClaims(
                session,
                new PlayerId(Long.parseLong(claims.userID())),
                TimeUnit.SECONDS.toMillis(claims.exp())))
        : Future.failedFuture(Refused.denied("invalid_token"));
  }

  /** Answers a request whose token {@link #checkSession} has not accepted. */
  static void refuse(RoutingContext context, Throwable cause) {
    if (Refused.isByRule(cause)) {
      Responses.error(context, 401, INVALID);
    } else {
      Responses.fail(context, cause);
    }
  }

  /** Whether a user is a player of this server, and none of a service with users of its own. */
  static boolean isPlayer(String user) {
    return !user.isEmpty()
        && user.length() <= PLAYER_DIGITS_MAX
        && user.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
