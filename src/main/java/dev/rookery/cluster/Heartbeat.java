package dev.rookery.cluster;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that sends the heartbeats; it waits for nothing but the database. Closing it leaves
 * the cluster in order.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final int STOP_TIMEOUT_SECONDS = 10;

  private final Membership membership;
  private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(this::createThread);

  private Heartbeat(Membership membership) {
    this.membership = membership;
  }

  /** Starts sending heartbeats. */
  public static Heartbeat start(Membership membership) {
    var heartbeat = new Heartbeat(membership);
    heartbeat.timer.scheduleWithFixedDelay(
        heartbeat::tick, 0, membership.settings().interval().toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private Thread createThread(Runnable work) {
    Thread created = Thread.ofPlatform().name("rookery-heartbeat").daemon().unstarted(work);
    thread.set(created);
    return created;
  }

  /** The thread that sends the heartbeats. */
  public Thread thread() {
    return Objects.requireNonNull(thread.get());
  }

  private void tick() {
    try {
      membership.heartbeat();
    } catch (Refused _) {
      // The database is unavailable, which is logged elsewhere; the next heartbeat may succeed.
    } catch (Throwable failure) {
      // Anything that is thrown here would silently cancel all further heartbeats.
      FatalErrors.endIfFatal(failure);
      LOG.error("a heartbeat failed; the next one follows", failure);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    membership.leave();
  }
}
