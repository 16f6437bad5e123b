package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Runs the calls of one version of an extension, in the order of their arrival, on as few threads
 * as they need. Short calls share a thread, because waking up one for each of them takes longer
 * than most calls. Another thread begins to take calls at once when a call waits for the server
 * ({@link #whileWaiting}), and when calls have been waiting for {@value #STALLED_MS} ms: twice as
 * many threads each time, up to the maximum.
 */
public final class CallThreads {
  private static final long STALLED_MS = 1;

  /** Set on a thread while it runs a call. */
  private static final ThreadLocal<CallThreads> CURRENT = new ThreadLocal<>();

  private record QueuedCall(Runnable call, long sinceNanos) {}

  private final Executor threads;
  private final int max;
  private final EventLoop clock;
  private final Logger logger;
  private final Queue<QueuedCall> waiting = new ConcurrentLinkedQueue<>();

  /** Threads that take calls, including those whose call waits. */
  private final AtomicInteger serving = new AtomicInteger();

  /** Of these, those whose call waits for the server. */
  private final AtomicInteger blocked = new AtomicInteger();

  private final AtomicBoolean watched = new AtomicBoolean();

  /**
   * @param threads runs at least {@code max} tasks at once
   * @param clock on which calls that wait too long are noticed
   * @param logger of the extension
   */
  CallThreads(Executor threads, int max, EventLoop clock, Logger logger) {
    this.threads = threads;
    this.max = max;
    this.clock = clock;
    this.logger = logger;
  }

  /** Runs calls; their number is bounded by the caller. */
  void execute(List<Runnable> calls) {
    long now = System.nanoTime();
    calls.forEach(call -> waiting.add(new QueuedCall(call, now)));
    ensureServed();
    watch();
  }

  /**
   * Waits, on a thread that runs a call, for something that other calls need not wait for. On other
   * threads it just waits.
   */
  public static <T> T whileWaiting(Supplier<T> result) {
    CallThreads current = CURRENT.get();
    if (current == null) {
      return result.get();
    }
    current.blocked.incrementAndGet();
    try {
      current.ensureServed();
      return result.get();
    } finally {
      current.blocked.decrementAndGet();
    }
  }

  private void ensureServed() {
    if (!waiting.isEmpty() && serving.get() == blocked.get()) {
      addThreads(1);
    }
  }

  private void addThreads(int number) {
    for (int i = 0; i < number; i++) {
      if (serving.incrementAndGet() > max) {
        serving.decrementAndGet();
        return;
      }
      threads.execute(this::serve);
    }
  }

  private void serve() {
    CURRENT.set(this);
    try {
      QueuedCall next = waiting.poll();
      while (next != null) {
        run(next.call());
        next = waiting.poll();
      }
    } finally {
      CURRENT.remove();
      serving.decrementAndGet();
      // A call may have arrived since the queue was found empty.
      ensureServed();
    }
  }

  private void run(Runnable call) {
    try {
      call.run();
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      logger.error("a call failed", failure);
    }
  }

  private void watch() {
    if (!waiting.isEmpty() && watched.compareAndSet(false, true)) {
      clock.schedule(this::helpIfStalled, STALLED_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void helpIfStalled() {
    watched.set(false);
    QueuedCall first = waiting.peek();
    if (first != null
        && System.nanoTime() - first.sinceNanos() > TimeUnit.MILLISECONDS.toNanos(STALLED_MS)) {
      addThreads(Math.max(1, serving.get()));
    }
    watch();
  }
}
