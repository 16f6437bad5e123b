package dev.rookery.keyspace;

/** What one command needs to know of its caller. The same for all commands of one script. */
public interface KeyspaceCall {
  /** Microseconds since 1970. Stands still during a script, so that no key expires within it. */
  long nowMicros();

  /**
   * Takes a message for the subscribers of a channel.
   *
   * @return how many subscribers there are, which is the reply to {@code PUBLISH}
   */
  long publish(byte[] channel, byte[] message);

  /**
   * Whether a script calls. Scripts may call fewer commands and see other texts for unknown ones.
   */
  boolean fromScript();

  /**
   * Whether this script has written before. Redis lets a script go on at its memory limit that has
   * begun to write; here it may then exceed the limit by an eighth.
   */
  boolean hasWritten();

  /**
   * Counts the work of a command that may take long, such as {@code KEYS} or {@code SUNION} of many
   * large sets. Called before the command changes anything, so it may throw to end the command.
   *
   * @param elements about how many elements, or pieces of 64 bytes, are looked at
   */
  default void work(long elements) {}
}
