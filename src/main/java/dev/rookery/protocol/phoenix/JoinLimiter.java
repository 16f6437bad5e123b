package dev.rookery.protocol.phoenix;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets the joins of one event loop in, a bounded number at a time and in the order of their coming.
 *
 * <p>When everybody comes back at once they wait here and not further inside, because here it is
 * known who has given up and gone: that costs nothing any more. Otherwise a node that is slower
 * than its clients are patient would serve nobody but those who have left, for as long as they keep
 * coming back. For the same reason whoever has come half the way goes before those who have just
 * arrived. What waits is bounded by the sockets and their topics. Confined to its event loop.
 */
final class JoinLimiter {
  static final int CONCURRENT_MAX = 128;

  private final ArrayDeque<PendingJoin> priority = new ArrayDeque<>();
  private final ArrayDeque<PendingJoin> waiting = new ArrayDeque<>();
  private final LongAdder waitingCount;
  private int running;
  private boolean dispatching;

  private record PendingJoin(
      BooleanSupplier isWanted, Supplier<Future<?>> work, Runnable onAbandoned) {}

  /**
   * @param count of those that wait, at all doorways
   */
  JoinLimiter(LongAdder count) {
    this.waitingCount = count;
  }

  /**
   * Does the work when it is its turn, until its future completes on this event loop.
   *
   * @param half whether the client has joined something already, and not much
   * @param wanted whether anybody still waits for it then
   * @param otherwise done instead of the work if nobody does
   */
  void submit(boolean half, BooleanSupplier wanted, Supplier<Future<?>> work, Runnable otherwise) {
    var entering = new PendingJoin(wanted, work, otherwise);
    if (running < CONCURRENT_MAX) {
      start(entering);
    } else {
      (half ? priority : waiting).add(entering);
      waitingCount.increment();
    }
  }

  private void start(PendingJoin entering) {
    running++;
    entering.work.get().onComplete(_ -> onDone());
  }

  private void onDone() {
    running--;
    if (dispatching) {
      // Whoever is refused at once ends while he is being called.
      return;
    }
    dispatching = true;
    while (running < CONCURRENT_MAX && !(priority.isEmpty() && waiting.isEmpty())) {
      PendingJoin next = (priority.isEmpty() ? waiting : priority).remove();
      waitingCount.decrement();
      if (next.isWanted.getAsBoolean()) {
        start(next);
      } else {
        next.onAbandoned.run();
      }
    }
    dispatching = false;
  }
}
