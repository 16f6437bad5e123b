package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Strings as a whole: {@code SET}, {@code GET} and their kind. */
final class StringCommands {
  private static final byte[] SET = ByteStrings.of("SET");
  private static final byte[] PXAT = ByteStrings.of("PXAT");
  private static final byte[] KEEPTTL = ByteStrings.of("KEEPTTL");
  private static final byte[] PEXPIREAT = ByteStrings.of("PEXPIREAT");
  private static final byte[] PERSIST = ByteStrings.of("PERSIST");

  private StringCommands() {}

  static void register(CommandTable table) {
    table.read("get", 2, call -> get(call, call.arg(1)));
    table.grow("set", -3, StringCommands::set);
    table.grow("setnx", 3, StringCommands::setNx);
    table.grow("setex", 4, call -> setEx(call, 1000));
    table.grow("psetex", 4, call -> setEx(call, 1));
    table.grow("getset", 3, StringCommands::getSet);
    table.write("getdel", 2, StringCommands::getDel);
    table.write("getex", -2, StringCommands::getEx);
    table.add("mget", -2, Set.of(), 1, -1, 1, StringCommands::mget);
    table.add("mset", -3, Set.of(Flag.WRITE, Flag.GROWS), 1, -1, 2, StringCommands::mset);
    table.add("msetnx", -3, Set.of(Flag.WRITE, Flag.GROWS), 1, -1, 2, StringCommands::msetNx);
    table.grow("append", 3, StringCommands::append);
    table.read("strlen", 2, StringCommands::strlen);
    table.read("getrange", 4, StringCommands::getRange);
    table.read("substr", 4, StringCommands::getRange);
    table.grow("setrange", 4, StringCommands::setRange);
  }

  private static Reply get(Call call, byte[] key) {
    StringValue value = call.read(key, StringValue.class);
    return value == null ? Reply.NIL : Reply.of(value.bytes());
  }

  /** The options of {@code SET} and {@code GETEX}. */
  private static final class Options {
    boolean onlyNew;
    boolean onlyExisting;
    boolean get;
    boolean keepTtl;
    boolean persist;
    int timeAt;
    boolean seconds;
    boolean absolute;

    private Options(Call call, int from, boolean set) {
      for (int i = from; i < call.count(); i++) {
        boolean hasNext = i + 1 < call.count();
        boolean time = timeAt != 0;
        if (set && call.is(i, "nx") && !onlyExisting && !get) {
          onlyNew = true;
        } else if (set && call.is(i, "xx") && !onlyNew) {
          onlyExisting = true;
        } else if (set && call.is(i, "get") && !onlyNew) {
          get = true;
        } else if (set && call.is(i, "keepttl") && !time) {
          keepTtl = true;
        } else if (!set && call.is(i, "persist") && !time) {
          persist = true;
        } else if (isTime(call, i) && hasNext && !keepTtl && !persist && !conflicts(call, i)) {
          seconds = call.is(i, "ex") || call.is(i, "exat");
          absolute = call.is(i, "exat") || call.is(i, "pxat");
          timeAt = ++i;
        } else {
          throw CommandError.syntax();
        }
      }
    }

    private static boolean isTime(Call call, int index) {
      return call.is(index, "ex")
          || call.is(index, "px")
          || call.is(index, "exat")
          || call.is(index, "pxat");
    }

    /** Whether another unit of time was named before. */
    private boolean conflicts(Call call, int index) {
      return timeAt != 0
          && !ByteStrings.lowerCase(call.arg(index))
              .equals(ByteStrings.lowerCase(call.arg(timeAt - 1)));
    }

    /** Milliseconds since 1970, or {@link Value#NEVER} if no time is given. */
    private long expiresAt(Call call, String command) {
      return timeAt == 0
          ? Value.NEVER
          : expiryTime(call, timeAt, seconds ? 1000 : 1, absolute, command);
    }
  }

  private static long expiryTime(Call call, int index, int unit, boolean absolute, String command) {
    long time = call.integer(index);
    var invalid = new CommandError("ERR invalid expire time in " + command);
    if (time <= 0 || time > Long.MAX_VALUE / unit) {
      throw invalid;
    }
    long millis = time * unit;
    if (!absolute) {
      if (millis > Long.MAX_VALUE - call.now()) {
        throw invalid;
      }
      millis += call.now();
    }
    return millis;
  }

  private static Reply set(Call call) {
    var options = new Options(call, 3, true);
    long expiresAt = options.expiresAt(call, "set");
    byte[] key = call.arg(1);
    Value earlier = call.find(key);
    Reply old = options.get ? get(call, key) : Reply.OK;
    if (options.onlyNew && earlier != null || options.onlyExisting && earlier == null) {
      return Reply.NIL;
    }
    if (options.keepTtl && earlier != null) {
      expiresAt = earlier.expiresAt;
    }
    store(call, key, call.arg(2), expiresAt);
    return old;
  }

