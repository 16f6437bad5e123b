package dev.rookery.base;

import java.util.Optional;

/**
 * UUIDs of things that have an integer id, for wires that know no integers: a prefix of their kind,
 * then the id. They need no column and no index.
 *
 * @param prefix all but the last twelve digits, of version 8
 */
public record NumberedUuid(String prefix) {
  private static final int DIGITS = 12;
  private static final int HEX = 16;

  /** Returns the UUID of an id, which is below 2^48. */
  public String of(long id) {
    String hex = Long.toHexString(id);
    return prefix + "0".repeat(DIGITS - hex.length()) + hex;
  }

  /** Empty if the UUID is not one of this kind. */
  public Optional<Long> parse(String text) {
    if (text.length() != prefix.length() + DIGITS
        || !text.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return Optional.empty();
    }
    String hex = text.substring(prefix.length());
    boolean number = hex.chars().allMatch(digit -> Character.digit(digit, HEX) >= 0);
    return number ? Optional.of(Long.parseLong(hex, HEX)) : Optional.empty();
  }
}
