package dev.rookery.script;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Management of the scripts that the cluster runs, by admins. */
public sealed interface ScriptCommand<R> extends Command<R> {
  String ADDRESS = "scripts";

  /** Maximum size of a script, in bytes. */
  int SOURCE_BYTES_MAX = 256 << 10;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Stores a script, which all nodes then run, in place of one of the same name. {@code
   * Denied("script_rejected")} with the reason if it cannot be used, which changes nothing; {@code
   * Conflict("too_many_scripts")}; {@code Unavailable("scripts_unavailable")} if the engine is
   * away.
   *
   * @param version that the admin read, 0 for none: {@code Conflict("revision_conflict")} if it is
   *     another one now. Null for whatever it is
   */
  record Put(String name, String source, @Nullable Long version)
      implements ScriptCommand<ScriptInfo> {
    public Put(String name, String source) {
      this(name, source, null);
    }
  }

  /**
   * Says why a script could not be stored; empty if it could. {@code
   * Unavailable("scripts_unavailable")} if the engine is away.
   */
  record Check(String name, String source) implements ScriptCommand<Optional<ScriptProblem>> {}

  /**
   * Deletes a script with its versions; one of the server of the same name is used again. {@code
   * Missing("not_found")}.
   */
  record Remove(String name) implements ScriptCommand<Done> {}

  /**
   * Stores the version before the current one as the newest. {@code Missing("not_found")}, {@code
   * Conflict("no_earlier_version")}.
   */
  record RollBack(String name) implements ScriptCommand<ScriptInfo> {}

  /** Lists all scripts of this node, by name, and those that were refused. */
  record ListAll() implements ScriptCommand<Listing> {}

  /**
   * Reads a script with its versions. {@code Missing("not_found")}.
   *
   * @param version whose text is wanted; null for the one that is served
   */
  record Inspect(String name, @Nullable Long version) implements ScriptCommand<Inspected> {}

  /**
   * Runs a script against an empty keyspace of its own, with the limits of a call. Nothing is
   * stored, and nobody receives what it publishes. {@code Missing("not_found")}; {@code Invalid}
   * {@code keys} or {@code args} if there are more than {@link #VALUES_MAX}; {@code
   * Limited("test_is_running")} while this node runs another one.
   *
   * @param source the text; null for the version that is served
   */
  record TestRun(String name, @Nullable String source, List<String> keys, List<String> args)
      implements ScriptCommand<TestReport> {
    public TestRun(String name, List<String> keys, List<String> args) {
      this(name, null, keys, args);
    }

    public TestRun {
      keys = List.copyOf(keys);
      args = List.copyOf(args);
    }
  }

  /**
   * Runs the version of a script that is served against the keyspace of the game, with the limits
   * of a call and as if a manager called it: what it writes stays, and what it publishes is
   * received. The audit log has it before it runs. {@code Missing("not_found")}; {@code Invalid}
   * {@code keys} or {@code args} if there are more than {@link #VALUES_MAX}; {@code
   * Limited("test_is_running")} while this node runs another one for an admin.
   */
  record RunLive(String name, List<String> keys, List<String> args)
      implements ScriptCommand<TestReport> {
    public RunLive {
      keys = List.copyOf(keys);
      args = List.copyOf(args);
    }
  }

  /** Maximum number of keys, and of arguments, of a run for an admin. */
  int VALUES_MAX = 100;

  /**
   * A script.
   *
   * @param text of the version that was asked for
   * @param versions the last ones, newest first; empty for a script of the server
   */
  record Inspected(
      ScriptInfo info, long shown, String text, List<Version> versions, Figures figures) {
    public Inspected {
      versions = List.copyOf(versions);
    }
  }

  /** A stored version of a script. */
  record Version(long version, String sha1, String source, long createdMs) {}

  /**
   * What calls of a script did on the node that answers, since it started.
   *
   * @param longestMs of the last minutes
   */
  record Figures(long calls, long errors, double meanMs, double longestMs) {}

  /**
   * How a run for an admin ended.
   *
   * @param done whether it has a result
   * @param text the result as {@code redis-cli} shows it, or the error; its beginning if it is long
   */
  record TestReport(boolean done, String text, long tookMs) {}

  /**
   * The scripts of a node.
   *
   * @param engine the name of the engine that runs them
   * @param figures of the scripts that were called, by name
   */
  record Listing(String engine, List<ScriptInfo> scripts, Map<String, Figures> figures) {
    public Listing {
      scripts = List.copyOf(scripts);
      figures = Map.copyOf(figures);
    }
  }

  /**
   * Returns whether this is a valid name of a script: 1 to 64 of the characters A-Z, a-z, 0-9 and
   * {@code _.-}, of which the first is not {@code .} or {@code -}.
   */
  static boolean isName(String name) {
    return ScriptFolder.NAME.matcher(name).matches();
  }
}
