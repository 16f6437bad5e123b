package dev.rookery.script;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.script.ScriptCommand.TestReport;
import dev.rookery.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs scripts for admins: for a test against an empty keyspace, or against that of the game. One
 * at a time, because each may take as much time and memory as a call may. Its calls block.
 */
final class AdminScriptRuns {
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
  private static final int TEXT_MAX = 64 << 10;

  private final Database database;
  private final Scripts scripts;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore running = new Semaphore(1);

  AdminScriptRuns(Database database, Scripts scripts, InstantSource clock, RandomGenerator random) {
    this.database = database;
    this.scripts = scripts;
    this.clock = clock;
    this.random = random;
  }

  /** Runs a script against a keyspace that is gone afterwards. */
  TestReport test(ScriptCommand.TestRun run) {
    Script script = scriptOf(run);
    List<byte[]> keys = values("keys", run.keys());
    List<byte[]> args = values("args", run.args());
    return alone(run.name(), () -> StandaloneScript.run(script, keys, args, clock, random));
  }

  /**
   * Runs the version that is served as a call of the server does. The entry of the audit log is
   * stored before: nothing runs without it.
   */
  TestReport live(ScriptCommand.RunLive run) {
    if (!scripts.all().containsKey(run.name())) {
      throw Refused.missing("not_found");
    }
    List<byte[]> keys = values("keys", run.keys());
    List<byte[]> args = values("args", run.args());
    return alone(
        run.name(),
        () -> {
          database.write(_ -> Done.DONE);
          return scripts.call(run.name(), keys, args).await();
        });
  }

  private TestReport alone(String name, Supplier<ScriptResult> run) {
    if (!running.tryAcquire()) {
      throw new Refused(new Refusal.Limited("test_is_running", AGAIN_AFTER));
    }
    try {
      return report(name, run);
    } finally {
      running.release();
    }
  }

  private TestReport report(String name, Supplier<ScriptResult> run) {
    long started = System.nanoTime();
    boolean done = true;
    String text;
    try {
      text = ResultText.of(run.get());
    } catch (ScriptException failure) {
      done = false;
      text = ScriptProblem.of(failure.text(), clock.millis()).at(name);
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    return new TestReport(done, cut(text), took);
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX
        ? text
        : text.substring(0, TEXT_MAX) + "\n… of " + text.length() + " characters";
  }

  private Script scriptOf(ScriptCommand.TestRun run) {
    String source = run.source();
    if (source == null) {
      Script served = scripts.all().get(run.name());
      if (served == null) {
        throw Refused.missing("not_found");
      }
      return served;
    }
    byte[] content = bytes(source);
    if (content.length > ScriptCommand.SOURCE_BYTES_MAX) {
      throw Refused.invalid("source", "has more than " + ScriptCommand.SOURCE_BYTES_MAX + " bytes");
    }
    try {
      return Script.of(run.name(), content);
    } catch (IllegalArgumentException unknownRole) {
      throw Refused.invalid("source", String.valueOf(unknownRole.getMessage()));
    }
  }

  private static List<byte[]> values(String field, List<String> texts) {
    if (texts.size() > ScriptCommand.VALUES_MAX) {
      throw Refused.invalid(field, "has more than " + ScriptCommand.VALUES_MAX + " values");
    }
    return texts.stream().map(AdminScriptRuns::bytes).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
