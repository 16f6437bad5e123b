package dev.rookery.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The scripts that are part of the server. A stored script of the same name replaces one. */
final class BundledScripts {
  private static final List<String> NAMES =
      List.of(
          "create_lobby",
          "move_player",
          "on_connect",
          "on_disconnect",
          "send_chat",
          "update_state");

  private BundledScripts() {}

  static Map<String, Script> load() {
    var scripts = new TreeMap<String, Script>();
    for (String name : NAMES) {
      scripts.put(name, Script.of(name, read(name + ".lua")));
    }
    return scripts;
  }

  private static byte[] read(String file) {
    try (InputStream content = BundledScripts.class.getResourceAsStream(file)) {
      if (content == null) {
        throw new IllegalStateException("the script " + file + " is missing");
      }
      return content.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
