package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import dev.rookery.keyspace.ScoreTree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ranges of sorted sets by rank, score and name. */
final class SortedSetRangeCommands {
  private enum By {
    RANK,
    SCORE,
    NAME
  }

  private SortedSetRangeCommands() {}

  static void register(CommandTable table) {
    table.read("zrange", -4, call -> reply(call, new Query(call, 1, null, null)));
    table.add(
        "zrangestore",
        -5,
        Set.of(Flag.WRITE, Flag.GROWS),
        1,
        2,
        1,
        SortedSetRangeCommands::zrangeStore);
    query(table, "zrevrange", By.RANK, true);
    query(table, "zrangebyscore", By.SCORE, false);
    query(table, "zrevrangebyscore", By.SCORE, true);
    query(table, "zrangebylex", By.NAME, false);
    query(table, "zrevrangebylex", By.NAME, true);
    table.read("zcount", 4, call -> count(call, range(call, 2, By.SCORE, false)));
    table.read("zlexcount", 4, call -> count(call, range(call, 2, By.NAME, false)));
    table.write("zremrangebyrank", 4, call -> remove(call, range(call, 2, By.RANK, false)));
    table.write("zremrangebyscore", 4, call -> remove(call, range(call, 2, By.SCORE, false)));
    table.write("zremrangebylex", 4, call -> remove(call, range(call, 2, By.NAME, false)));
  }

  private static void query(CommandTable table, String name, By by, boolean reverse) {
    table.read(name, -4, call -> reply(call, new Query(call, 1, by, reverse)));
  }

  private static SortedSetRange range(Call call, int index, By by, boolean reverse) {
    byte[] min = call.arg(reverse ? index + 1 : index);
    byte[] max = call.arg(reverse ? index : index + 1);
    return switch (by) {
      case RANK -> SortedSetRange.byRank(call, index, reverse);
      case SCORE -> SortedSetRange.byScore(min, max);
      case NAME -> SortedSetRange.byName(min, max);
    };
  }

  /** What is asked of a sorted set: a range, its direction and a part of it. */
  private static final class Query {
    private final byte[] key;
    private final SortedSetRange range;
    private final boolean reverse;
    private boolean withScores;
    private long offset;
    private long limit = -1;

    /** Reads the key at an index, and options after the range. Null is what an option decides. */
    private Query(Call call, int index, @Nullable By fixedBy, @Nullable Boolean fixedReverse) {
      By by = fixedBy;
      Boolean backwards = fixedReverse;
      boolean stores = index == 2;
      for (int i = index + 3; i < call.count(); i++) {
        if (!stores && call.is(i, "withscores")) {
          withScores = true;
        } else if (call.is(i, "limit") && i + 2 < call.count()) {
          offset = call.integer(i + 1);
          limit = call.integer(i + 2);
          i += 2;
        } else if (backwards == null && call.is(i, "rev")) {
          backwards = true;
        } else if (by == null && call.is(i, "bylex")) {
          by = By.NAME;
        } else if (by == null && call.is(i, "byscore")) {
          by = By.SCORE;
        } else {
          throw CommandError.syntax();
        }
      }
      if (by == null) {
        by = By.RANK;
      }
      if (by == By.RANK) {
        offset = 0;
      }
      if (limit != -1 && by == By.RANK) {
        throw new CommandError(
            "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or"
                + " BYLEX");
      }
      if (withScores && by == By.NAME) {
        throw new CommandError(
            "ERR syntax error, WITHSCORES not supported in combination with BYLEX");
      }
      key = call.arg(index);
      reverse = backwards != null && backwards;
      range = range(call, index + 1, by, reverse);
    }

    private List<Node> nodes(SortedSetValue set) {
      int from = range.from(set);
      int to = range.to(set);
      if (from >= to || offset < 0 || offset >= to - from) {
        return List.of();
      }
      int count = (int) (to - from - offset);
      if (limit >= 0) {
        count = (int) Math.min(count, limit);
      }
      if (reverse) {
        int end = (int) (to - offset);
        return set.order().range(end - count, end).reversed();
      }
      int start = (int) (from + offset);
      return set.order().range(start, start + count);
    }
  }

  private static Reply reply(Call call, Query query) {
    SortedSetValue set = call.read(query.key, SortedSetValue.class);
    if (set == null) {
      return Reply.EMPTY;
    }
    return replies(query.nodes(set), query.withScores);
  }

  static Reply replies(List<Node> nodes, boolean withScores) {
    var replies = new ArrayList<Reply>(nodes.size() * (withScores ? 2 : 1));
    for (Node node : nodes) {
      replies.add(Reply.of(node.member));
      if (withScores) {
        replies.add(SortedSetCommands.score(node.score));
      }
    }
    return Reply.of(replies);
  }

  private static Reply zrangeStore(Call call) {
    var query = new Query(call, 2, null, null);
    SortedSetValue set = call.read(query.key, SortedSetValue.class);
    var result = new SortedSetValue();
    if (set != null) {
      query
          .nodes(set)
          .forEach(
              node -> {
                call.work(1);
                result.put(node.member, node.score);
              });
    }
    return store(call, result);
  }

  /** Puts a result under the first argument; an empty one deletes the key. */
  static Reply store(Call call, SortedSetValue result) {
    byte[] target = call.arg(1);
    if (result.isEmpty()) {
      call.delete(target);
    } else {
      call.put(target, result);
      call.changed();
    }
    return Reply.of(result.size());
  }

  private static Reply count(Call call, SortedSetRange range) {
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    return Reply.of(set == null ? 0 : Math.max(0, range.to(set) - range.from(set)));
  }

  private static Reply remove(Call call, SortedSetRange range) {
    byte[] key = call.arg(1);
    SortedSetValue set = call.write(key, SortedSetValue.class);
    if (set == null) {
      return Reply.ZERO;
    }
    List<Node> nodes = set.order().range(range.from(set), range.to(set));
    if (!nodes.isEmpty()) {
      nodes.forEach(node -> set.remove(node.member));
      call.removeIfEmpty(key, set);
      call.changed();
    }
    return Reply.of(nodes.size());
  }
}