  private static void store(Call call, byte[] key, byte[] content, long expiresAt) {
    put(call, key, content, expiresAt);
    if (expiresAt == Value.NEVER) {
      call.log(SET, key, content);
    } else {
      call.log(SET, key, content, PXAT, ByteStrings.of(expiresAt));
    }
  }

  private static void put(Call call, byte[] key, byte[] content, long expiresAt) {
    var value = new StringValue(content);
    value.expiresAt = expiresAt;
    call.put(key, value);
  }

  /** Replaces the content and keeps the time of expiry. */
  static void replace(Call call, byte[] key, byte[] content) {
    Value earlier = call.find(key);
    put(call, key, content, earlier == null ? Value.NEVER : earlier.expiresAt);
    call.log(SET, key, content, KEEPTTL);
  }

  private static Reply setNx(Call call) {
    if (call.find(call.arg(1)) != null) {
      return Reply.ZERO;
    }
    store(call, call.arg(1), call.arg(2), Value.NEVER);
    return Reply.ONE;
  }

  private static Reply setEx(Call call, int unit) {
    String name = unit == 1000 ? "setex" : "psetex";
    store(call, call.arg(1), call.arg(3), expiryTime(call, 2, unit, false, name));
    return Reply.OK;
  }

  private static Reply getSet(Call call) {
    Reply old = get(call, call.arg(1));
    store(call, call.arg(1), call.arg(2), Value.NEVER);
    return old;
  }

  private static Reply getDel(Call call) {
    byte[] key = call.arg(1);
    Reply old = get(call, key);
    call.delete(key);
    return old;
  }

  private static Reply getEx(Call call) {
    var options = new Options(call, 2, false);
    byte[] key = call.arg(1);
    StringValue value = call.read(key, StringValue.class);
    if (value == null) {
      return Reply.NIL;
    }
    long expiresAt = options.expiresAt(call, "getex");
    Reply content = Reply.of(value.bytes());
    if (options.absolute && expiresAt <= call.now()) {
      call.delete(key);
    } else if (expiresAt != Value.NEVER) {
      call.database().expireAt(key, value, expiresAt);
      call.log(PEXPIREAT, key, ByteStrings.of(expiresAt));
    } else if (options.persist && value.expiresAt != Value.NEVER) {
      call.database().expireAt(key, value, Value.NEVER);
      call.log(PERSIST, key);
    }
    return content;
  }

  private static Reply mget(Call call) {
    List<Reply> values = new ArrayList<>(call.count() - 1);
    for (int i = 1; i < call.count(); i++) {
      @Nullable Value value = call.find(call.arg(i));
      values.add(value instanceof StringValue string ? Reply.of(string.bytes()) : Reply.NIL);
    }
    return Reply.of(values);
  }

  private static void checkPairs(Call call) {
    if (call.count() % 2 == 0) {
      throw new CommandError("ERR wrong number of arguments for MSET");
    }
  }

  private static Reply mset(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      put(call, call.arg(i), call.arg(i + 1), Value.NEVER);
    }
    call.changed();
    return Reply.OK;
  }

  private static Reply msetNx(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      if (call.find(call.arg(i)) != null) {
        return Reply.ZERO;
      }
    }
    for (int i = 1; i < call.count(); i += 2) {
      put(call, call.arg(i), call.arg(i + 1), Value.NEVER);
    }
    call.changed();
    return Reply.ONE;
  }

  private static Reply append(Call call) {
    byte[] key = call.arg(1);
    byte[] more = call.arg(2);
    StringValue value = call.write(key, StringValue.class);
    if (value == null) {
      call.put(key, new StringValue(more));
      call.changed();
      return Reply.of(more.length);
    }
    call.checkLength((long) value.length() + more.length);
    value.write(value.length(), more);
    call.changed();
    return Reply.of(value.length());
  }

  private static Reply strlen(Call call) {
    StringValue value = call.read(call.arg(1), StringValue.class);
    return Reply.of(value == null ? 0 : value.length());
  }

  private static Reply getRange(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    StringValue value = call.read(call.arg(1), StringValue.class);
    if (value == null || start < 0 && end < 0 && start > end) {
      return Reply.of(ByteStrings.EMPTY);
    }
    int length = value.length();
    start = Math.max(0, start < 0 ? start + length : start);
    end = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
    return start > end
        ? Reply.of(ByteStrings.EMPTY)
        : Reply.of(value.bytes((int) start, (int) end + 1));
  }

  private static Reply setRange(Call call) {
    byte[] key = call.arg(1);
    byte[] part = call.arg(3);
    long offset = call.integer(2);
    if (offset < 0) {
      throw new CommandError("ERR offset is out of range");
    }
    StringValue value = call.write(key, StringValue.class);
    if (part.length == 0) {
      return Reply.of(value == null ? 0 : value.length());
    }
    if (offset > Integer.MAX_VALUE) {
      call.checkLength(offset);
    }
    call.checkLength(offset + part.length);
    if (value == null) {
      value = call.put(key, new StringValue(ByteStrings.EMPTY));
    }
    value.write((int) offset, part);
    call.changed();
    return Reply.of(value.length());
  }
}
