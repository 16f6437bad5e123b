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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FanOutTest {
  private static final String LOBBY = "lobby:5";
  private static final long EPOCH = InMemoryEventHistory.EPOCH;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory log = new InMemoryEventHistory(FanOutTest::joined);
  private final FanOut fanOut =
      new FanOut(
          vertx,
          new Bus(vertx, meters),
          new EventTypes(List.of(LobbyEvent.class)),
          log,
          meters,
          "node-a",
          4);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aFollowerHearsWhatIsNewerThanItsSnapshotOnceAndInOrder() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    post(3, 4);
    ann.from(3);
    post(5);

    assertThat(ann.hears(2)).containsExactly(4L, 5L);
  }

  @Test
  void whoBeginsWithAnOlderSnapshotThanOthersOfHisNodeMissesNothing() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    post(2);
    var bob = new TestSubscriber();
    bob.follow(LOBBY);
    bob.from(2);
    ann.from(1);

    assertThat(ann.hears(1)).containsExactly(2L);
    post(3);
    assertThat(ann.hears(1)).containsExactly(3L);
    assertThat(bob.hears(1)).containsExactly(3L);
  }

  @Test
  void anEventThatComesTwiceIsHeardOnce() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(1, 2, 1, 2, 3);

    assertThat(ann.hears(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void anEventThatOvertakesAnotherWaitsForIt() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(3, 2, 1);

    assertThat(ann.hears(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLostEventIsReadFromTheHistory() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(1, 6);

    assertThat(ann.hears(6)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(meters.counter("rookery.fanout.gaps").count()).isEqualTo(1);
  }

  @Test
  void aHistoryThatIsAwayIsAskedAgainBeforeAnythingLaterIsHeard() throws Exception {
    log.outages.set(2);
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(3, 4);

    assertThat(ann.hears(4)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(log.outages).hasValue(0);
  }

  @Test
  void moreThanOnePageOfLostEventsIsReadToItsEnd() throws Exception {
    int lost = 1_200;
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(lost + 1);

    assertThat(ann.hears(lost + 1))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, lost + 1).boxed().toList());
  }

  @Test
  void aStreamThatBeginsAnewIsFollowedFromItsFirstEvent() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(7);
    fanOut.publish(List.of(new CommittedEvent(LOBBY, new Position(EPOCH + 1, 1), joined(99))));

    assertThat(ann.hears(1)).containsExactly(1L);
  }

  @Test
  void aSecondFollowerWithANewerSnapshotHearsNothingTwice() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    var bob = new TestSubscriber();
    bob.follow(LOBBY);
    post(1, 2, 3);
    bob.from(2);
    post(4);

    assertThat(ann.hears(4)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(bob.hears(2)).containsExactly(3L, 4L);
  }

  @Test
  void aFeedIsHeardWithoutPositions() throws Exception {
    var ann = new TestSubscriber();
    ann.follow("lobbies");
    ann.run(() -> ann.following.startNow());
    post(7, 3);

    assertThat(ann.hears(2)).containsExactly(7L, 3L);
  }

  @Test
  void whoEndedHearsNothingAndLeavesNothingBehind() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    var bob = new TestSubscriber();
    bob.follow(LOBBY);
    bob.from(0);
    ann.run(() -> ann.following.cancel());
    post(1);

    assertThat(bob.hears(1)).containsExactly(1L);
    assertThat(ann.heard).isEmpty();
    bob.run(() -> bob.following.cancel());
    assertThat(meters.get("rookery.fanout.topics").gauge().value()).isZero();
  }

  @Test
  void whatTheHistoryHasNoMoreIsNotSkippedInSilence() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(1);
    commit(5);
    log.forget(LOBBY, 2);
    post(5);

    ann.lost.get(5, TimeUnit.SECONDS);
    assertThat(ann.hears(1)).containsExactly(1L);
    assertThat(meters.counter("rookery.fanout.lost").count()).isEqualTo(1);
    assertThat(meters.get("rookery.fanout.topics").gauge().value()).isZero();
  }

  @Test
  void whoReadsItsSnapshotForLongKeepsLittleAndMissesNothing() throws Exception {
    int many = 5_000;
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    for (long offset = 1; offset <= many; offset++) {
      post(offset);
    }
    ann.from(0);

    assertThat(ann.hears(many))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, many).boxed().toList());
  }

  @Test
  void whoIsSlowerThanOthersMissesNothing() throws Exception {
    int many = 1_000;
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    var bob = new TestSubscriber();
    bob.follow(LOBBY);
    for (long offset = 1; offset <= many; offset++) {
      post(offset);
    }
    bob.from(0);

    assertThat(ann.hears(many)).hasSize(many);
    assertThat(bob.hears(many))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, many).boxed().toList());
  }

  @Test
  void followersThatMissedTheSameReadItOnceAndShareIt() throws Exception {
    int reads = log.reads.get();
    commit(20);
    var encodings = new AtomicInteger();
    EventEncoder<Object> wire = _ -> encodings.incrementAndGet();
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
    done.get(5, TimeUnit.SECONDS);
    for (var recovery : recovered) {
      var missed = ((Recovery.Recovered) recovery.result()).missed();
      assertThat(missed).hasSize(15);
      missed.forEach(delivery -> delivery.encodedBy(wire));
    }

    assertThat(log.reads.get() - reads).isEqualTo(1);
    assertThat(encodings).hasValue(15);
  }

  @Test
  void anEventIsEncodedOnceForAllFollowersOfAWire() throws Exception {
    var encodings = new AtomicInteger();
    EventEncoder<Object> wire =
        _ -> {
          encodings.incrementAndGet();
          return new Object();
        };
    var seen =
        Collections.synchronizedSet(Collections.newSetFromMap(new java.util.IdentityHashMap<>()));
    var listeners = new ArrayList<TestSubscriber>();
    for (int i = 0; i < 50; i++) {
      var listener = new TestSubscriber();
      listener.onHear = delivery -> seen.add(delivery.encodedBy(wire));
      listener.follow(LOBBY);
      listener.from(0);
      listeners.add(listener);
    }
    post(1);
    for (TestSubscriber listener : listeners) {
      listener.hears(1);
    }

    assertThat(encodings).hasValue(1);
    assertThat(seen).hasSize(1);
  }

  @Test
  void howFarAStreamHasComeIsKnownUntilMuchElseHasHappened() {
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
  void whatThisVersionCannotReadHoldsNothingUp() throws Exception {
    var ann = new TestSubscriber();
    ann.follow(LOBBY);
    ann.from(0);
    post(1);
    fanOut.publish(
        List.of(
            new CommittedEvent(
                LOBBY, new Position(EPOCH, 2), new UnknownEvent("LobbyEvent.Sunk", "{}"))));
    commit(2);
    post(3);

    assertThat(ann.hears(3)).containsExactly(1L, 2L, 3L);
    assertThat(log.reads).hasValue(0);
    assertThat(meters.counter("rookery.fanout.unknown").count()).isEqualTo(1);
  }

  /** Committed, and posted in this order. */
  private void post(long... offsets) {
    for (long offset : offsets) {
      commit(offset);
    }
    for (long offset : offsets) {
      fanOut.publish(List.of(event(offset)));
    }
  }

  /** All up to the offset are committed; nobody is told. */
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
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private java.util.function.Consumer<Delivery> onHear = _ -> {};
    private Subscription following;

    @Override
    public void onEvent(Delivery delivery) {
      onHear.accept(delivery);
      heard.add(delivery.posted().position().offset());
    }

    @Override
    public void onLost() {
      lost.complete(null);
    }

    void follow(String topic) throws Exception {
      run(() -> following = fanOut.subscribe(topic, this));
    }

    void from(long offset) throws Exception {
      run(() -> following.startAfter(offset == 0 ? Position.START : new Position(EPOCH, offset)));
    }

    void run(Runnable act) throws Exception {
      var done = new CompletableFuture<Void>();
      context.runOnContext(
          _ -> {
            act.run();
            done.complete(null);
          });
      done.get(5, TimeUnit.SECONDS);
    }

    List<Long> hears(int count) throws Exception {
      var got = new ArrayList<Long>();
      for (int i = 0; i < count; i++) {
        Long next = heard.poll(5, TimeUnit.SECONDS);
        assertThat(next).as("event %d of %d, after %s", i + 1, count, got).isNotNull();
        got.add(next);
      }
      assertThat(heard).isEmpty();
      return got;
    }
  }
}
