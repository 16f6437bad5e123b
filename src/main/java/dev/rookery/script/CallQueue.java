package dev.rookery.script;

import dev.rookery.script.ScriptException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue of calls before the thread of a keyspace: at most {@link #CALLS_MAX} of {@link
 * #BYTES_MAX} bytes wait, and further ones are refused at once. A call that was taken counts until
 * it is {@linkplain #release released}, because the thread takes many before it executes them. Any
 * thread may add or reject; one takes.
 */
final class CallQueue {
  static final int CALLS_MAX = 20_000;

  /** How many bytes the keys and arguments of the calls that wait may have together. */
  static final long BYTES_MAX = 64L << 20;

  private final BlockingQueue<List<ScriptCall>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();

  /** Calls that wait, with those that were taken and not released. */
  int size() {
    return waiting.get();
  }

  /**
   * Adds calls, and fails those beyond what may wait.
   *
   * @param calls that are executed in this order
   */
  void add(List<ScriptCall> calls) {
    var taken = new ArrayList<ScriptCall>(calls.size());
    for (ScriptCall call : calls) {
      if (reserve(call)) {
        taken.add(call);
      } else {
        call.fail(full());
      }
    }
    if (!taken.isEmpty()) {
      queue.add(taken);
    }
  }

  private boolean reserve(ScriptCall call) {
    long bytes = call.size();
    boolean fits = waitingBytes.addAndGet(bytes) <= BYTES_MAX;
    if (fits && waiting.incrementAndGet() > CALLS_MAX) {
      waiting.decrementAndGet();
      fits = false;
    }
    if (!fits) {
      waitingBytes.addAndGet(-bytes);
    }
    return fits;
  }

  /** The failure of a call that finds the queue full. */
  static ScriptException full() {
    return new ScriptException(Kind.BUSY, "too many scripts wait; try again later");
  }

  /** Takes calls that were added together; null if there are none. */
  @Nullable List<ScriptCall> poll() {
    return queue.poll();
  }

  /**
   * As {@link #poll}, after at most a while. Event loops that are about to add calls are let run
   * first: to wake the thread for each of them would take longer than most scripts.
   */
  @Nullable List<ScriptCall> await(Duration within) throws InterruptedException {
    List<ScriptCall> next = queue.poll();
    if (next != null) {
      return next;
    }
    Thread.yield();
    return queue.poll(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A call that was taken does not wait any more. */
  void release(ScriptCall call) {
    waiting.decrementAndGet();
    waitingBytes.addAndGet(-call.size());
  }

  /** Releases a call that is not executed here, and that its caller may send elsewhere. */
  void reject(ScriptCall call) {
    release(call);
    call.reject(ScriptCall.Rejection.NOT_OWNER);
  }

  /** Rejects all that are still in the queue. */
  void rejectAll() {
    List<ScriptCall> calls = queue.poll();
    while (calls != null) {
      calls.forEach(this::reject);
      calls = queue.poll();
    }
  }
}
