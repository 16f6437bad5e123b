package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One run of a command: its arguments, and what it may read and change. */
final class Call {
  /** The change names what was taken off: it is larger than the command. */
  private static final long TAKEN_MAX = 16L << 20;

  private static final byte[] DEL = ByteStrings.of("DEL");

  private final byte[][] arguments;
  private final Database database;
  private final KeyspaceCall context;
  private final KeyspaceLimits limits;
  private final RandomGenerator random;

  Call(
      byte[][] arguments,
      Database database,
      KeyspaceCall context,
      KeyspaceLimits limits,
      RandomGenerator random) {
    this.arguments = arguments;
    this.database = database;
    this.context = context;
    this.limits = limits;
    this.random = random;
  }

  /** The number of arguments with the name of the command. */
  int count() {
    return arguments.length;
  }

  byte[] arg(int index) {
    return arguments[index];
  }

  /** Whether an argument is this word of lower-case ASCII, in any case. */
  boolean is(int index, String word) {
    return ByteStrings.is(arguments[index], word);
  }

  long integer(int index) {
    return Numbers.integer(arguments[index]);
  }

  double real(int index) {
    return Numbers.real(arguments[index]);
  }

  Database database() {
    return database;
  }

  KeyspaceCall context() {
    return context;
  }

  RandomGenerator random() {
    return random;
  }

  /** Counts elements that the command is about to look at; ends a script that takes too long. */
  void work(long elements) {
    context.work(elements);
  }

  /** Milliseconds since 1970. */
  long now() {
    return Math.floorDiv(context.nowMicros(), 1000);
  }

  /** The value of a key, or null. */
  @Nullable Value find(byte[] key) {
    return database.find(key, now());
  }

  /** The value of a key for reading, or null. Any other type is an error. */
  <T extends Value> @Nullable T read(byte[] key, Class<T> type) {
    Value value = find(key);
    if (value == null) {
      return null;
    }
    if (!type.isInstance(value)) {
      throw new CommandError(CommandError.WRONG_TYPE);
    }
    return type.cast(value);
  }

  /** The value of a key that the command is about to change, or null. */
  <T extends Value> @Nullable T write(byte[] key, Class<T> type) {
    T value = read(key, type);
    if (value != null) {
      database.touch(key, value);
    }
    return value;
  }

  /** Lets a key hold a new value. */
  <T extends Value> T put(byte[] key, T value) {
    database.put(key, value);
    return value;
  }

  /** Removes a key whose last element has gone. */
  void removeIfEmpty(byte[] key, Value value) {
    if (value.isEmpty()) {
      database.remove(key);
    }
  }

  /** Removes a key, if there is one, and reports that as the change. */
  void delete(byte[] key) {
    if (find(key) != null) {
      database.remove(key);
      log(DEL, key);
    }
  }

  /**
   * Removes the elements that the arguments after the key name, and the key with the last element.
   * Reports only what was there as the change.
   *
   * @param command the name of the command in the change
   * @param remove removes one element and returns whether it was there
   * @return how many elements were there
   */
  <T extends Value> Reply removeElements(
      byte[] command, Class<T> type, BiPredicate<T, byte[]> remove) {
    byte[] key = arguments[1];
    T value = write(key, type);
    if (value == null) {
      return Reply.ZERO;
    }
    var change = new ArrayList<byte[]>(List.of(command, key));
    for (int i = 2; i < arguments.length; i++) {
      if (remove.test(value, arguments[i])) {
        change.add(arguments[i]);
      }
    }
    int removed = change.size() - 2;
    if (removed > 0) {
      removeIfEmpty(key, value);
      log(change);
    }
    return Reply.of(removed);
  }

  /** Reports the command itself as the change. */
  void changed() {
    database.log(arguments);
  }

  /** Reports another command as the change. */
  void log(byte[]... command) {
    database.log(command);
  }

  void log(List<byte[]> command) {
    database.log(command.toArray(byte[][]::new));
  }

  /** Refuses strings that would be longer than the limit. */
  void checkLength(long length) {
    if (length > limits.maxStringBytes()) {
      throw new CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }
  }

  /** Refuses to take so many bytes of members off at once that the change could not be stored. */
  void checkTaken(List<byte[]> members) {
    long bytes = 0;
    for (byte[] member : members) {
      bytes += member.length;
    }
    if (bytes > TAKEN_MAX) {
      throw new CommandError("ERR at most " + TAKEN_MAX + " bytes can be taken off at once");
    }
  }

  int maxStringBytes() {
    return limits.maxStringBytes();
  }
}
