package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;

/** Lists: their ends, their indexes and what lies between. */
final class ListCommands {
  static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

  private ListCommands() {}

  static void register(CommandTable table) {
    table.grow("lpush", -3, call -> push(call, true, true));
    table.grow("rpush", -3, call -> push(call, false, true));
    table.grow("lpushx", -3, call -> push(call, true, false));
    table.grow("rpushx", -3, call -> push(call, false, false));
    table.write("lpop", -2, call -> pop(call, true));
    table.write("rpop", -2, call -> pop(call, false));
    table.read("llen", 2, ListCommands::llen);
    table.read("lindex", 3, ListCommands::lindex);
    table.read("lrange", 4, ListCommands::lrange);
    table.grow("lset", 4, ListCommands::lset);
    table.write("ltrim", 4, ListCommands::ltrim);
    table.write("lrem", 4, ListCommands::lrem);
    table.grow("linsert", 5, ListCommands::linsert);
    table.read("lpos", -3, ListCommands::lpos);
  }

  private static Reply push(Call call, boolean left, boolean create) {
    byte[] key = call.arg(1);
    ListValue list = call.write(key, ListValue.class);
    if (list == null) {
      if (!create) {
        return Reply.ZERO;
      }
      list = call.put(key, new ListValue());
    }
    for (int i = 2; i < call.count(); i++) {
      if (left) {
        list.addFirst(call.arg(i));
      } else {
        list.addLast(call.arg(i));
      }
    }
    call.changed();
    return Reply.of(list.size());
  }

  private static Reply pop(Call call, boolean left) {
    if (call.count() > 3) {
      String name = left ? "lpop" : "rpop";
      throw new CommandError("ERR wrong number of arguments for '" + name + "' command");
    }
    boolean counted = call.count() == 3;
    long count = 1;
    if (counted) {
      count = notNegative(call, 2, NOT_POSITIVE);
    }
    byte[] key = call.arg(1);
    ListValue list = call.write(key, ListValue.class);
    if (list == null) {
      return Reply.NIL;
    }
    if (count == 0) {
      return Reply.EMPTY;
    }
    Reply.Array popped = pop(call, key, list, left, count);
    call.changed();
    return counted ? popped : popped.items().getFirst();
  }

  /** Takes elements off one end and removes the key with the last. */
  static Reply.Array pop(Call call, byte[] key, ListValue list, boolean left, long count) {
    int taken = (int) Math.min(count, list.size());
    var replies = new ArrayList<Reply>(taken);
    for (int i = 0; i < taken; i++) {
      replies.add(Reply.of(left ? list.removeFirst() : list.removeLast()));
    }
    call.removeIfEmpty(key, list);
    return new Reply.Array(replies);
  }

  private static Reply llen(Call call) {
    ListValue list = call.read(call.arg(1), ListValue.class);
    return Reply.of(list == null ? 0 : list.size());
  }

  private static Reply lindex(Call call) {
    ListValue list = call.read(call.arg(1), ListValue.class);
    if (list == null) {
      return Reply.NIL;
    }
    long index = call.integer(2);
    if (index < 0) {
      index += list.size();
    }
    return index < 0 || index >= list.size() ? Reply.NIL : Reply.of(list.get((int) index));
  }

  private static Reply lrange(Call call) {
    long start = call.integer(2);
    long stop = call.integer(3);
    ListValue list = call.read(call.arg(1), ListValue.class);
    if (list == null) {
      return Reply.EMPTY;
    }
    start = Math.max(0, start < 0 ? start + list.size() : start);
    stop = Math.min(list.size() - 1, stop < 0 ? stop + list.size() : stop);
    if (start > stop) {
      return Reply.EMPTY;
    }
    var replies = new ArrayList<Reply>((int) (stop - start + 1));
    for (long i = start; i <= stop; i++) {
      replies.add(Reply.of(list.get((int) i)));
    }
    return Reply.of(replies);
  }

