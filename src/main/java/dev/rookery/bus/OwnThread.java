package dev.rookery.bus;

import dev.rookery.base.FatalErrors;
import dev.rookery.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;

/**
 * Runs blocking work of a verticle on a virtual thread without a context, so that the work may wait
 * for what this verticle has to do meanwhile.
 */
public final class OwnThread {
  private OwnThread() {}

  /** Starts the work; the result completes on the context of the caller. */
  public static <T> Future<T> run(String name, Callable<T> work) {
    Promise<T> done = Promise.promise();
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                done.complete(work.call());
              } catch (Throwable failure) {
                FatalErrors.endIfFatal(failure);
                done.fail(failure);
              }
            });
    return done.future();
  }

  /**
   * As {@link #run}, in the scope of the command that the caller carries out: for work whose first
   * transaction is the change that the command asks for.
   */
  public static <T> Future<T> runInScope(String name, Callable<T> work) {
    CommandScope scope = CommandScope.current();
    Span span = Span.current();
    return run(name, () -> Span.call(span, () -> CommandScope.call(scope, () -> unchecked(work))));
  }

  private static <T> T unchecked(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
