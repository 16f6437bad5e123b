package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets and what can be made of several. */
final class SetCommands {
  private static final byte[] SADD = ByteStrings.of("SADD");
  private static final byte[] SREM = ByteStrings.of("SREM");

  /** How several sets become one. */
  private enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  private SetCommands() {}

  static void register(CommandTable table) {
    table.grow("sadd", -3, SetCommands::sadd);
    table.write("srem", -3, call -> call.removeElements(SREM, SetValue.class, SetValue::remove));
    table.read("scard", 2, SetCommands::scard);
    table.read("sismember", 3, SetCommands::sismember);
    table.read("smismember", -3, SetCommands::smismember);
    table.read("smembers", 2, SetCommands::smembers);
    table.write("spop", -2, SetCommands::spop);
    table.read("srandmember", -2, SetCommands::srandmember);
    table.add("smove", 4, Set.of(Flag.WRITE), 1, 2, 1, SetCommands::smove);
    combination(table, "sunion", Operation.UNION);
    combination(table, "sinter", Operation.INTERSECTION);
    combination(table, "sdiff", Operation.DIFFERENCE);
    table.add("sintercard", -3, Set.of(Flag.SINCE_7), 0, 0, 0, SetCommands::sinterCard);
  }

  private static void combination(CommandTable table, String name, Operation operation) {
    table.add(name, -2, Set.of(), 1, -1, 1, call -> replies(combine(call, 1, operation)));
    table.add(
        name + "store",
        -3,
        Set.of(Flag.WRITE, Flag.GROWS),
        1,
        -1,
        1,
        call -> store(call, combine(call, 2, operation)));
  }

  private static Reply replies(List<byte[]> members) {
    var replies = new ArrayList<Reply>(members.size());
    members.forEach(member -> replies.add(Reply.of(member)));
    return Reply.of(replies);
  }

  private static Reply sadd(Call call) {
    byte[] key = call.arg(1);
    SetValue set = call.write(key, SetValue.class);
    if (set == null) {
      set = call.put(key, new SetValue());
    }
    var change = new ArrayList<byte[]>(List.of(SADD, key));
    for (int i = 2; i < call.count(); i++) {
      if (set.add(call.arg(i))) {
        change.add(call.arg(i));
      }
    }
    if (change.size() > 2) {
      call.log(change);
    }
    return Reply.of(change.size() - 2);
  }

  private static Reply scard(Call call) {
    SetValue set = call.read(call.arg(1), SetValue.class);
    return Reply.of(set == null ? 0 : set.size());
  }

  private static Reply sismember(Call call) {
    SetValue set = call.read(call.arg(1), SetValue.class);
    return Reply.of(set != null && set.contains(call.arg(2)));
  }

  private static Reply smismember(Call call) {
    SetValue set = call.read(call.arg(1), SetValue.class);
    var replies = new ArrayList<Reply>(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      replies.add(Reply.of(set != null && set.contains(call.arg(i))));
    }
    return Reply.of(replies);
  }

  private static Reply smembers(Call call) {
    SetValue set = call.read(call.arg(1), SetValue.class);
    return set == null ? Reply.EMPTY : replies(set.members());
  }

  private static Reply spop(Call call) {
    if (call.count() > 3) {
      throw CommandError.syntax();
    }
    boolean counted = call.count() == 3;
    long count = 1;
    if (counted) {
      count = ListCommands.notNegative(call, 2, ListCommands.NOT_POSITIVE);
    }
    byte[] key = call.arg(1);
    SetValue set = call.write(key, SetValue.class);
    if (set == null || count == 0) {
      return counted ? Reply.EMPTY : Reply.NIL;
    }
    var change = new ArrayList<byte[]>(List.of(SREM, key));
    for (int position : RandomPositions.choose(set.table(), count, call.random())) {
      change.add(set.table().keyAt(position));
    }
    List<byte[]> popped = change.subList(2, change.size());
    call.checkTaken(popped);
    popped.forEach(set::remove);
    call.removeIfEmpty(key, set);
    call.log(change);
    return counted ? replies(popped) : Reply.of(popped.getFirst());
  }

