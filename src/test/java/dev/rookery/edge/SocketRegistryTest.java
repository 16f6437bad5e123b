package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Closing all sockets of a node. */
@ExtendWith(VertxExtension.class)
final class SocketRegistryTest {
  private static final int MANY = 1_000;

  private final SocketRegistry sockets = new SocketRegistry();
  private final List<AtomicInteger> closes = new ArrayList<>();

  @Test
  void manySocketsAreClosedOverTime(Vertx vertx) {
    open(MANY);

    var closed = sockets.closeAll(vertx, CloseReason.RESTART, Duration.ofSeconds(1));

    assertThat(closed()).isLessThan(MANY / 2).isPositive();
    assertThat(closed.isComplete()).isFalse();
    assertThat(sockets.isClosing()).isTrue();
    Eventually.holds(closed::isComplete);
    assertThat(closed()).isEqualTo(MANY);
  }

  @Test
  void aSingleSocketIsClosedAtOnce(Vertx vertx) {
    open(1);

    var closed = sockets.closeAll(vertx, CloseReason.RESTART, Duration.ofHours(1));

    assertThat(closed.isComplete()).isTrue();
    assertThat(closed()).isEqualTo(1);
  }

  @Test
  void withoutSocketsClosingCompletesAtOnce(Vertx vertx) {
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
