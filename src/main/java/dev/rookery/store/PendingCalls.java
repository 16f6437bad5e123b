package dev.rookery.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a reply of the database server. The server enforces statement timeouts
 * itself; this covers a server that does not reply at all. All calls are checked once a second,
 * instead of a timer for each.
 */
final class PendingCalls {
  private final Set<PendingCall<?>> calls = ConcurrentHashMap.newKeySet();
  private final long timeoutNanos;

  PendingCalls(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  <T> PendingCall<T> start() {
    var call = new PendingCall<T>(System.nanoTime());
    calls.add(call);
    return call;
  }

  int size() {
    return calls.size();
  }

  void failExpired() {
    long now = System.nanoTime();
    for (PendingCall<?> call : calls) {
      if (now - call.startedNanos > timeoutNanos) {
        call.promise.tryFail(new TimeoutException("no reply from the database server"));
      }
    }
  }

  /** Fails all calls that wait, as when their connections break. */
  void failAll(Throwable failure) {
    calls.forEach(call -> call.promise.tryFail(failure));
  }

  /** One call, compared by identity. */
  final class PendingCall<T> {
    private final long startedNanos;
    private final Promise<T> promise = Promise.promise();

    PendingCall(long startedNanos) {
      this.startedNanos = startedNanos;
    }

    void succeed(@Nullable T value) {
      promise.tryComplete(value);
    }

    void fail(Throwable failure) {
      promise.tryFail(failure);
    }

    /** Completes the call when the future completes. */
    void completeWith(Future<T> answer) {
      answer.onComplete(this::succeed, this::fail);
    }

    T await() {
      try {
        return BlockingCall.await(promise.future());
      } finally {
        calls.remove(this);
      }
    }
  }
}
