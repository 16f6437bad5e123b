package dev.rookery.keyspace;

/**
 * Bounds of a keyspace.
 *
 * @param maxMemory bytes from which on commands that may grow it are refused; 0 for no bound
 * @param maxStringBytes longest string value, at most 512 MiB as in Redis
 * @param maxArguments most arguments of one command, its name included
 */
public record KeyspaceLimits(long maxMemory, int maxStringBytes, int maxArguments) {
  public static final KeyspaceLimits DEFAULT = new KeyspaceLimits(0, 64 << 20, 1 << 20);

  /** What may be repeated from a log that was written under other limits. */
  static final KeyspaceLimits LARGEST = new KeyspaceLimits(0, 512 << 20, Integer.MAX_VALUE);

  public KeyspaceLimits {
    if (maxMemory < 0) {
      throw new IllegalArgumentException("maxMemory is negative: " + maxMemory);
    }
    if (maxStringBytes < 1 || maxStringBytes > 512 << 20) {
      throw new IllegalArgumentException(
          "maxStringBytes must be between 1 and 536870912: " + maxStringBytes);
    }
    if (maxArguments < 1) {
      throw new IllegalArgumentException("maxArguments must be positive: " + maxArguments);
    }
  }
}
