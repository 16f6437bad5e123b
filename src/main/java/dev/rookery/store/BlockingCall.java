package dev.rookery.store;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** How a call waits for the database: its virtual thread parks, and no platform thread is held. */
final class BlockingCall {
  private BlockingCall() {}

  /** Waiting on an event loop would stop every socket of that loop. */
  static void refuseEventLoop() {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("the database must not be called on an event loop");
    }
  }

  /** Also works on a thread that is not Vert.x's. Throws the very failure of the future. */
  static <T> T on(Future<T> answer) {
    return answer.await();
  }
}
