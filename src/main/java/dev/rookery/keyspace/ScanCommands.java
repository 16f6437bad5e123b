package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code SCAN} and its kind. A cursor is the number of the next entry in the order of insertion,
 * which entries keep for life; so what is there throughout is met exactly once.
 */
final class ScanCommands {
  /** Collections up to this size come in one reply, as small ones do in Redis. */
  private static final int SMALL = 512;

  private ScanCommands() {}

  static void register(CommandTable table) {
    table.add("scan", -2, Set.of(), 0, 0, 0, ScanCommands::scan);
    table.read("sscan", -3, ScanCommands::sscan);
    table.read("hscan", -3, ScanCommands::hscan);
    table.read("zscan", -3, ScanCommands::zscan);
  }

  /** Adds an entry to the reply. */
  private interface Emitter {
    void emit(List<Reply> replies, int position);
  }

  private static final class Options {
    private final long cursor;
    private long count = 10;
    private byte @Nullable [] pattern;
    private @Nullable String type;

    private Options(Call call, int index) {
      cursor = cursor(call.arg(index));
    }

    private void read(Call call, int from, boolean typed) {
      for (int i = from; i < call.count(); i += 2) {
        boolean more = i + 1 < call.count();
        if (more && call.is(i, "count")) {
          count = call.integer(i + 1);
          if (count < 1) {
            throw CommandError.syntax();
          }
        } else if (more && call.is(i, "match")) {
          pattern = call.arg(i + 1);
        } else if (more && typed && call.is(i, "type")) {
          type = ByteStrings.lowerCase(call.arg(i + 1));
        } else {
          throw CommandError.syntax();
        }
      }
    }
  }

  /** A cursor as {@code strtoul} reads it. One that was never given begins anew. */
  private static long cursor(byte[] text) {
    String digits = ByteStrings.text(text);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    try {
      if (digits.chars().allMatch(c -> c >= '0' && c <= '9')
          && digits.isEmpty() == (text.length == 0)) {
        long cursor = digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
        return Math.max(0, negative ? -cursor : cursor);
      }
    } catch (NumberFormatException _) {
      // Too large, which the error below says too.
    }
    throw new CommandError("ERR invalid cursor");
  }

  private static Reply scan(Call call, OrderedTable<?> table, Options options, Emitter emitter) {
    long count = Math.max(options.count, table.size() <= SMALL ? SMALL : 0);
    call.work(Math.min(count, table.size()));
    var found = new ArrayList<Reply>();
    long next = 0;
    int position = table.positionOf(options.cursor);
    for (; position < table.positions(); position++) {
      byte[] key = table.keyAt(position);
      if (key == null) {
        continue;
      }
      if (count-- == 0) {
        next = table.sequenceAt(position);
        break;
      }
      if (options.pattern == null || Glob.matches(options.pattern, key, call::work)) {
        emitter.emit(found, position);
      }
    }
    return Reply.of(List.of(Reply.of(ByteStrings.of(next)), Reply.of(found)));
  }

  private static Reply scan(Call call) {
    var options = new Options(call, 1);
    options.read(call, 2, true);
    OrderedTable<Value> keys = call.database().keys();
    long now = call.now();
    return scan(
        call,
        keys,
        options,
        (found, position) -> {
          Value value = keys.valueAt(position);
          boolean wanted = options.type == null || options.type.equals(value.type());
          if (wanted && !call.database().isExpired(value, now)) {
            found.add(Reply.of(keys.keyAt(position)));
          }
        });
  }

  private static Reply empty() {
    return Reply.of(List.of(Reply.of("0"), Reply.EMPTY));
  }

  private static Reply sscan(Call call) {
    var options = new Options(call, 2);
    SetValue set = call.read(call.arg(1), SetValue.class);
    if (set == null) {
      return empty();
    }
    options.read(call, 3, false);
    OrderedTable<?> members = set.table();
    return scan(
        call, members, options, (found, position) -> found.add(Reply.of(members.keyAt(position))));
  }

  private static Reply hscan(Call call) {
    var options = new Options(call, 2);
    HashValue hash = call.read(call.arg(1), HashValue.class);
    if (hash == null) {
      return empty();
    }
    options.read(call, 3, false);
    OrderedTable<byte[]> fields = hash.fields();
    return scan(
        call,
        fields,
        options,
        (found, position) -> {
          found.add(Reply.of(fields.keyAt(position)));
          found.add(Reply.of(fields.valueAt(position)));
        });
  }

  private static Reply zscan(Call call) {
    var options = new Options(call, 2);
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    if (set == null) {
      return empty();
    }
    options.read(call, 3, false);
    OrderedTable<ScoreTree.Node> members = set.table();
    return scan(
        call,
        members,
        options,
        (found, position) -> {
          found.add(Reply.of(members.keyAt(position)));
          found.add(SortedSetCommands.score(members.valueAt(position).score));
        });
  }
}
