package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.TestNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The play shell over HTTP, and in a real browser. */
final class PlayPagesIT {
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(Databases.sqlite());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void twoBrowsersPlayAMatchAndAnAdminLooksBack(@TempDir Path profile) {
    try (var script =
        NodeScript.start(
            "shell.mjs",
            "http://127.0.0.1:" + node.port(),
            Chromium.path().toString(),
            profile.toString())) {
      script.assertSuccess();
    }
  }

  @Test
  void listsGamesAndLoadsNothingInline() {
    assertThat(node.get("/play").body()).contains("href=\"/play/tic-tac-toe\"", "2 players");
    var page = node.get("/play/tic-tac-toe");
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();

    assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe", "*", "http");
    assertThat(page.body())
        .contains("Play as a guest")
        .doesNotContain("<style", "style=", "javascript:")
        .doesNotContainPattern("<script(?![^>]*src=)")
        .doesNotContainPattern("\\son\\w+=");
    assertThat(node.get("/play/none").statusCode()).isEqualTo(404);
    assertThat(node.get("/play/tic-tac-toe/none").statusCode()).isEqualTo(404);
    assertThat(node.post("/play/token", "").statusCode()).isEqualTo(403);
  }
}
