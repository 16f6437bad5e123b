package dev.rookery.node;

import dev.rookery.base.FatalErrors;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Notices that a thread has died without which the node cannot serve, and that the JVM does nothing
 * but collect garbage. A load balancer would go on to send requests to such a node for ever.
 *
 * <p>Looks once a second, from a thread of its own. Closed before anything that it watches.
 */
final class VitalThreads implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final long START_SECONDS_MAX = 10;
  // The share of the time, and for how many looks in a row.
  private static final double COLLECTING_MAX = 0.95;
  private static final int COLLECTING_LOOKS_MAX = 15;

  private final List<Thread> threads;
  private final Consumer<String> end;
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(VitalThreads::stopsTheWorld)
          .toList();
  private final Thread watch;
  private volatile boolean closed;
  private long collectedMs;
  private long lookedNanos;
  private int collectingLooks;

  /**
   * @param others threads to watch beside the event loops of {@code vertx}
   * @param end called with the reason; continues "rookery ends: "
   */
  VitalThreads(Vertx vertx, List<Thread> others, Consumer<String> end) {
    var all = new ArrayList<>(others);
    all.addAll(threadsOf(((VertxInternal) vertx).nettyEventLoopGroup()));
    all.addAll(threadsOf(((VertxInternal) vertx).acceptorEventLoopGroup()));
    this.threads = List.copyOf(all);
    this.end = end;
    this.collectedMs = collectedMs();
    this.lookedNanos = System.nanoTime();
    this.watch = Thread.ofPlatform().name("rookery-vital-threads").daemon().start(this::run);
  }

  private static List<Thread> threadsOf(EventLoopGroup group) {
    var found = new ArrayList<Thread>();
    for (EventExecutor executor : group) {
      try {
        found.add(executor.submit(Thread::currentThread).get(START_SECONDS_MAX, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException failure) {
        throw new IllegalStateException("an event loop does not run", failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the node starts", interrupted);
      }
    }
    return found;
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(INTERVAL.toNanos());
      if (closed) {
        return;
      }
      try {
        look();
      } catch (Throwable failure) {
        FatalErrors.end("the watch over its threads failed", failure);
      }
    }
  }

  private void look() {
    for (Thread thread : threads) {
      if (!closed && !thread.isAlive()) {
        end.accept("the thread " + thread.getName() + " has died");
        return;
      }
    }
    long now = System.nanoTime();
    long collected = collectedMs();
    double share =
        TimeUnit.MILLISECONDS.toNanos(collected - collectedMs)
            / (double) Math.max(1, now - lookedNanos);
    collectedMs = collected;
    lookedNanos = now;
    collectingLooks = share > COLLECTING_MAX ? collectingLooks + 1 : 0;
    if (collectingLooks >= COLLECTING_LOOKS_MAX && !closed) {
      end.accept("out of memory: the JVM does nothing but collect garbage");
    }
  }

  private long collectedMs() {
    return collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
  }

  /** The others report the time of work that runs beside the program. */
  private static boolean stopsTheWorld(GarbageCollectorMXBean collector) {
    return !collector.getName().contains("Concurrent") && !collector.getName().contains("Cycles");
  }

  /** Waits until the thread that looks has ended, after {@link #close}. */
  void awaitEnd() throws InterruptedException {
    watch.join();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watch);
  }
}
