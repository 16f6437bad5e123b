package dev.rookery.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.keyspace.KeyspaceContent.Order;
import dev.rookery.testkit.RespClient;
import dev.rookery.testkit.TestRedis;
import dev.rookery.testkit.TestSeed;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same random commands give the same replies as a real Redis. */
final class KeyspaceRedisIT {
  private static final int ROUNDS = 60;
  private static final int COMMANDS_PER_ROUND = 1_000;
  private static final int BATCH = 50;
  private static final long NOW_MICROS = 1_800_000_000_000_000L;

  /** Their effect depends on chance or on the clock, so Redis gets what was reported as changed. */
  private static final Set<String> INEXACT =
      Set.of("spop", "expire", "pexpire", "setex", "psetex", "getex");

  private static final Set<String> RANDOM =
      Set.of("srandmember", "hrandfield", "zrandmember", "randomkey");

  private static final Map<String, Order> ORDERS =
      Map.ofEntries(
          Map.entry("smembers", Order.ANY),
          Map.entry("sunion", Order.ANY),
          Map.entry("sinter", Order.ANY),
          Map.entry("sdiff", Order.ANY),
          Map.entry("keys", Order.ANY),
          Map.entry("hkeys", Order.ANY),
          Map.entry("hvals", Order.ANY),
          Map.entry("hgetall", Order.PAIRS_IN_ANY_ORDER),
          Map.entry("scan", Order.SCAN),
          Map.entry("sscan", Order.SCAN),
          Map.entry("hscan", Order.SCAN_OF_PAIRS),
          Map.entry("zscan", Order.SCAN_OF_PAIRS));

  private final List<byte[][]> log = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private Keyspace keyspace = newKeyspace();

  private Keyspace newKeyspace() {
    log.clear();
    return new Keyspace(
        new KeyspaceLimits(0, 512 << 20, 1000), new Random(1), command -> log.add(command.clone()));
  }

  /** A command with our reply; what Redis is sent instead, and which reply counts. */
  private record Step(String[] command, Reply reply, List<byte[][]> sent, boolean compared) {}

  @Test
  void givesTheRepliesOfRedis() {
    long seed = TestSeed.of("KeyspaceRedisIT");
    var random = new Random(seed);
    try (TestRedis server = TestRedis.start();
        RespClient redis = new RespClient(server.port())) {
      var commands = new RandomCommands(random);
      for (int round = 0; round < ROUNDS; round++) {
        redis.send("FLUSHALL");
        keyspace = newKeyspace();
        history.clear();
        int before = differences.size();
        for (int i = 0; i < COMMANDS_PER_ROUND && differences.size() == before; i += BATCH) {
          runBatch(commands, redis);
        }
        if (differences.size() == before) {
          checkContent(redis);
        }
      }
    }
    assertThat(differences).as("seed %d", seed).isEmpty();
  }

  private void runBatch(RandomCommands commands, RespClient redis) {
    var steps = new ArrayList<Step>();
    var sent = new ArrayList<byte[][]>();
    for (int i = 0; i < BATCH; i++) {
      Step step = step(commands.next());
      steps.add(step);
      sent.addAll(step.sent);
    }
    List<Reply> replies;
    try {
      replies = redis.send(sent);
    } catch (UncheckedIOException failure) {
      String batch = String.join("\n", sent.stream().map(KeyspaceContent::text).toList());
      throw new AssertionError("Redis ended within\n" + batch, failure);
    }
    int next = 0;
    for (Step step : steps) {
      Reply last = Reply.NIL;
      for (int i = 0; i < step.sent.size(); i++) {
        last = replies.get(next++);
      }
      if (step.compared) {
        compare(step, last);
      }
    }
  }

  /** The latest commands on the keys of one that went wrong. */
  private String history(String[] command) {
    Set<String> keys = new HashSet<>(List.of(command));
    keys.removeIf(word -> !word.matches("[a-z][0-2]"));
    List<String> related =
        history.stream()
            .filter(line -> keys.stream().anyMatch(key -> line.contains('"' + key + '"')))
            .toList();
    return String.join("\n    ", related.subList(Math.max(0, related.size() - 12), related.size()));
  }

