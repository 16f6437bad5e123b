package dev.rookery.extension;

/** The player who called a function. */
public interface Caller {
  /** The id of the player. */
  long id();

  /**
   * Reads the player as they are now. Blocks; each call reads anew.
   *
   * @throws IllegalStateException if the player was deleted meanwhile, or cannot be read now
   */
  User user();
}
