package dev.rookery.game;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the games in Java of one version of an extension, for a limited time each. Thread-safe;
 * blocks the caller.
 *
 * <p>A call runs on a platform thread: one that computes without end takes its share of a processor
 * and nothing else, while on the virtual thread of its room it would keep one of the few carriers
 * on which all commands of the server run. Java cannot end such a call. Its thread is interrupted,
 * the caller hears that it is overdue, and the thread is given up; while {@value #OVERDUE_MAX} of
 * them are in such calls, further calls are refused at once.
 */
public final class GameCalls {
  private static final Logger LOG = LoggerFactory.getLogger(GameCalls.class);
  private static final int OVERDUE_MAX = 8;
  private static final long IDLE_SECONDS = 5;

  private final String name;
  private final Duration limit;
  private final GameCallMeters meters;
  private final Semaphore slots;
  private final ThreadPoolExecutor threads;
  private final AtomicInteger overdue = new AtomicInteger();

  /**
   * @param name of the version, for logs
   * @param limit for each call, once it has begun
   * @param max how many calls run at the same time, apart from those that are overdue
   * @param factory of daemon threads; they end when they are idle for a few seconds
   */
  public GameCalls(
      String name, Duration limit, int max, ThreadFactory factory, GameCallMeters meters) {
    this.name = name;
    this.limit = limit;
    this.meters = meters;
    this.slots = new Semaphore(max);
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory);
  }

  /**
   * Runs a call, and waits for it.
   *
   * @throws GameOverdueException if it takes too long, or too many others do
   */
  <T extends @Nullable Object> T run(Supplier<T> work) {
    if (overdue.get() >= OVERDUE_MAX) {
      throw new GameOverdueException(
          "too many calls of " + name + " are overdue", () -> overdue.get() >= OVERDUE_MAX);
    }
    var call = new Call<>(work);
    try {
      // Others that wait are as many as this node has rooms; each gets its turn within the limit.
      slots.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the call was interrupted", interrupted);
    }
    threads.execute(call);
    return call.await();
  }

  /** A call; its own lock orders its end and its timeout. */
  private final class Call<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Thread runner;
    private boolean late;
    private boolean ended;

    Call(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      if (begin()) {
        try {
          result.complete(work.get());
        } catch (Throwable failure) {
          result.completeExceptionally(failure);
        }
      }
      end();
    }

    private synchronized boolean begin() {
      runner = Thread.currentThread();
      return !late;
    }

    private synchronized void end() {
      ended = true;
      runner = null;
      // The thread serves other calls, which nobody wants to interrupt.
      boolean interrupted = Thread.interrupted();
      if (late) {
        overdue.decrementAndGet();
        meters.ended();
        LOG.info("an overdue call of {} has ended, interrupted now: {}", name, interrupted);
      } else {
        slots.release();
      }
    }

    private synchronized boolean isRunning() {
      return !ended;
    }

    /** False if it has ended meanwhile. */
    private synchronized boolean timeOut() {
      if (ended) {
        return false;
      }
      late = true;
      overdue.incrementAndGet();
      meters.timedOut();
      slots.release();
      if (runner != null) {
        runner.interrupt();
      }
      return true;
    }

    T await() {
      try {
        return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        return giveUp("it took more than " + limit.toMillis() + " ms");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return giveUp("its caller was interrupted");
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException known) {
          throw known;
        }
        throw new IllegalStateException(failed.getCause());
      }
    }

    private T giveUp(String reason) {
      if (!timeOut()) {
        return result.join();
      }
      LOG.error("a call of {} is overdue: {}", name, reason);
      throw new GameOverdueException(reason, this::isRunning);
    }
  }
}
