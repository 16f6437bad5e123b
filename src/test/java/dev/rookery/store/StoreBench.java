package dev.rookery.store;

import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * How many calls a second 64 callers get answered. Run it with {@code
 * -Drookery.test.postgres.fsync=on}, and with {@code taskset -c 0} for node and database on one
 * core.
 */
final class StoreBench {
  private static final int CALLERS = 64;
  private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long MEASURE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final String COUNT_UP =
      """
      INSERT INTO bench (id, hits) VALUES ($1, 1)
      ON CONFLICT (id) DO UPDATE SET hits = bench.hits + 1
      RETURNING hits
      """;

  private StoreBench() {}

  public static void main(String[] arguments) throws Exception {
    for (TestStore store : NoteEvent.stores().toList()) {
      try (store) {
        store
            .database()
            .write(
                tx -> tx.run("CREATE TABLE bench (id BIGINT PRIMARY KEY, hits BIGINT NOT NULL)"));
        measure(store, "one statement", StoreBench::oneStatement);
        measure(store, "one statement, one event", StoreBench::oneEvent);
        measure(store, "three statements, three events", StoreBench::threeEvents);
        measure(store, "read by key", StoreBench::read);
      }
    }
    System.exit(0);
  }

  private static void oneStatement(Database database, long id) {
    database.write(tx -> tx.run(COUNT_UP, id));
  }

  private static void oneEvent(Database database, long id) {
    database.write(
        tx -> {
          tx.run(COUNT_UP, id);
          tx.append("note:" + id, new NoteEvent.Noted("a note", id));
          return null;
        });
  }

  private static void threeEvents(Database database, long id) {
    database.write(
        tx -> {
          for (int i = 0; i < 3; i++) {
            tx.run(COUNT_UP, id + i);
            tx.append("note:" + (id + i), new NoteEvent.Noted("a note", id));
          }
          return null;
        });
  }

  private static void read(Database database, long id) {
    database.read("SELECT id, hits FROM bench WHERE id = $1", id);
  }

  private static void measure(TestStore store, String what, BiConsumer<Database, Long> call)
      throws InterruptedException {
    var calls = new AtomicLong();
    var commits = store.meters().timer("rookery.store.commit");
    var all = new AtomicLong();
    Duration nodeBefore = node();
    Duration serverBefore = server(store);
    long start = System.nanoTime();
    long end = start + WARM_NANOS + MEASURE_NANOS;
    var threads = new ArrayList<Thread>();
    for (int caller = 0; caller < CALLERS; caller++) {
      long base = caller * 1_000L;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (long turn = 0; System.nanoTime() < end; turn++) {
                  call.accept(store.database(), base + turn % 990);
                  all.incrementAndGet();
                  if (System.nanoTime() - start > WARM_NANOS) {
                    calls.incrementAndGet();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double turns = all.get() / 1_000.0;
    System.out.printf(
        "%-10s %-32s %,9d/s   %5.1f us node, %5.1f us server   batch %.1f   commit %.2f ms%n",
        store,
        what,
        calls.get() * 1_000_000_000L / MEASURE_NANOS,
        node().minus(nodeBefore).toNanos() / 1_000_000.0 / turns,
        server(store).minus(serverBefore).toNanos() / 1_000_000.0 / turns,
        store.meters().summary("rookery.store.batch").mean(),
        commits.mean(TimeUnit.MILLISECONDS));
  }

  private static Duration node() {
    return cpu(ProcessHandle.current());
  }

  /** What the database server of this run has used; none with SQLite. */
  private static Duration server(TestStore store) {
    if (!(store.place().location() instanceof Location.Server at)) {
      return Duration.ZERO;
    }
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains("-p " + at.port()))
        .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.children()))
        .map(StoreBench::cpu)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
