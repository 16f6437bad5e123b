package dev.rookery.protocol.openturn;

import dev.rookery.base.Text;
import dev.rookery.match.MatchCommand;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Verifies the room tokens of requests. */
final class RequestTokens {
  private final TokenIssuer issuer;

  RequestTokens(TokenIssuer issuer) {
    this.issuer = issuer;
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
      Responses.error(context, 401, "invalid_room_token");
      return null;
    }
    if (!claims.roomID().equals(room)) {
      Responses.error(context, 401, mismatch);
      return null;
    }
    return claims;
  }
}
