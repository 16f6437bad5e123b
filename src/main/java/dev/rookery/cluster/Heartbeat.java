package dev.rookery.cluster;

import dev.rookery.base.Refused;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that beats: it waits for nothing but the database. Closing it leaves in order. */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final int ENDS_WITHIN_SECONDS = 10;

  private final Membership membership;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rookery-heartbeat").daemon().factory());

  private Heartbeat(Membership membership) {
    this.membership = membership;
  }

  public static Heartbeat start(Membership membership) {
    var heartbeat = new Heartbeat(membership);
    heartbeat.timer.scheduleWithFixedDelay(
        heartbeat::tick, 0, membership.pace().beat().toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private void tick() {
    try {
      membership.round();
    } catch (Refused _) {
      // The database is away, which is known already; the next beat may be better.
    } catch (RuntimeException broken) {
      LOG.error("a beat failed; the next one follows", broken);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    membership.leave();
  }
}
