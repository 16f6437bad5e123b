package dev.rookery.game.script;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.graalvm.polyglot.Engine;

/**
 * Runs the scripts of all games of a node, on a few threads that share one engine and its code.
 * Thread-safe; its calls block. It costs nothing until the first script is loaded.
 */
public final class ScriptEngine implements AutoCloseable {
  private static final long CHECK_MS = 20;

  /** The name of an engine without a compiler. */
  private static final String INTERPRETED = "Interpreted";

  private final ScriptLimits limits;
  private final ScriptMeters meters;
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicInteger nextThread = new AtomicInteger();
  private List<ScriptThread> threads = List.of();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("script budgets").unstarted(work));
  private boolean closed;

  public ScriptEngine(ScriptLimits limits, MeterRegistry meters) {
    this.limits = limits;
    this.meters = new ScriptMeters(meters);
  }

  ScriptLimits limits() {
    return limits;
  }

  ScriptMeters meters() {
    return meters;
  }

  private synchronized List<ScriptThread> threads() {
    if (closed) {
      throw CallBudget.shutDown();
    }
    if (threads.isEmpty()) {
      Engine engine = createEngine();
      meters.compiled(!engine.getImplementationName().equals(INTERPRETED));
      var created = new ArrayList<ScriptThread>();
      for (int i = 0; i < limits.threads(); i++) {
        created.add(new ScriptThread(engine, limits, meters, i));
      }
      threads = List.copyOf(created);
      watch.scheduleWithFixedDelay(
          () -> created.forEach(ScriptThread::check), CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    }
    return threads;
  }

  private static Engine createEngine() {
    return Engine.newBuilder(ScriptContext.LANGUAGE)
        .allowExperimentalOptions(true)
        // Without matches.scripts.compiled, stock JDKs have no compiler for it.
        .option("engine.WarnInterpreterOnly", "false")
        .option("js.disable-eval", "true")
        .option("js.load", "false")
        .option("js.print", "false")
        .option("js.console", "false")
        .option("js.graal-builtin", "false")
        .option("js.java-package-globals", "false")
        .option("js.polyglot-builtin", "false")
        .option("js.shared-array-buffer", "false")
        // What it gives depends on the version of the library, not on the match.
        .option("js.intl-402", "false")
        // One operation must not allocate more than a budget can notice.
        .option("js.string-length-limit", "16777216")
        .option("js.max-typed-array-length", "16777216")
        .build();
  }

  /** The thread of a new session: each in turn. */
  ScriptThread nextThread() {
    List<ScriptThread> all = threads();
    return all.get(Math.floorMod(nextThread.getAndIncrement(), all.size()));
  }

  /** A number that no other session has. */
  long nextSession() {
    return sessions.incrementAndGet();
  }

  List<ScriptThread> all() {
    return threads();
  }

  @Override
  public synchronized void close() {
    closed = true;
    watch.shutdownNow();
    threads.forEach(ScriptThread::close);
  }
}
