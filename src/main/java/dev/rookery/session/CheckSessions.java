package dev.rookery.session;

import dev.rookery.base.Refusal;
import dev.rookery.bus.Command;
import java.util.List;

/**
 * Whether the sessions named by valid tokens are still open and their players still exist. Served
 * by the domain that keeps sessions, with as many answers, in their order; what becomes of one has
 * nothing to do with the others.
 */
public record CheckSessions(List<Tokens.AccessClaims> asked)
    implements Command<List<CheckSessions.Answer>> {
  public static final String ADDRESS = "auth/check";

  /** The most that are asked for at once. */
  public static final int MANY_MAX = 64;

  public CheckSessions {
    asked = List.copyOf(asked);
    if (asked.size() > MANY_MAX) {
      throw new IllegalArgumentException(asked.size() + " sessions at once");
    }
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  public sealed interface Answer {}

  public record Open(Session session) implements Answer {}

  /** {@code Denied("session_ended")}, or {@code Missing("player_not_found")}. */
  public record Closed(Refusal why) implements Answer {}
}
