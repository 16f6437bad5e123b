package dev.rookery.keyspace;

/**
 * Takes the changes of a keyspace in order. Each is a command that {@link Keyspace#apply} repeats
 * to the same state without clock and without chance: {@code EXPIRE} arrives as {@code PEXPIREAT},
 * {@code SPOP} as {@code SREM}, an expired key as {@code DEL}.
 */
@FunctionalInterface
public interface ChangeLog {
  /**
   * Called before the reply to the command that made the change. The arrays are shared with the
   * keyspace: read them, or copy them, and change nothing.
   */
  void changed(byte[][] command);
}
