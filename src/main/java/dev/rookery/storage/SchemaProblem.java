package dev.rookery.storage;

/**
 * Where and why a value does not fit its schema.
 *
 * @param path in the value as a JSON pointer, {@code /rewards/0/id}; empty for all of it
 */
public record SchemaProblem(String path, String message) {
  @Override
  public String toString() {
    return (path.isEmpty() ? "/" : path) + ": " + message;
  }
}
