package dev.rookery.protocol.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Builds of game engines for the web, as browsers load them from the static folder. */
final class WebBuildTest {
  private static final byte[] UNITY_BROTLI =
      "\u006b\u008d\u0000UnityWeb Compressed Content (brotli)"
          .getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private static Path folder;
  private static TestNode node;
  private static TestNode isolated;

  @BeforeAll
  static void start() {
    node = TestNode.start(Databases.sqlite(), Map.of("STATIC_DIR", folder.toString()));
    isolated =
        TestNode.start(
            Databases.sqlite(),
            Map.of("STATIC_DIR", folder.toString(), "STATIC_CROSS_ORIGIN_ISOLATION", "true"));
  }

  @AfterAll
  static void stop() {
    node.close();
    isolated.close();
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "game.framework.js.gz, text/javascript;charset=UTF-8, gzip",
    "game.loader.js.br, text/javascript;charset=UTF-8, br",
    "game.mjs.gz, text/javascript;charset=UTF-8, gzip",
    "game.wasm.br, application/wasm, br",
    "GAME.WASM.GZ, application/wasm, gzip",
    "game.data.gz, application/octet-stream, gzip",
    "game.pck.br, application/octet-stream, br",
    "game.symbols.json.br, application/json, br",
    "index.html.gz, text/html;charset=UTF-8, gzip",
    "game.framework.js.unityweb, text/javascript;charset=UTF-8, gzip",
    "game.wasm.unityweb, application/wasm, gzip",
    "game.data.unityweb, application/octet-stream, gzip",
    "game.wasm.code.unityweb, application/wasm, gzip",
    "game.wasm.framework.unityweb, text/javascript;charset=UTF-8, gzip",
    "levels.tar.gz, application/gzip, ''",
    "backup.gz, application/gzip, ''",
    "levels.tar.br, application/octet-stream, ''",
    "game.wasm, application/wasm, ''",
    "game.pck, application/octet-stream, ''",
    "game.data, application/octet-stream, ''",
    "game.js, text/javascript;charset=UTF-8, ''",
    "game.webmanifest, application/manifest+json, ''",
    "scene.glb, model/gltf-binary, ''",
  })
  void compressedPartsHaveTheTypeOfTheirContent(String name, String type, String encoding)
      throws IOException {
    boolean gzip = encoding.equals("gzip") || name.endsWith(".gz");
    byte[] content = gzip ? gzip("content") : "content".getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve(name), content);
    for (String method : new String[] {"GET", "HEAD"}) {
      var headers = node.send(method, "/static/" + name, null).headers();
      assertThat(headers.firstValue("content-type")).hasValue(type);
      assertThat(headers.firstValue("content-encoding").orElse("")).isEqualTo(encoding);
      assertThat(headers.firstValueAsLong("content-length")).hasValue(content.length);
      assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
    }
  }

  @Test
  void partsOfUnityAreAsCompressedAsTheyBegin() throws IOException {
    Files.write(folder.resolve("brotli.data.unityweb"), UNITY_BROTLI);
    Files.writeString(folder.resolve("plain.data.unityweb"), "content");
    Files.writeString(folder.resolve("empty.data.unityweb"), "");
    Files.writeString(folder.resolve("misnamed.js.gz"), "not compressed");
    assertThat(encoding("brotli.data.unityweb")).isEqualTo("br");
    assertThat(encoding("plain.data.unityweb")).isEmpty();
    assertThat(encoding("empty.data.unityweb")).isEmpty();
    assertThat(encoding("misnamed.js.gz")).isEmpty();
  }

  private static String encoding(String name) {
    var answer = node.send("HEAD", "/static/" + name, null);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("content-encoding").orElse("");
  }

  @Test
  void pagesAreIsolatedFromOtherOriginsOnlyIfThatIsSet() throws IOException {
    Files.writeString(folder.resolve("index.html"), "<title>the game</title>");
    Files.writeString(folder.resolve("worker.js"), "");
    for (String path : new String[] {"/static/index.html", "/", "/static/worker.js"}) {
      var headers = isolated.get(path, "accept", "text/html").headers();
      assertThat(headers.firstValue("cross-origin-opener-policy")).hasValue("same-origin");
      assertThat(headers.firstValue("cross-origin-embedder-policy")).hasValue("require-corp");
      assertThat(headers.firstValue("cross-origin-resource-policy")).hasValue("cross-origin");
      var open = node.get(path, "accept", "text/html").headers();
      assertThat(open.map().keySet()).noneMatch(name -> name.startsWith("cross-origin-"));
    }
  }
}
