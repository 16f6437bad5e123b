package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.friend.Friends;
import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Measures how long an index of a million records takes to fill from the rows, its memory, how long
 * changes and questions take, and how long reads take while it is filled; and the same filling for
 * many boards of ten thousand records. Run the main method; its argument is how many of these
 * (1,000, which needs a heap of 2 GiB and some minutes to insert the rows).
 */
final class RankIndexBench {
  private static final int RECORDS = 1_000_000;
  private static final int STEPS = 1_000_000;

  private static final int GENERATED_TOGETHER = 10_000;
  private static final long OTHER = 2;
  private static final long FIRST_SMALL = 3;
  private static final Page.Request TOP = new Page.Request(1, 25);

  private static final BoardStreams.Subscription UNCHANGED =
      new BoardStreams.Subscription() {
        @Override
        public void startAfter(Position position) {}

        @Override
        public void cancel() {}
      };

  private static final String GENERATE =
      """
      INSERT INTO leaderboard_record (board_id, player_id, score, subscore, order_score,
        order_subscore, submissions, revision, metadata, created_ms, updated_ms)
      SELECT CAST($3 AS BIGINT), number, number * 7919 % 1000003, 0, -1 - number * 7919 % 1000003, -1, 1, 1, '{}', 0, 0
      FROM (WITH RECURSIVE numbers (number) AS (
          SELECT CAST($1 AS BIGINT) UNION ALL
          SELECT number + 1 FROM numbers WHERE number < CAST($2 AS BIGINT))
        SELECT number FROM numbers) AS generated
      """;

  private RankIndexBench() {}

  public static void main(String[] arguments) throws Exception {
    int boards = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
    for (TestStore store : Databases.all().toList()) {
      try (store) {
        measure(store);
        measureReadsDuringFill(store);
        measureManyBoards(store, boards);
      }
    }
    System.exit(0);
  }

