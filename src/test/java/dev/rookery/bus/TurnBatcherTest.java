package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class TurnBatcherTest {
  private final LinkedBlockingQueue<List<Integer>> handedOver = new LinkedBlockingQueue<>();
  private final TurnBatcher<Integer> batcher = new TurnBatcher<>(handedOver::add);

  @Test
  void handsOverAtTheEndOfTheTurn(Vertx vertx) throws Exception {
    EventLoop loop = ((VertxInternal) vertx).nettyEventLoopGroup().next();
    loop.execute(
        () -> {
          batcher.add(loop, 1);
          batcher.add(loop, 2);
          batcher.add(loop, 3);
        });
    loop.submit(() -> batcher.add(loop, 4)).get(2, TimeUnit.MINUTES);
    assertThat(next()).startsWith(1, 2, 3);
    assertThat(handedOver.size()).isLessThanOrEqualTo(1);
  }

  @Test
  void handsOverAtOnceOffTheEventLoop(Vertx vertx) throws Exception {
    EventLoop loop = ((VertxInternal) vertx).nettyEventLoopGroup().next();
    batcher.add(loop, 1);
    assertThat(next()).containsExactly(1);
  }

  private List<Integer> next() throws InterruptedException {
    List<Integer> next = handedOver.poll(2, TimeUnit.MINUTES);
    assertThat(next).isNotNull();
    return next;
  }
}