  private static Reply srandmember(Call call) {
    if (call.count() > 3) {
      throw CommandError.syntax();
    }
    boolean counted = call.count() == 3;
    long count = counted ? RandomPositions.count(call, 2) : 1;
    SetValue set = call.read(call.arg(1), SetValue.class);
    if (set == null) {
      return counted ? Reply.EMPTY : Reply.NIL;
    }
    if (!counted) {
      return Reply.of(set.table().keyAt(set.table().randomPosition(call.random())));
    }
    var replies = new ArrayList<Reply>();
    for (int position : RandomPositions.choose(set.table(), count, call.random())) {
      replies.add(Reply.of(set.table().keyAt(position)));
    }
    return Reply.of(replies);
  }

  private static Reply smove(Call call) {
    byte[] from = call.arg(1);
    byte[] to = call.arg(2);
    byte[] member = call.arg(3);
    SetValue source = call.write(from, SetValue.class);
    if (source == null) {
      return Reply.ZERO;
    }
    SetValue target = call.write(to, SetValue.class);
    if (source == target || !source.contains(member)) {
      return Reply.of(source.contains(member));
    }
    source.remove(member);
    if (target == null) {
      target = call.put(to, new SetValue());
    }
    target.add(member);
    call.removeIfEmpty(from, source);
    call.changed();
    return Reply.ONE;
  }

  private static List<byte[]> combine(Call call, int first, Operation operation) {
    var sets = new ArrayList<@Nullable SetValue>();
    for (int i = first; i < call.count(); i++) {
      sets.add(call.read(call.arg(i), SetValue.class));
    }
    return switch (operation) {
      case UNION -> union(call, sets);
      case INTERSECTION -> intersection(call, sets);
      case DIFFERENCE -> difference(call, sets);
    };
  }

  private static List<byte[]> union(Call call, List<@Nullable SetValue> sets) {
    var union = new SetValue();
    for (SetValue set : sets) {
      if (set != null) {
        call.work(set.size());
        set.members().forEach(union::add);
      }
    }
    return union.members();
  }

  /** What all sets have, in time of the smallest. */
  private static List<byte[]> intersection(Call call, List<@Nullable SetValue> sets) {
    var present = new ArrayList<SetValue>();
    for (SetValue set : sets) {
      if (set == null) {
        return List.of();
      }
      present.add(set);
    }
    present.sort(Comparator.comparingInt(SetValue::size));
    List<byte[]> members = present.getFirst().members();
    members.removeIf(
        member -> {
          call.work(present.size());
          return !present.stream().allMatch(set -> set.contains(member));
        });
    return members;
  }

  /** In time of the first set for each of the others. */
  private static List<byte[]> difference(Call call, List<@Nullable SetValue> sets) {
    SetValue first = sets.getFirst();
    if (first == null) {
      return List.of();
    }
    call.work(first.size());
    List<byte[]> members = first.members();
    for (SetValue other : sets.subList(1, sets.size())) {
      if (other != null) {
        call.work(members.size());
        members.removeIf(other::contains);
      }
    }
    return members;
  }

  private static Reply store(Call call, List<byte[]> members) {
    byte[] target = call.arg(1);
    if (members.isEmpty()) {
      call.delete(target);
      return Reply.ZERO;
    }
    var set = new SetValue();
    members.forEach(set::add);
    call.put(target, set);
    call.changed();
    return Reply.of(set.size());
  }

  private static Reply sinterCard(Call call) {
    int keys = KeyCounts.keys(call, 1, 0);
    long limit = KeyCounts.limit(call, keys + 2);
    var sets = new ArrayList<@Nullable SetValue>();
    for (int i = 2; i < keys + 2; i++) {
      sets.add(call.read(call.arg(i), SetValue.class));
    }
    int size = intersection(call, sets).size();
    return Reply.of(limit == 0 ? size : Math.min(limit, size));
  }
}
