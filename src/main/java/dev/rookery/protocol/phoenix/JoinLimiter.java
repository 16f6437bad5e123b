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
 * before new ones. At most {@value #WAITING_MAX} joins wait, of which {@value #STRANGERS_MAX} may
 * be those of sockets that are not signed in; further ones are refused. Confined to the event loop.
 */
final class JoinLimiter {
  static final int CONCURRENT_MAX = 128;
  static final int WAITING_MAX = 20_000;
  static final int STRANGERS_MAX = WAITING_MAX / 10;

  private final ArrayDeque<PendingJoin> priority = new ArrayDeque<>();
  private final ArrayDeque<PendingJoin> waiting = new ArrayDeque<>();
  private final LongAdder waitingCount;
  private int running;
  private int strangersWaiting;
  private boolean dispatching;

  private record PendingJoin(
      boolean signedIn, BooleanSupplier isWanted, Supplier<Future<?>> join, Runnable onAbandoned) {}

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
   * @param signedIn whether the client is signed in
   * @param isWanted whether the client still waits for the join, checked when its turn comes
   * @param onAbandoned runs instead of the join if it is no longer wanted
   * @param onRefused runs instead of the join if too many wait
   */
  void submit(
      boolean preferred,
      boolean signedIn,
      BooleanSupplier isWanted,
      Supplier<Future<?>> join,
      Runnable onAbandoned,
      Runnable onRefused) {
    var pending = new PendingJoin(signedIn, isWanted, join, onAbandoned);
    if (running < CONCURRENT_MAX) {
      start(pending);
    } else if (priority.size() + waiting.size() >= WAITING_MAX
        || (!signedIn && strangersWaiting >= STRANGERS_MAX)) {
      onRefused.run();
    } else {
      (preferred ? priority : waiting).add(pending);
      strangersWaiting += signedIn ? 0 : 1;
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
      strangersWaiting -= next.signedIn ? 0 : 1;
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
