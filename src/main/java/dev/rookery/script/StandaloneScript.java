package dev.rookery.script;

import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs one script against an empty keyspace of its own, without a server. */
public final class StandaloneScript {
  private StandaloneScript() {}

  /**
   * Runs a script with the limits of {@link EmbeddedSettings#DEFAULTS}.
   *
   * @throws ScriptException if it has no result
   */
  public static ScriptResult run(
      Script script,
      List<byte[]> keys,
      List<byte[]> args,
      InstantSource clock,
      RandomGenerator random) {
    var changes = new ChangeBuffer();
    var keyspace = new Keyspace(KeyspaceLimits.DEFAULT, random, changes);
    var runner = new ScriptRunner(keyspace, changes, EmbeddedSettings.DEFAULTS, () -> 0, clock);
    var call = new Call(script, keys, args);
    runner.run(call).answer(call);
    return call.result();
  }

  private static final class Call extends ScriptCall {
    private @Nullable ScriptResult result;
    private @Nullable ScriptException failure;

    Call(Script script, List<byte[]> keys, List<byte[]> args) {
      super(script, keys, args);
    }

    ScriptResult result() {
      if (failure != null) {
        throw failure;
      }
      return result == null ? ScriptResult.Null.NULL : result;
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
      this.result = result;
      this.failure = failure;
    }

    @Override
    Executor answersOn() {
      return Runnable::run;
    }

    @Override
    void reject(Rejection reason) {
      throw new IllegalStateException("a script without a server was rejected: " + reason);
    }
  }
}
