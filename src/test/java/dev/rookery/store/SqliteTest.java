package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behaviour specific to SQLite: the single writer, file lock, full disk, corrupt file. */
final class SqliteTest {
  private static final String INSERT =
      "INSERT INTO stream (name, epoch, head, at_ms) VALUES ($1, 1, 1, $2)";
  private static final long LATER = 4_000_000_000_000L;

  @Test
  void numbersPlaceholdersInAnyOrder() {
    assertThat(SqlitePlaceholders.rewrite("SELECT $2, '$1', \"$1\", $1, $12 -- $"))
        .isEqualTo("SELECT ?2, '$1', \"$1\", ?1, ?12 -- $");
    try (var store = TestStore.open(Databases.sqlite())) {
      Row row = store.database().read("SELECT $2 AS b, $1 AS a, $2 AS c", "one", "two").row(0);
      assertThat(List.of(row.text("a"), row.text("b"), row.text("c")))
          .containsExactly("one", "two", "two");
    }
  }

  @Test
  void refusesSecondServerOnSameFile() {
    try (var store = TestStore.open(Databases.sqlite())) {
      assertThatThrownBy(store::openSecondNode)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by another server");
      store.reopen();
    }
  }

  @ParameterizedTest
  @CsvSource({"'', false", "'', true", "-wal, false", "-wal, true", "-shm, false"})
  void refusesEverythingAfterItsFileWasRemovedOrReplaced(String suffix, boolean replaced)
      throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      write(store, "before");
      Path file = Path.of(((DatabaseLocation.File) store.location()).path() + suffix);
      if (replaced) {
        Path copy = file.resolveSibling("copy");
        Files.copy(file, copy);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(file);
      }

