package dev.rookery.matchmaking;

/**
 * What kind of match is looked for; only the same is matched with the same.
 *
 * @param size players of the whole match, an even number
 */
public record Criteria(String mode, String region, int size) {
  public static final int SIZE_MAX = 64;
  public static final int TEXT_MAX = 64;
}
