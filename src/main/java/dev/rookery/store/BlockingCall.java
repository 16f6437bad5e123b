package dev.rookery.store;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** Lets a call wait for the database: its virtual thread blocks, and no platform thread is held. */
final class BlockingCall {
  private BlockingCall() {}

  /** Throws if called on an event loop, where waiting would stop every socket of that loop. */
  static void rejectEventLoop() {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("the database must not be called on an event loop");
    }
  }

  /**
   * Waits for the future; also works on threads that are not Vert.x's. Rethrows the future's own
   * failure.
   */
  static <T> T await(Future<T> answer) {
    return answer.await();
  }
}
