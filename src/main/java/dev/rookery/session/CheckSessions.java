package dev.rookery.session;

import dev.rookery.base.Refusal;
import dev.rookery.bus.Command;
import java.util.List;

/**
 * Asks whether the sessions named by valid tokens are still open and their players still exist. The
 * domain that stores sessions returns one answer for each token, in the same order; the answers are
 * independent of each other.
 */
public record CheckSessions(List<Tokens.AccessClaims> tokens)
    implements Command<List<CheckSessions.Answer>> {
  public static final String ADDRESS = "auth/check";

  /** Maximum number of tokens in one command. */
  public static final int BATCH_MAX = 64;

  public CheckSessions {
    tokens = List.copyOf(tokens);
    if (tokens.size() > BATCH_MAX) {
      throw new IllegalArgumentException(tokens.size() + " sessions at once");
    }
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  /** The answer for one token. */
  public sealed interface Answer {}

  /** The session is open. */
  public record Open(Session session) implements Answer {}

  /**
   * The session has ended, or its player does not exist: {@code Denied("session_ended")} or {@code
   * Missing("player_not_found")}.
   */
  public record Closed(Refusal refusal) implements Answer {}
}
