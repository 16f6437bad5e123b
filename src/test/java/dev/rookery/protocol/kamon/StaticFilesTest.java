package dev.rookery.protocol.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StaticFilesTest {
  private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

  @TempDir private static Path parent;
  private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    folder = Files.createDirectory(parent.resolve("static"));
    Files.createDirectories(folder.resolve("assets"));
    Files.createDirectories(folder.resolve(".git"));
    Files.writeString(folder.resolve("index.html"), "<title>the game</title>");
    Files.writeString(folder.resolve("assets/bundle.js"), "play('ü')");
    Files.writeString(folder.resolve("a name.txt"), "a name");
    Files.writeString(folder.resolve(".env"), "SECRET");
    Files.writeString(folder.resolve(".git/config"), "SECRET");
    Files.createDirectories(folder.resolve(".well-known"));
    Files.writeString(folder.resolve(".well-known/assetlinks.json"), "[]");
    Files.writeString(folder.resolve(".well-known/apple-app-site-association"), "{}");
    Files.writeString(folder.resolve(".well-known/other.json"), "SECRET");
    Files.writeString(parent.resolve("outside.txt"), "SECRET");
    node = TestNode.start(Databases.sqlite(), Map.of("STATIC_DIR", folder.toString()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void servesFilesWithTheirContentType() {
    var script = node.get("/static/assets/bundle.js");

    assertThat(script.statusCode()).isEqualTo(200);
    assertThat(script.body()).isEqualTo("play('ü')");
    assertThat(script.headers().firstValue("content-type").orElseThrow())
        .containsIgnoringCase("javascript")
        .containsIgnoringCase("utf-8");
    assertThat(script.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(node.get("/static/a%20name.txt").body()).isEqualTo("a name");
  }

  @Test
  void servesTheIndexPageToClientsThatAcceptHtml() {
    var page = node.get("/", "accept", HTML);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("<title>the game</title>");
    assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    assertThat(node.get("/").body()).doesNotContain("the game");
    assertThat(node.send("HEAD", "/static/index.html", null).statusCode()).isEqualTo(200);
    assertThat(node.send("POST", "/static/index.html", "{}").statusCode()).isIn(404, 405);
  }

  @ParameterizedTest
  @CsvSource({"/.well-known/assetlinks.json, []", "/.well-known/apple-app-site-association, {}"})
  void servesAppLinksAsJson(String path, String content) {
    var file = node.get(path);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isEqualTo(content);
    assertThat(file.headers().allValues("content-type")).containsExactly("application/json");
    assertThat(file.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(node.send("HEAD", path, null).statusCode()).isEqualTo(200);
    assertThat(node.send("POST", path, "{}").statusCode()).isIn(404, 405);
  }

  @Test
  void servesNoAppLinksWithoutTheirFiles() {
    var folder = Map.of("STATIC_DIR", parent.resolve("none").toString());
    try (var other = TestNode.start(Databases.sqlite(), folder)) {
      assertThat(other.get("/.well-known/assetlinks.json").statusCode()).isEqualTo(404);
      assertThat(other.get("/.well-known/apple-app-site-association").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void answersNotModifiedForAnUnchangedFile() {
    var first = node.get("/static/assets/bundle.js");
    String modified = first.headers().firstValue("last-modified").orElseThrow();
    var second = node.get("/static/assets/bundle.js", "if-modified-since", modified);

    assertThat(first.headers().firstValue("cache-control")).contains("no-cache");
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void servesANewFileWithinSeconds() throws IOException {
    assertThat(node.get("/static/new.txt").statusCode()).isEqualTo(404);
    Files.writeString(folder.resolve("new.txt"), "new");

    Eventually.holds(() -> node.get("/static/new.txt").body().equals("new"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/static/missing.js",
        "/static/assets/",
        "/static/../outside.txt",
        "/static/..%2foutside.txt",
        "/static/%2e%2e/outside.txt",
        "/static/%2e%2e%2foutside.txt",
        "/static/..%5coutside.txt",
        "/static/assets/../../outside.txt",
        "/static//../outside.txt",
        "/static/%252e%252e/outside.txt",
        "/static/....//outside.txt",
        "/static/.env",
        "/static/%2eenv",
        "/static/.git/config",
        "/static/.well-known/assetlinks.json",
        "/.well-known/other.json",
        "/.well-known/",
        "/.well-known/../.env",
        "/.well-known/assetlinks.json/../../.env",
        "/static/%2egit/config",
        "/static/assets/..%2f.env",
        "/static/index.html%00.js",
        "/static//etc/passwd"
      })
  void servesNothingOutsideTheFolder(String path) throws IOException {
    String answer = raw(path);

    assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("SECRET").doesNotContain("root:");
  }

  /** Sends the path as it is; the JDK's client would normalize it. */
  private static String raw(String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(10_000);
      String request = "GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
