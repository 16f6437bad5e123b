package dev.rookery.extensionhost;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A call from its arrival until its thread has left the extension. The first outcome counts: after
 * a timeout the caller has been answered, and the result, if one comes, is dropped.
 */
final class PendingRpc {
  private final Context context;
  private final Promise<CallOutcome> promise = Promise.promise();
  private final long startedNanos = System.nanoTime();
  private @Nullable Thread thread;
  private boolean done;
  private boolean overdue;

  /**
   * @param context of the caller, on which the result completes
   */
  PendingRpc(Context context) {
    this.context = context;
  }

  Future<CallOutcome> result() {
    return promise.future();
  }

  long elapsedNanos() {
    return System.nanoTime() - startedNanos;
  }

  /** Begins to run on this thread; false if the call timed out while it waited for one. */
  synchronized boolean begin() {
    if (done) {
      return false;
    }
    thread = Thread.currentThread();
    return true;
  }

  /** The thread has left the extension, and is not interrupted for this call any more. */
  synchronized void end() {
    thread = null;
    // Belongs to this call, and the thread goes on with another.
    Thread.interrupted();
  }

  /** Completes the call; false if it had an outcome already. */
  boolean complete(CallOutcome outcome) {
    synchronized (this) {
      if (done) {
        return false;
      }
      done = true;
    }
    answer(outcome);
    return true;
  }

  /** Answers the caller and interrupts the thread; false if the call had an outcome already. */
  boolean timeOut() {
    synchronized (this) {
      if (done) {
        return false;
      }
      done = true;
      overdue = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
    answer(new CallOutcome.Failed(CallOutcome.Failure.TIMEOUT));
    return true;
  }

  private void answer(CallOutcome outcome) {
    context.runOnContext(_ -> promise.complete(outcome));
  }

  /** Whether the caller has been answered while the thread is still in the extension. */
  synchronized boolean isOverdue() {
    return overdue && thread != null;
  }
}
