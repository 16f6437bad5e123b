package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node on machines that are set up in unusual ways. */
@Timeout(300)
final class ProcessEnvironmentIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"tr, TR", "ar, EG", "th, TH"})
  void servesInAnyLocale(String language, String country) throws Exception {
    String[] flags = {"-Duser.language=" + language, "-Duser.country=" + country};
    try (var node = NodeProcess.start(folder.resolve("data"), Map.of(), flags)) {
      var player = RestPlayer.signIn(TestNode.client(), node.uri("/"), "DEVICE-WITH-I");
      var me = player.get("/api/v1/me");
      assertThat(me.status()).isEqualTo(200);
      var renamed = JsonObject.of("display_name", "IRIS");
      assertThat(player.send("PATCH", "/api/v1/me/display_name", renamed).ok()).isTrue();
      assertThat(player.get("/api/v1/users?q=iris").body().encode()).contains("IRIS");
      var lobby = player.send("POST", "/api/v1/lobbies", JsonObject.of("title", "TITLE"));
      assertThat(lobby.status()).isEqualTo(201);
      assertThat(node.stop()).isZero();
    }
  }

  @Test
  void jvmEndsTheProcessOnOutOfMemoryErrorWithoutAFlag() throws Exception {
    int port = NodeProcess.freePort();
    var command = new ArrayList<>(NodeProcess.command());
    command.remove(NodeProcess.EXIT_FLAG);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("ROOKERY_HTTP_HOST", "127.0.0.1");
    builder.environment().put("ROOKERY_DATA_DIR", folder.resolve("data").toString());
    Process node = builder.start();
    try {
      NodeProcess.awaitReady(node, port);
      // Of the process that was started: it is still the same.
      assertThat(commandLine(node.pid())).contains(NodeProcess.EXIT_FLAG);
      node.destroy();
      assertThat(node.waitFor()).isZero();
    } finally {
      node.destroyForcibly();
    }
  }

  private static List<String> commandLine(long pid) throws IOException {
    Path file = Path.of("/proc/" + pid + "/cmdline");
    return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
  }

  @Test
  void keepsItsDataFolderToItself() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var node = NodeProcess.start(data, Map.of())) {
      assertThat(modes(data)).isEqualTo("rwx------");
      assertThat(modes(data.resolve("secrets"))).isEqualTo("rwx------");
      assertThat(modes(data.resolve("rookery.db"))).isEqualTo("rw-------");
      assertThat(modes(data.resolve("rookery.db-wal"))).isEqualTo("rw-------");
      assertThat(node.log()).contains("its mode is 0700 now");
      assertThat(node.stop()).isZero();
    }
  }

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isNotReadyOnceItsDatabaseWasRemoved() throws Exception {
    Path data = folder.resolve("data");
    try (var node = NodeProcess.start(data, Map.of())) {
      var player = RestPlayer.signIn(TestNode.client(), node.uri("/"), "a-device-of-ann");
      Files.delete(data.resolve("rookery.db"));
      Files.delete(data.resolve("rookery.db-wal"));

      var lobby = player.send("POST", "/api/v1/lobbies", JsonObject.of("title", "lost"));
      assertThat(lobby.status()).isEqualTo(503);
      // The answer before is kept for a second.
      Eventually.holds(() -> readiness(node) == 503);
      assertThat(node.log()).contains("was removed or replaced");
    }
  }

  private static int readiness(NodeProcess node) {
    var ready = HttpRequest.newBuilder(node.uri("/health/ready")).build();
    try {
      return TestNode.client().send(ready, BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void unpacksNativeLibrariesIntoTheDataFolderIfTheTemporaryOneIsNoexec() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("noexec"));
    assumeThat(run("mount", "-t", "tmpfs", "-o", "noexec,size=64m", "tmpfs", temporary.toString()))
        .as("root mounts a file system")
        .isZero();
    try (var node =
        NodeProcess.start(
            folder.resolve("data"), Map.of(), "-Djava.io.tmpdir=" + temporary.toRealPath())) {
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "a-device-of-ann");
      assertThat(node.log()).contains("is mounted noexec");
      refusesPeersWithoutTheirLibrary(node, ann);
      assertThat(node.stop()).isZero();
    } finally {
      run("umount", temporary.toString());
    }
  }

  /** The library of WebRTC is unpacked into no other folder. */
  private static void refusesPeersWithoutTheirLibrary(NodeProcess node, RestPlayer player) {
    String topic = "user:" + player.id();
    var offer = JsonObject.of("sdp", "v=0", "type", "offer");
    try (var socket = PhoenixClient.connect(node.port(), player.token())) {
      socket.joinAndAwait(topic, "updated");
      assertThat(socket.call(topic, "webrtc:offer", offer).isOk()).isTrue();
      assertThat(socket.await(topic, "webrtc:state").getString("state")).isEqualTo("new");
      assertThat(socket.await(topic, "webrtc:state").getString("state")).isEqualTo("failed");
      assertThat(socket.call(topic, "webrtc:offer", offer).response())
          .isEqualTo(JsonObject.of("error", "webrtc_disabled"));
      assertThat(socket.call(topic, "webrtc:close", new JsonObject()).isOk()).isTrue();
    }
    assertThat(node.log()).containsOnlyOnce("WebRTC is not available here");
  }

  @Test
  void unpacksNativeLibrariesIntoTheDataFolderIfThereIsNoTemporaryOne() throws Exception {
    try (var node =
        NodeProcess.start(
            folder.resolve("data"), Map.of(), "-Djava.io.tmpdir=" + folder.resolve("none"))) {
      RestPlayer.signIn(TestNode.client(), node.uri("/"), "a-device-of-ann");
      assertThat(node.stop()).isZero();
    }
  }

  @Test
  void saysInOneSentenceThatNoFolderMayHoldLibraries() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("noexec"));
    assumeThat(run("mount", "-t", "tmpfs", "-o", "noexec,size=64m", "tmpfs", mounted.toString()))
        .as("root mounts a file system")
        .isZero();
    try {
      Path log = folder.resolve("log");
      var command =
          new ArrayList<>(NodeProcess.command("-Djava.io.tmpdir=" + mounted.toRealPath()));
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("ROOKERY_DATA_DIR", mounted.resolve("data").toString());
      Process process = builder.start();
      try {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(log)
          .content()
          .contains("rookery cannot start: SQLite's native library")
          .contains("ROOKERY_DATA_DIR")
          .doesNotContain("\tat ");
    } finally {
      run("umount", mounted.toString());
    }
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor();
    } catch (IOException _) {
      return -1;
    }
  }
}
