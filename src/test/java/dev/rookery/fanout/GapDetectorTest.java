package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events lost at the end of a stream, where no later event reveals the loss. */
@ExtendWith(VertxExtension.class)
final class GapDetectorTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryEventHistory log = new InMemoryEventHistory(Numbered::new);
  private Vertx vertx;
  private Context loop;
  private Shards shards;

  private record Numbered(long number) implements Event {}

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    loop = vertx.getOrCreateContext();
    var historyReader = new HistoryReader(log);
    shards = new Shards(4, () -> new Shard(vertx, log, historyReader, new FanOutMeters(meters)));
  }

  @Test
  void lostLastEventsOfManyStreamsAreDelivered() {
    List<RecordingSubscriber> subscribers =
        IntStream.range(0, 3 * GapDetector.BATCH_MAX / 2)
            .mapToObj(i -> new RecordingSubscriber("lobby:" + i))
            .toList();
    loop.runOnContext(_ -> new GapDetector(vertx, log, shards).start());
    subscribers.forEach(subscriber -> log.append(subscriber.stream));
    subscribers.forEach(subscriber -> log.append(subscriber.stream));

    Eventually.holds(
        () -> subscribers.stream().allMatch(subscriber -> subscriber.received.size() == 2));
    assertThat(subscribers).allMatch(subscriber -> subscriber.received.equals(List.of(1L, 2L)));
  }

  @Test
  void streamsWithoutLossAreNotRead() {
    var intact = new RecordingSubscriber("lobby:1");
    var lost = new RecordingSubscriber("lobby:2");
    Eventually.holds(() -> shards.topics() == 2);
    shards.of("lobby:1").deliverInOrder(log.append("lobby:1"));
    log.append("lobby:2");
    loop.runOnContext(_ -> new GapDetector(vertx, log, shards).start());

    Eventually.holds(() -> lost.received.size() == 1);
    assertThat(intact.received).containsExactly(1L);
    assertThat(log.reads).hasValue(1);
  }

  private final class RecordingSubscriber implements Subscriber {
    private final String stream;
    private final List<Long> received = new CopyOnWriteArrayList<>();

    RecordingSubscriber(String stream) {
      this.stream = stream;
      loop.runOnContext(
          _ -> shards.of(stream).subscribe(stream, this, loop).startAfter(Position.START));
    }

    @Override
    public void onEvent(Delivery delivery) {
      received.add(delivery.position().offset());
    }

    @Override
    public void onLost() {
      throw new AssertionError(stream);
    }
  }
}
