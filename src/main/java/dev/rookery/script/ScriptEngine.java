package dev.rookery.script;

import io.vertx.core.Future;
import java.util.List;

/**
 * Runs scripts with the semantics of Redis's {@code EVAL}: one at a time for a keyspace. Any thread
 * may call; no method blocks.
 */
public interface ScriptEngine {
  /** Which engine it is, for operators: {@code embedded} or {@code redis}. */
  String name();

  /**
   * Runs a script. Completes on the calling context, or on any thread if there is none. Fails with
   * {@link ScriptException}, never with anything else. A call is executed at most once.
   *
   * @param keys the script's {@code KEYS}
   * @param args the script's {@code ARGV}
   */
  Future<ScriptResult> run(Script script, List<byte[]> keys, List<byte[]> args);

  /**
   * Checks the syntax of a script without running it. Fails with {@link ScriptException} of the
   * kind {@code SCRIPT}, whose message has the line.
   */
  Future<Void> check(Script script);

  /** What scripts publish to the games' channels. */
  GameUpdates updates();
}
