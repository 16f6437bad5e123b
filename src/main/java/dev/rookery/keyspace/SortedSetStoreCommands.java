package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/** What can be made of several sorted sets; plain sets count as sorted sets with scores of 1. */
final class SortedSetStoreCommands {
  private enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  private enum Aggregate {
    SUM,
    MIN,
    MAX;

    private double apply(double first, double second) {
      double result =
          switch (this) {
            case SUM -> first + second;
            case MIN -> second < first ? second : first;
            case MAX -> second > first ? second : first;
          };
      return Double.isNaN(result) ? 0 : result;
    }
  }

  /** One of the sets, which may be missing, with the factor of its scores. */
  private static final class Source {
    private final @Nullable Value value;
    private double weight = 1;

    private Source(@Nullable Value value) {
      this.value = value;
    }

    private int size() {
      return switch (value) {
        case SortedSetValue sorted -> sorted.size();
        case SetValue set -> set.size();
        case null, default -> 0;
      };
    }

    /** Not a number for an infinite score with a weight of 0: Redis makes 0 of the sum then. */
    private @Nullable Double score(byte[] member) {
      Double score =
          switch (value) {
            case SortedSetValue sorted -> sorted.score(member);
            case SetValue set -> set.contains(member) ? Double.valueOf(1) : null;
            case null, default -> null;
          };
      return score == null ? null : weight * score;
    }

    private double weighted(double score) {
      double weighted = weight * score;
      return Double.isNaN(weighted) ? 0 : weighted;
    }

    private void forEach(ObjDoubleConsumer<byte[]> action) {
      switch (value) {
        case SortedSetValue sorted ->
            sorted
                .order()
                .range(0, sorted.size())
                .forEach(node -> action.accept(node.member, weighted(node.score)));
        case SetValue set -> set.members().forEach(member -> action.accept(member, weighted(1)));
        case null, default -> {
          // Nothing to go through.
        }
      }
    }
  }

  private SortedSetStoreCommands() {}

  static void register(CommandTable table) {
    combination(table, "zunion", Operation.UNION);
    combination(table, "zinter", Operation.INTERSECTION);
    combination(table, "zdiff", Operation.DIFFERENCE);
    table.add("zintercard", -3, Set.of(Flag.SINCE_7), 0, 0, 0, SortedSetStoreCommands::interCard);
  }

  private static void combination(CommandTable table, String name, Operation operation) {
    table.add(name, -3, Set.of(), 0, 0, 0, call -> combine(call, 1, name, operation));
    table.add(
        name + "store",
        -4,
        Set.of(Flag.WRITE, Flag.GROWS),
        1,
        1,
        1,
        call -> combine(call, 2, name + "store", operation));
  }

  private static Source source(Call call, int index) {
    Value value = call.find(call.arg(index));
    return switch (value) {
      case SortedSetValue _, SetValue _ -> new Source(value);
      case null -> new Source(null);
      default -> throw new CommandError(CommandError.WRONG_TYPE);
    };
  }

  private static Reply combine(Call call, int index, String name, Operation operation) {
    boolean stores = index == 2;
    long keys = call.integer(index);
    if (keys < 1) {
      throw new CommandError("ERR at least 1 input key is needed for " + name);
    }
    if (keys > call.count() - index - 1) {
      throw CommandError.syntax();
    }
    var sources = new ArrayList<Source>();
    for (int i = index + 1; i <= index + keys; i++) {
      sources.add(source(call, i));
    }
    var aggregate = Aggregate.SUM;
    boolean withScores = false;
    boolean weighs = operation != Operation.DIFFERENCE;
    int i = index + 1 + sources.size();
    while (i < call.count()) {
      int rest = call.count() - i;
      if (weighs && rest > sources.size() && call.is(i, "weights")) {
        for (Source source : sources) {
          source.weight = Numbers.real(call.arg(++i), "ERR weight value is not a float");
        }
        i++;
      } else if (weighs && rest >= 2 && call.is(i, "aggregate")) {
        aggregate = aggregate(call, i + 1);
        i += 2;
      } else if (!stores && call.is(i, "withscores")) {
        withScores = true;
        i++;
      } else {
        throw CommandError.syntax();
      }
    }
    SortedSetValue result = combine(call, sources, operation, aggregate);
    return stores
        ? SortedSetRangeCommands.store(call, result)
        : SortedSetRangeCommands.replies(result.order().range(0, result.size()), withScores);
  }

  private static Aggregate aggregate(Call call, int index) {
    if (call.is(index, "sum")) {
      return Aggregate.SUM;
    }
    if (call.is(index, "min")) {
      return Aggregate.MIN;
    }
    if (call.is(index, "max")) {
      return Aggregate.MAX;
    }
    throw CommandError.syntax();
  }

  private static SortedSetValue combine(
      Call call, List<Source> sources, Operation operation, Aggregate aggregate) {
    var result = new SortedSetValue();
    if (operation == Operation.DIFFERENCE) {
      List<Source> others = sources.subList(1, sources.size());
      sources
          .getFirst()
          .forEach(
              (member, score) -> {
                call.work(sources.size());
                if (others.stream().allMatch(other -> other.score(member) == null)) {
                  result.put(member, score);
                }
              });
      return result;
    }
    // The order in which floating-point scores are summed is Redis's: smaller sets first.
    sources.sort(Comparator.comparingInt(Source::size));
    if (operation == Operation.UNION) {
      for (Source source : sources) {
        call.work(source.size());
        source.forEach(
            (member, score) -> {
              Double sum = result.score(member);
              result.put(member, sum == null ? score : aggregate.apply(sum, score));
            });
      }
      return result;
    }
    sources
        .getFirst()
        .forEach(
            (member, score) -> {
              call.work(sources.size());
              double sum = score;
              for (Source other : sources.subList(1, sources.size())) {
                Double more = other.score(member);
                if (more == null) {
                  return;
                }
                sum = aggregate.apply(sum, more);
              }
              result.put(member, sum);
            });
    return result;
  }

  private static Reply interCard(Call call) {
    int keys = KeyCounts.keys(call, 1, 0);
    long limit = KeyCounts.limit(call, keys + 2);
    var sources = new ArrayList<Source>();
    for (int i = 2; i < keys + 2; i++) {
      sources.add(source(call, i));
    }
    int size = combine(call, sources, Operation.INTERSECTION, Aggregate.SUM).size();
    return Reply.of(limit == 0 ? size : Math.min(limit, size));
  }
}
