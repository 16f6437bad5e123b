package dev.rookery.game;

import java.util.function.BooleanSupplier;

/**
 * The code of a game in Java took longer for one call than it may. The call goes on, because
 * nothing can end it, so the session that it was made for must not be used again.
 */
public final class GameOverdueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The code for clients. */
  public static final String CODE = "game_overdue";

  private final transient BooleanSupplier running;

  /**
   * @param running whether the call still goes on
   */
  public GameOverdueException(String message, BooleanSupplier running) {
    super(message, null, false, false);
    this.running = running;
  }

  /** Whether the call has not ended yet; another one may meet the same fate until it has. */
  public boolean isRunning() {
    return running.getAsBoolean();
  }
}
