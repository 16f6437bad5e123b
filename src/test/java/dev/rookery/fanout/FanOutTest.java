package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.UnknownEvent;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class FanOutTest {
  private static final String LOBBY = "lobby:5";
  private static final long EPOCH = InMemoryEventHistory.EPOCH;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory log = new InMemoryEventHistory(FanOutTest::joined);
  private Vertx vertx;
  private FanOut fanOut;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    fanOut =
        new FanOut(
            vertx,
            new Bus(vertx, meters),
            new EventTypes(List.of(LobbyEvent.class)),
            log,
            meters,
            "node-a",
            4);
  }

  @Test
  void deliversEventsNewerThanTheSnapshotOnceAndInOrder() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    post(3, 4);
    ann.startAfter(3);
    post(5);

    assertThat(ann.receives(2)).containsExactly(4L, 5L);
  }

  @Test
  void aSubscriberWithAnOlderSnapshotThanOthersMissesNothing() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    post(2);
    var bob = new TestSubscriber();
    bob.subscribe(LOBBY);
    bob.startAfter(2);
    ann.startAfter(1);

    assertThat(ann.receives(1)).containsExactly(2L);
    post(3);
    assertThat(ann.receives(1)).containsExactly(3L);
    assertThat(bob.receives(1)).containsExactly(3L);
  }

  @Test
  void aSubscriberWithoutASnapshotReceivesWhatHappensFromNowOn() throws Exception {
    log.append(LOBBY);
    log.append(LOBBY);
    var ann = new TestSubscriber();
    var started = new CompletableFuture<Subscription>();
    ann.run(
        () ->
            fanOut
                .subscribeFromNow(LOBBY, ann)
                .onComplete(started::complete, started::completeExceptionally));
    started.get(120, TimeUnit.SECONDS);
    fanOut.publish(List.of(log.append(LOBBY)));

    assertThat(ann.receives(1)).containsExactly(3L);
  }

  @Test
  void aDuplicateEventIsDeliveredOnce() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(1, 2, 1, 2, 3);

    assertThat(ann.receives(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void anEventThatArrivesEarlyWaits() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(3, 2, 1);

    assertThat(ann.receives(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLostEventIsReadFromTheHistory() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(1, 6);

    assertThat(ann.receives(6)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(meters.counter("rookery.fanout.gaps").count()).isEqualTo(1);
  }

  @Test
  void anUnavailableHistoryIsReadAgainBeforeLaterEvents() throws Exception {
    log.outages.set(2);
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(3, 4);

    assertThat(ann.receives(4)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(log.outages).hasValue(0);
  }

  @Test
  void moreThanOnePageOfLostEventsIsReadToTheEnd() throws Exception {
    int lost = 1_200;
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(lost + 1);

    assertThat(ann.receives(lost + 1))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, lost + 1).boxed().toList());
  }

  @Test
  void aStreamWithANewEpochIsDeliveredFromItsFirstEvent() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(7);
    fanOut.publish(List.of(new CommittedEvent(LOBBY, new Position(EPOCH + 1, 1), joined(99))));

    assertThat(ann.receives(1)).containsExactly(1L);
  }

  @Test
  void aSecondSubscriberWithANewerSnapshotGetsNoDuplicates() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    var bob = new TestSubscriber();
    bob.subscribe(LOBBY);
    post(1, 2, 3);
    bob.startAfter(2);
    post(4);

    assertThat(ann.receives(4)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(bob.receives(2)).containsExactly(3L, 4L);
  }

  @Test
  void aFeedIsDeliveredWithoutPositions() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe("lobbies");
    ann.run(() -> ann.subscription.startNow());
    post(7, 3);

    assertThat(ann.receives(2)).containsExactly(7L, 3L);
  }

  @Test
  void aCancelledSubscriptionReceivesNothingAndIsRemoved() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    var bob = new TestSubscriber();
    bob.subscribe(LOBBY);
    bob.startAfter(0);
    ann.run(() -> ann.subscription.cancel());
    post(1);

    assertThat(bob.receives(1)).containsExactly(1L);
    assertThat(ann.received).isEmpty();
    bob.run(() -> bob.subscription.cancel());
    assertThat(meters.get("rookery.fanout.topics").gauge().value()).isZero();
  }

  @Test
  void aGapThatTheHistoryCannotFillIsReported() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(1);
    commit(5);
    log.forget(LOBBY, 2);
    post(5);

    ann.lost.get(120, TimeUnit.SECONDS);
    assertThat(ann.receives(1)).containsExactly(1L);
    assertThat(meters.counter("rookery.fanout.lost").count()).isEqualTo(1);
    assertThat(meters.get("rookery.fanout.topics").gauge().value()).isZero();
  }

  @Test
  void aSlowSnapshotReadBuffersLittleAndMissesNothing() throws Exception {
    int count = 5_000;
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    for (long offset = 1; offset <= count; offset++) {
      post(offset);
    }
    ann.startAfter(0);

    assertThat(ann.receives(count))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, count).boxed().toList());
  }

  @Test
  void aSubscriberThatStartsLaterThanOthersMissesNothing() throws Exception {
    int count = 1_000;
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    var bob = new TestSubscriber();
    bob.subscribe(LOBBY);
    for (long offset = 1; offset <= count; offset++) {
      post(offset);
    }
    bob.startAfter(0);

    assertThat(ann.receives(count)).hasSize(count);
    assertThat(bob.receives(count))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, count).boxed().toList());
  }

  @Test
  void subscribersThatMissedTheSameEventsShareOneRead() throws Exception {
    int reads = log.reads.get();
    commit(20);
    var encodings = new AtomicInteger();
    EventEncoder<Object> encoder = _ -> encodings.incrementAndGet();
    var context = vertx.getOrCreateContext();
    var recovered = new ArrayList<Future<Recovery>>();
    var done = new CompletableFuture<Void>();
    log.hold();
    context.runOnContext(
        _ -> {
          for (int i = 0; i < 100; i++) {
            recovered.add(
                fanOut.recover(LOBBY, new Position(EPOCH, 5), log.head(LOBBY), _ -> false));
          }
          log.release();
          Future.all(recovered).onComplete(_ -> done.complete(null));
        });
    done.get(120, TimeUnit.SECONDS);
    for (var recovery : recovered) {
      var missed = ((Recovery.Recovered) recovery.result()).missed();
      assertThat(missed).hasSize(15);
      missed.forEach(delivery -> delivery.encodedBy(encoder));
    }

    assertThat(log.reads.get() - reads).isEqualTo(1);
    assertThat(encodings).hasValue(15);
  }

  @Test
  void anEventIsEncodedOnceForAllSubscribersOfAProtocol() throws Exception {
    var encodings = new AtomicInteger();
    EventEncoder<Object> encoder =
        _ -> {
          encodings.incrementAndGet();
          return new Object();
        };
    var seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new java.util.IdentityHashMap<>()));
    var subscribers = new ArrayList<TestSubscriber>();
    for (int i = 0; i < 50; i++) {
      var subscriber = new TestSubscriber();
      subscriber.onDelivery = delivery -> seen.add(delivery.encodedBy(encoder));
      subscriber.subscribe(LOBBY);
      subscriber.startAfter(0);
      subscribers.add(subscriber);
    }
    post(1);
    for (TestSubscriber subscriber : subscribers) {
      subscriber.receives(1);
    }

    assertThat(encodings).hasValue(1);
    assertThat(seen).hasSize(1);
  }

  @Test
  void theLatestPositionIsKnownUntilManyOtherStreamsHaveEvents() {
    assertThat(fanOut.latestPosition(LOBBY)).isEmpty();
    post(1, 3, 2);
    assertThat(fanOut.latestPosition(LOBBY)).contains(new Position(EPOCH, 3));

    for (long other = 1; other <= 4L * 4 * RecentPositions.STREAMS_MAX; other++) {
      fanOut.publish(
          List.of(new CommittedEvent("lobby:9" + other, new Position(EPOCH, 1), joined(1))));
    }
    assertThat(fanOut.latestPosition(LOBBY)).isEmpty();
  }

  @Test
  void anUnknownEventDoesNotBlockLaterOnes() throws Exception {
    var ann = new TestSubscriber();
    ann.subscribe(LOBBY);
    ann.startAfter(0);
    post(1);
    fanOut.publish(
        List.of(
            new CommittedEvent(
                LOBBY, new Position(EPOCH, 2), new UnknownEvent("LobbyEvent.Sunk", "{}"))));
    commit(2);
    post(3);

    assertThat(ann.receives(3)).containsExactly(1L, 2L, 3L);
    assertThat(log.reads).hasValue(0);
    assertThat(meters.counter("rookery.fanout.unknown").count()).isEqualTo(1);
  }

  /** Commits the events, then publishes them in this order. */
  private void post(long... offsets) {
    for (long offset : offsets) {
      commit(offset);
    }
    for (long offset : offsets) {
      fanOut.publish(List.of(event(offset)));
    }
  }

  /** Commits all events up to the offset without publishing them. */
  private void commit(long offset) {
    while (log.head(LOBBY).offset() < offset) {
      log.append(LOBBY);
    }
  }

  private static CommittedEvent event(long offset) {
    return new CommittedEvent(LOBBY, new Position(EPOCH, offset), joined(offset));
  }

  private static LobbyEvent joined(long player) {
    return new LobbyEvent.Left(
        new Lobby(
            new LobbyId(5), "", null, "", true, 8, false, false, false, Map.of(), 0, 0, player),
        new PlayerId(player),
        "");
  }

  private final class TestSubscriber implements Subscriber {
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final BlockingQueue<Long> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private java.util.function.Consumer<Delivery> onDelivery = _ -> {};
    private Subscription subscription;

    @Override
    public void onEvent(Delivery delivery) {
      onDelivery.accept(delivery);
      received.add(delivery.posted().position().offset());
    }

    @Override
    public void onLost() {
      lost.complete(null);
    }

    void subscribe(String topic) throws Exception {
      run(() -> subscription = fanOut.subscribe(topic, this));
    }

    void startAfter(long offset) throws Exception {
      run(
          () ->
              subscription.startAfter(offset == 0 ? Position.START : new Position(EPOCH, offset)));
    }

    void run(Runnable act) throws Exception {
      var done = new CompletableFuture<Void>();
      context.runOnContext(
          _ -> {
            act.run();
            done.complete(null);
          });
      done.get(120, TimeUnit.SECONDS);
    }

    List<Long> receives(int count) throws Exception {
      var got = new ArrayList<Long>();
      for (int i = 0; i < count; i++) {
        Long next = received.poll(120, TimeUnit.SECONDS);
        assertThat(next).as("event %d of %d, after %s", i + 1, count, got).isNotNull();
        got.add(next);
      }
      assertThat(received).isEmpty();
      return got;
    }
  }
}
