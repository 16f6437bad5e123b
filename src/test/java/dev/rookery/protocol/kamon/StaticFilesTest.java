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
    Files.createDirectories(parent.resolve("outside/inner"));
    Files.writeString(parent.resolve("outside/inner/file.txt"), "SECRET");
    Files.writeString(parent.resolve("outside/index.html"), "SECRET");
    Files.writeString(folder.resolve("100%25.txt"), "percent");
    Files.createSymbolicLink(folder.resolve("link.txt"), parent.resolve("outside.txt"));
    Files.createSymbolicLink(folder.resolve("relative.txt"), Path.of("../outside.txt"));
    Files.createSymbolicLink(folder.resolve("twice.txt"), folder.resolve("link.txt"));
    Files.createSymbolicLink(folder.resolve("folder"), parent.resolve("outside"));
    Files.createSymbolicLink(folder.resolve("hidden.txt"), folder.resolve(".env"));
    Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/zero"));
    Files.createSymbolicLink(folder.resolve("inside.js"), Path.of("assets/bundle.js"));
    // As Kubernetes mounts a ConfigMap.
    Files.createDirectories(folder.resolve("..2026_11_28"));
    Files.writeString(folder.resolve("..2026_11_28/map.txt"), "a map");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_28"));
    Files.createSymbolicLink(folder.resolve("map.txt"), Path.of("..data/map.txt"));
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
        "/static/assets%2f..%2f.env",
        "/static/assets%2F..%2F.env",
        "/static/assets%5c..%5c.env",
        "/static/x%2f..%2f.env",
        "/static/%2f.env",
        "/static/%5c.env",
        "/static/.%2fassets/bundle.js",
        "/static/%2egit%2fconfig",
        "/static/%252eenv",
        "/static/assets%252f..%252f.env",
        "/static/%c0%aeenv",
        "/static/%e0%80%aeenv",
        "/static/%.env",
        "/static/..data/map.txt",
        "/static/..2026_11_28/map.txt",
        "/static/link.txt",
        "/static/relative.txt",
        "/static/twice.txt",
        "/static/folder/inner/file.txt",
        "/static/folder/",
        "/static/folder",
        "/static/hidden.txt",
        "/static/loop",
        "/static/device",
        "/static/index.html%00.js",
        "/static//etc/passwd"
      })
  void servesNothingOutsideTheFolder(String path) throws IOException {
    String answer = raw(path);

    assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("SECRET").doesNotContain("root:");
  }

  @Test
  void servesLinksThatStayInTheFolder() {
    assertThat(node.get("/static/inside.js").body()).isEqualTo("play('ü')");
    assertThat(node.get("/static/map.txt").body()).isEqualTo("a map");
  }

  @Test
  void decodesANameOnce() {
    assertThat(node.get("/static/100%2525.txt").body()).isEqualTo("percent");
    assertThat(node.get("/static/100%25.txt").statusCode()).isEqualTo(404);
  }

  @Test
  void servesTheIndexPageOfAFolder() throws IOException {
    Files.createDirectories(folder.resolve("other"));
    Files.writeString(folder.resolve("other/index.html"), "<title>other</title>");

    assertThat(node.get("/static/").body()).isEqualTo("<title>the game</title>");
    assertThat(node.get("/static/other/").body()).isEqualTo("<title>other</title>");
    var moved = node.get("/static/other");
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("location")).contains("/static/other/");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "bytes=0-3, 206, play, bytes 0-3/10",
        "bytes=6-, 206, ü'), bytes 6-9/10",
        "bytes=0-1000, 206, play('ü'), bytes 0-9/10",
        "bytes=-4, 206, ü'), bytes 6-9/10",
        "bytes=10-, 416, '', bytes */10",
        "bytes=-0, 416, '', bytes */10",
        "'bytes=0-1,3-4', 200, play('ü'), -",
        "bytes=3-2, 200, play('ü'), -",
        "lines=1-2, 200, play('ü'), -"
      })
  void servesRanges(String range, int status, String content, String contentRange) {
    var part = node.get("/static/assets/bundle.js", "range", range);

    assertThat(part.statusCode()).isEqualTo(status);
    assertThat(part.body()).isEqualTo(content);
    assertThat(part.headers().firstValue("content-range").orElse(null)).isEqualTo(contentRange);
  }

  @Test
  void sendsNoBodyForHead() throws IOException {
    String answer = raw("HEAD", "/static/assets/bundle.js");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("content-length: 10");
    assertThat(answer).endsWith("\r\n\r\n");
  }

  @Test
  void servesNothingOfTheDataFolderWhereverTheStaticFolderLeads() throws IOException {
    Path data = Files.createDirectory(parent.resolve("data"));
    Path moving = parent.resolve("moving");
    Files.createDirectory(moving);
    Files.writeString(moving.resolve("page.txt"), "page");
    var settings = Map.of("STATIC_DIR", moving.toString(), "ROOKERY_DATA_DIR", data.toString());
    try (var other = TestNode.start(Databases.sqlite(), settings)) {
      assertThat(other.get("/static/page.txt").body()).isEqualTo("page");
      Files.delete(moving.resolve("page.txt"));
      Files.delete(moving);
      Files.createSymbolicLink(moving, data);
      Files.writeString(data.resolve("page.txt"), "SECRET");

      assertThat(other.get("/static/page.txt").statusCode()).isEqualTo(404);
    }
  }

  /** Sends the path as it is; the JDK's client would normalize it. */
  private static String raw(String path) throws IOException {
    return raw("GET", path);
  }

  private static String raw(String method, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(120_000);
      String request = method + " " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
