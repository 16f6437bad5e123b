package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.cache.Caches;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditLog;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Permission;
import dev.rookery.leaderboard.LeaderboardCommand.Submit;
import dev.rookery.leaderboard.RecordOwner.OfLabel;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Dialect;
import dev.rookery.store.RecordedDatabase;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts what a submission to a large leaderboard costs, from the command to its answer:
 * statements, bytes that are read and written, and time of the processor, which unlike that on the
 * wall is the same on a busy machine. Each caller submits the score of a random record, one after
 * another, as an admin over HTTP does, with an entry in the audit log.
 *
 * <p>Run the main method; its arguments are the number of records (1,000,000), of submissions in
 * each of the rounds (100,000), of rounds (4), and the database ({@code sqlite} or {@code
 * postgres}; both). {@code -Drookery.test.postgres.fsync=on} has PostgreSQL wait for the disk.
 */
final class SubmitBench {
  private static final int CALLERS = 64;
  private static final int GENERATED_TOGETHER = 10_000;
  private static final int SCORE_MAX = 1_000_000;
  private static final BoardId BOARD = new BoardId(1);
  private static final PlayerId ADMIN = new PlayerId(1);

  private static final BoardStreams.Subscription UNCHANGED =
      new BoardStreams.Subscription() {
        @Override
        public void startAfter(Position position) {}

        @Override
        public void cancel() {}
      };

  private static final String GENERATE =
      """
      INSERT INTO leaderboard_record (board_id, label, score, subscore, order_score,
        order_subscore, submissions, revision, metadata, created_ms, updated_ms)
      SELECT 1, 'label ' || number, number * 7919 % 1000003, 0, -1 - number * 7919 % 1000003, -1,
        1, 1, '{}', CAST($3 AS BIGINT), CAST($3 AS BIGINT)
      FROM (WITH RECURSIVE numbers (number) AS (
          SELECT CAST($1 AS BIGINT) UNION ALL
          SELECT number + 1 FROM numbers WHERE number < CAST($2 AS BIGINT))
        SELECT number FROM numbers) AS generated
      """;

  private SubmitBench() {}

  public static void main(String[] arguments) throws Exception {
    int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int submissions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    List<String> kinds = arguments.length > 3 ? List.of(arguments[3]) : Databases.kinds().toList();
    for (String kind : kinds) {
      try (TestStore store = TestStore.open(Databases.create(kind));
          TestBus node = node(store)) {
        insert(store, records);
        for (int round = 0; round < rounds; round++) {
          measure(store, node, records, submissions, round);
        }
      }
    }
    System.exit(0);
  }

  private static TestBus node(TestStore store) {
    var node = new TestBus();
    var database = new RecordedDatabase(store.database(), store.database(), new AuditLog(() -> 1));
    node.deploy(
        new LeaderboardVerticle(
            node.bus(),
            database,
            new Players(store.clock()),
            store.clock(),
            new LeaderboardSettings(
                Limits.DEFAULTS, 1_000, new IndexSettings(0, Duration.ofMinutes(1))),
            (_, _) -> UNCHANGED,
            TestClusterMember.join(store, "node").scheduler(),
            new Caches(
                true, store.clock(), 1_000, 1 << 20, Duration.ofMinutes(1), null, store.meters()),
            (_, _) -> {}));
    return node;
  }

  private static void insert(TestStore store, int records) {
    Database database = store.database();
    database.write(
        tx ->
            tx.run(
                """
                INSERT INTO leaderboard (id, slug, title, sort_order, operator, metadata,
                  created_ms, updated_ms)
                VALUES ($1, 'bench', 'Bench', 'desc', 'set', '{}', 0, 0)
                """,
                BOARD.value()));
    long nowMs = store.clock().millis();
    for (long first = 1; first <= records; first += GENERATED_TOGETHER) {
      long from = first;
      long upTo = Math.min(records, first + GENERATED_TOGETHER - 1);
      database.write(tx -> tx.run(GENERATE, from, upTo, nowMs));
    }
    if (database.dialect() == Dialect.POSTGRES) {
      database.write(tx -> tx.run("ANALYZE leaderboard_record"));
    }
  }

