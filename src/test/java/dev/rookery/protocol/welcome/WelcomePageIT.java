package dev.rookery.protocol.welcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WelcomePageIT {
  private static final int REDIRECTS_MAX = 3;
  private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final Pattern LINKS = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"");
  private static TestNode node;

  @TempDir private static Path empty;

  @BeforeAll
  static void start() {
    node = TestNode.start(Databases.sqlite(), Map.of("STATIC_DIR", empty.toString()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void everyLinkOfThePageWorks() {
    var page = node.get("/", "accept", HTML);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("vary")).contains("accept, accept-language");
    assertThat(page.body()).contains("Rookery", "hreflang=\"de\"");
    var links = LINKS.matcher(page.body()).results().map(found -> found.group(1)).toList();
    assertThat(links)
        .contains("/docs", "/api/docs", "/api/openapi", "/play", "/metrics", "/welcome/page.js");
    for (String link : links) {
      assertThat(follow(link)).as(link).isEqualTo(200);
    }
  }

  /** The status of what a link leads to: the console redirects to the set-up of its owner. */
  private static int follow(String link) {
    var answer = node.get(link);
    for (int i = 0; i < REDIRECTS_MAX && answer.statusCode() == 303; i++) {
      answer = node.get(answer.headers().firstValue("location").orElseThrow());
    }
    return answer.statusCode();
  }

  @Test
  void thePageHasNoInlineScriptOrStyle() {
    var page = node.get("/", "accept", HTML);
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();

    assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe", "*", "http");
    assertThat(page.body())
        .doesNotContain("<style", "style=", "javascript:")
        .doesNotContainPattern("<script(?![^>]*src=)")
        .doesNotContainPattern("\\son\\w+=");
  }

  @Test
  void twoTabsPlayTheGameToTheEnd(@TempDir Path profile) {
    try (var fresh = TestNode.start(Databases.sqlite(), Map.of("STATIC_DIR", empty.toString()));
        var script =
            NodeScript.start(
                "welcome.mjs",
                "http://127.0.0.1:" + fresh.port(),
                Chromium.path().toString(),
                profile.toString())) {
      script.assertSuccess();
    }
  }

  @Test
  void thePageIsInTheLanguageOfItsReader() {
    assertThat(node.get("/de", "accept", HTML).body())
        .contains("<html lang=\"de\"", "Vier gewinnt", "data-own=\"Du bist am Zug.\"");
    assertThat(node.get("/ar/", "accept", HTML).body()).contains("dir=\"rtl\"");
    assertThat(node.get("/", "accept", HTML, "accept-language", "ja").body())
        .contains("<html lang=\"ja\"");
  }

  @Test
  void clientsThatDoNotAcceptHtmlGetJson() {
    assertThat(node.get("/").body()).contains("Game Backend API");
    assertThat(node.get("/", "accept", "application/json").body()).contains("Game Backend API");
  }

  @Test
  void theStatusShowsPlayersLobbiesAndNodes() {
    try (var ann = GameFlowClient.connect(node, "Ann")) {
      ann.createLobby();
      Eventually.holds(
          () -> {
            var status = new JsonObject(node.get("/welcome/status").body());
            return status.getInteger("players") == 1 && status.getInteger("lobbies") == 1;
          });
      var status = new JsonObject(node.get("/welcome/status").body());
      assertThat(status.fieldNames())
          .containsExactly("players", "lobbies", "nodes", "node", "version");
      assertThat(status.getInteger("nodes")).isEqualTo(1);
      assertThat(status.getString("node")).isEqualTo("single");
    }
  }

  @Test
  void anIndexPageInTheStaticFolderReplacesIt(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("index.html"), "my game");
    try (var mine = TestNode.start(Databases.sqlite(), Map.of("STATIC_DIR", folder.toString()))) {
      assertThat(mine.get("/", "accept", HTML).body()).isEqualTo("my game");
    }
  }
}
