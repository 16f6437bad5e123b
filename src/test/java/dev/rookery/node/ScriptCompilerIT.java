package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a node that compiles games in JavaScript, and opens a room of one. */
final class ScriptCompilerIT {
  private static final String GAME = "/api/v1/admin/games/tic-tac-toe-js/versions/1";

  @TempDir private Path folder;

  @Test
  void compilesGamesInJavaScriptInAFolderOfAnyLetters() throws Exception {
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var settings = Map.of("ROOKERY_MATCHES_SCRIPTS_COMPILED", "true");
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "a locale with all letters");
    Path data = folder.resolve("données-данные");
    // The compiler of scripts needs all of those of the JVM.
    try (var node = NodeProcess.start(data, settings, "-XX:TieredStopAtLevel=4")) {
      assertThat(data.resolve("script-compiler")).isDirectoryContaining(Files::isRegularFile);
      RestPlayer admin = RestPlayer.signIn(client, node.uri("/"), "the-admin");
      var upload =
          HttpRequest.newBuilder(node.uri(GAME))
              .header("authorization", "Bearer " + admin.token())
              .header("content-type", "application/javascript")
              .PUT(BodyPublishers.ofString(JavaScriptGame.ticTacToe()))
              .build();
      var deployed = client.send(upload, BodyHandlers.ofString());
      assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(201);
      var room = admin.post("/api/dev/rooms", JsonObject.of("gameKey", "tic-tac-toe-js"));
      assertThat(room.ok()).as(room.toString()).isTrue();

      var metrics = HttpRequest.newBuilder(node.uri("/metrics")).build();
      assertThat(client.send(metrics, BodyHandlers.ofString()).body())
          .contains("rookery_scripts_compiled 1.0");
      assertThat(node.stop()).isZero();
    }
  }
}
