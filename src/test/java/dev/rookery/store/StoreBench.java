package dev.rookery.store;

import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Benchmark: calls per second of 64 concurrent callers. Run it with {@code
 * -Drookery.test.postgres.fsync=on}, and with {@code taskset -c 0} for node and database on one
 * core.
 */
final class StoreBench {
  private static final int CALLERS = 64;
  private static final Duration WARM = Duration.ofSeconds(Integer.getInteger("warm", 5));
  private static final Duration MEASURE = Duration.ofSeconds(Integer.getInteger("measure", 10));

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
        measure(store, "one event, all to one stream", StoreBench::oneStream);
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

  private static void oneStream(Database database, long id) {
    database.write(
        tx -> {
          tx.append("note:1", new NoteEvent.Noted("a note", id));
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

  private static void measure(TestStore store, String name, BiConsumer<Database, Long> call)
      throws InterruptedException {
    var calls = new AtomicLong();
    var commits = store.meters().timer("rookery.store.commit");
    var over = new AtomicBoolean();
    var threads = new ArrayList<Thread>();
    for (int caller = 0; caller < CALLERS; caller++) {
      long base = caller * 1_000L;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (long i = 0; !over.get(); i++) {
                  call.accept(store.database(), base + i % 990);
                  calls.incrementAndGet();
                }
              }));
    }
    Thread.sleep(WARM);
    calls.set(0);
    Duration nodeBefore = cpu(ProcessHandle.current());
    Duration serverBefore = server(store);
    Thread.sleep(MEASURE);
    double done = calls.get();
    Duration node = cpu(ProcessHandle.current()).minus(nodeBefore);
    Duration server = server(store).minus(serverBefore);
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.printf(
        "%-10s %-32s %,9.0f/s   %5.1f us node, %5.1f us server   batch %.1f   commit %.2f ms%n",
        store,
        name,
        done / MEASURE.toSeconds(),
        node.toNanos() / 1_000 / done,
        server.toNanos() / 1_000 / done,
        store.meters().summary("rookery.store.batch").mean(),
        commits.mean(TimeUnit.MILLISECONDS));
  }

  /** Processor time that the database server of this run has used; zero with SQLite. */
  private static Duration server(TestStore store) {
    if (!(store.testDatabase().location() instanceof DatabaseLocation.Server at)) {
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
