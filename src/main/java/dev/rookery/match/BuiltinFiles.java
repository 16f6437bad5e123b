package dev.rookery.match;

import dev.rookery.match.Games.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of games that are part of the server. */
final class BuiltinFiles {
  private static final List<String> NAMES = List.of("index.html", "main.js", "style.css");

  private final Version game;
  private final Map<String, StaticFile> files;

  private BuiltinFiles(Version game, Map<String, StaticFile> files) {
    this.game = game;
    this.files = files;
  }

  static BuiltinFiles read() {
    var files = new HashMap<String, StaticFile>();
    for (String name : NAMES) {
      byte[] content = read("/games/tic-tac-toe/" + name);
      files.put(name, new StaticFile(name, GameFiles.digest(content), content));
    }
    return new BuiltinFiles(new Version("tic-tac-toe", "builtin-1"), files);
  }

  private static byte[] read(String path) {
    try (InputStream content = BuiltinFiles.class.getResourceAsStream(path)) {
      if (content == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return content.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  boolean has(Version version) {
    return game.equals(version);
  }

  @Nullable StaticFile find(Version version, String path) {
    return has(version) ? files.get(path) : null;
  }
}
