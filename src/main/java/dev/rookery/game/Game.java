package dev.rookery.game;

/** One version of a game. Thread-safe; the sessions that it creates are not. */
public interface Game {
  GameInfo info();

  /** Starts a match. */
  GameSession start(MatchSetup setup);

  /**
   * Continues a match.
   *
   * @param setup the one with which it was started
   * @param state what {@link GameSession#state} returned, by the same version of the game
   */
  GameSession restore(MatchSetup setup, String state);
}
