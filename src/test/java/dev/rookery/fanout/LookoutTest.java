package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events after which nothing came that would have shown that they were lost. */
final class LookoutTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventLog log = new EventLog(Said::new);
  private final Readings readings = new Readings(log);
  private final Shards shards =
      new Shards(4, () -> new Shard(vertx, readings, new FanOutMeters(meters)));

  private record Said(long number) implements Event {}

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theLastEventsOfManyStreamsAreFoundThoughTheBusLostThem() {
    List<Ear> ears =
        IntStream.range(0, 3 * Lookout.AT_ONCE / 2).mapToObj(i -> new Ear("lobby:" + i)).toList();
    loop.runOnContext(_ -> new Lookout(vertx, log, shards).start());
    ears.forEach(ear -> log.append(ear.stream));
    ears.forEach(ear -> log.append(ear.stream));

    Eventually.holds(() -> ears.stream().allMatch(ear -> ear.heard.size() == 2));
    assertThat(ears).allMatch(ear -> ear.heard.equals(List.of(1L, 2L)));
  }

  @Test
  void whereNothingWasLostNothingIsRead() {
    var ear = new Ear("lobby:1");
    var lost = new Ear("lobby:2");
    Eventually.holds(() -> shards.topics() == 2);
    shards.of("lobby:1").sequence(log.append("lobby:1"));
    log.append("lobby:2");
    loop.runOnContext(_ -> new Lookout(vertx, log, shards).start());

    Eventually.holds(() -> lost.heard.size() == 1);
    assertThat(ear.heard).containsExactly(1L);
    assertThat(log.reads).hasValue(1);
  }

  private final class Ear implements Follower {
    private final String stream;
    private final List<Long> heard = new CopyOnWriteArrayList<>();

    Ear(String stream) {
      this.stream = stream;
      loop.runOnContext(_ -> shards.of(stream).follow(stream, this, loop).from(Position.START));
    }

    @Override
    public void hear(Delivery delivery) {
      heard.add(delivery.position().offset());
    }

    @Override
    public void lost() {
      throw new AssertionError(stream);
    }
  }
}
