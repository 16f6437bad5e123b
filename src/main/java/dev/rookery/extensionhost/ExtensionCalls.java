package dev.rookery.extensionhost;

import dev.rookery.bus.TurnBatcher;
import dev.rookery.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs the calls of one version of an extension on its threads, and counts them. For each call that
 * can run, {@value #WAITING_PER_RUNNING} can wait. A call that takes longer than the time limit is
 * answered with a timeout.
 */
final class ExtensionCalls {
  private static final int WAITING_PER_RUNNING = 20;

  private final Vertx vertx;
  private final TurnBatcher<Runnable> turns;
  private final Executor nestedThreads;
  private final Duration timeout;
  private final Logger logger;
  private final CallSlots slots;
  private final Set<PendingRpc> pending = ConcurrentHashMap.newKeySet();
  private final LongAdder ended = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /**
   * @param nestedThreads a thread for each call that another call of an extension waits for: on the
   *     bounded ones it could wait for the thread of the other
   * @param logger of the extension
   */
  ExtensionCalls(
      Vertx vertx,
      CallThreads threads,
      Executor nestedThreads,
      ExtensionSettings settings,
      Logger logger) {
    this.vertx = vertx;
    this.turns = new TurnBatcher<>(threads::execute);
    this.nestedThreads = nestedThreads;
    this.timeout = settings.callTimeout();
    this.logger = logger;
    this.slots = new CallSlots(settings.callsMax() * (1 + WAITING_PER_RUNNING));
  }

  /**
   * Runs a call. The result completes on the context of the caller and does not fail.
   *
   * @param depth see {@link CallDepth}; 1 for a call that no other waits for
   * @param name what traces call it, beside the extension; nothing that a client has chosen
   * @return null after {@link #close}
   */
  @Nullable Future<CallOutcome> run(int depth, Object name, Supplier<CallOutcome> work) {
    return run(depth, name, work, _ -> {});
  }

  /**
   * As {@link #run(int, Object, Supplier)}.
   *
   * @param late gets the outcome if the caller was answered before with a timeout
   */
  @Nullable Future<CallOutcome> run(
      int depth, Object name, Supplier<CallOutcome> work, Consumer<CallOutcome> late) {
    return switch (slots.enter()) {
      case CLOSED -> null;
      case FULL -> Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.BUSY));
      case ADMITTED -> {
        var context = (ContextInternal) vertx.getOrCreateContext();
        var call = new PendingRpc(context);
        pending.add(call);
        Span caller = Span.current(context);
        Span span =
            caller == null
                ? null
                : caller.begin(Span.Kind.EXTENSION, logger.getName() + " " + name);
        Runnable task = () -> serve(call, span, () -> CallDepth.at(depth, work), late);
        if (depth > 1) {
          nestedThreads.execute(task);
        } else {
          turns.add(context.nettyEventLoop(), task);
        }
        yield call.result();
      }
    };
  }

  private void serve(
      PendingRpc call,
      @Nullable Span span,
      Supplier<CallOutcome> work,
      Consumer<CallOutcome> late) {
    var traced = Span.Outcome.FAILED;
    try {
      if (!call.begin()) {
        return;
      }
      if (span != null) {
        span.worked();
      }
      CallOutcome outcome = Span.call(span, work);
      call.end();
      if (call.complete(outcome)) {
        count(call, outcome instanceof CallOutcome.Failed);
        traced = traced(outcome);
      } else {
        late.accept(outcome);
      }
    } finally {
      pending.remove(call);
      slots.leave();
      if (span != null) {
        span.end(traced);
      }
    }
  }

  private static Span.Outcome traced(CallOutcome outcome) {
    return switch (outcome) {
      case CallOutcome.Returned _ -> Span.Outcome.DONE;
      case CallOutcome.Rejected _ -> Span.Outcome.REFUSED;
      case CallOutcome.Failed _ -> Span.Outcome.FAILED;
    };
  }

  private void count(PendingRpc call, boolean failed) {
    ended.increment();
    nanos.add(call.elapsedNanos());
    if (failed) {
      errors.increment();
    }
  }

  /** Answers the calls that take too long. */
  void checkTimeouts() {
    for (PendingRpc call : pending) {
      if (call.elapsedNanos() > timeout.toNanos() && call.timeOut()) {
        count(call, true);
        logger.warn("a call was not answered within {} ms", timeout.toMillis());
      }
    }
  }

  /** Answers all calls that have not ended. */
  void timeOutAll() {
    pending.forEach(PendingRpc::timeOut);
  }

  /** From now on no call begins. The result completes when those that began have ended. */
  CompletableFuture<Void> close() {
    return slots.close();
  }

  /** How many calls have been answered. */
  long ended() {
    return ended.sum();
  }

  /** How many of the {@link #ended} calls failed. */
  long errors() {
    return errors.sum();
  }

  /** The time that the {@link #ended} calls took together. */
  Duration timeSpent() {
    return Duration.ofNanos(nanos.sum());
  }

  /** How many calls run or wait. */
  int inUse() {
    return slots.inUse();
  }

  /** How many threads are still in a call whose caller has been answered. */
  long overdue() {
    return pending.stream().filter(PendingRpc::isOverdue).count();
  }
}
