package dev.rookery.node;

import dev.rookery.base.ProcessExit;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the node once before the process exits, whether that is caused by a signal, by the end of
 * the parent process, or by {@code System.exit}; and exits within a bounded time, whatever hangs.
 */
public final class ProcessLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLifecycle.class);

  /** After the drain: 25 s to store the keyspace of scripts, and the rest to close all else. */
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

  private final CompletableFuture<Runnable> started = new CompletableFuture<>();
  private final Duration drainTimeout;
  private final AtomicBoolean exiting = new AtomicBoolean();
  private final AtomicInteger signals = new AtomicInteger();
  private final CountDownLatch drained = new CountDownLatch(1);
  private boolean draining;
  private long deadlineNanos;

  private ProcessLifecycle(Duration within) {
    this.drainTimeout = within;
  }

  /**
   * Installs the signal handlers, before a node is started.
   *
   * @param drainWithin the longest that the drain and a running script may take; the process ends
   *     at most 30 s later
   */
  public static ProcessLifecycle install(Duration drainWithin) {
    var lifetime = new ProcessLifecycle(drainWithin.plus(CLOSE_WITHIN));
    lifetime.onSignal("TERM");
    lifetime.onSignal("INT");
    if (Boolean.getBoolean("rookery.follow-parent")) {
      lifetime.followParent();
    }
    return lifetime;
  }

  /**
   * Runs the action before the process exits, from now on.
   *
   * @param drain drains the node, and closes what has to outlive it
   */
  public void drainOnExit(Runnable drain) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "shutdown"));
    started.complete(drain);
  }

  private void followParent() {
    ProcessHandle.current()
        .parent()
        .ifPresentOrElse(
            parent -> parent.onExit().thenRun(() -> exit("the parent process ended")),
            () -> exit("there is no parent process"));
  }

  /** A second signal ends the process at once, without a drain. */
  private void handleSignal(String name) {
    if (signals.incrementAndGet() > 1) {
      LOG.warn("{} again: exiting without a drain", name);
      ProcessExit.atOnce(1);
    }
    exit(name);
  }

  /**
   * Drains and ends the process, as a signal does; returns at once.
   *
   * @param why for the log
   */
  public void exit(String why) {
    if (exiting.compareAndSet(false, true)) {
      LOG.info("{}", why);
      // Not on the calling thread: System.exit does not return, and a signal handler must.
      var leaving = new Thread(() -> System.exit(drain() ? 0 : 1), "leaving");
      leaving.setDaemon(false);
      leaving.start();
    }
  }

  /** Drains, or waits for the drain that another thread has begun; false on timeout. */
  private boolean drain() {
    long deadline = startDrainingOnce();
    try {
      if (drained.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return true;
      }
      LOG.error("not drained within {}", drainTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /**
   * Returns the deadline, which all who wait share: System.exit waits in the shutdown hook again.
   */
  private synchronized long startDrainingOnce() {
    if (!draining) {
      draining = true;
      deadlineNanos = System.nanoTime() + drainTimeout.toNanos();
      startDraining();
    }
    return deadlineNanos;
  }

  private void startDraining() {
    var worker =
        new Thread(
            () -> {
              started.join().run();
              drained.countDown();
            },
            "drain");
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Handles a signal. The JDK has no supported way to do that and choose the exit code, and javac
   * warns of each use of the unsupported one; so it is called by reflection.
   */
  private void onSignal(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  handleSignal("SIG" + name);
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> "SIG" + name;
              };
      Object answer =
          Proxy.newProxyInstance(
              ProcessLifecycle.class.getClassLoader(), new Class<?>[] {handler}, calls);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), answer);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.debug("SIG{} keeps its default action", name, e);
    }
  }
}
