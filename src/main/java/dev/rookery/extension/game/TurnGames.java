package dev.rookery.extension.game;

/** The games of an extension. */
public interface TurnGames {
  /**
   * Adds a game; called while the extension is started. From then on players open rooms of it under
   * its key. A room goes on with the version of the extension that it began with: while a node
   * still has that version, and otherwise when it is deployed again.
   *
   * <p>Before that, two matches with the same seed are started; if they differ, or cannot be
   * restored, the start of the extension fails.
   *
   * @throws IllegalArgumentException if the key is not one, or is that of another game
   */
  void add(TurnGame game);
}
