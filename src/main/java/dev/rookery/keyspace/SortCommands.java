package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code SORT} of lists, sets and sorted sets by their own elements. */
final class SortCommands {

  /** More elements in one result with {@code GET} than that are refused. */
  private static final int REPEATED_MAX = 1 << 20;

  private SortCommands() {}

  static void register(CommandTable table) {
    table.grow("sort", -2, call -> sort(call, true));
    table.add("sort_ro", -2, Set.of(Flag.SINCE_7), 1, 1, 1, call -> sort(call, false));
  }

  private static final class Options {
    private boolean descending;
    private boolean alphabetic;
    private boolean unsorted;
    private int gets;
    private long offset;
    private long limit = -1;
    private byte @Nullable [] target;

    private Options(Call call, boolean mayStore) {
      for (int i = 2; i < call.count(); i++) {
        int rest = call.count() - i - 1;
        if (call.is(i, "asc")) {
          descending = false;
        } else if (call.is(i, "desc")) {
          descending = true;
        } else if (call.is(i, "alpha")) {
          alphabetic = true;
        } else if (call.is(i, "limit") && rest >= 2) {
          offset = call.integer(i + 1);
          limit = call.integer(i + 2);
          i += 2;
        } else if (mayStore && call.is(i, "store") && rest >= 1) {
          target = call.arg(++i);
        } else if (call.is(i, "by") && rest >= 1) {
          checkPattern(call.arg(++i));
          unsorted = true;
        } else if (call.is(i, "get") && rest >= 1) {
          if (!call.is(++i, "#")) {
            throw UnservedCommands.error("sort with GET");
          }
          gets++;
        } else {
          throw CommandError.syntax();
        }
      }
    }

    /** A pattern without a star means that the order of the elements stays. */
    private static void checkPattern(byte[] pattern) {
      for (byte character : pattern) {
        if (character == '*') {
          throw UnservedCommands.error("sort with BY");
        }
      }
    }
  }

  private static List<byte[]> elements(@Nullable Value value, boolean reverse) {
    return switch (value) {
      case null -> new ArrayList<>();
      case SetValue set -> set.members();
      case ListValue list -> {
        var items = new ArrayList<byte[]>(list.size());
        for (int i = 0; i < list.size(); i++) {
          items.add(list.get(i));
        }
        yield reverse ? new ArrayList<>(items.reversed()) : items;
      }
      case SortedSetValue sorted -> {
        var members = new ArrayList<byte[]>(sorted.size());
        sorted.order().range(0, sorted.size()).forEach(node -> members.add(node.member));
        yield reverse ? new ArrayList<>(members.reversed()) : members;
      }
      default -> throw new CommandError(CommandError.WRONG_TYPE);
    };
  }

  private static Reply sort(Call call, boolean mayStore) {
    var options = new Options(call, mayStore);
    Value value = call.find(call.arg(1));
    List<byte[]> elements = elements(value, options.unsorted && options.descending);
    int copies = Math.max(1, options.gets);
    int start = Math.clamp(options.offset, 0, elements.size());
    long rest = elements.size() - start;
    int count = (int) (options.limit < 0 ? rest : Math.min(options.limit, rest));
    long results = (long) count * copies;
    if (copies > 1 && results > REPEATED_MAX) {
      throw new CommandError("ERR value is out of range");
    }
    call.work(elements.size() * 16L + results);
    boolean setInUnknownOrder =
        options.unsorted
            && value instanceof SetValue
            && (options.target != null || call.context().fromScript());
    if (setInUnknownOrder || !options.unsorted) {
      sort(elements, options.alphabetic || setInUnknownOrder, options.descending);
    }
    List<byte[]> part = elements.subList(start, start + count);
    if (options.target == null) {
      var replies = new ArrayList<Reply>(part.size());
      part.forEach(
          element -> {
            for (int i = 0; i < copies; i++) {
              replies.add(Reply.of(element));
            }
          });
      return Reply.of(replies);
    }
    return store(call, options.target, part, copies);
  }

  private static void sort(List<byte[]> elements, boolean alphabetic, boolean descending) {
    Comparator<byte[]> order = Arrays::compareUnsigned;
    if (!alphabetic) {
      Map<byte[], Double> scores = new IdentityHashMap<>();
      elements.forEach(element -> scores.put(element, score(element)));
      order = Comparator.<byte[], Double>comparing(scores::get).thenComparing(order);
    }
    elements.sort(descending ? order.reversed() : order);
  }

  private static double score(byte[] element) {
    if (element.length == 0) {
      return 0;
    }
    double score =
        Numbers.real(
            Numbers.withoutSpacesBefore(element),
            "ERR One or more scores can't be converted into double");
    // Both zeros are equal here.
    return score == 0 ? 0 : score;
  }

  private static Reply store(Call call, byte[] target, List<byte[]> elements, int copies) {
    if (elements.isEmpty()) {
      call.delete(target);
      return Reply.ZERO;
    }
    var list = new ListValue();
    for (byte[] element : elements) {
      for (int i = 0; i < copies; i++) {
        list.addLast(element);
      }
    }
    call.put(target, list);
    call.changed();
    return Reply.of(list.size());
  }
}
