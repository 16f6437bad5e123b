package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class UndoQueueTest {
  private static final Refused AWAY = new Refused(new Refusal.Unavailable("database_unavailable"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Integer> sent = new ArrayList<>();
  private Function<Integer, Future<?>> answer = _ -> Future.failedFuture(AWAY);
  private long nanos;
  private final UndoQueue undos =
      new UndoQueue((undo, _) -> send((Undo) undo), () -> nanos, meters);

  private record Undo(int number) implements Command<Done> {
    @Override
    public String address() {
      return "undo";
    }
  }

  private Future<?> send(Undo undo) {
    sent.add(undo.number);
    return answer.apply(undo.number);
  }

  private void sendAgainAfterPause() {
    sent.clear();
    nanos += UndoQueue.AGAIN_AFTER.toNanos();
    undos.sendAgain();
  }

  private double waiting() {
    return meters.get("rookery.undos.waiting").gauge().value();
  }

  private double dropped() {
    return meters.counter("rookery.undos.dropped").count();
  }

  @Test
  void sendsCommandAgainUntilItIsCarriedOut() {
    assertThat(undos.add(new Undo(1), null).succeeded()).isTrue();
    undos.sendAgain();
    assertThat(sent).containsExactly(1, 1);

    // Not at once: what it needs is away.
    undos.sendAgain();
    assertThat(sent).hasSize(2);
    sendAgainAfterPause();
    assertThat(sent).containsExactly(1);

    answer = _ -> Future.succeededFuture();
    sendAgainAfterPause();
    assertThat(sent).containsExactly(1);
    assertThat(waiting()).isZero();
    sendAgainAfterPause();
    assertThat(sent).isEmpty();
    assertThat(dropped()).isZero();
  }

  @Test
  void senderThatThrowsLosesNothing() {
    answer =
        _ -> {
          throw new IllegalStateException("broken");
        };
    undos.add(new Undo(1), null);
    undos.add(new Undo(2), null);
    sendAgainAfterPause();
    assertThat(waiting()).isEqualTo(2);

    answer = _ -> Future.succeededFuture();
    sendAgainAfterPause();
    assertThat(sent).containsExactly(1, 2);
    assertThat(waiting()).isZero();
  }

  @Test
  void doesNotRepeatWhatARuleRefuses() {
    answer = _ -> Future.failedFuture(Refused.conflict("target_not_in_lobby"));
    assertThat(undos.add(new Undo(1), null).succeeded()).isTrue();

    sendAgainAfterPause();

    assertThat(sent).isEmpty();
    assertThat(waiting()).isZero();
  }

  @Test
  void oneThatAlwaysFailsHoldsNobodyUp() {
    int all = 3 * UndoQueue.AT_ONCE;
    for (int i = 0; i < all; i++) {
      undos.add(new Undo(i), null);
    }
    sendAgainAfterPause();
    assertThat(sent).hasSize(UndoQueue.AT_ONCE);

    answer =
        number ->
            number == 0
                ? Future.failedFuture(new IllegalStateException())
                : Future.succeededFuture();
    sendAgainAfterPause();

    assertThat(sent).hasSizeGreaterThanOrEqualTo(all).contains(0, 1, all - 1);
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void dropsAndCountsWhatIsBeyondTheBounds() {
    for (int i = 0; i < UndoQueue.WAITING_MAX + 3; i++) {
      undos.add(new Undo(i), null);
    }
    assertThat(waiting()).isEqualTo(UndoQueue.WAITING_MAX);
    assertThat(dropped()).isEqualTo(3);

    nanos += UndoQueue.KEPT_FOR.toNanos();
    sendAgainAfterPause();
    assertThat(waiting()).isEqualTo(UndoQueue.WAITING_MAX - UndoQueue.AT_ONCE);
    assertThat(dropped()).isEqualTo(3 + UndoQueue.AT_ONCE);
  }
}
