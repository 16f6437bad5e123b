package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/** The pool of players who search for a match. */
public interface Matchmaking {
  /**
   * Adds a ticket for a player, or for the party that the player leads; returns its id. {@code
   * already_searching}, {@code not_leader}.
   *
   * @param size how many players the whole match has; even
   */
  String search(long userId, String mode, String region, int size);

  /** Removes a ticket; false if it was matched or has expired. */
  boolean cancel(String ticket);

  /** The search of a player; null if there is none. */
  @Nullable MatchSearch find(long userId);
}