      assertRefused(() -> write(store, "after"));
      assertRefused(() -> write(store, "later"));
      assertRefused(() -> store.database().read("SELECT 1"));
    }
  }

  @Test
  void noticesWithoutAWriteThatItsFileWasRemoved() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      write(store, "before");
      Files.delete(((DatabaseLocation.File) store.location()).path());

      Eventually.holds(() -> refusesReads(store));
    }
  }

  private static boolean refusesReads(TestStore store) {
    try {
      store.database().read("SELECT 1");
      return false;
    } catch (Refused _) {
      return true;
    }
  }

  @Test
  void leavesTheLogOfTheDatabaseThatReplacedItsOwn() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      write(store, "before");
      Path file = ((DatabaseLocation.File) store.location()).path();
      Path log = file.resolveSibling(file.getFileName() + "-wal");
      Files.delete(file);
      Files.delete(log);
      Files.writeString(file, "of another");
      Files.writeString(log, "of another");
      store.closeStore();

      assertThat(log).hasContent("of another");
    }
  }

  @Test
  void createsFilesThatOthersCannotRead() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      write(store, "any");
      Path file = ((DatabaseLocation.File) store.location()).path();
      try (var all = Files.list(file.getParent())) {
        assertThat(all.toList())
            .hasSize(4)
            .allSatisfy(
                one ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                        .as(one.toString())
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void takesTheRightsOfOthersToFilesOfEarlierReleases() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      Path file = ((DatabaseLocation.File) store.location()).path();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      store.reopen();

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void refusesSecondServerThatCameByALink() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      Path file = ((DatabaseLocation.File) store.location()).path();
      Path link = file.resolveSibling("link.db");
      Files.createSymbolicLink(link, file);
      var second = StoreConfig.of(new DatabaseLocation.File(link));

      assertThatThrownBy(() -> TestStore.open(store.testDatabase(), second, Databases.EVENTS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by another server");
    }
  }

  /** SQLite would write a log for each name, and so damage the file. */
  @Test
  void refusesSecondServerThatCameByAHardLink() throws IOException {
    try (var store = TestStore.open(Databases.sqlite())) {
      write(store, "any");
      Path file = ((DatabaseLocation.File) store.location()).path();
      Path link = file.resolveSibling("link.db");
      Files.createLink(link, file);
      var second = StoreConfig.of(new DatabaseLocation.File(link));

      assertThatThrownBy(() -> TestStore.open(store.testDatabase(), second, Databases.EVENTS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by another process under another name");
      store.reopen();
    }
  }

  private static void write(TestStore store, String name) {
    store.database().write(tx -> tx.run(INSERT, name, LATER));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal().code()).isEqualTo("store_unavailable"));
  }

  @Test
  void commitsWaitingUnitsTogether() throws Exception {
    try (var store = TestStore.open(Databases.sqlite())) {
      var gate = new Gate(store);
      var others = new ArrayList<CompletableFuture<?>>();
      for (int number = 0; number < 50; number++) {
        String name = "n" + number;
        others.add(async(() -> store.database().write(tx -> tx.run(INSERT, name, LATER))));
      }
      Eventually.holds(() -> queuedCount(store) >= 50);
      gate.open();
      others.forEach(CompletableFuture::join);

      // A batch ends after 10 ms, so a busy machine may need several.
      assertThat(store.meters().summary("rookery.store.batch").max()).isGreaterThan(5);
    }
  }

  @Test
  void refusesCallsBeyondTheQueueLimit() throws Exception {
    var database = Databases.sqlite();
    StoreConfig defaults = database.config();
    var config =
        new StoreConfig(
            defaults.location(),
            2,
            3,
            defaults.statementTimeout(),
            defaults.connectTimeout(),
            defaults.historyRetention(),
            defaults.historyEventsMax(),
            defaults.idempotencyRetention(),
            defaults.streamRetention(),
            defaults.unreadRetention());
    try (var store = TestStore.open(database, config, NoteEvent.TYPES)) {
      var gate = new Gate(store);
      var calls = new ArrayList<CompletableFuture<Boolean>>();
      for (int number = 0; number < 10; number++) {
        calls.add(
            async(() -> store.database().write(tx -> null))
                .handle((_, refused) -> refused == null));
      }
      // The maintenance may have taken one place in the queue.
      Eventually.holds(() -> calls.stream().filter(CompletableFuture::isDone).count() >= 7);
      assertThat(calls.stream().filter(CompletableFuture::isDone)).noneMatch(call -> call.join());
      gate.open();

      long done = calls.stream().filter(CompletableFuture::join).count();
      assertThat(done).isBetween(2L, 3L);
      assertThat(store.meters().counter("rookery.store.refused", "code", "store_busy").count())
          .isGreaterThanOrEqualTo(10 - done);
    }
  }

  @Test
  void refusesNestedUnitOfWork() {
    try (var store = TestStore.open(Databases.sqlite())) {
      assertThatThrownBy(() -> store.database().write(tx -> store.database().write(inner -> null)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusesWritesOnFullDiskUntilThereIsRoom() throws Exception {
    try (var store = TestStore.open(Databases.sqlite(), NoteEvent.TYPES)) {
      String large = "x".repeat(200_000);
      store.database().write(tx -> tx.run(INSERT, "before", LATER));
      // The page limit of the writer's connection simulates a full disk.
      long pages = store.database().read("PRAGMA page_count").row(0).number("page_count");
      store.database().write(tx -> tx.run("PRAGMA max_page_count = " + (pages + 4)));

      assertThatThrownBy(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.append("note:1", new NoteEvent.Noted("n", 1));
                            return tx.run(INSERT, large, LATER);
                          }))
          .hasMessage("store_unavailable");
      assertThat(names(store)).containsExactly("before");
      assertThat(store.published()).isEmpty();

      store.database().write(tx -> tx.run("PRAGMA max_page_count = 1000000"));
      store.database().write(tx -> tx.run(INSERT, large, LATER));
      assertThat(names(store)).containsExactly("before", large);
    }
  }

  @Test
  void runsOtherUnitsAgainAfterDiskIsFull() throws Exception {
    try (var store = TestStore.open(Databases.sqlite(), NoteEvent.TYPES)) {
      long pages = store.database().read("PRAGMA page_count").row(0).number("page_count");
      store.database().write(tx -> tx.run("PRAGMA max_page_count = " + (pages + 10)));
      var gate = new Gate(store);
      var calls = new ArrayList<CompletableFuture<?>>();
      for (int number = 0; number < 30; number++) {
        String name = number % 10 == 5 ? "x".repeat(200_000) + number : "small" + number;
        calls.add(async(() -> store.database().write(tx -> tx.run(INSERT, name, LATER))));
      }
      Eventually.holds(() -> queuedCount(store) >= 30);
      gate.open();

      long acknowledged = 0;
      for (CompletableFuture<?> call : calls) {
        boolean done = call.handle((_, failure) -> failure == null).join();
        acknowledged += done ? 1 : 0;
      }
      assertThat(names(store)).hasSize(27).noneMatch(name -> name.startsWith("x"));
      assertThat(acknowledged).isEqualTo(27);
    }
  }

  @Test
  void refusesWritesToCorruptFile() throws Exception {
    try (var store = TestStore.open(Databases.sqlite(), NoteEvent.TYPES)) {
      Path file = ((DatabaseLocation.File) store.testDatabase().location()).path();
      store.database().write(tx -> tx.run(INSERT, "kept", LATER));
      store.store().close();
      overwriteTree(file, "stream");

      try (var damaged =
          TestStore.open(
              store.testDatabase().shared(), store.testDatabase().config(), NoteEvent.TYPES)) {
        assertThatThrownBy(() -> damaged.database().write(tx -> tx.run(INSERT, "more", LATER)))
            .hasMessage("store_unavailable");
        assertThatThrownBy(() -> damaged.database().write(tx -> null))
            .hasMessage("store_unavailable");
        assertThat(damaged.database().read("SELECT name FROM sqlite_master").isEmpty()).isFalse();
      }
    }
  }

  /** Overwrites the root page of a table. */
  private static void overwriteTree(Path file, String table) throws SQLException, IOException {
    long page;
    long size;
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      try (var root =
          statement.executeQuery(
              "SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'")) {
        page = root.getLong(1);
      }
      try (var pageSize = statement.executeQuery("PRAGMA page_size")) {
        size = pageSize.getLong(1);
      }
    }
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek((page - 1) * size);
      raw.write("nonsense ".repeat(40).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  private static List<String> names(TestStore store) {
    return store
        .database()
        .read("SELECT name FROM stream ORDER BY name")
        .all(row -> row.text("name"));
  }

  private static double queuedCount(TestStore store) {
    return store.meters().get("rookery.store.waiting").gauge().value();
  }

  private static CompletableFuture<?> async(Runnable call) {
    return CompletableFuture.runAsync(call, Thread::startVirtualThread);
  }

  /** A unit of work that occupies the writer until it is released. */
  private static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final CompletableFuture<?> unit;

    Gate(TestStore store) throws InterruptedException {
      unit = async(() -> store.database().write(tx -> hold()));
      reached.await();
    }

    private Object hold() {
      reached.countDown();
      try {
        open.await();
        return "done";
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    }

    void open() {
      open.countDown();
      unit.exceptionally(_ -> null).join();
    }
  }
}
