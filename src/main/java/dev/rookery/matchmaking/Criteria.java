package dev.rookery.matchmaking;

/**
 * The kind of match that a ticket asks for. Only tickets with equal criteria are matched.
 *
 * @param size the number of players of the whole match, both teams together; must be even
 */
public record Criteria(String mode, String region, int size) {
  public static final int SIZE_MAX = 64;
  public static final int TEXT_MAX = 64;
}
