package dev.rookery.game.script;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/** A thread that runs scripts, with a context for each of them. */
final class ScriptThread implements AutoCloseable {
  private static final int WAITING_MAX = 10_000;
  private static final long STACK_BYTES = 4L << 20;
  private static final int MESSAGE_MAX = 500;

  private final Engine engine;
  private final ScriptLimits limits;
  private final ScriptMeters meters;
  private final CallBudget budget;
  private final ThreadPoolExecutor executor;
  // The results of calls that wait or run.
  private final Set<CompletableFuture<?>> awaited = ConcurrentHashMap.newKeySet();
  // The least recently used first. Only this thread uses it.
  private final Map<String, ScriptContext> contexts = new LinkedHashMap<>(16, 0.75f, true);

  ScriptThread(Engine engine, ScriptLimits limits, ScriptMeters meters, int number) {
    this.engine = engine;
    this.limits = limits;
    this.meters = meters;
    this.budget = new CallBudget(limits);
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            work -> {
              var thread = new Thread(null, work, "scripts-" + number, STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs work in the context of a script, and waits for it.
   *
   * @param session that the work uses; null for none
   * @throws ScriptException if the script fails, which does not hold the session any longer then;
   *     or if the thread is closed
   */
  <R> R call(Script script, @Nullable String session, Function<ScriptContext, R> work) {
    var result = new CompletableFuture<R>();
    // Before it is queued, so that close() finds every call that was.
    awaited.add(result);
    try {
      executor.execute(
          () -> {
            if (result.isDone()) {
              return;
            }
            try {
              result.complete(run(script, session, work));
            } catch (Throwable failure) {
              result.completeExceptionally(failure);
            }
          });
      return result.get();
    } catch (RejectedExecutionException refused) {
      throw executor.isShutdown()
          ? CallBudget.shutDown()
          : new ScriptException("too many calls wait for this thread", true);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(interrupted);
      throw new ScriptException("the call was interrupted", true);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      awaited.remove(result);
    }
  }

  private <R> R run(Script script, @Nullable String session, Function<ScriptContext, R> work) {
    long begun = System.nanoTime();
    ScriptContext context = contexts.get(script.digest());
    if (context == null) {
      context = new ScriptContext(engine, limits);
    }
    budget.begin(context.begin());
    String exceeded = null;
    RuntimeException failure = null;
    R result = null;
    try {
      if (!contexts.containsKey(script.digest())) {
        context.evaluate(script);
      }
      result = work.apply(context);
      context.trim(sessionBytesMax(script));
    } catch (PolyglotException failed) {
      failure = failed;
    } catch (ScriptException failed) {
      failure = failed;
    } catch (StackOverflowError deep) {
      failure = new ScriptException("it calls itself too deeply", true);
    } catch (OutOfMemoryError large) {
      failure = new ScriptException("it used all memory", true);
    } finally {
      exceeded = budget.end();
      meters.ran(System.nanoTime() - begun);
    }
    ScriptException cause = failureOf(exceeded, failure);
    if (cause == null && result != null) {
      keep(script, context);
      return result;
    }
    discard(script, context, session, cause);
    throw cause == null ? new ScriptException("it returned nothing", false) : cause;
  }

  private static @Nullable ScriptException failureOf(
      @Nullable String exceeded, @Nullable RuntimeException failure) {
    if (exceeded != null) {
      return new ScriptException(exceeded, true);
    }
    return switch (failure) {
      case null -> null;
      case PolyglotException failed when failed.isResourceExhausted() ->
          new ScriptException("it executed too many statements in one call", true);
      case PolyglotException failed when failed.isInternalError() ->
          new ScriptException("the engine failed: " + message(failed), true);
      case PolyglotException failed ->
          new ScriptException(message(failed), failed.isCancelled() || failed.isInterrupted());
      case ScriptException failed -> failed;
      case RuntimeException other -> throw other;
    };
  }

  private static String message(PolyglotException failed) {
    String message = String.valueOf(failed.getMessage());
    var at = failed.getSourceLocation();
    String where =
        at == null || at.getSource().isInternal() ? "" : " (line " + at.getStartLine() + ")";
    return (message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message) + where;
  }

  private void keep(Script script, ScriptContext context) {
    if (context.calls() >= limits.contextCalls()) {
      remove(script, context);
      return;
    }
    contexts.put(script.digest(), context);
    while (contexts.size() > limits.contexts()
        || (sessionBytes() > limits.sessionBytes() && contexts.size() > 1)) {
      Iterator<ScriptContext> eldest = contexts.values().iterator();
      ScriptContext unused = eldest.next();
      eldest.remove();
      unused.close();
    }
    count();
  }

  /** Each context of the thread may use the same memory. */
  private long sessionBytesMax(Script script) {
    int others = contexts.size() - (contexts.containsKey(script.digest()) ? 1 : 0);
    return limits.sessionBytes() / (others + 1);
  }

  private long sessionBytes() {
    return contexts.values().stream().mapToLong(ScriptContext::sessionBytes).sum();
  }

  /** A context whose script was interrupted, or did not even start, may be half changed. */
  private void discard(
      Script script,
      ScriptContext context,
      @Nullable String session,
      @Nullable ScriptException cause) {
    boolean known = contexts.containsKey(script.digest());
    if (cause != null && cause.isLimited()) {
      meters.limited();
    } else {
      meters.failed();
    }
    if (!known || cause == null || cause.isLimited()) {
      remove(script, context);
    } else if (session != null) {
      context.remove(session);
    }
  }

  private void remove(Script script, ScriptContext context) {
    contexts.remove(script.digest(), context);
    context.close();
    count();
  }

  private void count() {
    meters.holds(this, contexts.size(), sessionBytes());
  }

  /** Closes the context of a script that is not needed any more. */
  void forget(String digest) {
    try {
      executor.execute(
          () -> {
            ScriptContext unused = contexts.remove(digest);
            if (unused != null) {
              unused.close();
            }
            count();
          });
    } catch (RejectedExecutionException _) {
      // Busy or ended; the context goes with the least recently used ones.
      return;
    }
  }

  /** Interrupts the running call if it has used up its budget. */
  void check() {
    budget.check();
  }

  /** Ends the running call, and refuses those that wait for it. */
  @Override
  public void close() {
    executor.shutdownNow();
    budget.close();
    awaited.forEach(result -> result.completeExceptionally(CallBudget.shutDown()));
  }
}
