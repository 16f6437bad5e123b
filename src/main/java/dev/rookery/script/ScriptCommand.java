package dev.rookery.script;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;

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
   */
  record Put(String name, String source) implements ScriptCommand<ScriptInfo> {}

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
   * The scripts of a node.
   *
   * @param engine the name of the engine that runs them
   */
  record Listing(String engine, List<ScriptInfo> scripts) {
    public Listing {
      scripts = List.copyOf(scripts);
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
