package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Keys whatever they hold. */
final class KeyCommands {
  private static final byte[] DEL = ByteStrings.of("DEL");

  private KeyCommands() {}

  static void register(CommandTable table) {
    Set<Flag> writes = Set.of(Flag.WRITE);
    table.add("del", -2, writes, 1, -1, 1, KeyCommands::del);
    table.add("unlink", -2, writes, 1, -1, 1, KeyCommands::del);
    table.add("exists", -2, Set.of(), 1, -1, 1, KeyCommands::exists);
    table.add("touch", -2, Set.of(), 1, -1, 1, KeyCommands::exists);
    table.read("type", 2, KeyCommands::type);
    table.add("rename", 3, writes, 1, 2, 1, call -> rename(call, true));
    table.add("renamenx", 3, writes, 1, 2, 1, call -> rename(call, false));
    table.add("copy", -3, Set.of(Flag.WRITE, Flag.GROWS), 1, 2, 1, KeyCommands::copy);
    table.add("randomkey", 1, Set.of(), 0, 0, 0, KeyCommands::randomKey);
    table.add("keys", 2, Set.of(), 0, 0, 0, KeyCommands::keys);
    table.add("object", -2, Set.of(), 2, 2, 1, KeyCommands::object);
  }

  private static Reply del(Call call) {
    var change = new ArrayList<byte[]>(List.of(DEL));
    for (int i = 1; i < call.count(); i++) {
      if (call.find(call.arg(i)) != null) {
        call.database().remove(call.arg(i));
        change.add(call.arg(i));
      }
    }
    if (change.size() > 1) {
      call.log(change);
    }
    return Reply.of(change.size() - 1);
  }

  private static Reply exists(Call call) {
    int found = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.find(call.arg(i)) != null) {
        found++;
      }
    }
    return Reply.of(found);
  }

  private static Reply type(Call call) {
    Value value = call.find(call.arg(1));
    return new Reply.Status(value == null ? "none" : value.type());
  }

  private static Reply rename(Call call, boolean replace) {
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    Value value = call.find(from);
    if (value == null) {
      throw new CommandError(CommandError.NO_SUCH_KEY);
    }
    boolean same = Arrays.equals(from, to);
    if (same || !replace && call.find(to) != null) {
      return replace ? Reply.OK : Reply.ZERO;
    }
    Value target = call.find(to);
    if (target != null) {
      call.database().remove(to);
    }
    call.database().remove(from);
    call.put(to, value);
    call.changed();
    return replace ? Reply.OK : Reply.ONE;
  }

  private static Reply copy(Call call) {
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "replace")) {
        replace = true;
      } else if (call.is(i, "db") && i + 1 < call.count()) {
        ServerCommands.checkDatabase(call.integer(++i));
      } else {
        throw CommandError.syntax();
      }
    }
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    if (Arrays.equals(from, to)) {
      throw new CommandError("ERR source and destination objects are the same");
    }
    Value value = call.find(from);
    if (value == null || call.find(to) != null && !replace) {
      return Reply.ZERO;
    }
    call.work(value.memory() / 64);
    Value copy = value.copy();
    copy.expiresAt = value.expiresAt;
    call.put(to, copy);
    call.changed();
    return Reply.ONE;
  }

  private static Reply randomKey(Call call) {
    OrderedTable<Value> keys = call.database().keys();
    while (keys.size() > 0) {
      byte[] key = keys.keyAt(keys.randomPosition(call.random()));
      if (key != null && call.find(key) != null) {
        return Reply.of(key);
      }
    }
    return Reply.NIL;
  }

  private static Reply keys(Call call) {
    OrderedTable<Value> keys = call.database().keys();
    call.work(keys.size());
    var replies = new ArrayList<Reply>();
    for (int i = 0; i < keys.positions(); i++) {
      byte[] key = keys.keyAt(i);
      if (key != null
          && Glob.matches(call.arg(1), key, call::work)
          && !call.database().isExpired(keys.valueAt(i), call.now())) {
        replies.add(Reply.of(key));
      }
    }
    return Reply.of(replies);
  }

  private static Reply object(Call call) {
    if (call.count() == 3 && (call.is(1, "refcount") || call.is(1, "idletime"))) {
      if (call.find(call.arg(2)) == null) {
        return Reply.NIL;
      }
      // Values are not shared, and how long one was left alone is not measured.
      return Reply.of(call.is(1, "refcount"));
    }
    if (call.count() == 3 && (call.is(1, "encoding") || call.is(1, "freq"))) {
      throw UnservedCommands.error("object " + ByteStrings.lowerCase(call.arg(1)));
    }
    throw new CommandError(
        "ERR Unknown subcommand or wrong number of arguments for '"
            + ByteStrings.text(call.arg(1))
            + "'. Try OBJECT HELP.");
  }
}
