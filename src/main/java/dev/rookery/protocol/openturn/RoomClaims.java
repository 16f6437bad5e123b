package dev.rookery.protocol.openturn;

import dev.rookery.base.SessionId;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a room token states (openturn contract, 4).
 *
 * @param exp when it ends, in seconds since the Unix epoch
 * @param iat when it was issued, in seconds since the Unix epoch
 * @param playerID never null with scope {@code game}
 * @param session of the player of this server who was given the token, and with which it ends; null
 *     in a token of another service
 */
record RoomClaims(
    String deploymentVersion,
    long exp,
    long iat,
    @Nullable String playerID,
    String roomID,
    Scope scope,
    String userID,
    @Nullable SessionId session) {
  private static final String SESSION = "session";

  enum Scope {
    LOBBY("lobby"),
    GAME("game");

    private final String text;

    Scope(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("deploymentVersion", deploymentVersion)
            .put("exp", exp)
            .put("iat", iat)
            .put("playerID", playerID)
            .put("roomID", roomID)
            .put("scope", scope.text)
            .put("userID", userID);
    return session == null ? json : json.put(SESSION, session.value());
  }

  /** Null if a claim is missing or has the wrong type; other claims are ignored. */
  static @Nullable RoomClaims parse(JsonObject json) {
    Scope scope = scope(json.getValue("scope"));
    Object player = json.getValue("playerID");
    boolean playerValid =
        json.containsKey("playerID")
            && (player instanceof String || (player == null && scope == Scope.LOBBY));
    if (scope == null
        || !playerValid
        || !(json.getValue("deploymentVersion") instanceof String version)
        || !(json.getValue("exp") instanceof Number exp)
        || !(json.getValue("iat") instanceof Number iat)
        || !(json.getValue("roomID") instanceof String room)
        || !(json.getValue("userID") instanceof String user)
        || !Double.isFinite(exp.doubleValue())
        || !Double.isFinite(iat.doubleValue())) {
      return null;
    }
    // A token with a fraction ends in the second after it, as "exp" must be greater than now.
    long end = (long) Math.ceil(exp.doubleValue());
    SessionId session = json.getValue(SESSION) instanceof String id ? new SessionId(id) : null;
    return new RoomClaims(
        version, end, iat.longValue(), (String) player, room, scope, user, session);
  }

  private static @Nullable Scope scope(@Nullable Object value) {
    for (Scope scope : Scope.values()) {
      if (scope.text.equals(value)) {
        return scope;
      }
    }
    return null;
  }
}
