package dev.rookery.lease;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One periodic job on one node: a virtual thread that acquires the job's lease when it is free,
 * runs the job, and waits for the next run.
 */
public final class ClusterSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSingleton.class);
  private static final Duration ACQUIRE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration DELAY_MIN = Duration.ofMillis(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /** How long a run of the job is waited for before its lease is handed over. */
  private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(30);

  private final Leases leases;
  private final String name;
  private final Duration retryInterval;
  private final ClusterScheduler.PacedJob job;
  private final MeterRegistry meters;
  private final Timer succeeded;
  private final Timer failed;
  private final Semaphore wakeUp = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Transfer> transfer = new AtomicReference<>();
  private volatile @Nullable Lease lease;
  // True until the first attempt, because nobody may have held it yet.
  private volatile boolean free = true;
  private volatile boolean closed;
  private volatile boolean removed;
  private volatile boolean wanted;
  private volatile boolean running;
  private volatile @Nullable Run lastRun;
  private volatile long dueNanos;

  /** A run that has ended; its error is null if it succeeded. */
  private record Run(long count, long endedNanos, long tookNanos, @Nullable String error) {}

  /** The wish that another run holds the job, carried out between two runs of it. */
  private record Transfer(long toRun, CompletableFuture<HandoverResult> outcome) {}

  /**
   * @param retryInterval time after which a run that failed is repeated
   */
  ClusterSingleton(
      Leases leases,
      String name,
      Duration retryInterval,
      ClusterScheduler.PacedJob job,
      MeterRegistry meters) {
    this.leases = leases;
    this.name = name;
    this.retryInterval = retryInterval;
    this.job = job;
    this.meters = meters;
    this.succeeded = timer(meters, name, "done");
    this.failed = timer(meters, name, "failed");
  }

  private static Timer timer(MeterRegistry meters, String name, String outcome) {
    return Timer.builder("rookery.duties")
        .description("Periodic jobs that this node ran for the cluster, by name and outcome")
        .tag("duty", name.substring(name.indexOf('/') + 1))
        .tag("outcome", outcome)
        .register(meters);
  }

  String name() {
    return name;
  }

  /** The name of the job. */
  String duty() {
    return name.substring(name.indexOf('/') + 1);
  }

  ClusterJob describe() {
    Run last = lastRun;
    long now = System.nanoTime();
    return new ClusterJob(
        duty(),
        running,
        last == null ? 0 : last.count,
        last == null ? -1 : TimeUnit.NANOSECONDS.toMillis(now - last.endedNanos),
        last == null ? 0 : TimeUnit.NANOSECONDS.toMillis(last.tookNanos),
        last == null ? null : last.error,
        Math.max(0, TimeUnit.NANOSECONDS.toMillis(dueNanos - now)));
  }

  /** Whether this node has acquired the job, as far as it knows. */
  public boolean isHeld() {
    return lease != null;
  }

  /** Whether this node runs the job for the cluster, and no other node can. */
  public boolean isOwned() {
    Lease held = lease;
    return held != null && leases.isValid(held);
  }

  /**
   * Runs the job as soon as it is not running, if this node holds it; otherwise does nothing. Any
   * thread may call; calls before the run starts count as one.
   */
  public void runSoon() {
    if (lease != null && !wanted) {
      wanted = true;
      wakeUp.release();
    }
  }

  void start() {
    Thread.ofVirtual().name("rookery-" + name).start(this::loop);
  }

  /** The lease has no living owner, as far as this node knows. */
  void onFree() {
    free = true;
    wakeUp.release();
  }

  /** The lease is no longer held. */
  void onLost(Lease lost) {
    if (lost.equals(lease)) {
      lease = null;
    }
    onFree();
  }

  /** Hands the job over to another run as soon as it does not run here. Blocks until then. */
  HandoverResult handOver(long toRun) {
    if (lease == null) {
      return HandoverResult.NOT_OWNER;
    }
    var asked = new Transfer(toRun, new CompletableFuture<>());
    if (!transfer.compareAndSet(null, asked)) {
      return HandoverResult.BUSY;
    }
    wakeUp.release();
    try {
      return asked.outcome.get(HAND_OVER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return transfer.compareAndSet(asked, null) ? HandoverResult.BUSY : asked.outcome.join();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return HandoverResult.BUSY;
    }
  }

  private void transferIfAsked() {
    Transfer asked = transfer.getAndSet(null);
    if (asked == null) {
      return;
    }
    Lease held = lease;
    try {
      if (held == null) {
        asked.outcome.complete(HandoverResult.NOT_OWNER);
      } else if (leases.transfer(held, asked.toRun).isPresent()) {
        lease = null;
        asked.outcome.complete(HandoverResult.DONE);
      } else {
        asked.outcome.complete(HandoverResult.TARGET_GONE);
      }
    } catch (RuntimeException failure) {
      asked.outcome.completeExceptionally(failure);
    }
  }

  private void loop() {
    try {
      while (!closed) {
        transferIfAsked();
        Lease held = lease;
        if (held != null && leases.isLost(held)) {
          // The run ended before the lease was noted here, so that onLost found nothing.
          onLost(held);
          held = null;
        }
        if (held == null && free) {
          held = acquire();
          dueNanos = System.nanoTime();
        }
        if (held != null && isDue() && leases.isValid(held)) {
          wanted = false;
          Duration delay = runJob(held);
          dueNanos = System.nanoTime() + delay.toNanos();
        }
        awaitNextRun();
      }
      release();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      transferIfAsked();
      ended.countDown();
    }
  }

  private boolean isDue() {
    return wanted || System.nanoTime() - dueNanos >= 0;
  }

  private @Nullable Lease acquire() {
    try {
      free = false;
      lease = leases.acquire(name).orElse(null);
    } catch (Refused unavailable) {
      free = true;
      lease = null;
      LOG.debug(
          "the lease {} could not be acquired, trying again: {}", name, unavailable.toString());
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      free = true;
      lease = null;
      LOG.error("the lease {} could not be acquired, trying again", name, failure);
    }
    return lease;
  }

  private Duration runJob(Lease held) {
    long started = System.nanoTime();
    Timer outcome = failed;
    String error = null;
    Duration next = retryInterval;
    running = true;
    try {
      next = job.run(held);
      outcome = succeeded;
    } catch (Refused refused) {
      error = refused.refusal().code();
      if (error.equals("not_owner")) {
        onLost(held);
      }
      LOG.debug("the job {} failed, trying again: {}", name, refused.toString());
    } catch (Throwable failure) {
      // Were it thrown on, this node would keep the lease and the job would never run again.
      FatalErrors.endIfFatal(failure);
      // Its message may quote what players sent, which the log may show and a page may not.
      error = failure.getClass().getSimpleName();
      LOG.error("the job {} failed, trying again", name, failure);
    } finally {
      long ended = System.nanoTime();
      outcome.record(ended - started, TimeUnit.NANOSECONDS);
      Run before = lastRun;
      lastRun = new Run(before == null ? 1 : before.count + 1, ended, ended - started, error);
      running = false;
    }
    return next;
  }

  private void awaitNextRun() throws InterruptedException {
    long delay = Math.max(dueNanos - System.nanoTime(), DELAY_MIN.toNanos());
    Lease held = lease;
    if (held == null) {
      delay = ACQUIRE_INTERVAL.toNanos();
    } else if (wanted && leases.isValid(held)) {
      return;
    }
    if (wakeUp.tryAcquire(delay, TimeUnit.NANOSECONDS)) {
      wakeUp.drainPermits();
    }
  }

  private void release() {
    Lease held = lease;
    lease = null;
    if (held != null) {
      try {
        if (removed) {
          // Nobody may ever want it again.
          leases.delete(held);
        } else {
          leases.release(held);
        }
      } catch (Refused unavailable) {
        // The lease becomes free anyway when this run has ended.
        LOG.debug("the lease {} could not be released: {}", name, unavailable.toString());
      }
    }
  }

  void stop() {
    closed = true;
    wakeUp.release();
  }

  /** As {@link #stop}, for good: what the job left behind is deleted. */
  void end() {
    removed = true;
    stop();
    awaitEnd();
    meters.remove(succeeded);
    meters.remove(failed);
  }

  void awaitEnd() {
    try {
      if (!ended.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the job {} did not stop within {}", name, STOP_TIMEOUT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
