package dev.rookery.webrtc;

import dev.rookery.base.FatalErrors;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time in their order, on a pool that many of these share. Thread-safe. The
 * number of waiting tasks is bounded by those who submit them.
 */
final class SerialExecutor implements Executor {
  /** After so many tasks others get their turn. */
  private static final int TASKS_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor pool;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      waiting.add(task);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    pool.execute(this::run);
  }

  private void run() {
    for (int i = 0; i < TASKS_MAX; i++) {
      Runnable next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          scheduled = false;
          return;
        }
      }
      try {
        next.run();
      } catch (RuntimeException | Error failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("a task of a peer has failed", failure);
      }
    }
    pool.execute(this::run);
  }
}