  private static Reply lset(Call call) {
    ListValue list = call.write(call.arg(1), ListValue.class);
    if (list == null) {
      throw new CommandError(CommandError.NO_SUCH_KEY);
    }
    long index = call.integer(2);
    if (index < 0) {
      index += list.size();
    }
    if (index < 0 || index >= list.size()) {
      throw new CommandError("ERR index out of range");
    }
    list.set((int) index, call.arg(3));
    call.changed();
    return Reply.OK;
  }

  private static Reply ltrim(Call call) {
    long start = call.integer(2);
    long stop = call.integer(3);
    byte[] key = call.arg(1);
    ListValue list = call.write(key, ListValue.class);
    if (list == null) {
      return Reply.OK;
    }
    int size = list.size();
    start = Math.max(0, start < 0 ? start + size : start);
    stop = Math.min(size - 1, stop < 0 ? stop + size : stop);
    if (start > stop) {
      call.database().remove(key);
    } else {
      list.keep((int) start, (int) stop + 1);
    }
    if (start > stop || list.size() != size) {
      call.changed();
    }
    return Reply.OK;
  }

  private static Reply lrem(Call call) {
    long count = call.integer(2);
    byte[] key = call.arg(1);
    ListValue list = call.write(key, ListValue.class);
    if (list == null) {
      return Reply.ZERO;
    }
    call.work(list.size());
    long atMost = count == 0 ? Integer.MAX_VALUE : Math.abs(Math.max(count, -Long.MAX_VALUE));
    int removed = list.remove(call.arg(3), (int) Math.min(atMost, Integer.MAX_VALUE), count < 0);
    if (removed > 0) {
      call.removeIfEmpty(key, list);
      call.changed();
    }
    return Reply.of(removed);
  }

  private static Reply linsert(Call call) {
    boolean after = call.is(2, "after");
    if (!after && !call.is(2, "before")) {
      throw CommandError.syntax();
    }
    ListValue list = call.write(call.arg(1), ListValue.class);
    if (list == null) {
      return Reply.ZERO;
    }
    call.work(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (Arrays.equals(list.get(i), call.arg(3))) {
        list.insert(after ? i + 1 : i, call.arg(4));
        call.changed();
        return Reply.of(list.size());
      }
    }
    return Reply.of(-1);
  }

  private static Reply lpos(Call call) {
    long rank = 1;
    long count = -1;
    long maxLength = 0;
    for (int i = 3; i < call.count(); i += 2) {
      boolean hasNext = i + 1 < call.count();
      if (call.is(i, "rank") && hasNext) {
        rank = call.integer(i + 1);
        if (rank == 0) {
          throw new CommandError(
              "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second,"
                  + " ...");
        }
      } else if (call.is(i, "count") && hasNext) {
        count = notNegative(call, i + 1, "ERR COUNT can't be negative");
      } else if (call.is(i, "maxlen") && hasNext) {
        maxLength = notNegative(call, i + 1, "ERR MAXLEN can't be negative");
      } else {
        throw CommandError.syntax();
      }
    }
    ListValue list = call.read(call.arg(1), ListValue.class);
    if (list == null) {
      return count < 0 ? Reply.NIL : Reply.EMPTY;
    }
    call.work(list.size());
    boolean back = rank < 0;
    long skip = Math.abs(Math.max(rank, -Long.MAX_VALUE)) - 1;
    long compared = maxLength == 0 ? list.size() : Math.min(maxLength, list.size());
    var found = new ArrayList<Reply>();
    for (int i = 0; i < compared; i++) {
      int index = back ? list.size() - 1 - i : i;
      if (Arrays.equals(list.get(index), call.arg(2)) && skip-- <= 0) {
        if (count < 0) {
          return Reply.of(index);
        }
        found.add(Reply.of(index));
        if (count > 0 && found.size() == count) {
          break;
        }
      }
    }
    return count < 0 ? Reply.NIL : Reply.of(found);
  }

  /** An argument that is a whole number of at least 0. */
  static long notNegative(Call call, int index, String error) {
    long value = Numbers.integer(call.arg(index), error);
    if (value < 0) {
      throw new CommandError(error);
    }
    return value;
  }
}
