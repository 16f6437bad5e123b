package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hashes: fields with values under one key. */
final class HashCommands {
  private static final byte[] HSET = ByteStrings.of("HSET");
  private static final byte[] HDEL = ByteStrings.of("HDEL");

  private HashCommands() {}

  static void register(CommandTable table) {
    table.grow("hset", -4, call -> hset(call, false));
    table.grow("hmset", -4, call -> hset(call, true));
    table.grow("hsetnx", 4, HashCommands::hsetNx);
    table.read("hget", 3, HashCommands::hget);
    table.read("hmget", -3, HashCommands::hmget);
    table.write("hdel", -3, call -> call.removeElements(HDEL, HashValue.class, HashValue::remove));
    table.read("hlen", 2, HashCommands::hlen);
    table.read("hstrlen", 3, HashCommands::hstrlen);
    table.read("hexists", 3, HashCommands::hexists);
    table.read("hkeys", 2, call -> entries(call, true, false));
    table.read("hvals", 2, call -> entries(call, false, true));
    table.read("hgetall", 2, call -> entries(call, true, true));
    table.grow("hincrby", 4, HashCommands::hincrBy);
    table.grow("hincrbyfloat", 4, HashCommands::hincrByFloat);
    table.read("hrandfield", -2, HashCommands::hrandField);
  }

  private static HashValue forWrite(Call call) {
    byte[] key = call.arg(1);
    HashValue hash = call.write(key, HashValue.class);
    return hash == null ? call.put(key, new HashValue()) : hash;
  }

  private static Reply hset(Call call, boolean status) {
    if (call.count() % 2 == 1) {
      String name = status ? "hmset" : "hset";
      throw new CommandError("ERR wrong number of arguments for '" + name + "' command");
    }
    HashValue hash = forWrite(call);
    int added = 0;
    for (int i = 2; i < call.count(); i += 2) {
      if (hash.put(call.arg(i), call.arg(i + 1))) {
        added++;
      }
    }
    call.changed();
    return status ? Reply.OK : Reply.of(added);
  }

  private static Reply hsetNx(Call call) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    if (hash != null && hash.get(call.arg(2)) != null) {
      return Reply.ZERO;
    }
    forWrite(call).put(call.arg(2), call.arg(3));
    call.changed();
    return Reply.ONE;
  }

  private static Reply hget(Call call) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    return hash == null ? Reply.NIL : Reply.of(hash.get(call.arg(2)));
  }

  private static Reply hmget(Call call) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    var values = new ArrayList<Reply>(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      values.add(hash == null ? Reply.NIL : Reply.of(hash.get(call.arg(i))));
    }
    return Reply.of(values);
  }

  private static Reply hlen(Call call) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    return Reply.of(hash == null ? 0 : hash.size());
  }

  private static byte @Nullable [] field(Call call) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    return hash == null ? null : hash.get(call.arg(2));
  }

  private static Reply hstrlen(Call call) {
    byte[] value = field(call);
    return Reply.of(value == null ? 0 : value.length);
  }

  private static Reply hexists(Call call) {
    return Reply.of(field(call) != null);
  }

  private static Reply entries(Call call, boolean withFields, boolean withValues) {
    HashValue hash = call.read(call.arg(1), HashValue.class);
    if (hash == null) {
      return Reply.EMPTY;
    }
    OrderedTable<byte[]> fields = hash.fields();
    var replies = new ArrayList<Reply>(fields.size() * (withFields && withValues ? 2 : 1));
    for (int i = 0; i < fields.positions(); i++) {
      byte[] field = fields.keyAt(i);
      if (field != null) {
        add(replies, fields, i, withFields, withValues);
      }
    }
    return Reply.of(replies);
  }

  private static void add(
      List<Reply> replies,
      OrderedTable<byte[]> fields,
      int position,
      boolean withField,
      boolean withValue) {
    if (withField) {
      replies.add(Reply.of(fields.keyAt(position)));
    }
    if (withValue) {
      replies.add(Reply.of(fields.valueAt(position)));
    }
  }

  private static Reply hincrBy(Call call) {
    long increment = call.integer(3);
    byte[] old = field(call);
    long value = old == null ? 0 : Numbers.integer(old, "ERR hash value is not an integer");
    long sum = Numbers.sum(value, increment);
    forWrite(call).put(call.arg(2), ByteStrings.of(sum));
    call.changed();
    return Reply.of(sum);
  }

  private static Reply hincrByFloat(Call call) {
    LongDouble.check(call.arg(3));
    byte[] old = field(call);
    byte[] sum =
        LongDouble.add(
            old == null ? ByteStrings.of(0) : old, call.arg(3), "ERR hash value is not a float");
    forWrite(call).put(call.arg(2), sum);
    call.log(HSET, call.arg(1), call.arg(2), sum);
    return Reply.of(sum);
  }

  private static Reply hrandField(Call call) {
    if (call.count() == 2) {
      HashValue hash = call.read(call.arg(1), HashValue.class);
      return hash == null
          ? Reply.NIL
          : Reply.of(hash.fields().keyAt(hash.fields().randomPosition(call.random())));
    }
    long count = RandomPositions.count(call, 2);
    if (call.count() > 4 || call.count() == 4 && !call.is(3, "withvalues")) {
      throw CommandError.syntax();
    }
    boolean withValues = call.count() == 4;
    RandomPositions.checkDoubled(count, withValues);
    HashValue hash = call.read(call.arg(1), HashValue.class);
    if (hash == null) {
      return Reply.EMPTY;
    }
    var replies = new ArrayList<Reply>();
    int[] positions = RandomPositions.choose(hash.fields(), count, call.random());
    Arrays.stream(positions)
        .forEach(position -> add(replies, hash.fields(), position, true, withValues));
    return Reply.of(replies);
  }
}
