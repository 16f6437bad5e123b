package dev.rookery.node;

import dev.rookery.base.FatalErrors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;

/** Runs blocking work on virtual threads, for callers that must not block. */
final class VirtualThreads {
  private VirtualThreads() {}

  static <T> Future<T> call(Callable<T> work) {
    Promise<T> promise = Promise.promise();
    Thread.startVirtualThread(
        () -> {
          try {
            promise.complete(work.call());
          } catch (Throwable failure) {
            FatalErrors.endIfFatal(failure);
            promise.fail(failure);
          }
        });
    return promise.future();
  }
}
