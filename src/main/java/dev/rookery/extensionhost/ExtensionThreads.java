package dev.rookery.extensionhost;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which one version of an extension serves calls. They are platform threads, so a
 * call that computes without end takes its share of a processor and nothing else: on a virtual
 * thread it would keep one of the few carriers on which all commands of the server run.
 *
 * <p>Threads are started as calls need them and end after a few idle seconds.
 */
final class ExtensionThreads {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionThreads.class);
  private static final long IDLE_SECONDS = 10;

  private ExtensionThreads() {}

  static ForkJoinPool create(String extension, ClassLoader classes, int max) {
    var number = new AtomicInteger();
    ForkJoinWorkerThreadFactory factory =
        pool -> {
          var thread = new ExtensionThread(pool);
          thread.setName("extension-" + extension + "-" + number.incrementAndGet());
          thread.setContextClassLoader(classes);
          return thread;
        };
    return new ForkJoinPool(
        max,
        factory,
        (_, failure) -> LOG.error("a thread of extension {} failed", extension, failure),
        true,
        0,
        max,
        1,
        null,
        IDLE_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Starts a thread for each call, for those that other calls wait for. */
  static Executor createUnbounded(String extension, ClassLoader classes) {
    ThreadFactory factory = factory(extension, "nested", classes);
    return call -> factory.newThread(call).start();
  }

  /** Makes daemon threads. */
  static ThreadFactory factory(String extension, String purpose, ClassLoader classes) {
    ThreadFactory factory =
        Thread.ofPlatform()
            .daemon()
            .name("extension-" + extension + "-" + purpose + "-", 1)
            .inheritInheritableThreadLocals(false)
            .uncaughtExceptionHandler(
                (_, failure) -> LOG.error("a thread of extension {} failed", extension, failure))
            .factory();
    return work -> {
      Thread thread = factory.newThread(work);
      thread.setContextClassLoader(classes);
      return thread;
    };
  }

  private static final class ExtensionThread extends ForkJoinWorkerThread {
    ExtensionThread(ForkJoinPool pool) {
      super(pool);
    }
  }
}
