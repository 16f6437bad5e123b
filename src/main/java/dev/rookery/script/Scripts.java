package dev.rookery.script;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.script.ScriptException.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that this node serves, and their calls. One instance serves the whole node, on any
 * thread; it never blocks. A call runs the version that is current when it begins.
 */
public final class Scripts {
  private static final String CALLS = "rookery.lua.calls";
  private static final String DONE = "done";

  private final ScriptEngine engine;
  private final MeterRegistry meters;
  private final boolean guestsCallPlayerScripts;
  private final Map<String, Script> bundled = BundledScripts.load();
  private final Map<String, CallTimers> timers = new ConcurrentHashMap<>();
  private volatile Map<String, Script> scripts = Map.copyOf(bundled);

  /**
   * @param guestsCallPlayerScripts whether guests may call scripts of the role player
   */
  public Scripts(ScriptEngine engine, MeterRegistry meters, boolean guestsCallPlayerScripts) {
    this.engine = engine;
    this.meters = meters;
    this.guestsCallPlayerScripts = guestsCallPlayerScripts;
  }

  /** Which engine runs them. */
  public ScriptEngine engine() {
    return engine;
  }

  /**
   * Calls a script for a user. Fails with {@code Denied("role_required")}, whose detail {@code
   * role} is the role that the script requires, and otherwise with {@link ScriptException}, also if
   * there is no such script.
   */
  public Future<ScriptResult> call(
      String name, ScriptRole caller, List<byte[]> keys, List<byte[]> args) {
    Script script = scripts.get(name);
    if (script == null) {
      return Future.failedFuture(new ScriptException(Kind.SCRIPT, "Script not found: " + name));
    }
    if (!mayCall(caller, script.role())) {
      return Future.failedFuture(
          new Refused(new Refusal.Denied("role_required", Map.of("role", script.role().text()))));
    }
    return run(script, keys, args);
  }

  /** Calls a script on behalf of the server; fails with {@link ScriptException}. */
  public Future<ScriptResult> call(String name, List<byte[]> keys, List<byte[]> args) {
    return call(name, ScriptRole.MANAGER, keys, args);
  }

  private boolean mayCall(ScriptRole caller, ScriptRole required) {
    return caller.includes(required) || (guestsCallPlayerScripts && required == ScriptRole.PLAYER);
  }

  private Future<ScriptResult> run(Script script, List<byte[]> keys, List<byte[]> args) {
    long started = System.nanoTime();
    return engine
        .run(script, keys, args)
        .onComplete(
            ended ->
                timers
                    .computeIfAbsent(script.name(), name -> new CallTimers(meters, name))
                    .record(ended.cause(), System.nanoTime() - started));
  }

  /** Serves these from now on, and those of the server which are not among them. */
  void replace(Map<String, Script> stored) {
    var all = new TreeMap<>(bundled);
    all.putAll(stored);
    scripts = Map.copyOf(all);
    timers.keySet().retainAll(all.keySet());
  }

  Map<String, Script> all() {
    return scripts;
  }

  /** What the calls of a script did here. */
  ScriptCommand.Figures figures(String name) {
    long calls = 0;
    long done = 0;
    double totalMs = 0;
    double longestMs = 0;
    for (Timer timer : meters.find(CALLS).tag("script", name).timers()) {
      calls += timer.count();
      done += DONE.equals(timer.getId().getTag("outcome")) ? timer.count() : 0;
      totalMs += timer.totalTime(TimeUnit.MILLISECONDS);
      longestMs = Math.max(longestMs, timer.max(TimeUnit.MILLISECONDS));
    }
    return new ScriptCommand.Figures(
        calls, calls - done, calls == 0 ? 0 : totalMs / calls, longestMs);
  }

  /** The scripts that were called here. */
  Set<String> called() {
    return Set.copyOf(timers.keySet());
  }

  /** How calls of a script ended, and how long they took. */
  private static final class CallTimers {
    private final MeterRegistry meters;
    private final String script;
    private final Timer done;

    CallTimers(MeterRegistry meters, String script) {
      this.meters = meters;
      this.script = script;
      this.done = timer(DONE);
    }

    private Timer timer(String outcome) {
      return Timer.builder(CALLS)
          .description("Calls of Lua scripts, by script and outcome")
          .tag("script", script)
          .tag("outcome", outcome)
          .register(meters);
    }

    void record(@Nullable Throwable failure, long nanos) {
      Timer timer =
          switch (failure) {
            case null -> done;
            case ScriptException known -> timer(known.kind().name().toLowerCase(Locale.ROOT));
            default -> timer("failed");
          };
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
