package dev.rookery.store;

import dev.rookery.base.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does once a second for the store: say that it lives, sweep after others, tidy up. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final int TIDY_EVERY = 5;

  private final String name;
  private final NodeRows nodes;
  private final Posting posting;
  private final Sweep sweep;
  private final Retention retention;
  private final InstantSource clock;
  private final boolean alone;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rookery-store-upkeep").daemon().factory());
  private long toldUpto;
  private int ticks;

  Upkeep(
      String name,
      NodeRows nodes,
      Posting posting,
      Sweep sweep,
      Retention retention,
      InstantSource clock,
      boolean alone) {
    this.name = name;
    this.nodes = nodes;
    this.posting = posting;
    this.sweep = sweep;
    this.retention = retention;
    this.clock = clock;
    this.alone = alone;
  }

  void start() {
    posting.node(nodes.register(name, 0, clock.instant()));
    timer.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /** All of it, on the thread that always does it. */
  void now() {
    try {
      timer.submit(() -> round(true)).get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void round(boolean tidy) {
    Instant now = clock.instant();
    beat(now);
    sweep.run(now);
    if (tidy) {
      retention.run(now);
    }
  }

  private void tick() {
    try {
      round(ticks++ % TIDY_EVERY == 0);
    } catch (Refused _) {
      // The database is away, which is known already; the next second may be better.
    } catch (RuntimeException broken) {
      LOG.error("the upkeep of the store broke; it goes on", broken);
    }
  }

  /** A node that has the database for itself is missed by nobody, so it need not beat when idle. */
  private void beat(Instant now) {
    long upto = posting.upto();
    if (alone && upto == toldUpto) {
      return;
    }
    if (!nodes.beat(posting.node(), upto, now)) {
      LOG.warn("this node was silent for so long that it was taken for dead");
      posting.node(nodes.register(name, upto, now));
    }
    // On SQLite the beat itself is a write, with a number of its own.
    toldUpto = posting.upto();
  }

  /** Leaves no row behind if there is nothing that anyone would have to post. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
      if (posting.isSettled()) {
        nodes.leave(posting.node());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException _) {
      // Then another node finds the row, and nothing to post.
    }
  }
}
