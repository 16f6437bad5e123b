package dev.rookery.storage;

/**
 * A JSON Schema for the values of objects, by their keys.
 *
 * @param pattern a key, or with a {@code *} at its end the beginning of keys
 * @param content the schema as it was written
 * @param enforced whether writes that do not fit are refused
 * @param revision how often it has changed
 */
public record KeySchema(
    long id,
    String collection,
    String pattern,
    String content,
    boolean enforced,
    long revision,
    long createdMs,
    long updatedMs) {
  private static final String REST = "*";

  /** Whether it is for the values of a key. */
  public boolean includes(String key) {
    return isPrefix() ? key.startsWith(prefix()) : key.equals(pattern);
  }

  boolean isPrefix() {
    return pattern.endsWith(REST);
  }

  /** What the keys begin with. */
  String prefix() {
    return isPrefix() ? pattern.substring(0, pattern.length() - REST.length()) : pattern;
  }

  /** How specific the pattern is: of two for the same key, the more specific one is used. */
  int precision() {
    return isPrefix() ? prefix().length() : Integer.MAX_VALUE;
  }
}
