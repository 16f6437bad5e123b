package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests in flight on this node, so that a drain can wait for them. Thread-safe. */
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

  /** Whether new requests are refused. */
  boolean isClosed() {
    return closed;
  }

  public int count() {
    return inFlight.get();
  }

  /** Refuses new requests from now on. Completes when those in flight have been answered. */
  public Future<Void> close() {
    closed = true;
    if (inFlight.get() == 0) {
      finished.tryComplete();
    }
    return finished.future();
  }
}
