package dev.rookery.lease;

import dev.rookery.base.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One duty on one node: a virtual thread that takes it if it is free, does it, and waits. */
final class ClusterSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSingleton.class);
  private static final Duration TAKE_EVERY = Duration.ofSeconds(5);
  private static final Duration PAUSE_MIN = Duration.ofMillis(1);
  private static final Duration END_WITHIN = Duration.ofSeconds(5);

  private final Leases leases;
  private final String name;
  private final Duration interval;
  private final ClusterScheduler.Job work;
  private final Timer done;
  private final Timer failed;
  private final Semaphore wakeUps = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Lease lease;
  // Until it was tried once: nobody may ever have held it.
  private volatile boolean free = true;
  private volatile boolean closed;
  private long dueNanos;

  ClusterSingleton(
      Leases leases,
      String name,
      Duration interval,
      ClusterScheduler.Job work,
      MeterRegistry meters) {
    this.leases = leases;
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.done = timer(meters, name, "done");
    this.failed = timer(meters, name, "failed");
  }

  private static Timer timer(MeterRegistry meters, String name, String outcome) {
    return Timer.builder("rookery.duties")
        .description("Periodic work that this node did for the cluster, by name and outcome")
        .tag("duty", name.substring(name.indexOf('/') + 1))
        .tag("outcome", outcome)
        .register(meters);
  }

  String name() {
    return name;
  }

  boolean isHeld() {
    return lease != null;
  }

  void start() {
    Thread.ofVirtual().name("rookery-" + name).start(this::live);
  }

  /** Nobody holds it, as far as one hears. */
  void free() {
    free = true;
    wakeUps.release();
  }

  /** It is not held any more. */
  void lost(Lease lost) {
    if (lost.equals(lease)) {
      lease = null;
    }
    free();
  }

  private void live() {
    try {
      while (!closed) {
        Lease mine = lease;
        if (mine == null && free) {
          mine = take();
          dueNanos = System.nanoTime();
        }
        if (mine != null && System.nanoTime() - dueNanos >= 0 && leases.certain()) {
          perform(mine);
          dueNanos = System.nanoTime() + interval.toNanos();
        }
        rest();
      }
      release();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private @Nullable Lease take() {
    try {
      free = false;
      lease = leases.take(name).orElse(null);
    } catch (Refused away) {
      free = true;
      lease = null;
      LOG.debug("{} could not be taken, trying again: {}", name, away.toString());
    }
    return lease;
  }

  private void perform(Lease mine) {
    long began = System.nanoTime();
    Timer outcome = failed;
    try {
      work.run(mine);
      outcome = done;
    } catch (Refused refused) {
      if (refused.refusal().code().equals("not_owner")) {
        lost(mine);
      }
      LOG.debug("{} failed, trying again: {}", name, refused.toString());
    } catch (RuntimeException broken) {
      LOG.error("{} failed, trying again", name, broken);
    } finally {
      outcome.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }

  private void rest() throws InterruptedException {
    long pause = Math.max(dueNanos - System.nanoTime(), PAUSE_MIN.toNanos());
    if (lease == null) {
      pause = TAKE_EVERY.toNanos();
    }
    if (wakeUps.tryAcquire(pause, TimeUnit.NANOSECONDS)) {
      wakeUps.drainPermits();
    }
  }

  private void release() {
    Lease mine = lease;
    lease = null;
    if (mine != null) {
      try {
        leases.release(mine);
      } catch (Refused away) {
        // Free anyway, as soon as this run has ended.
        LOG.debug("{} could not be released: {}", name, away.toString());
      }
    }
  }

  void stop() {
    closed = true;
    wakeUps.release();
  }

  void awaitEnd() {
    try {
      if (!ended.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("{} did not end within {}", name, END_WITHIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
