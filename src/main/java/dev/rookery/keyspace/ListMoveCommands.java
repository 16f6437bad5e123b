package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.List;
import java.util.Set;

/** Commands that take elements off one of several lists, or move them from list to list. */
final class ListMoveCommands {
  private static final byte[] LPOP = ByteStrings.of("LPOP");
  private static final byte[] RPOP = ByteStrings.of("RPOP");

  private ListMoveCommands() {}

  static void register(CommandTable table) {
    Set<Flag> grows = Set.of(Flag.WRITE, Flag.GROWS);
    table.add("rpoplpush", 3, grows, 1, 2, 1, call -> move(call, false, true));
    table.add("lmove", 5, grows, 1, 2, 1, ListMoveCommands::lmove);
    table.add("lmpop", -4, Set.of(Flag.WRITE, Flag.SINCE_7), 0, 0, 0, ListMoveCommands::lmpop);
  }

  static boolean isLeft(Call call, int index) {
    if (call.is(index, "left")) {
      return true;
    }
    if (call.is(index, "right")) {
      return false;
    }
    throw CommandError.syntax();
  }

  private static Reply lmove(Call call) {
    return move(call, isLeft(call, 3), isLeft(call, 4));
  }

  private static Reply move(Call call, boolean fromLeft, boolean toLeft) {
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    ListValue source = call.write(from, ListValue.class);
    if (source == null) {
      return Reply.NIL;
    }
    ListValue target = call.write(to, ListValue.class);
    byte[] item = fromLeft ? source.removeFirst() : source.removeLast();
    if (target == null) {
      target = call.put(to, new ListValue());
    }
    if (toLeft) {
      target.addFirst(item);
    } else {
      target.addLast(item);
    }
    call.removeIfEmpty(from, source);
    call.changed();
    return Reply.of(item);
  }

  private static Reply lmpop(Call call) {
    int keys = KeyCounts.keys(call, 1, 1);
    int where = keys + 2;
    boolean left = isLeft(call, where);
    long count = KeyCounts.count(call, where + 1);
    for (int i = 2; i < where; i++) {
      byte[] key = call.arg(i);
      ListValue list = call.write(key, ListValue.class);
      if (list != null) {
        Reply popped = ListCommands.pop(call, key, list, left, count);
        call.log(left ? LPOP : RPOP, key, ByteStrings.of(count));
        return Reply.of(List.of(Reply.of(key), popped));
      }
    }
    return Reply.NIL;
  }
}