  private Step step(String[] given) {
    String[] words = hasUnspecifiedOrder(given) ? new String[] {"ping"} : given;
    byte[][] command = KeyspaceContent.command(words);
    int before = log.size();
    Reply reply = execute(keyspace, command);
    history.add(KeyspaceContent.text(command) + " -> " + KeyspaceContent.text(reply));
    boolean timed =
        words[0].equals("set") && List.of(words).stream().anyMatch(Set.of("ex", "px")::contains);
    boolean ownId = words[0].equals("xadd") && List.of(words).contains("*");
    boolean changed = log.size() > before;
    boolean inexact = (INEXACT.contains(words[0]) || timed || ownId) && changed;
    boolean random = RANDOM.contains(words[0]) && !(reply instanceof Reply.Error);
    boolean ttl = Set.of("ttl", "pttl").contains(words[0]) && isTime(reply);
    boolean unordered =
        words[0].equals("sort")
            && List.of(words).contains("nosort")
            && text("type", words[1]).equals("+set");
    List<byte[][]> sent =
        inexact ? List.copyOf(log.subList(before, log.size())) : List.<byte[][]>of(command);
    return new Step(words, reply, sent, !inexact && !random && !ttl && !unordered);
  }

  /** Whether it asks for a range of names although scores differ, which Redis does not define. */
  private boolean hasUnspecifiedOrder(String[] words) {
    boolean byName = words[0].contains("lex") || List.of(words).contains("bylex");
    return byName
        && words.length > 1
        && text("type", words[1]).equals("+zset")
        && execute(keyspace, KeyspaceContent.command("zrange", words[1], "0", "-1", "withscores"))
            instanceof Reply.Array(List<Reply> items)
        && !KeyspaceContent.text(items.get(1)).equals(KeyspaceContent.text(items.getLast()));
  }

  private String text(String... command) {
    return KeyspaceContent.text(execute(keyspace, KeyspaceContent.command(command)));
  }

  private static boolean isTime(Reply reply) {
    return reply instanceof Reply.Int number && number.value() > 0;
  }

  private static Reply execute(Keyspace keyspace, byte[][] command) {
    return keyspace.execute(command, new TestCall(NOW_MICROS));
  }

  private void compare(Step step, Reply expected) {
    Order order = ORDERS.getOrDefault(step.command[0], Order.AS_IS);
    String ours = KeyspaceContent.text(step.reply, order);
    String theirs = KeyspaceContent.text(expected, order);
    // Redis 6.2 takes an earlier command's number out of range for one of its own.
    boolean staleError = step.command[0].equals("sort") && theirs.contains("into double");
    if (!ours.equals(theirs) && !staleError && differences.size() < 60) {
      differences.add(
          "\n"
              + KeyspaceContent.text(KeyspaceContent.command(step.command))
              + "\n  ours  "
              + ours
              + "\n  redis "
              + theirs
              + "\n  after\n    "
              + history(step.command));
    }
  }

  /** The log and the snapshot repeat the content, which is the content of Redis. */
  private void checkContent(RespClient redis) {
    Map<String, String> content = KeyspaceContent.of(command -> execute(keyspace, command));
    Map<String, String> theirs =
        KeyspaceContent.of(command -> redis.send(List.<byte[][]>of(command)).getFirst());
    if (!content.equals(theirs)) {
      differences.add("Content\n  ours  " + content + "\n  redis " + theirs);
    }
    Map<String, String> times = times(keyspace);
    var chunks = new ArrayList<byte[]>();
    SnapshotWriter writer = keyspace.snapshot(200);
    for (byte[] chunk = writer.next(); chunk != null; chunk = writer.next()) {
      chunks.add(chunk);
    }
    List<byte[][]> changes = List.copyOf(log);
    var replayed = newKeyspace();
    changes.forEach(replayed::apply);
    assertThat(KeyspaceContent.of(command -> execute(replayed, command))).isEqualTo(content);
    assertThat(times(replayed)).isEqualTo(times);
    var loaded = newKeyspace();
    loaded.load(chunks);
    assertThat(KeyspaceContent.of(command -> execute(loaded, command))).isEqualTo(content);
    assertThat(times(loaded)).isEqualTo(times);
    assertThat(loaded.memory()).isPositive();
  }

  private static Map<String, String> times(Keyspace keyspace) {
    var times = new TreeMap<String, String>();
    KeyspaceContent.of(command -> execute(keyspace, command))
        .keySet()
        .forEach(
            key ->
                times.put(
                    key,
                    KeyspaceContent.text(
                        execute(keyspace, KeyspaceContent.command("PEXPIRETIME", key)))));
    return times;
  }
}
