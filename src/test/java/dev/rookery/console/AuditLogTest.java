package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.RecordedDatabase;
import dev.rookery.testkit.QueryPlans;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The audit log: in the transaction of the change, and a chain that shows what was changed. */
@ExtendWith(VertxExtension.class)
final class AuditLogTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final long RUN = 7;

  private static final int BATCHED = 20;

  private final AuditLog log = new AuditLog(() -> RUN);
  private final Promise<Void> allWait = Promise.promise();
  private int waiting;
  private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());

  @ParameterizedTest
  @MethodSource(ALL)
  void writesTheEntryInTheTransactionOfTheChange(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    TestBus.await(bus.bus().ask(new Note("kept", Step.PLAIN), change("first")));
    assertThat(notes(store)).containsExactly("kept");
    assertThat(entries(store))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.action()).isEqualTo("first");
              assertThat(entry.target()).isEqualTo("notes/1");
              assertThat(entry.player()).isEqualTo(new PlayerId(5));
              assertThat(entry.permission()).isEqualTo("kv.edit");
              assertThat(entry.result()).isEqualTo("done");
              assertThat(entry.details()).isEqualTo("{\"password\":\"***\"}");
            });

    Refusal refusal =
        TestBus.refusal(bus.bus().ask(new Note("lost", Step.REFUSED), change("second")));
    assertThat(refusal.code()).isEqualTo("refused");
    assertThat(notes(store)).containsExactly("kept");
    assertThat(entries(store)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writesOneEntryForACommandWithSeveralTransactions(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    TestBus.await(bus.bus().ask(new Note("twice", Step.NESTED), change("nested")));
    assertThat(notes(store)).containsExactly("twice", "twice again");
    assertThat(entries(store)).extracting(AuditEntry::action).containsExactly("nested");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writesEntriesOfCommandsThatShareATransaction(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    var asked = new ArrayList<Future<Done>>();
    for (int i = 0; i < BATCHED; i++) {
      String text = (i % 5 == 4 ? "refused " : "note ") + i;
      AuditedChange change = i % 3 == 0 ? change("batch " + i) : null;
      asked.add(bus.bus().ask(new Note(text, Step.BATCHED), change));
    }
    for (int i = 0; i < BATCHED; i++) {
      if (i % 5 == 4) {
        assertThat(TestBus.refusal(asked.get(i)).code()).isEqualTo("refused");
      } else {
        TestBus.await(asked.get(i));
      }
    }
    assertThat(notes(store)).hasSize(16);
    // Those that arrive while the first batch is under way are the second.
    assertThat(batches).hasSizeLessThanOrEqualTo(2);
    assertThat(entries(store))
        .extracting(AuditEntry::action)
        .containsExactlyInAnyOrder(
            "batch 0", "batch 3", "batch 6", "batch 12", "batch 15", "batch 18");
    assertThat(check(store)).isEqualTo(new AuditEntry.ChainCheck(RUN, 6, null));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsOneChainUnderConcurrentChanges(TestStore store, Vertx vertx) throws Exception {
    open(store, vertx);
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Done>> writers =
          IntStream.range(0, 30)
              .<Callable<Done>>mapToObj(i -> () -> append(store, "parallel " + i))
              .toList();
      for (var writer : crowd.invokeAll(writers)) {
        writer.get();
      }
    }
    assertThat(check(store)).isEqualTo(new AuditEntry.ChainCheck(RUN, 30, null));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsActionsByTheBeginningOfTheirNames(TestStore store, Vertx vertx) {
    open(store, vertx);
    for (String action : List.of("ban", "mute", "ban_all", "b_1", "b_2", "mute", "ban", "kick")) {
      append(store, action);
    }

    assertThat(actions(store, "ban", null)).containsExactly("ban", "ban_all", "ban");
    assertThat(actions(store, "mute", null)).containsExactly("mute", "mute");
    assertThat(actions(store, "b", null)).containsExactly("ban", "b_2", "b_1", "ban_all", "ban");
    assertThat(actions(store, "bans", null)).isEmpty();
    assertThat(actions(store, "ban", new AuditEntry.Place(Long.MAX_VALUE, RUN, 7)))
        .containsExactly("ban", "ban_all", "ban");
    var database = new RecordingDatabase(store.database());
    new AuditStore().list(database, beginning("ban"), null, 10);
    assertThat(QueryPlans.of(database)).contains("console_audit_by_action");
  }

  private static List<String> actions(
      TestStore store, String prefix, AuditEntry.@Nullable Place before) {
    return new AuditStore()
        .list(store.database(), beginning(prefix), before, 5).stream()
            .map(AuditEntry::action)
            .toList();
  }

  private static AuditEntry.Filter beginning(String prefix) {
    return new AuditEntry.Filter(null, prefix, null, null, null, null);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsEntriesThatWereChangedOrRemoved(TestStore store, Vertx vertx) {
    open(store, vertx);
    for (int i = 1; i <= 5; i++) {
      append(store, "entry " + i);
    }
    assertThat(check(store)).isEqualTo(new AuditEntry.ChainCheck(RUN, 5, null));
    sql(store, "UPDATE console_audit SET target = 'other' WHERE number = 3");
    assertThat(check(store).brokenAt()).isEqualTo(3);
    sql(store, "UPDATE console_audit SET target = 'notes/1' WHERE number = 3");
    assertThat(check(store).brokenAt()).isNull();
    sql(store, "DELETE FROM console_audit WHERE number = 5");
    assertThat(check(store).brokenAt()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheChainWhenOldEntriesAreRemoved(TestStore store, Vertx vertx) {
    open(store, vertx);
    append(store, "old 1");
    append(store, "old 2");
    store.clock().advance(Duration.ofDays(10));
    append(store, "new");
    long until = store.clock().millis() - Duration.ofDays(5).toMillis();
    int removed = store.database().write(tx -> log.store().removeBefore(tx, until, 100));
    assertThat(removed).isEqualTo(2);
    assertThat(entries(store)).extracting(AuditEntry::action).containsExactly("new");
    assertThat(check(store)).isEqualTo(new AuditEntry.ChainCheck(RUN, 1, null));
    sql(store, "UPDATE console_audit SET action = 'newer'");
    assertThat(check(store).brokenAt()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsInPagesAndByFilter(TestStore store, Vertx vertx) {
    open(store, vertx);
    for (int i = 1; i <= 5; i++) {
      append(store, i % 2 == 0 ? "admin_even" : "admin_odd");
      store.clock().advance(Duration.ofSeconds(1));
    }
    var first = log.store().list(store.database(), AuditEntry.Filter.NONE, null, 2);
    assertThat(first).extracting(AuditEntry::number).containsExactly(5L, 4L);
    var second =
        log.store().list(store.database(), AuditEntry.Filter.NONE, first.getLast().place(), 2);
    assertThat(second).extracting(AuditEntry::number).containsExactly(3L, 2L);
    var even = new AuditEntry.Filter(new PlayerId(5), "admin_e", "notes/1", true, null, null);
    assertThat(log.store().list(store.database(), even, null, 10))
        .extracting(AuditEntry::number)
        .containsExactly(4L, 2L);
    long middle = first.getLast().atMs();
    var before = new AuditEntry.Filter(null, null, null, null, null, middle);
    assertThat(log.store().list(store.database(), before, null, 10)).hasSize(3);
    var from = new AuditEntry.Filter(null, null, null, false, middle, null);
    assertThat(log.store().list(store.database(), from, null, 10)).isEmpty();
  }

  private TestBus open(TestStore store, Vertx vertx) {
    sql(store, "CREATE TABLE note (text TEXT NOT NULL)");
    var bus = new TestBus(vertx);
    bus.deploy(new Notes(bus.bus(), new RecordedDatabase(store.database(), store.database(), log)));
    return bus;
  }

  private Done append(TestStore store, String action) {
    return store
        .database()
        .write(
            tx -> {
              log.record(tx, change(action), AuditEntry.DONE);
              return Done.DONE;
            });
  }

  private AuditEntry.ChainCheck check(TestStore store) {
    return log.store().check(store.database(), RUN);
  }

  private List<AuditEntry> entries(TestStore store) {
    return log.store().list(store.database(), AuditEntry.Filter.NONE, null, 100);
  }

  private static List<String> notes(TestStore store) {
    return store
        .database()
        .read("SELECT text FROM note ORDER BY text LIMIT 100")
        .all(row -> row.text("text"));
  }

  private static void sql(TestStore store, String sql) {
    store.database().write(tx -> tx.run(sql));
  }

  private static AuditedChange change(String action) {
    var actor =
        new Actor(
            Actor.Kind.API, new PlayerId(5), "s", "127.0.0.1", "r", Permission.KV_EDIT, "because");
    return new AuditedChange(actor, action, "notes/1", Map.of("password", "a secret"));
  }

  private enum Step {
    PLAIN,
    REFUSED,
    NESTED,
    BATCHED
  }

  private record Note(String text, Step step) implements Command<Done> {
    @Override
    public String address() {
      return "note";
    }
  }

  /** Stores notes in all the ways in which domains change something. */
  private final class Notes extends VerticleBase {
    private final Bus bus;
    private final Database database;

    Notes(Bus bus, Database database) {
      this.bus = bus;
      this.database = database;
    }

    @Override
    public Future<?> start() {
      var batcher =
          new Batcher<String, Done>(
              context,
              database,
              "notes",
              _ -> null,
              new Refusal.Unavailable("busy"),
              (batch, _) -> carryOut(batch));
      return bus.<Note>serve("note", note -> handle(note, batcher));
    }

    private Object handle(Note note, Batcher<String, Done> batcher) {
      return switch (note.step()) {
        case PLAIN -> put(note.text());
        case REFUSED ->
            database.write(
                tx -> {
                  tx.run("INSERT INTO note (text) VALUES ($1)", note.text());
                  throw Refused.conflict("refused");
                });
        case NESTED -> {
          put(note.text());
          yield bus.send(new Note(note.text() + " again", Step.PLAIN)).await();
        }
        case BATCHED -> {
          Future<Done> answer = batcher.submit(note.text());
          if (++waiting == BATCHED) {
            allWait.complete();
          }
          yield answer.await();
        }
      };
    }

    /** The first batch waits until all other commands do. */
    private List<Batcher.Outcome<Done>> carryOut(List<String> batch) {
      batches.add(batch);
      allWait.future().await();
      return database.write(
          tx -> {
            var outcomes =
                new BatchOutcomes<String, Done>(
                    batch, _ -> null, new Refused(new Refusal.Unavailable("busy")));
            outcomes.attempt(
                batch,
                text -> {
                  if (text.startsWith("refused")) {
                    throw Refused.conflict("refused");
                  }
                  tx.run("INSERT INTO note (text) VALUES ($1)", text);
                  outcomes.done(text, Done.DONE);
                });
            return outcomes.all(tx);
          });
    }

    private Done put(String text) {
      return database.write(
          tx -> {
            tx.run("INSERT INTO note (text) VALUES ($1)", text);
            return Done.DONE;
          });
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesAChangeWhoseEntryCannotBeWritten(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    sql(store, "DROP TABLE console_audit");
    assertThatThrownBy(
            () -> TestBus.await(bus.bus().ask(new Note("lost", Step.PLAIN), change("first"))))
        .isInstanceOf(Refused.class);
    assertThat(notes(store)).isEmpty();
  }
}
