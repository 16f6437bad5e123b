package dev.rookery.protocol.godra;

import dev.rookery.script.ScriptRole;
import dev.rookery.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * The user of a valid token.
 *
 * @param id as scripts know it: the number of a player, or {@code guest:<uuid>}
 * @param session null for a guest
 */
record Caller(String id, ScriptRole role, @Nullable Session session) {
  static Caller of(Session session) {
    return new Caller(
        session.player().toString(),
        session.admin() ? ScriptRole.MANAGER : ScriptRole.PLAYER,
        session);
  }

  static Caller guest(String id) {
    return new Caller(id, ScriptRole.GUEST, null);
  }

  boolean isGuest() {
    return session == null;
  }
}
