package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Events that contradict the history: whatever the bus brings, and in which order, the stored event
 * is delivered.
 */
@ExtendWith(VertxExtension.class)
final class ForgedEventTest {
  private static final String LOBBY = "lobby:5";
  private static final long EPOCH = InMemoryEventHistory.EPOCH;

  /** The player of forged events; in true ones it is the offset. */
  private static final long FORGER = 99;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory history = new InMemoryEventHistory(ForgedEventTest::left);
  private FanOut fanOut;
  private TestSubscriber ann;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    fanOut =
        new FanOut(
            vertx,
            new Bus(vertx, meters),
            new EventTypes(List.of(LobbyEvent.class)),
            history,
            meters,
            "node-a",
            4);
    ann = new TestSubscriber(vertx);
  }

  @Test
  void deliversTheStoredEventAlthoughAnotherOneTookItsOffset() {
    post(1);
    fanOut.publish(List.of(forged(EPOCH, 2)));
    post(2);
    ann.sees(1, FORGER, 2);

    post(3);
    ann.sees(1, FORGER, 2, 3);
    assertThat(conflicts()).isEqualTo(1);
  }

  @Test
  void dropsAForgedEventAfterTheTrueOne() {
    post(1, 2);
    fanOut.publish(List.of(forged(EPOCH, 2)));
    Eventually.holds(() -> conflicts() == 1);

    post(3);
    ann.sees(1, 2, 3);
  }

  @Test
  void believesNeitherOfTwoBufferedEventsWithOneOffset() {
    fanOut.publish(List.of(forged(EPOCH, 2)));
    commit(3);
    fanOut.publish(List.of(history.at(LOBBY, 2), history.at(LOBBY, 3)));

    ann.sees(1, 2, 3);
  }

  @Test
  void replacesABufferedForgedEventByTheStoredOne() {
    fanOut.publish(List.of(forged(EPOCH, 2)));
    commit(3);
    fanOut.publish(List.of(history.at(LOBBY, 3)));

    ann.sees(1, 2, 3);
  }

  @Test
  void dropsAnEventThatTheStreamHasNotReached() {
    post(1);
    fanOut.publish(List.of(forged(EPOCH, 50)));
    Eventually.holds(() -> conflicts() == 1);

    post(2, 3);
    ann.sees(1, 2, 3);
  }

  @Test
  void dropsALaterEventOfAnEpochThatDoesNotExist() {
    post(1);
    fanOut.publish(List.of(forged(EPOCH + 7, 5)));
    Eventually.holds(() -> conflicts() == 1);

    post(2, 3);
    ann.sees(1, 2, 3);
  }

  @Test
  void makesSubscribersReloadAfterAnEpochThatDoesNotExist() throws Exception {
    post(1);
    fanOut.publish(List.of(forged(EPOCH + 7, 1)));
    ann.sees(1, FORGER);
    post(2);

    ann.lost.get(120, TimeUnit.SECONDS);
    assertThat(fanOut.latestPosition(LOBBY)).contains(new Position(EPOCH, 2));
  }

  @Test
  void findsDeliveredEventsThatDoNotExistWithoutALaterOne(Vertx vertx) throws Exception {
    var reader = new HistoryReader(history);
    var fanOutMeters = new FanOutMeters(meters);
    var shards = new Shards(4, () -> new Shard(vertx, history, reader, fanOutMeters));
    var bob = new TestSubscriber(vertx, shards);
    commit(1);
    shards.of(LOBBY).deliverInOrder(history.at(LOBBY, 1));
    shards.of(LOBBY).deliverInOrder(forged(EPOCH, 2));
    bob.sees(1, FORGER);
    vertx.runOnContext(_ -> new GapDetector(vertx, history, shards).start());

    bob.lost.get(120, TimeUnit.SECONDS);
  }

  private double conflicts() {
    return meters.counter("rookery.fanout.conflicts").count();
  }

  private void post(long... offsets) {
    for (long offset : offsets) {
      commit(offset);
      fanOut.publish(List.of(history.at(LOBBY, offset)));
    }
  }

  private void commit(long offset) {
    while (history.head(LOBBY).offset() < offset) {
      history.append(LOBBY);
    }
  }

  private static CommittedEvent forged(long epoch, long offset) {
    return new CommittedEvent(LOBBY, new Position(epoch, offset), left(FORGER));
  }

  private static LobbyEvent left(long player) {
    return new LobbyEvent.Left(
        new Lobby(new LobbyId(5), "", null, "", true, 8, false, false, false, Map.of(), 0, 0, 1),
        new PlayerId(player),
        "");
  }

  private final class TestSubscriber implements Subscriber {
    private final List<Long> players = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    TestSubscriber(Vertx vertx) throws Exception {
      start(
          ((VertxInternal) vertx).createEventLoopContext(),
          () -> fanOut.subscribe(LOBBY, this).startAfter(Position.START));
    }

    TestSubscriber(Vertx vertx, Shards shards) throws Exception {
      Context context = ((VertxInternal) vertx).createEventLoopContext();
      start(
          context,
          () -> shards.of(LOBBY).subscribe(LOBBY, this, context).startAfter(Position.START));
    }

    private void start(Context context, Runnable subscribe) throws Exception {
      var started = new CompletableFuture<Void>();
      context.runOnContext(
          _ -> {
            subscribe.run();
            started.complete(null);
          });
      started.get(120, TimeUnit.SECONDS);
    }

    @Override
    public void onEvent(Delivery delivery) {
      if (delivery.posted().event() instanceof LobbyEvent.Left(_, var player, _)) {
        players.add(player.value());
      }
    }

    @Override
    public void onLost() {
      lost.complete(null);
    }

    void sees(long... expected) {
      Eventually.holds(() -> players.size() >= expected.length);
      assertThat(players).containsExactly(Arrays.stream(expected).boxed().toArray(Long[]::new));
    }
  }
}
