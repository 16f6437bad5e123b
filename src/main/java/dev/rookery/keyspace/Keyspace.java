package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values in memory, changed and read by Redis commands.
 *
 * <p>For one thread at a time: the owner calls one method after another, and a script's commands
 * without others in between. Nothing here blocks. Time comes with each call, and changes go to the
 * {@link ChangeLog}.
 */
public final class Keyspace {
  /** A script that has begun to write may exceed the memory limit by this part of it. */
  private static final int OVERDRAFT_DIVISOR = 8;

  private final KeyspaceLimits limits;
  private final RandomGenerator random;
  private final Database database;

  /**
   * Creates an empty keyspace.
   *
   * @param random decides what {@code SPOP}, {@code RANDOMKEY} and their kind pick
   * @param log where changes go
   */
  public Keyspace(KeyspaceLimits limits, RandomGenerator random, ChangeLog log) {
    this.limits = limits;
    this.random = random;
    this.database = new Database(log);
  }

  /** Every command, in groups. */
  public static List<CommandInfo> commands() {
    return CommandTable.INSTANCE.infos();
  }

  /** A command by its name in any case, or null. */
  public static @Nullable CommandInfo command(byte[] name) {
    Command command = CommandTable.INSTANCE.find(name);
    return command == null ? null : command.info();
  }

  /**
   * Runs one command.
   *
   * @param arguments the name of the command and its arguments, at least one. The keyspace may keep
   *     the arrays, so the caller must not change them afterwards.
   * @return the reply; refusals and wrong arguments are a {@link Reply.Error}, never an exception
   */
  public Reply execute(byte[][] arguments, KeyspaceCall call) {
    Command command = CommandTable.INSTANCE.find(arguments[0]);
    if (command == null) {
      return new Reply.Error(Rejections.unknown(arguments, call), true);
    }
    CommandInfo info = command.info();
    if (info.arity() > 0 ? arguments.length != info.arity() : arguments.length < -info.arity()) {
      return new Reply.Error(Rejections.arity(info, call), true);
    }
    if (arguments.length > limits.maxArguments()) {
      return new Reply.Error(
          "ERR too many arguments: at most " + limits.maxArguments() + " are allowed", true);
    }
    if (info.is(Flag.NOT_FROM_SCRIPT) && call.fromScript()) {
      return new Reply.Error(Rejections.NOT_FROM_SCRIPT, true);
    }
    if (info.is(Flag.GROWS) && isFull(call)) {
      return new Reply.Error(Rejections.OUT_OF_MEMORY, true);
    }
    return run(command, arguments, call, limits);
  }

  private boolean isFull(KeyspaceCall call) {
    long max = limits.maxMemory();
    if (max == 0) {
      return false;
    }
    return database.memory() > (call.hasWritten() ? max + max / OVERDRAFT_DIVISOR : max);
  }

  private Reply run(Command command, byte[][] arguments, KeyspaceCall call, KeyspaceLimits bounds) {
    try {
      return command.handler().run(new Call(arguments, database, call, bounds, random));
    } catch (CommandError refused) {
      return new Reply.Error(refused.text(), false);
    } finally {
      database.settle();
    }
  }

  /**
   * Repeats a change that a {@link ChangeLog} took. Reports no change, refuses nothing for its size
   * and lets no key expire.
   *
   * @throws IllegalArgumentException if the command is unknown or answers with an error, which
   *     means that the log does not belong to this content
   */
  public void apply(byte[][] change) {
    Command command = CommandTable.INSTANCE.find(change[0]);
    if (command == null) {
      throw new IllegalArgumentException("Unknown change " + ByteStrings.text(change[0]));
    }
    database.setSilent(true);
    try {
      if (run(command, change, Replay.CALL, KeyspaceLimits.LARGEST) instanceof Reply.Error error) {
        throw new IllegalArgumentException(
            "Change " + ByteStrings.text(change[0]) + " fails: " + error.text());
      }
    } finally {
      database.setSilent(false);
    }
  }

  /**
   * Deletes keys whose time has come and that nobody has asked for since.
   *
   * @param nowMicros microseconds since 1970
   * @param atMost bound of the work
   * @return how many keys were deleted; if it is {@code atMost}, there may be more
   */
  public int expire(long nowMicros, int atMost) {
    int count = database.expire(Math.floorDiv(nowMicros, 1000), atMost);
    database.settle();
    return count;
  }

  /** How many keys there are, with those whose time has come and that are not deleted yet. */
  public int size() {
    return database.size();
  }

  /** Bytes on the heap, estimated. */
  public long memory() {
    return database.memory();
  }

  /**
   * Begins a snapshot of the present content. Take its chunks at once or between other calls: it
   * shows the content of this moment either way, because a value that is about to change is saved
   * first. Changes reported from now on come after it. A new snapshot ends an unfinished one.
   *
   * @param chunkBytes size of a chunk, at least 64
   */
  public SnapshotWriter snapshot(int chunkBytes) {
    return database.snapshot(chunkBytes);
  }

  /**
   * Replaces the content by that of a snapshot.
   *
   * @param chunks all chunks in order
   * @throws IllegalArgumentException if a chunk is missing, damaged or of a version that this build
   *     does not know; the keyspace is empty then
   */
  public void load(Iterable<byte[]> chunks) {
    database.clear();
    try {
      new SnapshotReader(chunks.iterator()).read(database);
      database.settle();
    } catch (IllegalArgumentException damaged) {
      database.clear();
      throw damaged;
    }
  }
}
