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

/** What can be read again, for how long, and who posts what a dead node left behind. */
final class OutboxTest {
  private static final String STORES = "dev.rookery.store.NoteEvent#stores";
  private static final CatchUp<CommittedEvent> NOTHING = new CatchUp.UpToDate<>();
  private static final CatchUp<CommittedEvent> GONE = new CatchUp.Unrecoverable<>();

  @ParameterizedTest
  @MethodSource(STORES)
  void whatWasMissedIsReadInOrderAndNoMoreThanAskedFor(TestStore store) {
    append(store, "note:1", 5);
    append(store, "note:2", 1);
    Position third = store.posted().get(2).position();

    assertThat(store.outbox().after("note:1", third, 10))
        .isEqualTo(new CatchUp.Events<>(store.posted().subList(3, 5), false));
    assertThat(store.outbox().after("note:1", Position.START, 2))
        .isEqualTo(new CatchUp.Events<>(store.posted().subList(0, 2), true));
    assertThat(store.outbox().after("note:1", store.posted().get(4).position(), 10))
        .isEqualTo(NOTHING);
    assertThat(store.outbox().after("note:9", Position.START, 10)).isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aPositionThatTheStreamNeverHadIsGone(TestStore store) {
    append(store, "note:1", 3);
    long epoch = store.posted().getFirst().position().epoch();

    for (var never :
        List.of(
            new Position(epoch - 1, 0),
            new Position(epoch + 1, 3),
            new Position(epoch, 4),
            new Position(0, 1))) {
      assertThat(store.outbox().after("note:1", never, 10)).as("%s", never).isEqualTo(GONE);
    }
    assertThat(store.outbox().after("note:9", new Position(epoch, 1), 10)).isEqualTo(GONE);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void bigEventsAreReadAFewAtATime(TestStore store) {
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

    assertThat(store.outbox().after("note:1", Position.START, 10))
        .isEqualTo(new CatchUp.Events<>(store.posted().subList(0, 2), true));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aHoleInWhatIsKeptIsNeverSkipped(TestStore store) {
    append(store, "note:1", 5);
    store.database().write(tx -> tx.run("DELETE FROM outbox WHERE seq_offset = 3"));

    assertThat(store.outbox().after("note:1", Position.START, 10)).isEqualTo(GONE);
    assertThat(store.outbox().after("note:1", store.posted().get(2).position(), 10))
        .isEqualTo(new CatchUp.Events<>(store.posted().subList(3, 5), false));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aSnapshotTellsThePlaceUpToWhichItIsCurrent(TestStore store) {
    String name = "'note:' || kept.id";
    String snapshot =
        "SELECT id, "
            + Outbox.headColumns(name)
            + " FROM (SELECT 1 AS id UNION SELECT 2) AS kept"
            + " ORDER BY id";
    append(store, "note:1", 4);

    List<Position> heads = store.database().read(snapshot).all(Outbox::position);

    assertThat(heads).containsExactly(store.posted().getLast().position(), Position.START);
    assertThat(Outbox.head(store.database(), "note:1")).isEqualTo(heads.getFirst());
    assertThat(Outbox.head(store.database(), "note:2")).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void oldEventsAreDroppedAndTheStreamGoesOn(TestStore store) {
    append(store, "note:1", 3);
    Position first = store.posted().getFirst().position();
    store.clock().advance(Duration.ofMinutes(11));
    append(store, "note:1", 1);

    store.store().upkeepNow();

    assertThat(store.outbox().after("note:1", first, 10)).isEqualTo(GONE);
    assertThat(store.outbox().after("note:1", store.posted().get(2).position(), 10))
        .isEqualTo(new CatchUp.Events<>(store.posted().subList(3, 4), false));
    assertThat(store.posted().getLast().position().offset()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void ofALongStreamTheNewestAreKept(Databases.TestDatabase database) {
    try (var store =
        TestStore.open(database.shared(), keeping(database.config(), 20), NoteEvent.TYPES)) {
      append(store, "note:1", 95);
      append(store, "note:2", 10);

      store.store().upkeepNow();

      // Every second event is looked at, so it may be one more.
      assertThat(kept(store, "note:1")).isBetween(20L, 21L);
      assertThat(kept(store, "note:2")).isEqualTo(10);
      assertThat(store.outbox().after("note:1", store.posted().get(80).position(), 100))
          .isEqualTo(new CatchUp.Events<>(store.posted().subList(81, 95), false));
      assertThat(store.outbox().after("note:1", store.posted().get(10).position(), 100))
          .isEqualTo(GONE);
    }
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aStreamThatWasSilentForLongBeginsAnew(TestStore store) {
    append(store, "note:1", 3);
    Position before = store.posted().getLast().position();
    store.clock().advance(Duration.ofHours(49));

    store.store().upkeepNow();
    assertThat(Outbox.head(store.database(), "note:1")).isEqualTo(Position.START);
    append(store, "note:1", 1);

    Position after = store.posted().getLast().position();
    assertThat(after.offset()).isEqualTo(1);
    assertThat(after.epoch()).isGreaterThan(before.epoch());
    assertThat(store.outbox().after("note:1", before, 10)).isEqualTo(GONE);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aBeginningIsGoodForAsLongAsNoEpochCanHaveComeAndGone(TestStore store) {
    Position beginning = store.outbox().beginning();
    assertThat(beginning.isBeginning()).isTrue();
    append(store, "note:1", 3);
    store.clock().advance(Duration.ofHours(23));
    store.store().upkeepNow();
    assertThat(store.outbox().hasOneEpochSince(beginning)).isTrue();
    assertThat(Outbox.head(store.database(), "note:1").offset()).isEqualTo(3);

    // Whoever came back to that beginning now would take the one event for all there was.
    store.clock().advance(Duration.ofHours(26));
    store.store().upkeepNow();
    append(store, "note:1", 1);
    assertThat(Outbox.head(store.database(), "note:1").offset()).isEqualTo(1);
    assertThat(store.outbox().hasOneEpochSince(beginning)).isFalse();
    assertThat(store.outbox().hasOneEpochSince(Position.START)).isFalse();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void whatADeadNodeCommittedButDidNotPostIsPosted(TestStore store) {
    store.store().postAs(99);
    append(store, "note:1", 4);
    List<CommittedEvent> all = List.copyOf(store.posted());
    store.posted().clear();

    // It had told that its first two transactions were posted.
    assertThat(store.store().postFor(99, 2)).isEqualTo(2);
    assertThat(store.posted()).isEqualTo(all.subList(2, 4));
    assertThat(store.store().postFor(98, 0)).isZero();
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

  private static long kept(TestStore store, String stream) {
    return store
        .database()
        .read("SELECT count(*) AS kept FROM outbox WHERE stream = $1", stream)
        .row(0)
        .number("kept");
  }

  private static StoreConfig keeping(StoreConfig usual, int events) {
    return new StoreConfig(
        usual.location(),
        usual.connections(),
        usual.waitingMax(),
        usual.statementWithin(),
        usual.connectWithin(),
        usual.historyFor(),
        events,
        usual.answersFor(),
        usual.streamsFor());
  }
}
