package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests under way on this node, so that a drain can let them finish. */
public final class InFlightRequests {
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Promise<Void> finished = Promise.promise();
  private volatile boolean closed;

  void begin() {
    inFlight.incrementAndGet();
  }

  void end() {
    if (inFlight.decrementAndGet() == 0 && closed) {
      finished.tryComplete();
    }
  }

  /** Whether no new request is taken any more. */
  boolean isClosed() {
    return closed;
  }

  public int count() {
    return inFlight.get();
  }

  /** Takes no new requests from now on. Ends when those under way have been answered. */
  public Future<Void> close() {
    closed = true;
    if (inFlight.get() == 0) {
      finished.tryComplete();
    }
    return finished.future();
  }
}
