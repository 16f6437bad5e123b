package dev.rookery.extension.game;

/** Random numbers of a match. The same match draws the same numbers on every node. */
public interface GameRandom {
  /** A number from 0, inclusive, to 1, exclusive. */
  double next();

  /**
   * A whole number from 0, inclusive, to {@code bound}, exclusive.
   *
   * @throws IllegalArgumentException if the bound is not positive; nothing is drawn then
   */
  int nextInt(int bound);
}
