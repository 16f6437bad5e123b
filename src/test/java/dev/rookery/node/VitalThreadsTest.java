package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class VitalThreadsTest {
  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<String> reason = new CompletableFuture<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void reportsThreadThatDied() throws Exception {
    var end = new CountDownLatch(1);
    Thread writer = Thread.ofPlatform().name("a writer").start(() -> awaitQuietly(end));
    try (var _ = new VitalThreads(vertx, List.of(writer), reason::complete)) {
      end.countDown();

      assertThat(reason.get(120, TimeUnit.SECONDS)).contains("a writer").contains("died");
    }
  }

  @Test
  void reportsEventLoopThatDied() throws Exception {
    try (var _ = new VitalThreads(vertx, List.of(), reason::complete)) {
      ((VertxInternal) vertx)
          .nettyEventLoopGroup()
          .next()
          .shutdownGracefully(0, 0, TimeUnit.SECONDS);

      assertThat(reason.get(120, TimeUnit.SECONDS)).contains("vert.x-eventloop-thread");
    }
  }

  @Test
  void reportsNothingAfterItWasClosed() throws Exception {
    var end = new CountDownLatch(1);
    Thread writer = Thread.ofPlatform().start(() -> awaitQuietly(end));
    var watch = new VitalThreads(vertx, List.of(writer), reason::complete);
    watch.close();
    end.countDown();
    watch.awaitEnd();

    assertThat(reason).isNotDone();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
