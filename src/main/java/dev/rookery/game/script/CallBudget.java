package dev.rookery.game.script;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls of one thread that take too long or allocate too much. The community edition of
 * GraalJS cannot bound the memory of a context; the memory that the thread allocates in a call
 * bounds it from above.
 */
final class CallBudget {
  private static final Duration INTERRUPT_TIME = Duration.ofMillis(500);
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ScriptLimits limits;
  private @Nullable Context running;
  private long thread;
  private long begunNanos;
  private long begunCpuNanos;
  private long begunBytes;
  private @Nullable String exceeded;
  private boolean closed;

  CallBudget(ScriptLimits limits) {
    this.limits = limits;
  }

  /** A call begins on the current thread. {@link ScriptException} after {@link #close}. */
  synchronized void begin(Context context) {
    if (closed) {
      throw shutDown();
    }
    running = context;
    thread = Thread.currentThread().threadId();
    begunNanos = System.nanoTime();
    begunCpuNanos = THREADS.getThreadCpuTime(thread);
    begunBytes = THREADS.getThreadAllocatedBytes(thread);
    exceeded = null;
  }

  /** The call has ended; returns why it was interrupted, null if it was not. */
  synchronized @Nullable String end() {
    running = null;
    if (exceeded == null
        && THREADS.getThreadAllocatedBytes(thread) - begunBytes > limits.callBytes()) {
      exceeded = tooMuchMemory();
    }
    return exceeded;
  }

  static ScriptException shutDown() {
    return new ScriptException("the node shuts down", true);
  }

  /** Ends the running call, and lets no further one begin. */
  synchronized void close() {
    closed = true;
    Context present = running;
    if (present != null) {
      exceeded = shutDown().getMessage();
      stop(present);
    }
  }

  /** On a thread of its own, because it waits until the script has stopped. */
  private static void stop(Context context) {
    Thread.ofPlatform().daemon().name("script end").start(() -> context.close(true));
  }

  private String tooMuchMemory() {
    return "it allocated more than " + limits.callBytes() + " bytes in one call";
  }

  /** Interrupts the running call if it has used up its budget. Called by another thread. */
  synchronized void check() {
    Context present = running;
    if (present == null || exceeded != null) {
      return;
    }
    if (System.nanoTime() - begunNanos > limits.callTime().toNanos()) {
      exceeded = "it took more than " + limits.callTime().toMillis() + " ms for one call";
    } else if (THREADS.getThreadCpuTime(thread) - begunCpuNanos > limits.callCpuTime().toNanos()) {
      exceeded =
          "it took more than "
              + limits.callCpuTime().toMillis()
              + " ms of processor time for one call";
    } else if (THREADS.getThreadAllocatedBytes(thread) - begunBytes > limits.callBytes()) {
      exceeded = tooMuchMemory();
    } else {
      return;
    }
    try {
      present.interrupt(INTERRUPT_TIME);
    } catch (TimeoutException stuck) {
      // Inside one long operation; it ends the context as soon as it is over.
      stop(present);
    }
  }
}
