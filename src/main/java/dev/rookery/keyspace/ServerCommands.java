package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.List;
import java.util.Set;

/** Commands on no key or on all of them. */
final class ServerCommands {
  private static final byte[] FLUSHALL = ByteStrings.of("FLUSHALL");
  private static final long MICROS = 1_000_000;

  private ServerCommands() {}

  static void register(CommandTable table) {
    table.add("ping", -1, Set.of(), 0, 0, 0, ServerCommands::ping);
    table.add("echo", 2, Set.of(), 0, 0, 0, call -> Reply.of(call.arg(1)));
    table.add("time", 1, Set.of(), 0, 0, 0, ServerCommands::time);
    table.add("select", 2, Set.of(), 0, 0, 0, ServerCommands::select);
    table.add("publish", 3, Set.of(), 0, 0, 0, ServerCommands::publish);
    table.add("dbsize", 1, Set.of(), 0, 0, 0, call -> Reply.of(call.database().size()));
    table.add("flushdb", -1, Set.of(Flag.WRITE), 0, 0, 0, ServerCommands::flush);
    table.add("flushall", -1, Set.of(Flag.WRITE), 0, 0, 0, ServerCommands::flush);
  }

  private static Reply ping(Call call) {
    if (call.count() > 2) {
      throw new CommandError("ERR wrong number of arguments for 'ping' command");
    }
    return call.count() == 1 ? new Reply.Status("PONG") : Reply.of(call.arg(1));
  }

  private static Reply time(Call call) {
    long now = call.context().nowMicros();
    return Reply.of(
        List.of(
            Reply.of(ByteStrings.of(Math.floorDiv(now, MICROS))),
            Reply.of(ByteStrings.of(Math.floorMod(now, MICROS)))));
  }

  static void checkDatabase(long index) {
    if (index < Integer.MIN_VALUE || index > Integer.MAX_VALUE) {
      throw new CommandError(CommandError.NOT_AN_INTEGER);
    }
    if (index != 0) {
      throw new CommandError("ERR DB index is out of range");
    }
  }

  private static Reply select(Call call) {
    checkDatabase(call.integer(1));
    return Reply.OK;
  }

  private static Reply publish(Call call) {
    return Reply.of(call.context().publish(call.arg(1), call.arg(2)));
  }

  private static Reply flush(Call call) {
    boolean plain = call.count() == 1;
    if (!plain && (call.count() > 2 || !call.is(1, "async") && !call.is(1, "sync"))) {
      throw CommandError.syntax();
    }
    if (call.database().size() > 0) {
      call.database().clear();
      call.log(FLUSHALL);
    }
    return Reply.OK;
  }
}
