package dev.rookery.game.script;

/** The script of a game failed, or used more than it may. The message is for the game's author. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whether a bound of {@link ScriptLimits} was reached. */
  private final boolean limited;

  ScriptException(String message, boolean limited) {
    super(message, null, false, false);
    this.limited = limited;
  }

  public boolean isLimited() {
    return limited;
  }
}
