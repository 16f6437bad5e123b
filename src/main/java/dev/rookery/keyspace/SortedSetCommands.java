package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import dev.rookery.keyspace.ScoreTree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sorted sets: members with scores, one by one and from either end. */
final class SortedSetCommands {
  private static final byte[] ZREM = ByteStrings.of("ZREM");

  private SortedSetCommands() {}

  static void register(CommandTable table) {
    table.grow("zadd", -4, call -> zadd(call, new AddOptions(call, false)));
    table.grow("zincrby", 4, call -> zadd(call, new AddOptions(call, true)));
    table.write(
        "zrem",
        -3,
        call -> call.removeElements(ZREM, SortedSetValue.class, SortedSetValue::remove));
    table.read("zscore", 3, SortedSetCommands::zscore);
    table.read("zmscore", -3, SortedSetCommands::zmscore);
    table.read("zcard", 2, SortedSetCommands::zcard);
    table.read("zrank", 3, call -> zrank(call, false));
    table.read("zrevrank", 3, call -> zrank(call, true));
    table.write("zpopmin", -2, call -> zpop(call, false));
    table.write("zpopmax", -2, call -> zpop(call, true));
    table.read("zrandmember", -2, SortedSetCommands::zrandMember);
    table.add("zmpop", -4, Set.of(Flag.WRITE, Flag.SINCE_7), 0, 0, 0, SortedSetCommands::zmpop);
  }

  static Reply score(double score) {
    return Reply.of(Numbers.print(score));
  }

  /** The options of {@code ZADD}. {@code ZINCRBY} reads them too and has one of them always. */
  private static final class AddOptions {
    private final boolean onlyNew;
    private final boolean onlyExisting;
    private final boolean onlyGreater;
    private final boolean onlyLess;
    private final boolean countsChanged;
    private final boolean increments;
    private final int first;

    private AddOptions(Call call, boolean alwaysIncrements) {
      var given = new HashSet<String>();
      int i = 2;
      for (; i < call.count(); i++) {
        String option = ByteStrings.lowerCase(call.arg(i));
        if (!Set.of("nx", "xx", "ch", "incr", "gt", "lt").contains(option)) {
          break;
        }
        given.add(option);
      }
      onlyNew = given.contains("nx");
      onlyExisting = given.contains("xx");
      onlyGreater = given.contains("gt");
      onlyLess = given.contains("lt");
      countsChanged = given.contains("ch");
      increments = alwaysIncrements || given.contains("incr");
      first = i;
      int rest = call.count() - first;
      if (rest == 0 || rest % 2 == 1) {
        throw CommandError.syntax();
      }
      if (onlyNew && onlyExisting) {
        throw new CommandError("ERR XX and NX options at the same time are not compatible");
      }
      if (onlyGreater && (onlyNew || onlyLess) || onlyLess && onlyNew) {
        throw new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
      }
      if (increments && rest > 2) {
        throw new CommandError("ERR INCR option supports a single increment-element pair");
      }
    }

    /** The score that a member gets, or null if it stays as it is. */
    private @Nullable Double newScore(@Nullable Double old, double given) {
      if (old == null) {
        return onlyExisting ? null : given;
      }
      double score = increments ? old + given : given;
      if (onlyNew) {
        return null;
      }
      if (Double.isNaN(score)) {
        throw new CommandError("ERR resulting score is not a number (NaN)");
      }
      return onlyLess && score >= old || onlyGreater && score <= old ? null : score;
    }
  }

