package dev.rookery.keyspace;

import dev.rookery.keyspace.StreamValue.Id;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Streams without consumers: entries are added, read by range, trimmed and deleted. */
final class StreamCommands {
  private static final byte[] XADD = ByteStrings.of("XADD");
  private static final byte[] XTRIM = ByteStrings.of("XTRIM");
  private static final byte[] MAXLEN = ByteStrings.of("MAXLEN");
  private static final byte[] EXACTLY = ByteStrings.of("=");
  private static final String BAD_ID = "ERR Invalid stream ID specified as stream command argument";
  private static final int ID_TEXT_MAX = 127;

  private StreamCommands() {}

  static void register(CommandTable table) {
    table.grow("xadd", -5, StreamCommands::xadd);
    table.write("xtrim", -4, StreamCommands::xtrim);
    table.write("xdel", -3, StreamCommands::xdel);
    table.read("xlen", 2, StreamCommands::xlen);
    table.read("xrange", -4, call -> xrange(call, false));
    table.read("xrevrange", -4, call -> xrange(call, true));
  }

  /** Reads an id; without its second number, that is the given one. */
  private static Id id(byte[] bytes, long counterIfMissing) {
    String text = ByteStrings.text(bytes);
    int dash = text.indexOf('-');
    if (bytes.length > ID_TEXT_MAX) {
      throw new CommandError(BAD_ID);
    }
    if (dash < 0) {
      return new Id(unsigned(text), counterIfMissing);
    }
    return new Id(unsigned(text.substring(0, dash)), unsigned(text.substring(dash + 1)));
  }

