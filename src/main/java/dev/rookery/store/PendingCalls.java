package dev.rookery.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for the server. The server stops what takes too long by itself; this is for a
 * server that does not answer at all, and looks through the calls once a second instead of setting
 * a timer for each.
 */
final class PendingCalls {
  private final Set<PendingCall<?>> calls = ConcurrentHashMap.newKeySet();
  private final long withinNanos;

  PendingCalls(Duration within) {
    this.withinNanos = within.toNanos();
  }

  <T> PendingCall<T> begin() {
    var call = new PendingCall<T>(System.nanoTime());
    calls.add(call);
    return call;
  }

  int size() {
    return calls.size();
  }

  void giveUpOld() {
    long now = System.nanoTime();
    for (PendingCall<?> call : calls) {
      if (now - call.startedNanos > withinNanos) {
        call.promise.tryFail(new TimeoutException("no answer from the server"));
      }
    }
  }

  /** One call; compared by identity. */
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

    /** Completes the call as the future completes. */
    void follow(Future<T> answer) {
      answer.onComplete(this::succeed, this::fail);
    }

    T await() {
      try {
        return BlockingCall.on(promise.future());
      } finally {
        calls.remove(this);
      }
    }
  }
}
