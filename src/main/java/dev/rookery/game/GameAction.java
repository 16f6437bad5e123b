package dev.rookery.game;

/**
 * An action of a player.
 *
 * @param number its place among the accepted actions of the match, from 1
 * @param payload JSON text, {@code null} for none; must be valid
 * @param at milliseconds since the Unix epoch
 */
public record GameAction(long number, String playerID, String event, String payload, long at) {
  /** The id under which it is recorded. */
  public String id() {
    return "m_" + number;
  }
}
