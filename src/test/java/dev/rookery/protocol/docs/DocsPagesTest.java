package dev.rookery.protocol.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node serves below {@code /docs}. */
final class DocsPagesTest {
  @TempDir private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(folder.resolve("theme.css"), ":root { --accent: #006600; }");
    Path theme =
        Files.writeString(
            folder.resolve("theme.json"), "{\"title\": \"Chess & <Co>\", \"css\": \"theme.css\"}");
    node = TestNode.start(Databases.sqlite(), Map.of("THEME_CONFIG", theme.toString()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void theStartPageListsAllPagesInTheLookOfTheTheme() {
    var page = node.get("/docs");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.body())
        .contains("<title>Documentation – Chess &amp; &lt;Co&gt;</title>")
        .contains("/docs/assets/theme.css")
        .contains("href=\"/api/docs\"");
    for (String name : Contents.read().pages()) {
      assertThat(page.body()).contains("href=\"/docs/" + name + "\"");
    }
    assertThat(node.get("/docs/assets/theme.css").body()).contains("--accent: #006600");
    assertThat(node.get("/docs/").body()).isEqualTo(page.body());
  }

  @Test
  void aPageHasNavigationHeadingsAndNeighbours() {
    var pages = Contents.read().pages();
    var page = node.get("/docs/" + pages.get(1));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("<a href=\"/docs/" + pages.get(1) + "\" aria-current=\"page\">")
        .contains("rel=\"prev\" href=\"/docs/" + pages.get(0) + "\"")
        .contains("rel=\"next\" href=\"/docs/" + pages.get(2) + "\"")
        .contains("aria-label=\"On this page\"");
  }

  @Test
  void theAddressThatOtherServersHaveForTheSetupWorks() {
    assertThat(node.get("/docs/setup").body()).isEqualTo(node.get("/docs/getting-started").body());
  }

  @Test
  void markdownIsServedAsItIs() throws IOException {
    var markdown = node.get("/docs/lobbies.md");

    assertThat(header(markdown, "content-type")).isEqualTo("text/markdown; charset=utf-8");
    assertThat(markdown.body())
        .isEqualTo(Files.readString(MarkdownFile.FOLDER.resolve("lobbies.md")));
  }

  @Test
  void theConfigurationPageHasEveryKeyWithItsDefaultAndItsNamesInTheEnvironment()
      throws IOException {
    String page = node.get("/docs/configuration.md").body();
    var keys = new ArrayList<String>();
    collect("", new YAMLMapper().readTree(Path.of("conf/reference.yaml").toFile()), keys);

    assertThat(keys).hasSizeGreaterThan(100);
    for (String key : keys) {
      assertThat(page).containsPattern("(?m)^\\| `" + key + "` \\| \\S.* \\| `[A-Z0-9_]+`.* \\|$");
    }
    assertThat(page).contains("| `http.port` | `4000` | `PORT`, `ROOKERY_HTTP_PORT` |");
    assertThat(node.get("/docs/configuration").body()).contains("http.<wbr>port");
  }

  @Test
  void theSearchIndexIsBoundedAndHasTheTextOfThePages() throws IOException {
    String index = node.get("/docs/assets/search.json").body();

    assertThat(index.length()).isLessThan(SearchIndex.BYTES_MAX);
    var passages = new ObjectMapper().readTree(index).get("passages");
    assertThat(passages).hasSizeGreaterThan(50);
    assertThat(index).contains("statementTimeout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/nothing",
        "/docs/index.yaml",
        "/docs/reference.yaml",
        "/docs/assets/",
        "/docs/lobbies/more",
        "/docs/..%2fmigrations"
      })
  void anUnknownPageIsAPageToo(String path) {
    var page = node.get(path);

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("Page not found").contains("aria-label=\"Documentation\"");
    assertThat(header(page, "content-type")).startsWith("text/html");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/docs/lobbies", "/docs/lobbies.md", "/docs/assets/search.json"})
  void aClientThatHasAPageIsToldSoWithoutItsContent(String path) {
    var first = node.get(path);
    String tag = header(first, "etag");

    var second = node.get(path, "if-none-match", "\"other\", W/" + tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(header(second, "etag")).isEqualTo(tag);
    assertThat(node.get(path, "if-none-match", "\"other\"").statusCode()).isEqualTo(200);
    assertThat(header(first, "cache-control")).isEqualTo("no-cache");
  }

  @Test
  void onlyGetAndHeadAreServed() {
    var head = node.send("HEAD", "/docs/lobbies", null);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "etag")).isEqualTo(header(node.get("/docs/lobbies"), "etag"));
    for (String method : new String[] {"POST", "PUT", "DELETE"}) {
      assertThat(node.send(method, "/docs/lobbies", "{}").statusCode()).isIn(404, 405);
    }
  }

  @Test
  void contentIsCompressedForThoseWhoAcceptIt() throws Exception {
    var request =
        HttpRequest.newBuilder(node.uri("/docs/lobbies")).header("accept-encoding", "gzip").build();
    var compressed = TestNode.client().send(request, BodyHandlers.ofByteArray());
    var plain = node.get("/docs/lobbies");

    assertThat(compressed.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(compressed.headers().firstValue("vary")).contains("accept-encoding");
    assertThat(compressed.headers().firstValue("etag"))
        .isNotEqualTo(plain.headers().firstValue("etag"));
    try (var content = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(plain.body());
    }
  }

  @Test
  void nothingForeignIsLoadedAndNoScriptIsInThePage() {
    var page = node.get("/docs/lobbies");

    assertThat(header(page, "content-security-policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.body()).doesNotContain("style=").doesNotContainPattern("<script>|\\son\\w+=");
  }

  private static void collect(String parent, JsonNode tree, List<String> keys) {
    tree.properties()
        .forEach(
            field -> {
              String key = parent + field.getKey();
              if (field.getValue().isObject()) {
                collect(key + ".", field.getValue(), keys);
              } else {
                keys.add(key);
              }
            });
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