  private static void measure(
      TestStore store, TestBus node, int records, int submissions, int round)
      throws InterruptedException {
    var next = new AtomicInteger();
    var finished = new CountDownLatch(CALLERS);
    Counts before = Counts.read(store);
    long started = System.nanoTime();
    for (int caller = 0; caller < CALLERS; caller++) {
      var random = new Random(round * 1_000L + caller);
      node.vertx()
          .getOrCreateContext()
          .runOnContext(_ -> submit(node, random, records, submissions, next, finished));
    }
    finished.await();
    double seconds = (System.nanoTime() - started) / 1e9;
    Counts used = Counts.read(store).minus(before);
    System.out.printf(
        "%-8s %,7.0f/s   batch %4.1f   per submission: statements %.2f, %,.0f bytes written in %.1f"
            + " calls, %,.0f bytes read in %.1f calls, processor %.1f µs (writer %.1f, server"
            + " %.1f), log of the server %,.0f bytes%n",
        store,
        submissions / seconds,
        submissions / used.batches,
        used.statements / submissions,
        used.written / submissions,
        used.writes / submissions,
        used.read / submissions,
        used.reads / submissions,
        used.processor / 1e3 / submissions,
        used.writer / 1e3 / submissions,
        used.server / 1e3 / submissions,
        used.log / submissions);
  }

  private static void submit(
      TestBus node,
      Random random,
      int records,
      int submissions,
      AtomicInteger next,
      CountDownLatch finished) {
    int number = next.getAndIncrement();
    if (number >= submissions) {
      finished.countDown();
      return;
    }
    String label = "label " + (1 + random.nextInt(records));
    long score = random.nextInt(SCORE_MAX);
    var change =
        new AuditedChange(
            new Actor(
                Actor.Kind.API,
                ADMIN,
                "01979f3c-7b0e-7c3a-9a55-5a1b3c7d9e10",
                "127.0.0.1",
                "GM0lTkzk4pH0ZqIAAB" + number,
                Permission.LEADERBOARDS_RECORDS,
                ""),
            "admin_submit_leaderboard_score",
            "leaderboards/1/records",
            Map.of("id", "1", "label", label, "score", score));
    node.bus()
        .ask(
            new Submit(BoardRef.of(BOARD), new OfLabel(label), score, 0, null, ADMIN, null), change)
        .onComplete(
            answer -> {
              if (answer.failed()) {
                throw new IllegalStateException(answer.cause());
              }
              submit(node, random, records, submissions, next, finished);
            });
  }

  /** What was used up to a moment; times in nanoseconds. */
  private record Counts(
      double batches,
      double statements,
      double processor,
      double writer,
      double server,
      double log,
      double read,
      double reads,
      double written,
      double writes) {
    static Counts read(TestStore store) {
      Map<String, Double> io = io();
      return new Counts(
          store.meters().summary("rookery.store.commands", "flow", "leaderboard").count(),
          store.meters().timer("rookery.store.statement").count(),
          nanos(cpu(ProcessHandle.current())),
          writerNanos(),
          nanos(serverCpu(store)),
          logBytes(store),
          io.getOrDefault("rchar", 0.0),
          io.getOrDefault("syscr", 0.0),
          io.getOrDefault("wchar", 0.0),
          io.getOrDefault("syscw", 0.0));
    }

    Counts minus(Counts other) {
      return new Counts(
          batches - other.batches,
          statements - other.statements,
          processor - other.processor,
          writer - other.writer,
          server - other.server,
          log - other.log,
          read - other.read,
          reads - other.reads,
          written - other.written,
          writes - other.writes);
    }

    /** What the kernel counts of the calls of this process; empty on other systems than Linux. */
    private static Map<String, Double> io() {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
        return lines
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(line -> line[0], line -> Double.parseDouble(line[1])));
      } catch (IOException _) {
        return Map.of();
      }
    }

    private static double writerNanos() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals("rookery-store-writer"))
          .mapToLong(
              thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()))
          .sum();
    }

    private static double logBytes(TestStore store) {
      return store.database().dialect() == Dialect.SQLITE
          ? 0
          : store
              .database()
              .read("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT) AS bytes")
              .row(0)
              .number("bytes");
    }

    private static Duration serverCpu(TestStore store) {
      if (!(store.location() instanceof DatabaseLocation.Server at)) {
        return Duration.ZERO;
      }
      return ProcessHandle.allProcesses()
          .filter(process -> process.info().commandLine().orElse("").contains("-p " + at.port()))
          .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.children()))
          .map(Counts::cpu)
          .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration cpu(ProcessHandle process) {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static double nanos(Duration duration) {
      return TimeUnit.MILLISECONDS.toNanos(duration.toMillis());
    }
  }
}
