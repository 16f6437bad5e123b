package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiDocsTest {
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
  void servesTheDocumentThatDefinesTheRoutes() {
    var response = node.get("/api/openapi");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("application/json; charset=utf-8");
    JsonObject served = new JsonObject(response.body());
    String url = served.getJsonArray("servers").getJsonObject(0).getString("url");
    assertThat(served)
        .isEqualTo(
            ApiDocument.shared()
                .forClients(url, served.getJsonObject("info").getString("version")));
    assertThat(url).contains(Integer.toString(node.port()));
  }

  @Test
  void servesThePageToBrowsersOnly() {
    var page = node.get("/api/docs", "accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(node.get("/api/docs/").statusCode()).isEqualTo(200);
    assertThat(node.get("/api/docs", "accept", "application/json").statusCode()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(strings = {"swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "docs.js"})
  void servesTheFilesOfThePage(String file) {
    var response = node.get("/api/docs/" + file);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isNotEmpty();
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing.js", "..%2Fgamend.yaml", "docs.html", "package.json"})
  void servesNoOtherFiles(String file) {
    assertThat(node.get("/api/docs/" + file).statusCode()).isEqualTo(404);
  }

  @Test
  void thePagesContentSecurityPolicyForbidsOtherHosts() {
    String policy =
        node.get("/api/docs", "accept", "text/html")
            .headers()
            .firstValue("content-security-policy")
            .orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
        .doesNotContain("http:", "https:", "*", "unsafe-eval");
  }

  @Test
  void aBrowserShowsAllOperations(@TempDir Path profile) throws Exception {
    String page = rendered(Chromium.path(), profile);
    for (Operation operation : ApiDocument.shared().operations()) {
      // As Swagger UI marks the block of an operation.
      assertThat(page).contains("-" + operation.id() + "\"");
    }
    assertThat(page).contains("Rookery").doesNotContain("Failed to load API definition");
  }

  private static String rendered(Path browser, Path profile)
      throws IOException, InterruptedException {
    Path out = profile.resolve("page.html");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // Other hosts cannot be resolved.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + profile.resolve("profile"),
                // The page renders only what is in view.
                "--window-size=1600,26000",
                "--virtual-time-budget=60000",
                "--dump-dom",
                node.uri("/api/docs").toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("the browser did not exit in time");
    }
    return Files.readString(out);
  }
}
