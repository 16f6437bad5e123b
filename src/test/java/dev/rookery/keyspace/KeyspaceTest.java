package dev.rookery.keyspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeyspaceTest {
  private static final long NOW_MILLIS = 1_800_000_000_000L;

  private final List<String> log = new ArrayList<>();
  private Keyspace keyspace = newKeyspace(KeyspaceLimits.DEFAULT);
  private long nowMillis = NOW_MILLIS;

  private Keyspace newKeyspace(KeyspaceLimits limits) {
    return new Keyspace(
        limits, new Random(7), command -> log.add(KeyspaceContent.text(command).replace("\"", "")));
  }

  private Reply run(String command) {
    return run(keyspace, command);
  }

  private Reply run(Keyspace target, String command) {
    return target.execute(
        KeyspaceContent.command(command.split(" ")), new TestCall(nowMillis * 1000));
  }

  private String text(String command) {
    return KeyspaceContent.text(run(command));
  }

  private Map<String, String> content(Keyspace target) {
    return KeyspaceContent.of(command -> target.execute(command, new TestCall(nowMillis * 1000)));
  }

  @Test
  void deletesAnExpiredKeyWhenItIsAskedFor() {
    run("SET k v PX 100");
    nowMillis += 99;
    assertThat(text("GET k")).isEqualTo("\"v\"");
    nowMillis += 1;
    assertThat(text("GET k")).isEqualTo("nil");
    assertThat(log).containsExactly("SET k v PXAT " + (NOW_MILLIS + 100), "DEL k");
    assertThat(keyspace.size()).isZero();
  }

  @Test
  void hidesExpiredKeysFromListsOfKeys() {
    run("SET gone v PX 1");
    run("SET there v");
    nowMillis += 1;
    assertThat(text("KEYS *")).isEqualTo("[\"there\"]");
    assertThat(text("SCAN 0")).isEqualTo("[\"0\", [\"there\"]]");
    assertThat(text("RANDOMKEY")).isEqualTo("\"there\"");
  }

  @Test
  void expiresABoundedNumberOfKeysInTheOrderOfTheirTimes() {
    run("SET c v PX 300");
    run("SET a v PX 100");
    run("SET b v PX 200");
    run("SET d v");
    log.clear();
    assertThat(keyspace.expire((NOW_MILLIS + 99) * 1000, 10)).isZero();
    assertThat(keyspace.expire((NOW_MILLIS + 1000) * 1000, 2)).isEqualTo(2);
    assertThat(log).containsExactly("DEL a", "DEL b");
    assertThat(keyspace.expire((NOW_MILLIS + 1000) * 1000, 2)).isEqualTo(1);
    assertThat(content(keyspace)).containsOnlyKeys("d");
  }

  @Test
  void reportsChangesWithoutClockAndChance() {
    run("SET k 1 EX 10");
    run("EXPIRE k 20");
    run("INCRBYFLOAT k 0.5");
    run("SADD s only");
    run("SPOP s");
    run("XADD x * f v");
    run("HINCRBYFLOAT h f 1.5");
    run("GETEX k EX 30");
    run("EXPIRE k 0");
    assertThat(log)
        .containsExactly(
            "SET k 1 PXAT " + (NOW_MILLIS + 10_000),
            "PEXPIREAT k " + (NOW_MILLIS + 20_000),
            "SET k 1.5 KEEPTTL",
            "SADD s only",
            "SREM s only",
            "XADD x " + NOW_MILLIS + "-0 f v",
            "HSET h f 1.5",
            "PEXPIREAT k " + (NOW_MILLIS + 30_000),
            "DEL k");
  }

  @Test
  void reportsNothingWhereNothingChanged() {
    run("SADD s a");
    run("ZADD z 1 a");
    run("RPUSH l a");
    log.clear();
    for (String command :
        List.of(
            "SADD s a",
            "SREM s b",
            "ZADD z 1 a",
            "ZREM z b",
            "DEL none",
            "EXPIRE none 10",
            "PERSIST s",
            "LREM l 0 b",
            "LTRIM l 0 -1",
            "HDEL none f",
            "SETNX s x",
            "GET none",
            "SINTERSTORE d none none2",
            "RENAMENX s z",
            "INCR s",
            "SPOP s 0",
            "SMOVE s t none",
            "LPUSHX none a",
            "XTRIM none MAXLEN 1",
            "ZREMRANGEBYSCORE z 5 6",
            "SET s x NX")) {
      run(command);
      assertThat(log).as(command).isEmpty();
    }
  }

  @Test
  void refusesToGrowAtTheMemoryLimit() {
    keyspace = newKeyspace(new KeyspaceLimits(100_000, 1 << 20, 1000));
    int stored = 0;
    while (!(run("SET k" + stored + " " + "x".repeat(100)) instanceof Reply.Error)) {
      stored++;
    }
    assertThat(keyspace.memory()).isBetween(100_000L, 101_000L);
    assertThat(text("SET more x"))
        .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
    assertThat(text("GET k0")).isEqualTo("\"" + "x".repeat(100) + "\"");
    for (int i = 0; i < 50; i++) {
      assertThat(text("DEL k" + i)).isEqualTo(":1");
    }
    assertThat(text("SET more x")).isEqualTo("+OK");
  }

  @Test
  void letsAScriptThatHasWrittenExceedTheMemoryLimitByAnEighth() {
    keyspace = newKeyspace(new KeyspaceLimits(100_000, 1 << 20, 1000));
    var writing = new LimitedCall(Long.MAX_VALUE);
    Reply last = Reply.OK;
    for (int i = 0; last == Reply.OK; i++) {
      last = keyspace.execute(KeyspaceContent.command("SET", "k" + i, "x".repeat(100)), writing);
    }
    assertThat(last).isInstanceOf(Reply.Error.class);
    assertThat(keyspace.memory()).isBetween(112_500L, 114_000L);
  }

  @Test
  void accountsForNothingAfterEverythingIsDeleted() {
    long empty = keyspace.memory();
    var random = new RandomCommands(new Random(3));
    for (int i = 0; i < 5_000; i++) {
      keyspace.execute(KeyspaceContent.command(random.next()), new TestCall(NOW_MILLIS * 1000));
    }
    assertThat(keyspace.memory()).isGreaterThan(empty);
    List.copyOf(content(keyspace).keySet())
        .forEach(key -> keyspace.execute(KeyspaceContent.command("DEL", key), new TestCall(0)));
    assertThat(keyspace.memory()).isEqualTo(empty);
  }

  @Test
  void refusesStringsBeyondTheirLimit() {
    keyspace = newKeyspace(new KeyspaceLimits(0, 100, 10));
    run("SET k " + "x".repeat(60));
    String tooLong = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    assertThat(text("APPEND k " + "x".repeat(60))).isEqualTo(tooLong);
    assertThat(text("SETRANGE k 90 " + "x".repeat(60))).isEqualTo(tooLong);
    assertThat(text("SETBIT k 800 1"))
        .isEqualTo("-ERR bit offset is not an integer or out of range");
    assertThat(text("DEL 1 2 3 4 5 6 7 8 9 10"))
        .isEqualTo("-ERR too many arguments: at most 10 are allowed");
  }

  @Test
  void takesASnapshotOfOneMomentWhileKeysChange() {
    var random = new Random(5);
    for (int i = 0; i < 300; i++) {
      run("SET s" + i + " " + i);
      run("RPUSH l" + i % 40 + " " + i);
      run("HSET h" + i % 30 + " f" + i + " " + i);
      run("ZADD z" + i % 20 + " " + i + " m" + i);
    }
    run("EXPIRE s7 1000");
    Map<String, String> moment = content(keyspace);
    log.clear();
    var changes = new ArrayList<byte[][]>();
    var chunks = new ArrayList<byte[]>();
    SnapshotWriter writer = keyspace.snapshot(512);
    var commands = new RandomCommands(random);
    for (byte[] chunk = writer.next(); chunk != null; chunk = writer.next()) {
      chunks.add(chunk);
      assertThat(chunk.length).isLessThanOrEqualTo(512);
      run("DEL s" + random.nextInt(300));
      run("RPUSH l" + random.nextInt(40) + " more");
      run("RENAME z" + random.nextInt(20) + " renamed" + random.nextInt(3));
      run("HDEL h" + random.nextInt(30) + " f" + random.nextInt(300));
      run("SET s" + random.nextInt(300) + " changed");
      run("SET new" + random.nextInt(300) + " new");
      keyspace.execute(KeyspaceContent.command(commands.next()), new TestCall(nowMillis * 1000));
    }
    Keyspace restored = newKeyspace(KeyspaceLimits.DEFAULT);
    restored.load(chunks);
    assertThat(content(restored)).isEqualTo(moment);
    assertThat(run(restored, "TTL s7")).isEqualTo(new Reply.Int(1000));
    log.forEach(change -> changes.add(KeyspaceContent.command(change.split(" ", -1))));
    changes.forEach(restored::apply);
    assertThat(content(restored)).isEqualTo(content(keyspace));
  }

  @Test
  void takesASnapshotOfTheMomentBeforeAFlush() {
    run("SET a 1");
    run("SET b 2");
    SnapshotWriter writer = keyspace.snapshot(64);
    run("FLUSHALL");
    run("SET a 3");
    var chunks = new ArrayList<byte[]>();
    for (byte[] chunk = writer.next(); chunk != null; chunk = writer.next()) {
      chunks.add(chunk);
    }
    Keyspace restored = newKeyspace(KeyspaceLimits.DEFAULT);
    restored.load(chunks);
    assertThat(content(restored)).hasToString("{a=+string \"1\", b=+string \"2\"}");
  }

  @Test
  void endsASnapshotThatIsGivenUp() {
    for (int i = 0; i < 50; i++) {
      run("SET key" + i + " value" + i);
    }
    SnapshotWriter writer = keyspace.snapshot(64);
    assertThat(writer.next()).isNotNull();
    writer.cancel();
    run("FLUSHALL");
    assertThat(writer.next()).isNull();
  }

  @Test
  void refusesASnapshotThatIsDamaged() {
    for (int i = 0; i < 50; i++) {
      run("SET key" + i + " value" + i);
    }
    var chunks = new ArrayList<byte[]>();
    SnapshotWriter writer = keyspace.snapshot(100);
    for (byte[] chunk = writer.next(); chunk != null; chunk = writer.next()) {
      chunks.add(chunk);
    }
    Keyspace restored = newKeyspace(KeyspaceLimits.DEFAULT);
    assertThatThrownBy(() -> restored.load(chunks.subList(0, chunks.size() - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The snapshot is damaged: it ends too early");
    assertThat(restored.size()).isZero();
    byte[] ofNextVersion = chunks.getFirst().clone();
    ofNextVersion[0]++;
    assertThatThrownBy(() -> restored.load(List.<byte[]>of(ofNextVersion)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another version");
    restored.load(chunks);
    assertThat(restored.size()).isEqualTo(50);
  }

  @Test
  void refusesAChangeThatDoesNotFit() {
    run("SET k v");
    assertThatThrownBy(() -> keyspace.apply(KeyspaceContent.command("LPUSH", "k", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("WRONGTYPE");
  }

  @Test
  void scanMeetsEverythingThatIsThereThroughout() {
    for (int i = 0; i < 5_000; i++) {
      run("SADD s stays" + i);
      run("SADD s goes" + i);
    }
    var random = new Random(11);
    Set<String> seen = new HashSet<>();
    String cursor = "0";
    do {
      var reply = (Reply.Array) run("SSCAN s " + cursor + " COUNT 100");
      cursor = new String(((Reply.Bulk) reply.items().get(0)).bytes(), ISO_8859_1);
      for (Reply item : ((Reply.Array) reply.items().get(1)).items()) {
        seen.add(new String(((Reply.Bulk) item).bytes(), ISO_8859_1));
      }
      for (int i = 0; i < 200; i++) {
        run("SREM s goes" + random.nextInt(5_000));
      }
      run("SADD s new" + random.nextInt(100));
    } while (!cursor.equals("0"));
    for (int i = 0; i < 5_000; i++) {
      assertThat(seen).contains("stays" + i);
    }
  }

  @Test
  void globTakesBoundedTime() {
    run("SET " + "a".repeat(10_000) + " v");
    assertThat(text("KEYS " + "a*".repeat(2_000) + "b")).isEqualTo("[]");
  }

  @Test
  void handsOutArraysThatLaterWritesLeaveAlone() {
    byte[] given = "abc".getBytes(ISO_8859_1);
    var call = new TestCall(NOW_MILLIS * 1000);
    keyspace.execute(new byte[][] {"SET".getBytes(ISO_8859_1), {'k'}, given}, call);
    byte[] read = ((Reply.Bulk) run("GET k")).bytes();
    run("SETRANGE k 0 X");
    run("SETBIT k 0 1");
    assertThat(given).isEqualTo("abc".getBytes(ISO_8859_1));
    assertThat(read).isEqualTo("abc".getBytes(ISO_8859_1));
  }

  @Test
  void countsTheWorkOfCommandsThatTakeLongBeforeTheyChangeAnything() {
    run("SADD s " + "m ".repeat(500).strip());
    for (int i = 0; i < 500; i++) {
      run("SADD s member" + i);
      run("RPUSH l item" + i);
    }
    run("SET text " + "a".repeat(20_000));
    run("RENAME text " + "a".repeat(20_000));
    Map<String, String> before = content(keyspace);
    for (String command :
        List.of(
            "SUNIONSTORE d" + " s".repeat(100),
            "SINTERSTORE d" + " s".repeat(100),
            "ZUNIONSTORE d 100" + " s".repeat(100),
            "SORT s ALPHA STORE d",
            "LREM l 0 item1",
            "LINSERT l AFTER item499 x",
            "KEYS *" + "a".repeat(1_000) + "b")) {
      assertThatThrownBy(
              () ->
                  keyspace.execute(
                      KeyspaceContent.command(command.split(" ", -1)), new LimitedCall(400)))
          .as(command)
          .isInstanceOf(LimitedCall.WorkExceeded.class);
      assertThat(content(keyspace)).isEqualTo(before);
    }
  }

  @Test
  void countsTheWorkOfEachSetThatAnotherIsComparedWith() {
    for (int i = 0; i < 500; i++) {
      run("SADD s member" + i);
      run("ZADD z " + i + " member" + i);
    }
    run("SADD small x");
    run("SETRANGE bits 640000 x");
    Map<String, String> before = content(keyspace);
    for (String command :
        List.of(
            "SDIFF s" + " small".repeat(100),
            "SDIFFSTORE d s" + " small".repeat(100),
            "ZDIFF 101 s" + " small".repeat(100),
            "ZDIFFSTORE d 101 z" + " small".repeat(100),
            "ZINTERSTORE d 100 z" + " s".repeat(99),
            "BITCOUNT bits",
            "BITPOS bits 1",
            "BITOP NOT d bits",
            "BITOP AND d bits")) {
      assertEndsAfter(9_000, command);
    }
    assertEndsAfter(400, "ZRANGESTORE d z 0 -1");
    assertThat(content(keyspace)).isEqualTo(before);
  }

  private void assertEndsAfter(long elements, String command) {
    assertThatThrownBy(
            () ->
                keyspace.execute(
                    KeyspaceContent.command(command.split(" ", -1)), new LimitedCall(elements)))
        .as(command)
        .isInstanceOf(LimitedCall.WorkExceeded.class);
  }

  @Test
  void refusesMoreResultsOfSortThanAScriptCanUse() {
    for (int i = 0; i < 500; i++) {
      run("RPUSH l " + i);
    }
    String gets = " GET #".repeat(2_100);
    assertThat(text("SORT l BY nosort" + gets)).isEqualTo("-ERR value is out of range");
    assertThat(text("SORT l STORE d" + gets)).isEqualTo("-ERR value is out of range");
    assertThat(text("SORT l LIMIT 498 5 GET # GET #"))
        .isEqualTo("[\"498\", \"498\", \"499\", \"499\"]");
  }

  @Test
  void refusesToTakeMoreOffThanCanBeStored() {
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 17; i++) {
      run("SADD s " + i + large);
      run("ZADD z 1 " + i + large);
      log.clear();
    }
    String refused = "-ERR at most 16777216 bytes can be taken off at once";
    assertThat(text("SPOP s 17")).isEqualTo(refused);
    assertThat(text("ZPOPMIN z 17")).isEqualTo(refused);
    assertThat(text("SCARD s")).isEqualTo(":17");
    assertThat(text("ZCARD z")).isEqualTo(":17");
    assertThat(log).isEmpty();
    run("SPOP s 2");
    assertThat(text("SCARD s")).isEqualTo(":15");
  }

  /** A call that ends a command after so many elements. */
  private static final class LimitedCall implements KeyspaceCall {
    static final class WorkExceeded extends RuntimeException {
      private static final long serialVersionUID = 1;
    }

    private long left;

    LimitedCall(long left) {
      this.left = left;
    }

    @Override
    public void work(long elements) {
      left -= elements;
      if (left < 0) {
        throw new WorkExceeded();
      }
    }

    @Override
    public long nowMicros() {
      return NOW_MILLIS * 1000;
    }

    @Override
    public long publish(byte[] channel, byte[] message) {
      return 0;
    }

    @Override
    public boolean fromScript() {
      return true;
    }

    @Override
    public boolean hasWritten() {
      return true;
    }
  }
}
