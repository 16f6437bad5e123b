package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One topic that everybody follows, and a topic for everybody. */
final class FanOutScaleTest {
  private static final String STAGE = "lobby:1";

  private record Said(long number) implements Event {}

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory log = new InMemoryEventHistory(Said::new);
  private final FanOut fanOut =
      new FanOut(
          vertx, new Bus(vertx, meters), new EventTypes(List.of()), log, meters, "node-a", 64);
  private final List<Context> loops =
      Stream.generate(() -> ((VertxInternal) vertx).createEventLoopContext())
          .limit(2)
          .map(Context.class::cast)
          .toList();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void tenThousandFollowersOfOneTopicHearAllInOrderWhileOthersComeAndGo() throws Exception {
    int events = 30;
    var encodings = new AtomicInteger();
    EventEncoder<Long> wire =
        delivery -> {
          encodings.incrementAndGet();
          return delivery.position().offset();
        };
    var staying = new ArrayList<CheckingSubscriber>();
    var leaving = new ArrayList<CheckingSubscriber>();
    for (int i = 0; i < 10_000; i++) {
      (i % 2 == 0 ? staying : leaving)
          .add(new CheckingSubscriber(STAGE, loops.get(i % 3 == 0 ? 0 : 1), wire));
    }
    begin(staying);
    begin(leaving);
    Collections.shuffle(leaving, new Random(5));
    for (int i = 0; i < events; i++) {
      fanOut.publish(List.of(log.append(STAGE)));
      var going = leaving.subList(i * leaving.size() / events, (i + 1) * leaving.size() / events);
      going.forEach(CheckingSubscriber::leave);
    }

    Eventually.holds(() -> staying.stream().allMatch(ear -> ear.heard == events));
    assertThat(staying).noneMatch(ear -> ear.broken);
    assertThat(leaving).noneMatch(ear -> ear.broken);
    assertThat(encodings).hasValue(events);

    staying.forEach(CheckingSubscriber::leave);
    Eventually.holds(() -> topics() == 0);
  }

  @Test
  void aHundredThousandTopicsWithOneFollowerEachHearTheirOwnAndLeaveNothingBehind()
      throws Exception {
    int many = 100_000;
    EventEncoder<Long> wire = delivery -> delivery.position().offset();
    var ears = new ArrayList<CheckingSubscriber>(many);
    for (int i = 0; i < many; i++) {
      ears.add(new CheckingSubscriber("player:" + i, loops.get(i % 2), wire));
    }
    begin(ears);
    assertThat(topics()).isEqualTo(many);
    for (int round = 0; round < 2; round++) {
      for (CheckingSubscriber ear : ears) {
        fanOut.publish(List.of(log.append(ear.topic)));
      }
    }

    Eventually.holds(() -> ears.stream().allMatch(ear -> ear.heard == 2));
    assertThat(ears).noneMatch(ear -> ear.broken);
    assertThat(log.reads).as("nothing was missed, so nothing was read").hasValue(0);

    ears.forEach(CheckingSubscriber::leave);
    Eventually.holds(() -> topics() == 0);
  }

  @Test
  void whoComesToACrowdHearsWhatItsSnapshotDoesNotContain() throws Exception {
    EventEncoder<Long> wire = delivery -> delivery.position().offset();
    var ears = new ArrayList<CheckingSubscriber>();
    for (int i = 0; i < 300; i++) {
      var ear = new CheckingSubscriber(STAGE, loops.get(i % 2), wire);
      ears.add(ear);
      begin(List.of(ear));
      fanOut.publish(List.of(log.append(STAGE)));
    }

    Eventually.holds(() -> ears.stream().allMatch(ear -> ear.last.equals(log.head(STAGE))));
    assertThat(ears).noneMatch(ear -> ear.broken);
  }

  private double topics() {
    return meters.get("rookery.fanout.topics").gauge().value();
  }

  private static void begin(List<CheckingSubscriber> ears) throws Exception {
    var begun = new CompletableFuture<?>[ears.size()];
    for (int i = 0; i < begun.length; i++) {
      begun[i] = ears.get(i).begin();
    }
    CompletableFuture.allOf(begun).get(30, TimeUnit.SECONDS);
  }

  /** Follows a topic and checks that each event is the next one. */
  private final class CheckingSubscriber implements Subscriber {
    private final String topic;
    private final Context loop;
    private final EventEncoder<Long> wire;
    private Subscription following;
    private volatile Position last = Position.START;
    private volatile int heard;
    private volatile boolean broken;

    CheckingSubscriber(String topic, Context loop, EventEncoder<Long> wire) {
      this.topic = topic;
      this.loop = loop;
      this.wire = wire;
    }

    CompletableFuture<?> begin() {
      var begun = new CompletableFuture<Void>();
      loop.runOnContext(
          _ -> {
            following = fanOut.subscribe(topic, this);
            last = log.head(topic);
            following.startAfter(last);
            begun.complete(null);
          });
      return begun;
    }

    void leave() {
      loop.runOnContext(_ -> following.cancel());
    }

    @Override
    public void onEvent(Delivery delivery) {
      CommittedEvent posted = delivery.posted();
      broken |=
          !posted.stream().equals(topic)
              || !posted.position().isNextAfter(last)
              || delivery.encodedBy(wire) != posted.position().offset();
      last = posted.position();
      heard++;
    }

    @Override
    public void onLost() {
      broken = true;
    }
  }
}
