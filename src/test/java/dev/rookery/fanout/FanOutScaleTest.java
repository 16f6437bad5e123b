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
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One topic with many subscribers, and many topics with one subscriber each. */
@ExtendWith(VertxExtension.class)
final class FanOutScaleTest {
  private static final String TOPIC = "lobby:1";

  private record Numbered(long number) implements Event {}

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory log = new InMemoryEventHistory(Numbered::new);
  private FanOut fanOut;
  private List<Context> loops;

  @BeforeEach
  void start(Vertx vertx) {
    fanOut =
        new FanOut(
            vertx, new Bus(vertx, meters), new EventTypes(List.of()), log, meters, "node-a", 64);
    loops =
        Stream.generate(() -> ((VertxInternal) vertx).createEventLoopContext())
            .limit(2)
            .map(Context.class::cast)
            .toList();
  }

  @Test
  void tenThousandSubscribersReceiveAllInOrderWhileOthersUnsubscribe() throws Exception {
    int events = 30;
    var encodings = new AtomicInteger();
    EventEncoder<Long> encoder =
        delivery -> {
          encodings.incrementAndGet();
          return delivery.position().offset();
        };
    var remaining = new ArrayList<CheckingSubscriber>();
    var leaving = new ArrayList<CheckingSubscriber>();
    for (int i = 0; i < 10_000; i++) {
      (i % 2 == 0 ? remaining : leaving)
          .add(new CheckingSubscriber(TOPIC, loops.get(i % 3 == 0 ? 0 : 1), encoder));
    }
    start(remaining);
    start(leaving);
    Collections.shuffle(leaving, new Random(5));
    for (int i = 0; i < events; i++) {
      fanOut.publish(List.of(log.append(TOPIC)));
      var leavingNow =
          leaving.subList(i * leaving.size() / events, (i + 1) * leaving.size() / events);
      leavingNow.forEach(CheckingSubscriber::unsubscribe);
    }

    Eventually.holds(
        () -> remaining.stream().allMatch(subscriber -> subscriber.received == events));
    assertThat(remaining).noneMatch(subscriber -> subscriber.failed);
    assertThat(leaving).noneMatch(subscriber -> subscriber.failed);
    assertThat(encodings).hasValue(events);

    remaining.forEach(CheckingSubscriber::unsubscribe);
    Eventually.holds(() -> topics() == 0);
  }

  @Test
  void aHundredThousandTopicsDeliverToTheirOwnSubscriberAndAreRemoved() throws Exception {
    int count = 100_000;
    EventEncoder<Long> encoder = delivery -> delivery.position().offset();
    var subscribers = new ArrayList<CheckingSubscriber>(count);
    for (int i = 0; i < count; i++) {
      subscribers.add(new CheckingSubscriber("player:" + i, loops.get(i % 2), encoder));
    }
    start(subscribers);
    assertThat(topics()).isEqualTo(count);
    for (int round = 0; round < 2; round++) {
      for (CheckingSubscriber subscriber : subscribers) {
        fanOut.publish(List.of(log.append(subscriber.topic)));
      }
    }

    Eventually.holds(() -> subscribers.stream().allMatch(subscriber -> subscriber.received == 2));
    assertThat(subscribers).noneMatch(subscriber -> subscriber.failed);
    assertThat(log.reads).as("nothing was missed, so nothing was read").hasValue(0);

    subscribers.forEach(CheckingSubscriber::unsubscribe);
    Eventually.holds(() -> topics() == 0);
  }

  @Test
  void aNewSubscriberAmongManyReceivesWhatItsSnapshotLacks() throws Exception {
    EventEncoder<Long> encoder = delivery -> delivery.position().offset();
    var subscribers = new ArrayList<CheckingSubscriber>();
    for (int i = 0; i < 300; i++) {
      var subscriber = new CheckingSubscriber(TOPIC, loops.get(i % 2), encoder);
      subscribers.add(subscriber);
      start(List.of(subscriber));
      fanOut.publish(List.of(log.append(TOPIC)));
    }

    Eventually.holds(
        () -> subscribers.stream().allMatch(subscriber -> subscriber.last.equals(log.head(TOPIC))));
    assertThat(subscribers).noneMatch(subscriber -> subscriber.failed);
  }

  private double topics() {
    return meters.get("rookery.fanout.topics").gauge().value();
  }

  private static void start(List<CheckingSubscriber> subscribers) throws Exception {
    var started = new CompletableFuture<?>[subscribers.size()];
    for (int i = 0; i < started.length; i++) {
      started[i] = subscribers.get(i).start();
    }
    CompletableFuture.allOf(started).get(120, TimeUnit.SECONDS);
  }

  /** Subscribes to a topic and checks that each event is the next one. */
  private final class CheckingSubscriber implements Subscriber {
    private final String topic;
    private final Context loop;
    private final EventEncoder<Long> encoder;
    private Subscription subscription;
    private volatile Position last = Position.START;
    private volatile int received;
    private volatile boolean failed;

    CheckingSubscriber(String topic, Context loop, EventEncoder<Long> encoder) {
      this.topic = topic;
      this.loop = loop;
      this.encoder = encoder;
    }

    CompletableFuture<?> start() {
      var started = new CompletableFuture<Void>();
      loop.runOnContext(
          _ -> {
            subscription = fanOut.subscribe(topic, this);
            last = log.head(topic);
            subscription.startAfter(last);
            started.complete(null);
          });
      return started;
    }

    void unsubscribe() {
      loop.runOnContext(_ -> subscription.cancel());
    }

    @Override
    public void onEvent(Delivery delivery) {
      CommittedEvent posted = delivery.posted();
      failed |=
          !posted.stream().equals(topic)
              || !posted.position().directlyFollows(last)
              || delivery.encodedBy(encoder) != posted.position().offset();
      last = posted.position();
      received++;
    }

    @Override
    public void onLost() {
      failed = true;
    }
  }
}