  private static Reply zadd(Call call, AddOptions options) {
    byte[] key = call.arg(1);
    var scores = new double[(call.count() - options.first) / 2];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = call.real(options.first + 2 * i);
    }
    SortedSetValue set = call.write(key, SortedSetValue.class);
    if (set == null) {
      if (options.onlyExisting) {
        return options.increments ? Reply.NIL : Reply.ZERO;
      }
      set = call.put(key, new SortedSetValue());
    }
    int added = 0;
    int changed = 0;
    Double result = null;
    for (int i = 0; i < scores.length; i++) {
      byte[] member = call.arg(options.first + 2 * i + 1);
      Double old = set.score(member);
      result = options.newScore(old, scores[i]);
      if (result == null) {
        continue;
      }
      if (old == null) {
        added++;
        set.put(member, result);
      } else if (old.doubleValue() != result) {
        changed++;
        set.put(member, result);
      }
    }
    if (added + changed > 0) {
      call.changed();
    }
    if (options.increments) {
      return result == null ? Reply.NIL : score(result);
    }
    return Reply.of(options.countsChanged ? added + changed : added);
  }

  private static Reply score(@Nullable SortedSetValue set, byte[] member) {
    Double score = set == null ? null : set.score(member);
    return score == null ? Reply.NIL : score((double) score);
  }

  private static Reply zscore(Call call) {
    return score(call.read(call.arg(1), SortedSetValue.class), call.arg(2));
  }

  private static Reply zmscore(Call call) {
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    var scores = new ArrayList<Reply>(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      scores.add(score(set, call.arg(i)));
    }
    return Reply.of(scores);
  }

  private static Reply zcard(Call call) {
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    return Reply.of(set == null ? 0 : set.size());
  }

  private static Reply zrank(Call call, boolean reverse) {
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    Node node = set == null ? null : set.table().get(call.arg(2));
    if (set == null || node == null) {
      return Reply.NIL;
    }
    int rank = set.order().rank(node);
    return Reply.of(reverse ? set.size() - 1 - rank : rank);
  }

  private static Reply zpop(Call call, boolean max) {
    if (call.count() > 3) {
      throw CommandError.syntax();
    }
    long count = call.count() == 3 ? call.integer(2) : 1;
    if (count <= 0) {
      return Reply.EMPTY;
    }
    byte[] key = call.arg(1);
    SortedSetValue set = call.write(key, SortedSetValue.class);
    if (set == null) {
      return Reply.EMPTY;
    }
    var replies = new ArrayList<Reply>();
    for (Node node : take(call, key, set, max, count)) {
      replies.add(Reply.of(node.member));
      replies.add(score(node.score));
    }
    return Reply.of(replies);
  }

  /** Takes members off one end, removes the key with the last and reports the change. */
  private static List<Node> take(
      Call call, byte[] key, SortedSetValue set, boolean max, long count) {
    int size = set.size();
    int taken = (int) Math.min(count, size);
    List<Node> nodes =
        max ? set.order().range(size - taken, size).reversed() : set.order().range(0, taken);
    var change = new ArrayList<byte[]>(List.of(ZREM, key));
    for (Node node : nodes) {
      change.add(node.member);
    }
    List<byte[]> members = change.subList(2, change.size());
    call.checkTaken(members);
    members.forEach(set::remove);
    call.removeIfEmpty(key, set);
    call.log(change);
    return nodes;
  }

  private static Reply zmpop(Call call) {
    int keys = KeyCounts.keys(call, 1, 1);
    int where = keys + 2;
    boolean max = call.is(where, "max");
    if (!max && !call.is(where, "min")) {
      throw CommandError.syntax();
    }
    long count = KeyCounts.count(call, where + 1);
    for (int i = 2; i < where; i++) {
      byte[] key = call.arg(i);
      SortedSetValue set = call.write(key, SortedSetValue.class);
      if (set != null) {
        var popped = new ArrayList<Reply>();
        for (Node node : take(call, key, set, max, count)) {
          popped.add(Reply.of(List.of(Reply.of(node.member), score(node.score))));
        }
        return Reply.of(List.of(Reply.of(key), Reply.of(popped)));
      }
    }
    return Reply.NIL;
  }

  private static Reply zrandMember(Call call) {
    if (call.count() == 2) {
      SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
      return set == null
          ? Reply.NIL
          : Reply.of(set.table().keyAt(set.table().randomPosition(call.random())));
    }
    long count = RandomPositions.count(call, 2);
    if (call.count() > 4 || call.count() == 4 && !call.is(3, "withscores")) {
      throw CommandError.syntax();
    }
    boolean withScores = call.count() == 4;
    RandomPositions.checkDoubled(count, withScores);
    SortedSetValue set = call.read(call.arg(1), SortedSetValue.class);
    if (set == null) {
      return Reply.EMPTY;
    }
    var replies = new ArrayList<Reply>();
    for (int position : RandomPositions.choose(set.table(), count, call.random())) {
      replies.add(Reply.of(set.table().keyAt(position)));
      if (withScores) {
        replies.add(score(set.table().valueAt(position).score));
      }
    }
    return Reply.of(replies);
  }
}
