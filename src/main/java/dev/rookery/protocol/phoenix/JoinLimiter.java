package dev.rookery.protocol.phoenix;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Limits the concurrent joins of one event loop to {@value #CONCURRENT_MAX}; further joins wait in
 * order of arrival.
 *
 * <p>When all clients reconnect at once, their joins wait here and not in front of the database,
 * because here it is known which clients have disconnected again, and their joins are dropped at no
 * cost. Otherwise a node that is slower than the patience of its clients would spend its time on
 * clients that have left. For the same reason clients that have joined some of their topics come
 * before new ones. The queue is bounded by the number of sockets and topics per socket. Confined to
 * the event loop.
 */
final class JoinLimiter {
  static final int CONCURRENT_MAX = 128;

  private final ArrayDeque<PendingJoin> priority = new ArrayDeque<>();
  private final ArrayDeque<PendingJoin> waiting = new ArrayDeque<>();
  private final LongAdder waitingCount;
  private int running;
  private boolean dispatching;

  private record PendingJoin(
      BooleanSupplier isWanted, Supplier<Future<?>> join, Runnable onAbandoned) {}

  /**
   * @param waitingCount the number of waiting joins, over all event loops
   */
  JoinLimiter(LongAdder waitingCount) {
    this.waitingCount = waitingCount;
  }

  /**
   * Runs a join as soon as the limit permits; it counts until its future has completed, on this
   * event loop.
   *
   * @param preferred whether the client has joined some of its topics already
   * @param isWanted whether the client still waits for the join, checked when its turn comes
   * @param onAbandoned runs instead of the join if it is no longer wanted
   */
  void submit(
      boolean preferred, BooleanSupplier isWanted, Supplier<Future<?>> join, Runnable onAbandoned) {
    var pending = new PendingJoin(isWanted, join, onAbandoned);
    if (running < CONCURRENT_MAX) {
      start(pending);
    } else {
      (preferred ? priority : waiting).add(pending);
      waitingCount.increment();
    }
  }

  private void start(PendingJoin pending) {
    running++;
    pending.join.get().onComplete(_ -> onDone());
  }

  private void onDone() {
    running--;
    if (dispatching) {
      // A join that completed synchronously; the loop below continues.
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
