package dev.rookery.store;

import io.vertx.core.Future;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts this node off its database server for a while, on purpose: open connections end, and no
 * further one is opened. Calls then fail as they do when the server is away, by the same code. It
 * ends by the clock of this process alone, whatever becomes of those who asked for it.
 */
final class DatabaseCut {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseCut.class);

  private final List<Runnable> disconnects = new CopyOnWriteArrayList<>();
  private volatile long endNanos = System.nanoTime();

  /** Registers what ends the connections of a pool; it must not block. */
  void add(Runnable disconnect) {
    disconnects.add(disconnect);
  }

  /** Begins at once; what lasts longer already goes on. */
  synchronized void begin(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    if (end - endNanos > 0) {
      endNanos = end;
    }
    LOG.warn("this node is cut off its database for {}", time);
    disconnects.forEach(Runnable::run);
  }

  boolean isActive() {
    return endNanos - System.nanoTime() > 0;
  }

  /** What a connection is opened with; fails while the node is cut off. */
  <T> Future<T> unlessActive(T options) {
    return isActive() ? Future.failedFuture(failure()) : Future.succeededFuture(options);
  }

  static ConnectException failure() {
    return new ConnectException("this node is cut off its database on purpose");
  }
}
