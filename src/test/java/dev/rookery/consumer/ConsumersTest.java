package dev.rookery.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Page;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.store.ConsumerShards;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConsumersTest {
  private static final String STORES = "dev.rookery.consumer.ConsumersTest#stores";
  private static final long BROKEN = 666;
  private static final long LARGE = 777;
  private static final EventTypes TYPES =
      new EventTypes(List.of(MarkEvent.class), List.of(MarkEvent.Marked.class));

  private final Vertx vertx = Vertx.vertx();
  private final List<Vertx> busVertx = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(7);
  private final AtomicLong places = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  sealed interface MarkEvent extends Event {
    record Marked(long number) implements MarkEvent {}

    record Ignored(long number) implements MarkEvent {}
  }

  static Stream<TestStore> stores() {
    return Databases.locations()
        .map(database -> TestStore.open(database, database.config(), TYPES))
        .peek(ConsumersTest::createTable);
  }

  @AfterEach
  void closeVertx() {
    vertx.close().await();
    busVertx.forEach(own -> own.close().await());
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void handlesEventsOfAllWritersOnceAndInTheOrderOfTheirStreams(TestStore store) throws Exception {
    var ann = member(store, "ann");
    addConsumer(store, ann);
    int writers = 8;
    int eachWriter = 100;
    int streams = 12;
    long seed = TestSeed.of("ConsumersTest on " + store);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Void>>();
      for (int writer = 0; writer < writers; writer++) {
        var random = new Random(seed + writer);
        tasks.add(
            () -> {
              for (int i = 0; i < eachWriter; i++) {
                append(
                    store, 1, "mark:" + random.nextInt(streams), "mark:" + random.nextInt(streams));
              }
              return null;
            });
      }
      for (var written : threads.invokeAll(tasks)) {
        written.get();
      }
    }

    Eventually.holds(() -> countMarks(store) >= writers * eachWriter * 2);
    ann.close();
    assertThat(countMarks(store)).as("seed %d", seed).isEqualTo(writers * eachWriter * 2);
    for (int stream = 0; stream < streams; stream++) {
      String name = "mark:" + stream;
      assertThat(marks(store, name))
          .as("seed %d, %s", seed, name)
          .isEqualTo(store.readAll(name).stream().map(e -> e.position().offset()).toList());
    }
  }

  @Test
  void waitsForTransactionThatTookSmallerIdAndCommitsLater() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), TYPES)) {
      createTable(store);
      var ann = member(store, "ann");
      addConsumer(store, ann);
      var server = (DatabaseLocation.Server) store.location();
      String url =
          "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), server.database());
      String other = sameShardAs("mark:late");
      try (var late = DriverManager.getConnection(url, server.user(), server.password());
          var statement = late.createStatement()) {
        late.setAutoCommit(false);
        statement.execute(
            """
            INSERT INTO outbox
              (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms, shard)
            VALUES ('mark:late', 1, 1, 0, 0, 'MarkEvent.Marked', '{"number":1}', 1, %d)
            """
                .formatted(ConsumerShards.of("mark:late")));
        append(store, 2, other);

        Eventually.holds(
            () -> {
              store.clock().advance(Duration.ofSeconds(1));
              return lagSeconds() > 0;
            });
        assertThat(countMarks(store)).isZero();
        late.commit();
      }

      Eventually.holds(() -> countMarks(store) == 2);
      assertThat(marks(store, "mark:late")).containsExactly(1L);
      assertThat(marks(store, other)).containsExactly(1L);
      ann.close();
    }
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void goesOnAtAnotherNodeWhenTheOwnerDies(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    addConsumer(store, ann);
    append(store, 1, "mark:1");
    Eventually.holds(() -> countMarks(store) == 1);
    addConsumer(store, bob);

    declareOthersDead(bob);
    Eventually.holds(
        () -> IntStream.range(0, ConsumerShards.COUNT).allMatch(shard -> isHeld(bob, shard)));
    for (int i = 0; i < 50; i++) {
      append(store, i, "mark:" + i % 5);
    }

    Eventually.holds(() -> countMarks(store) >= 51);
    ann.close();
    bob.close();
    assertThat(countMarks(store)).isEqualTo(51);
    assertThat(marks(store, "mark:1")).isEqualTo(LongStream.rangeClosed(1, 11).boxed().toList());
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void parksEventThatKeepsFailingAndPassesItOver(TestStore store) {
    var ann = member(store, "ann");
    append(store, 1, "mark:before");
    addConsumer(store, ann);
    append(store, 1, "mark:1", "mark:1");
    append(store, BROKEN, "mark:1");
    append(store, 1, "mark:1");

    Eventually.holds(() -> marks(store, "mark:1").size() == 3);
    ann.close();
    assertThat(marks(store, "mark:1")).containsExactly(1L, 2L, 4L);
    assertThat(marks(store, "mark:before")).as("before the consumer existed").isEmpty();
    assertThat(
            store
                .database()
                .read("SELECT consumer, stream, seq_offset, reason FROM parked_event")
                .all(
                    row ->
                        row.text("consumer")
                            + " "
                            + row.text("stream")
                            + " "
                            + row.number("seq_offset")
                            + " "
                            + row.text("reason")))
        .containsExactly("marks mark:1 3 IllegalStateException");
    assertThat(meters.get("rookery.consumers.parked").counter().count()).isEqualTo(1);
    assertThat(meters.get("rookery.consumers.events").counter().count()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void handlesLargeEventInParts(TestStore store) {
    var ann = member(store, "ann");
    addConsumer(store, ann);

    append(store, LARGE, "mark:1");
    append(store, 1, "mark:1");

    Eventually.holds(() -> marks(store, "mark:1").contains(2L));
    ann.close();
    assertThat(marks(store, "mark:1")).containsExactly(1L, 1L, 1L, 2L);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void keepsUnreadEventsUpToTheirBound(TestStore store) {
    var ann = member(store, "ann");
    Consumers consumers = addConsumer(store, ann);
    store.store().keepUnread(consumers::firstUnread);
    append(store, 1, "mark:1");
    Eventually.holds(() -> countMarks(store) == 1);
    Eventually.holds(() -> consumers.firstUnread() == Long.MAX_VALUE);
    ann.close();
    append(store, 1, "mark:1", "mark:1");
    ignore(store, "mark:1");
    store.clock().advance(Duration.ofHours(1));

    store.store().prune();
    assertThat(kept(store)).isEqualTo(List.of(2L, 3L, 4L));
    store.clock().advance(Duration.ofHours(24));
    append(store, 1, "mark:2");
    store.store().prune();

    assertThat(kept(store)).isEqualTo(List.of(1L));
    assertThat(store.meters().get("rookery.store.outbox.unread.lost").counter().count())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesConsumerOfEventsThatAreNotKept(TestStore store) {
    var ann = member(store, "ann");
    var consumer =
        new Marker() {
          @Override
          public List<Class<? extends Event>> events() {
            return List.of(MarkEvent.class);
          }
        };

    assertThatThrownBy(() -> create(store).add(consumer, ann.scheduler()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ignored");
  }

  /** Stores a reward for each event under its key, and then waits at a gate. */
  private static final class Rewards implements EventHandler {
    final List<String> handled = new CopyOnWriteArrayList<>();
    final CountDownLatch gate;
    volatile boolean busy;
    private final TestStore store;

    Rewards(TestStore store, int closed) {
      this.store = store;
      this.gate = new CountDownLatch(closed);
    }

    @Override
    public String name() {
      return "extension:game-1.x";
    }

    @Override
    public Set<Class<? extends Event>> events() {
      return Set.of(MarkEvent.Marked.class);
    }

    @Override
    public void handle(CommittedEvent event, Instant at) throws Exception {
      if (busy) {
        throw new Refused(new Refusal.Unavailable("busy"));
      }
      String key = event.stream() + "/" + event.position().offset();
      handled.add(key);
      if (((MarkEvent.Marked) event.event()).number() == BROKEN) {
        throw new IOException("broken");
      }
      store
          .database()
          .write(
              tx ->
                  tx.run(
                      "INSERT INTO reward (reward_key) VALUES ($1) ON CONFLICT DO NOTHING", key));
      gate.await();
    }
  }

  private static void createRewards(TestStore store) {
    store.database().write(tx -> tx.run("CREATE TABLE reward (reward_key TEXT PRIMARY KEY)"));
  }

  private static List<String> rewards(TestStore store) {
    return store
        .database()
        .read("SELECT reward_key FROM reward ORDER BY reward_key")
        .all(row -> row.text("reward_key"));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void handlesEventAgainWhenTheNodeDiesBeforeItsPositionIsStored(TestStore store) {
    createRewards(store);
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var ofAnn = new Rewards(store, 1);
    var ofBob = new Rewards(store, 0);
    Consumers consumersOfAnn = create(store);
    append(store, 1, "mark:before");
    consumersOfAnn.add(ofAnn, ann.scheduler());
    store.onPublished(consumersOfAnn::onCommitted);
    append(store, 1, "mark:1", "mark:1", "mark:1");
    Eventually.holds(() -> rewards(store).equals(List.of("mark:1/1")));

    create(store).add(ofBob, bob.scheduler());
    declareOthersDead(bob);
    Eventually.holds(() -> ofBob.handled.size() == 3);
    ofAnn.gate.countDown();
    ann.close();
    bob.close();

    // The node that was taken for dead did not go on with the second event.
    assertThat(ofAnn.handled).containsExactly("mark:1/1");
    assertThat(ofBob.handled).containsExactly("mark:1/1", "mark:1/2", "mark:1/3");
    assertThat(rewards(store)).containsExactly("mark:1/1", "mark:1/2", "mark:1/3");
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void handlerGoesOnAtItsPositionAndParksWhatKeepsFailing(TestStore store) {
    createRewards(store);
    var ann = member(store, "ann");
    var first = new Rewards(store, 0);
    Consumers consumers = create(store);
    consumers.add(first, ann.scheduler());
    store.onPublished(consumers::onCommitted);
    append(store, 1, "mark:1");
    append(store, BROKEN, "mark:1");
    append(store, 1, "mark:1");
    Eventually.holds(() -> rewards(store).contains("mark:1/3"));
    consumers.remove(first.name(), ann.scheduler());
    append(store, 1, "mark:1");

    assertThat(first.handled.stream().distinct())
        .containsExactly("mark:1/1", "mark:1/2", "mark:1/3");
    assertThat(Collections.frequency(first.handled, "mark:1/2")).isEqualTo(RetryState.ATTEMPTS_MAX);
    assertThat(consumers.parked(first.name(), new Page.Request(1, 10)).items())
        .extracting(ParkedEvent::stream, parked -> parked.position().offset(), ParkedEvent::reason)
        .containsExactly(tuple("mark:1", 2L, "CompletionException"));
    long parked = consumers.parked(first.name(), new Page.Request(1, 1)).items().getFirst().id();
    first.busy = true;
    assertThatThrownBy(() -> consumers.retryParked(first, parked, store.database()))
        .isInstanceOf(Refused.class);
    assertThat(reason(consumers, first)).isEqualTo("CompletionException");
    first.busy = false;
    assertThatThrownBy(() -> consumers.retryParked(first, parked, store.database()))
        .isInstanceOf(IOException.class);
    assertThat(reason(consumers, first)).isEqualTo("IOException");
    assertThat(consumers.parked(first.name(), new Page.Request(2, 1)))
        .isEqualTo(new Page<ParkedEvent>(List.of(), 2, 1, 1));
    assertThat(deleteParked(store, consumers, first, parked)).isTrue();
    assertThat(deleteParked(store, consumers, first, parked)).isFalse();
    assertThat(meters.find("rookery.consumers.lag").gauge()).isNull();
    assertThat(ann.leases().heldCount()).isEqualTo(1);

    // Another one goes on at its position; without one it begins with what comes from then on.
    var second = new Rewards(store, 0);
    consumers.add(second, ann.scheduler());
    Eventually.holds(() -> rewards(store).contains("mark:1/4"));
    consumers.remove(first.name(), ann.scheduler());
    store
        .database()
        .write(
            tx -> {
              consumers.deletePositions(tx, first.name());
              return true;
            });
    append(store, 1, "mark:1");
    consumers.add(second, ann.scheduler());
    append(store, 1, "mark:1");
    Eventually.holds(() -> rewards(store).contains("mark:1/6"));
    ann.close();
    assertThat(second.handled).containsExactly("mark:1/4", "mark:1/6");
  }

  private static boolean deleteParked(
      TestStore store, Consumers consumers, Rewards of, long parked) {
    return store.database().write(tx -> consumers.deleteParked(tx, of.name(), parked));
  }

  private static String reason(Consumers consumers, EventHandler of) {
    return consumers.parked(of.name(), new Page.Request(1, 1)).items().getFirst().reason();
  }

  /** Stores a row for each event; fails for some, and needs several steps for others. */
  private class Marker implements EventConsumer {
    @Override
    public String name() {
      return "marks";
    }

    @Override
    public List<Class<? extends Event>> events() {
      return List.of(MarkEvent.Marked.class);
    }

    @Override
    public Progress consume(Transaction tx, List<CommittedEvent> events, String part) {
      for (CommittedEvent event : events) {
        long number = ((MarkEvent.Marked) event.event()).number();
        tx.run(
            "INSERT INTO mark (place, stream, number) VALUES ($1, $2, $3)",
            places.incrementAndGet(),
            event.stream(),
            event.position().offset());
        if (number == BROKEN) {
          throw new IllegalStateException("broken");
        }
        if (number == LARGE && part.length() < 2) {
          return Progress.partial(events.indexOf(event) + 1, part + "x");
        }
      }
      return Progress.complete(events.size());
    }
  }

  private Consumers create(TestStore store) {
    return new Consumers(
        vertx, bus(), store.database(), TYPES, store.clock(), meters, Duration.ofMillis(1));
  }

  /** A bus of its own, as each node has one. */
  private Bus bus() {
    Vertx own = Vertx.vertx();
    busVertx.add(own);
    return new Bus(own, new SimpleMeterRegistry());
  }

  private Consumers addConsumer(TestStore store, TestClusterMember member) {
    Consumers consumers = create(store);
    consumers.add(new Marker(), member.scheduler());
    store.onPublished(consumers::onCommitted);
    return consumers;
  }

  private static boolean isHeld(TestClusterMember member, int shard) {
    return member
            .meters()
            .get("rookery.duties.held")
            .tag("duty", "consumer marks " + shard)
            .gauge()
            .value()
        == 1;
  }

  private double lagSeconds() {
    return meters.get("rookery.consumers.lag").gauge().value();
  }

  private static void createTable(TestStore store) {
    store
        .database()
        .write(tx -> tx.run("CREATE TABLE mark (place BIGINT, stream TEXT, number BIGINT)"));
  }

  private static void append(TestStore store, long number, String... streams) {
    store
        .database()
        .write(
            tx -> {
              for (String stream : streams) {
                tx.append(stream, new MarkEvent.Marked(number));
              }
              return true;
            });
  }

  private static void ignore(TestStore store, String stream) {
    store
        .database()
        .write(
            tx -> {
              tx.append(stream, new MarkEvent.Ignored(1));
              return true;
            });
  }

  private static List<Long> marks(TestStore store, String stream) {
    return store
        .database()
        .read("SELECT number FROM mark WHERE stream = $1 ORDER BY place", stream)
        .all(row -> row.number("number"));
  }

  private static long countMarks(TestStore store) {
    return store.database().read("SELECT COUNT(*) AS marks FROM mark").row(0).number("marks");
  }

  private static List<Long> kept(TestStore store) {
    return store
        .database()
        .read("SELECT seq_offset FROM outbox ORDER BY stream, seq_offset")
        .all(row -> row.number("seq_offset"));
  }

  private static String sameShardAs(String stream) {
    return IntStream.range(0, 1_000)
        .mapToObj(number -> "mark:" + number)
        .filter(name -> ConsumerShards.of(name) == ConsumerShards.of(stream))
        .findFirst()
        .orElseThrow();
  }

  /** All members but this one are silent until it declares them dead. */
  private void declareOthersDead(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.interval();
    alive.heartbeat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.timeout()) <= 0;
        silent = silent.plus(beat)) {
      nanos.addAndGet(beat.toNanos());
      alive.heartbeat();
    }
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
  }
}
