package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.TicTacToe;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.game.script.ScriptLimits;
import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Games of a folder, deployed while a developer works on them. */
final class GameFolderTest {
  @TempDir private Path folder;

  @Test
  void deploysWhatChangesAndKeepsTheLastGoodVersion() throws IOException {
    try (var store = TestStore.open(Databases.sqlite());
        var engine = new ScriptEngine(ScriptLimits.DEFAULTS, new SimpleMeterRegistry())) {
      var deployments =
          new GameDeployments(store.database(), engine, new Games(List.of(TicTacToe.game())));
      var watched = new GameFolder(folder, deployments);
      Path game = Files.createDirectories(folder.resolve("my-game"));
      assertThat(watched.scan()).isFalse();
      write(game, "game.js", JavaScriptGame.ticTacToe());
      write(game, "manifest.json", "{\"multiplayer\": {\"schemaVersion\": \"3\"}}");
      write(game, "server.js", "not for browsers");
      write(game, "assets/main.js", "// first");
      write(game, "index.html", "<!doctype html>");
      // It may still be written.
      assertThat(watched.scan()).isFalse();
      assertThat(watched.scan()).isTrue();
      assertThat(watched.scan()).isFalse();
      GameVersion first = active(deployments);
      assertThat(first.version()).startsWith("dev-");
      assertThat(first.schemaVersion()).isEqualTo("3");
      assertThat(file(deployments, "assets/main.js")).isEqualTo("// first");
      assertThat(file(deployments, "server.js")).isEqualTo("none");

      write(game, "game.js", "globalThis.openturn = {};");
      assertThat(scanTwice(watched)).isFalse();
      assertThat(active(deployments)).isEqualTo(first);
      assertThat(watched.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).contains("createLocalSession"));

      write(game, "game.js", JavaScriptGame.ticTacToe());
      write(game, "assets/main.js", "// second");
      assertThat(scanTwice(watched)).isTrue();
      assertThat(watched.problems()).isEmpty();
      assertThat(active(deployments).version()).isNotEqualTo(first.version());
      assertThat(file(deployments, "assets/main.js")).isEqualTo("// second");

      // After a start, what an admin has rolled back to stays.
      deployments.activate("my-game", first.version());
      var restarted = new GameFolder(folder, deployments);
      assertThat(scanTwice(restarted)).isFalse();
      assertThat(active(deployments).version()).isEqualTo(first.version());
    }
  }

  private static void write(Path game, String path, String content) throws IOException {
    Path file = game.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static GameVersion active(GameDeployments deployments) {
    return deployments.list().stream().filter(GameVersion::active).findFirst().orElseThrow();
  }

  private static String file(GameDeployments deployments, String path) {
    return deployments
        .readFile("my-game", null, path)
        .map(file -> new String(file.content(), StandardCharsets.UTF_8))
        .orElse("none");
  }

  /** A change is deployed by the scan that finds it unchanged since the one before. */
  private static boolean scanTwice(GameFolder folder) {
    boolean first = folder.scan();
    return folder.scan() || first;
  }
}
