package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that is killed while it writes loses nothing that it acknowledged. */
final class ProcessCrashIT {
  private static final int ACKNOWLEDGED_MIN = 1_000;
  private static final int WRITERS = 16;
  private static final long LATER = 4_000_000_000_000L;
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, 'k', 'c', NULL, $2)";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsAcknowledgedWritesWithTheirEvents(Databases.TestDatabase database) throws Exception {
    Set<Long> acknowledged = writeUntilKilled(database.location());

    try (var store = TestStore.open(database.shared(), NoteEvent.TYPES)) {
      var rows =
          new HashSet<>(
              store
                  .database()
                  .read("SELECT player_id FROM idempotency")
                  .all(row -> row.number("player_id")));
      List<CommittedEvent> events = store.readAll("note:1");
      var numbers =
          events.stream().map(event -> ((NoteEvent.Noted) event.event()).number()).toList();

      assertThat(rows).containsAll(acknowledged);
      assertThat(numbers).hasSameSizeAs(rows);
      assertThat(new HashSet<>(numbers)).isEqualTo(rows);
      assertThat(events.stream().map(event -> event.position().offset()))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, rows.size()).boxed().toList());
      // As far as the database knows, nothing was published.
      store.store().publishRemaining(0, 0);
      assertThat(store.published()).isEqualTo(events);
    }
  }

  private static Set<Long> writeUntilKilled(DatabaseLocation location) throws IOException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                url(location))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var acknowledged = new HashSet<Long>();
    try (BufferedReader lines = writer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("done ")) {
          acknowledged.add(Long.parseLong(line.substring("done ".length())));
        }
        if (acknowledged.size() == ACKNOWLEDGED_MIN) {
          // Through its handle, because the process object would close the stream before its last
          // lines.
          writer.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_MIN);
    return acknowledged;
  }

  private static String url(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File(var path) -> path.toString();
      case DatabaseLocation.Server at ->
          "postgres://%s:%s@%s:%d/%s"
              .formatted(at.user(), at.password(), at.host(), at.port(), at.database());
    };
  }

  /** The process that is killed: prints each number after its commit. */
  static final class Writer {
    public static void main(String[] arguments) throws InterruptedException {
      Store store =
          Store.open(
              Vertx.vertx(),
              keepingAll(DatabaseLocation.parse(arguments[0])),
              NoteEvent.TYPES,
              InstantSource.system(),
              new SimpleMeterRegistry());
      Thread last = Thread.currentThread();
      for (int writer = 0; writer < WRITERS; writer++) {
        long first = writer * 1_000_000L;
        last =
            Thread.startVirtualThread(
                () -> {
                  for (long number = first; ; number++) {
                    write(store.database(), number);
                    System.out.println("done " + number);
                  }
                });
      }
      last.join();
    }

    /** A retention so long that no event is deleted during the test. */
    private static StoreConfig keepingAll(DatabaseLocation location) {
      StoreConfig of = StoreConfig.of(location);
      return new StoreConfig(
          location,
          of.connections(),
          of.pendingMax(),
          of.statementTimeout(),
          of.connectTimeout(),
          Duration.ofDays(1),
          Integer.MAX_VALUE,
          of.idempotencyRetention(),
          of.streamRetention(),
          of.unreadRetention());
    }

    private static void write(Database database, long number) {
      database.write(
          tx -> {
            tx.run(INSERT, number, LATER);
            tx.append("note:1", new NoteEvent.Noted("n", number));
            return null;
          });
    }
  }
}
