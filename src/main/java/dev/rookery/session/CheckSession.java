package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;

/**
 * Whether a session named by a valid token is still open and its player still exists. Served by the
 * domain that keeps sessions; {@code Denied("session_ended")} when not.
 */
public record CheckSession(SessionId session, PlayerId player) implements Command<Session> {
  public static final String ADDRESS = "auth/check";

  @Override
  public String address() {
    return ADDRESS;
  }
}
