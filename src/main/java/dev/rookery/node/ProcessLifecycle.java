package dev.rookery.node;

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
 * Ends a process in order: once, whether it is asked by a signal, by the end of the parent process,
 * or by an exit from anywhere else; and within a time, whatever hangs.
 */
public final class ProcessLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLifecycle.class);
  // Beyond the drain: closing what remains.
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final CompletableFuture<Node> started = new CompletableFuture<>();
  private final Duration drainTimeout;
  private final AtomicBoolean exiting = new AtomicBoolean();
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final CountDownLatch drained = new CountDownLatch(1);

  private ProcessLifecycle(Duration within) {
    this.drainTimeout = within;
  }

  /**
   * Before a node is started: the process no longer ends by itself, but when {@link #drainOnExit}
   * was told what to drain, and within a time.
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

  /** From now on the process drains the node before it ends. */
  public void drainOnExit(Node node) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "shutdown"));
    started.complete(node);
  }

  private void followParent() {
    ProcessHandle.current()
        .parent()
        .ifPresentOrElse(
            parent -> parent.onExit().thenRun(() -> exit("the parent process ended")),
            () -> exit("there is no parent process"));
  }

  /** Who signals twice does not want to wait: the process then ends where it stands. */
  private void handleSignal(String name) {
    if (signals.incrementAndGet() > 1) {
      LOG.warn("{} again: not waiting", name);
      Runtime.getRuntime().halt(1);
    }
    exit(name);
  }

  private void exit(String why) {
    if (exiting.compareAndSet(false, true)) {
      LOG.info("{}", why);
      // Not on the caller's thread: System.exit does not return, and handlers of signals must.
      var leaving = new Thread(() -> System.exit(drain() ? 0 : 1), "leaving");
      leaving.setDaemon(false);
      leaving.start();
    }
  }

  /** Whoever comes second waits for the first. */
  private boolean drain() {
    if (draining.compareAndSet(false, true)) {
      startDraining();
    }
    try {
      if (drained.await(drainTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      LOG.error("not drained within {}", drainTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void startDraining() {
    var worker =
        new Thread(
            () -> {
              started.join().drain();
              drained.countDown();
            },
            "drain");
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * The JDK has no supported way to answer a signal and choose the exit code, and javac warns of
   * the unsupported one each time it is named; so it is named at run time.
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
      LOG.debug("SIG{} keeps its usual effect", name, e);
    }
  }
}