  /** Inserts a board with that many records. */
  private static void insert(TestStore store, long board, int records) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    """
                    INSERT INTO leaderboard (id, slug, title, sort_order, operator, metadata,
                      created_ms, updated_ms)
                    VALUES ($1, 'bench', 'Bench', 'desc', 'set', '{}', 0, 0)
                    """,
                    board));
    for (long first = 1; first < records; first += GENERATED_TOGETHER) {
      long from = first;
      store.database().write(tx -> tx.run(GENERATE, from, from + GENERATED_TOGETHER - 1, board));
    }
  }

  private static RankIndex fill(TestStore store, long board) {
    var index = new RankIndex(SortOrder.DESC);
    new RankStore()
        .fill(
            store.database(),
            new BoardId(board),
            standings -> {
              for (Standing one : standings) {
                index.load(one);
              }
            });
    index.sort();
    return index;
  }

  private static void measureManyBoards(TestStore store, int boards) {
    for (int i = 0; i < boards; i++) {
      insert(store, FIRST_SMALL + i, GENERATED_TOGETHER);
    }
    var indexes = new ArrayList<RankIndex>();
    var times = new long[boards];
    long started = System.nanoTime();
    for (int i = 0; i < boards; i++) {
      long before = System.nanoTime();
      indexes.add(fill(store, FIRST_SMALL + i));
      times[i] = System.nanoTime() - before;
    }
    long filled = System.nanoTime() - started;
    System.out.printf(
        "%s: %,d boards of %,d records, filled one after another in %,d ms, %s, %.1f MB%n",
        store,
        boards,
        GENERATED_TOGETHER,
        filled / 1_000_000,
        percentiles(times),
        indexes.stream().mapToLong(RankIndex::bytes).sum() / 1e6);
  }

  /**
   * Eight readers each of a board whose index is filled meanwhile, and of another one. The filling
   * and the readers share the machine.
   */
  private static void measureReadsDuringFill(TestStore store) throws Exception {
    insert(store, OTHER, GENERATED_TOGETHER);
    Context context = virtualThreads(store.vertx());
    var boards = new BoardStore();
    var indexes =
        new BoardIndexes(
            context,
            store.database(),
            new RankStore(),
            boards,
            (_, _) -> UNCHANGED,
            store.clock(),
            new IndexSettings(1L << 30, Duration.ofMinutes(1)));
    var ranks =
        new Ranks(
            context,
            store.database(),
            new RankStore(),
            indexes,
            new Friends(),
            store.clock(),
            Limits.DEFAULTS.friendsMax());
    Board other = boards.find(store.database(), new BoardId(OTHER)).orElseThrow();
    Board filled = boards.find(store.database(), new BoardId(1)).orElseThrow();
    read(ranks, other, new Random(1), () -> System.nanoTime() + 2_000_000_000L);
    var before = read(ranks, other, new Random(2), () -> System.nanoTime() + 2_000_000_000L);
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var ended = new AtomicLong(Long.MAX_VALUE);
      var waits = new ArrayList<Future<Long>>();
      var reads = new ArrayList<Future<long[]>>();
      for (int i = 0; i < 8; i++) {
        var random = new Random(i);
        waits.add(
            readers.submit(
                () -> {
                  long started = System.nanoTime();
                  ranks.top(filled, TOP);
                  ended.set(System.nanoTime());
                  return ended.get() - started;
                }));
        reads.add(readers.submit(() -> read(ranks, other, random, ended::get)));
      }
      var times = new ArrayList<Long>();
      for (Future<long[]> one : reads) {
        LongStream.of(one.get()).forEach(times::add);
      }
      long longest = 0;
      for (Future<Long> one : waits) {
        longest = Math.max(longest, one.get());
      }
      System.out.printf(
          "%s: reads of another board before: %s; during the filling: %s; reads of the board that"
              + " is filled wait at most %,d ms%n",
          store,
          percentiles(before),
          percentiles(times.stream().mapToLong(time -> time).toArray()),
          longest / 1_000_000);
    }
  }

  private static Context virtualThreads(Vertx vertx) throws Exception {
    var verticle = new Deployed();
    vertx
        .deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    return verticle.context();
  }

  /** Has the context of a verticle. */
  private static final class Deployed extends VerticleBase {
    Context context() {
      return context;
    }
  }

  /** Reads 25 or 11 records at a time until that moment; the time of each read in nanoseconds. */
  private static long[] read(Ranks ranks, Board board, Random random, LongSupplier until) {
    var times = LongStream.builder();
    long end = until.getAsLong();
    for (int i = 0; System.nanoTime() < end; i++, end = Math.min(end, until.getAsLong())) {
      long started = System.nanoTime();
      if (i % 2 == 0) {
        ranks.top(board, TOP);
      } else {
        ranks.around(board, new PlayerId(1 + random.nextInt(GENERATED_TOGETHER)), 11);
      }
      times.add(System.nanoTime() - started);
    }
    return times.build().toArray();
  }

  private static String percentiles(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return "p50 %,d µs, p99 %,d µs, max %,d µs"
        .formatted(
            sorted[sorted.length / 2] / 1_000,
            sorted[sorted.length * 99 / 100] / 1_000,
            sorted[sorted.length - 1] / 1_000);
  }

  private static void measure(TestStore store) {
    insert(store, 1, RECORDS);
    for (int run = 0; run < 3; run++) {
      var index = new RankIndex(SortOrder.DESC);
      Duration before = processorTime();
      long started = System.nanoTime();
      new RankStore()
          .fill(
              store.database(),
              new BoardId(1),
              standings -> {
                for (Standing one : standings) {
                  index.load(one);
                }
              });
      long read = System.nanoTime();
      index.sort();
      long sorted = System.nanoTime();
      System.out.printf(
          "%s: %,d records, read in %,d ms, sorted in %,d ms (%,d ms of the processor, without"
              + " PostgreSQL), %.1f bytes a record%n",
          store,
          index.size(),
          (read - started) / 1_000_000,
          (sorted - read) / 1_000_000,
          processorTime().minus(before).toMillis(),
          (double) index.bytes() / RECORDS);
      change(index, run);
    }
  }

  /** Of this process; unlike the time on the wall the same on a busy machine. */
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static void change(RankIndex index, int run) {
    var random = new Random(run);
    long started = System.nanoTime();
    for (int i = 0; i < STEPS; i++) {
      int record = 1 + random.nextInt(RECORDS);
      index.put(new Standing(record, record, random.nextInt(1_000_003), 0, i + 2L));
    }
    long changed = System.nanoTime();
    long found = 0;
    for (int i = 0; i < STEPS; i++) {
      var own = index.ofPlayer(1 + random.nextInt(RECORDS));
      found += own == null ? 0 : index.from(Math.max(1, own.rank() - 5), 11).size();
    }
    long asked = System.nanoTime();
    System.out.printf(
        "  %d ns a change, %d ns for 11 around a player (%,d), %.1f bytes a record afterwards%n",
        (changed - started) / STEPS,
        (asked - changed) / STEPS,
        found,
        (double) index.bytes() / RECORDS);
  }
}
