package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing all sockets of a node. */
final class SocketRegistryTest {
  private static final int MANY = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final SocketRegistry sockets = new SocketRegistry();
  private final List<AtomicInteger> closes = new ArrayList<>();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void manySocketsAreClosedOverTime() {
    open(MANY);

    var closed = sockets.closeAll(vertx, CloseReason.RESTART, Duration.ofSeconds(1));

    assertThat(closed()).isLessThan(MANY / 2).isPositive();
    assertThat(closed.isComplete()).isFalse();
    assertThat(sockets.isClosing()).isTrue();
    Eventually.holds(closed::isComplete);
    assertThat(closed()).isEqualTo(MANY);
  }

  @Test
  void aSingleSocketIsClosedAtOnce() {
    open(1);

    var closed = sockets.closeAll(vertx, CloseReason.RESTART, Duration.ofHours(1));

    assertThat(closed.isComplete()).isTrue();
    assertThat(closed()).isEqualTo(1);
  }

  @Test
  void withoutSocketsClosingCompletesAtOnce() {
    assertThat(sockets.closeAll(vertx, CloseReason.RESTART, Duration.ofHours(1)).isComplete())
        .isTrue();
  }

  @Test
  void closeOpenStillAcceptsNewSockets() {
    open(3);

    sockets.closeOpen(CloseReason.RESTART);

    assertThat(closed()).isEqualTo(3);
    assertThat(sockets.isClosing()).isFalse();
  }

  private int closed() {
    return (int) closes.stream().filter(count -> count.get() > 0).count();
  }

  private void open(int number) {
    for (int i = 0; i < number; i++) {
      var count = new AtomicInteger();
      closes.add(count);
      sockets.add(
          _ -> {
            count.incrementAndGet();
            return Future.succeededFuture();
          });
    }
  }
}
