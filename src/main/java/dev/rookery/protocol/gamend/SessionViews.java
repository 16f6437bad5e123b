package dev.rookery.protocol.gamend;

import dev.rookery.auth.OpenSession;
import dev.rookery.base.SessionId;
import io.vertx.core.json.JsonObject;

/** What players and admins are shown of sign-ins. Never the name that tokens carry. */
final class SessionViews {
  private SessionViews() {}

  /** One of the player's own, who asks on {@code current}. */
  static JsonObject own(OpenSession session, SessionId current) {
    return core(session).put("current", session.id().equals(current));
  }

  /** For admins. All sessions are of the context {@code session}: mailed tokens are none. */
  static JsonObject forAdmin(OpenSession session) {
    return core(session)
        .put("user_id", session.player().value())
        .put("display_name", session.playerName())
        .put("user_email", session.email())
        .put("context", "session")
        .put("authenticated_at", Views.time(session.createdMs()));
  }

  private static JsonObject core(OpenSession session) {
    return new JsonObject()
        .put("id", session.number())
        .put("kind", session.kind())
        .put("address", session.address())
        .put("user_agent", session.userAgent())
        .put("inserted_at", Views.time(session.createdMs()))
        .put("last_used_at", Views.time(session.usedMs()))
        .put("expires_at", Views.time(session.expiresMs()));
  }
}
