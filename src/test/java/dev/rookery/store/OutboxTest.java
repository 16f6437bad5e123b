package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading the outbox, its retention, and publishing what a dead node left. */
final class OutboxTest {
  private static final String STORES = "dev.rookery.store.NoteEvent#stores";
  private static final CatchUp<CommittedEvent> UP_TO_DATE = new CatchUp.UpToDate<>();
  private static final CatchUp<CommittedEvent> UNRECOVERABLE = new CatchUp.Unrecoverable<>();

  @ParameterizedTest
  @MethodSource(STORES)
  void readsMissedEventsInOrderUpToTheLimit(TestStore store) {
    append(store, "note:1", 5);
    append(store, "note:2", 1);
    Position third = store.published().get(2).position();

    assertThat(store.outbox().readAfter("note:1", third, 10))
        .isEqualTo(new CatchUp.Events<>(store.published().subList(3, 5), false));
    assertThat(store.outbox().readAfter("note:1", Position.START, 2))
        .isEqualTo(new CatchUp.Events<>(store.published().subList(0, 2), true));
    assertThat(store.outbox().readAfter("note:1", store.published().get(4).position(), 10))
        .isEqualTo(UP_TO_DATE);
    assertThat(store.outbox().readAfter("note:9", Position.START, 10)).isEqualTo(UP_TO_DATE);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void readsPartsOfAStreamForOperators(TestStore store) {
    append(store, "note:1", 40);
    append(store, "note:2", 1);
    var streams = new StreamReader(store.database());
    Position head = streams.head("note:1");
    long epoch = head.epoch();
    assertThat(head.offset()).isEqualTo(40);
    assertThat(streams.head("note:9")).isEqualTo(Position.START);

    var page = streams.read("note:1", epoch, 11, head.offset(), "", 1, 3);
    assertThat(page).extracting(event -> event.position().offset()).containsExactly(11L, 12L, 13L);
    assertThat(page.getFirst().payload()).isEqualTo("{\"text\":\"n\",\"number\":11}");
    assertThat(page.getFirst().bytes()).isEqualTo(page.getFirst().payload().length());
    assertThat(streams.read("note:1", epoch, 1, head.offset(), "", 10, 100))
        .extracting(event -> event.position().offset())
        .containsExactly(1L, 11L, 21L, 31L);
    assertThat(streams.readNewest("note:1", epoch, head.offset(), "", 2))
        .extracting(event -> event.position().offset())
        .containsExactly(39L, 40L);
    assertThat(streams.readNewest("note:1", epoch, head.offset(), "Other.Type", 2)).isEmpty();

    var kept = streams.kept("note:1", epoch, store.clock().millis() - 1);
    assertThat(kept.oldest()).isEqualTo(1);
    assertThat(kept.events()).isEqualTo(40);
    assertThat(kept.recent()).isEqualTo(40);
    assertThat(kept.types()).containsExactly(page.getFirst().type());
    assertThat(streams.kept("note:1", epoch, store.clock().millis()).recent()).isZero();
    assertThat(streams.find("note:1", head)).isPresent();
    assertThat(streams.find("note:1", new Position(epoch, 41))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void readsTheBeginningOfLongEventsInAPage(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.append("note:1", new NoteEvent.Noted("é".repeat(20_000), 1));
              return null;
            });
    var streams = new StreamReader(store.database());
    Position head = streams.head("note:1");
    var shown = streams.readNewest("note:1", head.epoch(), head.offset(), "", 1).getFirst();
    assertThat(shown.cut()).isTrue();
    assertThat(shown.payload()).hasSize(2_048);
    assertThat(shown.bytes()).isGreaterThan(40_000);
    assertThat(streams.find("note:1", head).orElseThrow().cut()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void cannotRecoverFromPositionThatNeverExisted(TestStore store) {
    append(store, "note:1", 3);
    long epoch = store.published().getFirst().position().epoch();

    for (var unknown :
        List.of(
            new Position(epoch - 1, 0),
            new Position(epoch + 1, 3),
            new Position(epoch, 4),
            new Position(0, 1))) {
      assertThat(store.outbox().readAfter("note:1", unknown, 10))
          .as("%s", unknown)
          .isEqualTo(UNRECOVERABLE);
    }
    assertThat(store.outbox().readAfter("note:9", new Position(epoch, 1), 10))
        .isEqualTo(UNRECOVERABLE);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void readsLargeEventsInSmallPages(TestStore store) {
    String big = "x".repeat((int) Outbox.READ_CHARS_MAX / 2);
    for (int i = 0; i < 5; i++) {
      store
          .database()
          .write(
              tx -> {
                tx.append("note:1", new NoteEvent.Noted(big, 0));
                return null;
              });
    }

    assertThat(store.outbox().readAfter("note:1", Position.START, 10))
        .isEqualTo(new CatchUp.Events<>(store.published().subList(0, 2), true));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void neverSkipsAGap(TestStore store) {
    append(store, "note:1", 5);
    store.database().write(tx -> tx.run("DELETE FROM outbox WHERE seq_offset = 3"));

    assertThat(store.outbox().readAfter("note:1", Position.START, 10)).isEqualTo(UNRECOVERABLE);
    assertThat(store.outbox().readAfter("note:1", store.published().get(2).position(), 10))
        .isEqualTo(new CatchUp.Events<>(store.published().subList(3, 5), false));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void readsPositionTogetherWithSnapshot(TestStore store) {
    String name = "'note:' || kept.id";
    String snapshot =
        "SELECT id, "
            + Outbox.headColumns(name)
            + " FROM (SELECT 1 AS id UNION SELECT 2) AS kept"
            + " ORDER BY id";
    append(store, "note:1", 4);

    List<Position> heads = store.database().read(snapshot).all(Outbox::position);

    assertThat(heads).containsExactly(store.published().getLast().position(), Position.START);
    assertThat(Outbox.head(store.database(), "note:1")).isEqualTo(heads.getFirst());
    assertThat(Outbox.head(store.database(), "note:2")).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void deletesOldEventsAndContinuesTheStream(TestStore store) {
    append(store, "note:1", 3);
    Position first = store.published().getFirst().position();
    store.clock().advance(Duration.ofMinutes(11));
    append(store, "note:1", 1);

    store.store().runMaintenanceNow();

    assertThat(store.outbox().readAfter("note:1", first, 10)).isEqualTo(UNRECOVERABLE);
    assertThat(store.outbox().readAfter("note:1", store.published().get(2).position(), 10))
        .isEqualTo(new CatchUp.Events<>(store.published().subList(3, 4), false));
    assertThat(store.published().getLast().position().offset()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsNewestEventsOfLongStream(Databases.TestDatabase database) {
    try (var store =
        TestStore.open(database.shared(), withHistoryMax(database.config(), 20), NoteEvent.TYPES)) {
      append(store, "note:1", 95);
      append(store, "note:2", 10);

      store.store().runMaintenanceNow();

      // Every second event is sampled, so one more may be kept.
      assertThat(countKept(store, "note:1")).isBetween(20L, 21L);
      assertThat(countKept(store, "note:2")).isEqualTo(10);
      assertThat(store.outbox().readAfter("note:1", store.published().get(80).position(), 100))
          .isEqualTo(new CatchUp.Events<>(store.published().subList(81, 95), false));
      assertThat(store.outbox().readAfter("note:1", store.published().get(10).position(), 100))
          .isEqualTo(UNRECOVERABLE);
    }
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void startsNewEpochAfterLongSilence(TestStore store) {
    append(store, "note:1", 3);
    Position before = store.published().getLast().position();
    store.clock().advance(Duration.ofHours(49));

    store.store().runMaintenanceNow();
    assertThat(Outbox.head(store.database(), "note:1")).isEqualTo(Position.START);
    append(store, "note:1", 1);

    Position after = store.published().getLast().position();
    assertThat(after.offset()).isEqualTo(1);
    assertThat(after.epoch()).isGreaterThan(before.epoch());
    assertThat(store.outbox().readAfter("note:1", before, 10)).isEqualTo(UNRECOVERABLE);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void trustsEmptyPositionOnlyWhileNoEpochCanHaveBeenDeleted(TestStore store) {
    Position beginning = store.outbox().beginning();
    assertThat(beginning.isBeginning()).isTrue();
    append(store, "note:1", 3);
    store.clock().advance(Duration.ofHours(23));
    store.store().runMaintenanceNow();
    assertThat(store.outbox().hasOneEpochSince(beginning)).isTrue();
    assertThat(Outbox.head(store.database(), "note:1").offset()).isEqualTo(3);

    // A reader that resumes from that position now would take the one event for all there were.
    store.clock().advance(Duration.ofHours(26));
    store.store().runMaintenanceNow();
    append(store, "note:1", 1);
    assertThat(Outbox.head(store.database(), "note:1").offset()).isEqualTo(1);
    assertThat(store.outbox().hasOneEpochSince(beginning)).isFalse();
    assertThat(store.outbox().hasOneEpochSince(Position.START)).isFalse();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void publishesRemainingEventsOfDeadNode(TestStore store) {
    store.store().setRun(99);
    append(store, "note:1", 4);
    List<CommittedEvent> all = List.copyOf(store.published());
    store.published().clear();

    // It had stored that its first two transactions were published.
    assertThat(store.store().publishRemaining(99, 2)).isEqualTo(2);
    assertThat(store.published()).isEqualTo(all.subList(2, 4));
    assertThat(store.store().publishRemaining(98, 0)).isZero();
  }

  private static void append(TestStore store, String stream, int events) {
    for (int number = 1; number <= events; number++) {
      long value = number;
      store
          .database()
          .write(
              tx -> {
                tx.append(stream, new NoteEvent.Noted("n", value));
                return null;
              });
    }
  }

  private static long countKept(TestStore store, String stream) {
    return store
        .database()
        .read("SELECT count(*) AS kept FROM outbox WHERE stream = $1", stream)
        .row(0)
        .number("kept");
  }

  private static StoreConfig withHistoryMax(StoreConfig defaults, int events) {
    return new StoreConfig(
        defaults.location(),
        defaults.connections(),
        defaults.pendingMax(),
        defaults.statementTimeout(),
        defaults.connectTimeout(),
        defaults.historyRetention(),
        events,
        defaults.idempotencyRetention(),
        defaults.streamRetention(),
        defaults.unreadRetention());
  }
}