  private static long unsigned(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      if (digits) {
        return Long.parseUnsignedLong(text);
      }
    } catch (NumberFormatException _) {
      // Too large, which the error below says too.
    }
    throw new CommandError(BAD_ID);
  }

  /** The options of {@code XADD} and {@code XTRIM}, which share how streams are trimmed. */
  private static final class Options {
    private OptionalLong maxLength = OptionalLong.empty();
    private @Nullable Id minId;
    private boolean approximate;
    private boolean limited;
    private long limit;
    private boolean noStream;
    private @Nullable Id id;
    private int next = 2;

    private Options(Call call, boolean adds) {
      for (; next < call.count(); next++) {
        boolean more = next + 1 < call.count();
        if (adds && call.is(next, "*")) {
          break;
        } else if (more && (call.is(next, "maxlen") || call.is(next, "minid"))) {
          readThreshold(call);
        } else if (more && call.is(next, "limit")) {
          limit = call.integer(++next);
          if (limit < 0) {
            throw new CommandError("ERR The LIMIT argument must be >= 0.");
          }
          limited = true;
        } else if (adds && call.is(next, "nomkstream")) {
          noStream = true;
        } else if (adds) {
          id = id(call.arg(next), 0);
          break;
        } else {
          throw CommandError.syntax();
        }
      }
      boolean trims = maxLength.isPresent() || minId != null;
      if (limit > 0 && !trims) {
        throw new CommandError(
            "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
      }
      if (!adds && !trims) {
        throw new CommandError("ERR syntax error, XTRIM must be called with a trimming strategy");
      }
      if (limited && !approximate) {
        throw new CommandError(
            "ERR syntax error, LIMIT cannot be used without the special ~ option");
      }
    }

    private void readThreshold(Call call) {
      if (maxLength.isPresent() || minId != null) {
        throw new CommandError(
            "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
      }
      boolean byLength = call.is(next++, "maxlen");
      boolean approximately = call.is(next, "~");
      if ((approximately || call.is(next, "=")) && next + 1 < call.count()) {
        approximate = approximately;
        next++;
      }
      if (!byLength) {
        minId = id(call.arg(next), 0);
        return;
      }
      maxLength = OptionalLong.of(call.integer(next));
      if (maxLength.getAsLong() < 0) {
        throw new CommandError("ERR The MAXLEN argument must be >= 0.");
      }
    }

    /** Removes the oldest entries and returns how many. */
    private int trim(StreamValue stream) {
      long atMost = approximate && limit > 0 ? limit : Long.MAX_VALUE;
      int removed = 0;
      while (removed < atMost && stream.size() > 0) {
        Id first = stream.entries().firstKey();
        boolean goes =
            minId != null
                ? first.compareTo(minId) < 0
                : maxLength.isPresent() && stream.size() > maxLength.getAsLong();
        if (!goes) {
          break;
        }
        stream.remove(first);
        removed++;
      }
      return removed;
    }
  }

  private static void logTrim(Call call, StreamValue stream) {
    call.log(XTRIM, call.arg(1), MAXLEN, EXACTLY, ByteStrings.of(stream.size()));
  }

  private static Reply xadd(Call call) {
    var options = new Options(call, true);
    int first = options.next + 1;
    int rest = call.count() - first;
    if (rest < 2 || rest % 2 == 1) {
      throw new CommandError("ERR wrong number of arguments for XADD");
    }
    if (Id.MIN.equals(options.id)) {
      throw new CommandError("ERR The ID specified in XADD must be greater than 0-0");
    }
    byte[] key = call.arg(1);
    StreamValue stream = call.write(key, StreamValue.class);
    if (stream == null && options.noStream) {
      return Reply.NIL;
    }
    Id last = stream == null ? Id.MIN : stream.lastId();
    if (last.equals(Id.MAX)) {
      throw new CommandError(
          "ERR The stream has exhausted the last possible ID, unable to add more items");
    }
    Id id = options.id == null ? nextId(last, call.now()) : options.id;
    if (id.compareTo(last) <= 0) {
      throw new CommandError(
          "ERR The ID specified in XADD is equal or smaller than the target stream top item");
    }
    if (stream == null) {
      stream = call.put(key, new StreamValue());
    }
    var fields = new ArrayList<byte[]>(rest);
    var change = new ArrayList<byte[]>(rest + 3);
    byte[] name = ByteStrings.of(id.toString());
    change.addAll(List.of(XADD, key, name));
    for (int i = first; i < call.count(); i++) {
      fields.add(call.arg(i));
      change.add(call.arg(i));
    }
    stream.add(id, fields);
    call.log(change);
    if (options.trim(stream) > 0) {
      logTrim(call, stream);
    }
    return Reply.of(name);
  }

  private static Id nextId(Id last, long now) {
    if (Long.compareUnsigned(last.millis(), now) < 0) {
      return new Id(now, 0);
    }
    return after(last);
  }

  private static Id after(Id id) {
    return id.counter() == -1 ? new Id(id.millis() + 1, 0) : new Id(id.millis(), id.counter() + 1);
  }

  private static Id before(Id id) {
    return id.counter() == 0 ? new Id(id.millis() - 1, -1) : new Id(id.millis(), id.counter() - 1);
  }

  private static Reply xtrim(Call call) {
    var options = new Options(call, false);
    StreamValue stream = call.write(call.arg(1), StreamValue.class);
    if (stream == null) {
      return Reply.ZERO;
    }
    int removed = options.trim(stream);
    if (removed > 0) {
      logTrim(call, stream);
    }
    return Reply.of(removed);
  }

  private static Reply xdel(Call call) {
    StreamValue stream = call.write(call.arg(1), StreamValue.class);
    if (stream == null) {
      return Reply.ZERO;
    }
    var ids = new ArrayList<Id>(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      ids.add(id(call.arg(i), 0));
    }
    long removed = ids.stream().filter(stream::remove).count();
    if (removed > 0) {
      call.changed();
    }
    return Reply.of(removed);
  }

  private static Reply xlen(Call call) {
    StreamValue stream = call.read(call.arg(1), StreamValue.class);
    return Reply.of(stream == null ? 0 : stream.size());
  }

  /** One end of a range: an id, {@code -}, {@code +}, or an id that the range leaves out. */
  private static Id bound(byte[] text, boolean start) {
    if (ByteStrings.is(text, "-")) {
      return Id.MIN;
    }
    if (ByteStrings.is(text, "+")) {
      return Id.MAX;
    }
    boolean exclusive = text.length > 1 && text[0] == '(';
    byte[] name = exclusive ? Arrays.copyOfRange(text, 1, text.length) : text;
    Id id = id(name, start ? 0 : -1);
    if (!exclusive) {
      return id;
    }
    if (id.equals(start ? Id.MAX : Id.MIN)) {
      throw new CommandError("ERR invalid " + (start ? "start" : "end") + " ID for the interval");
    }
    return start ? after(id) : before(id);
  }

  private static Reply xrange(Call call, boolean reverse) {
    Id from = bound(call.arg(reverse ? 3 : 2), true);
    Id to = bound(call.arg(reverse ? 2 : 3), false);
    long count = -1;
    for (int i = 4; i < call.count(); i += 2) {
      if (!call.is(i, "count") || i + 1 == call.count()) {
        throw CommandError.syntax();
      }
      count = Math.max(0, call.integer(i + 1));
    }
    StreamValue stream = call.read(call.arg(1), StreamValue.class);
    if (stream == null) {
      return Reply.EMPTY;
    }
    if (count == 0) {
      return Reply.NIL;
    }
    if (from.compareTo(to) > 0) {
      return Reply.EMPTY;
    }
    NavigableMap<Id, List<byte[]>> range = stream.entries().subMap(from, true, to, true);
    var replies = new ArrayList<Reply>();
    for (Map.Entry<Id, List<byte[]>> entry : (reverse ? range.descendingMap() : range).entrySet()) {
      List<Reply> fields = entry.getValue().stream().map(Reply::of).toList();
      replies.add(Reply.of(List.of(Reply.of(entry.getKey().toString()), Reply.of(fields))));
      if (replies.size() == count) {
        break;
      }
    }
    return Reply.of(replies);
  }
}
