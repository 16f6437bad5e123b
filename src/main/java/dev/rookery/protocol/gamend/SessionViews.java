package dev.rookery.protocol.gamend;

import dev.rookery.auth.OpenSession;
import dev.rookery.base.SessionId;
import io.vertx.core.json.JsonObject;

/** The JSON objects of sessions. They never contain the session id that tokens carry. */
final class SessionViews {
  private SessionViews() {}

  /** A session of the player who asks; {@code current} is the one of the request. */
  static JsonObject own(OpenSession session, SessionId current) {
    return core(session).put("current", session.id().equals(current));
  }

  /** A session for admins. The context is always {@code session}: email tokens are not listed. */
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
