package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backs up the database of a running node with the script, and restores it, with the tables of an
 * extension.
 */
@Timeout(300)
final class BackupIT {
  private static final String SCORES =
      """
      var pool = context.database();
      context.http().add("POST", "/scores", call -> {
        pool.query("INSERT INTO score (points) VALUES (7)").execute().await();
        return HttpReply.empty(204);
      });
      context.http().add("GET", "/scores", call -> HttpReply.text(
          pool.query("SELECT COUNT(*) AS n FROM score").execute().await()
              .iterator().next().getInteger("n").toString()));
      """;

  @TempDir private Path folder;

  @Test
  void restoresEverythingThatWasAcknowledgedBeforeTheBackup() throws Exception {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy.db");
    Path tables = folder.resolve("copy.db.x_game.db");
    Path extensions = Files.createDirectory(folder.resolve("extensions"));
    ExtensionSources.put(
        extensions,
        "game",
        ExtensionSources.started(
            "1",
            SCORES,
            Map.of("migrations/V1__score.sql", "CREATE TABLE score (points INTEGER NOT NULL);")));
    var environment = Map.of("EXTENSIONS_DIR", extensions.toString());
    long ann;
    try (var node = NodeProcess.start(data, environment)) {
      ann = signIn(node, "a-device-of-ann");
      assertThat(score(node)).isEqualTo(204);
      var backup = run("backup", data, copy);
      assertThat(backup.output()).contains("backed up to " + copy);
      assertThat(backup.status()).isZero();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tables)))
          .isEqualTo("rw-------");
      assertThat(score(node)).isEqualTo(204);
      assertThat(scores(node)).isEqualTo("2");
      assertThat(run("backup", data, copy).output()).contains("exists already");

      // The locks of the running node are as before: it goes on, and nobody else may restore.
      assertThat(signIn(node, "the-device-of-bob")).isNotEqualTo(ann);
      var early = run("restore", data, copy);
      assertThat(early.status()).isEqualTo(1);
      assertThat(early.output()).contains("in use by another server");
      node.kill();
    }

    var restore = run("restore", data, copy);
    assertThat(restore.output()).contains("restored; the database before is ");
    assertThat(restore.status()).isZero();

    try (var node = NodeProcess.start(data, environment)) {
      assertThat(signIn(node, "a-device-of-ann")).isEqualTo(ann);
      assertThat(scores(node)).isEqualTo("1");
      assertThat(node.stop()).isZero();
    }
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("rookery.db.before-"))
          .anyMatch(name -> name.startsWith("x_game.db.before-"));
    }
  }

  @Test
  void refusesToRestoreWhatIsNoBackup() throws Exception {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy.db");
    Files.writeString(
        copy, "this is no database, but it is long enough to look like one".repeat(9));

    var restore = run("restore", data, copy);

    assertThat(restore.status()).isEqualTo(1);
    assertThat(restore.output()).contains("restore failed");
    assertThat(data.resolve("rookery.db")).doesNotExist();
  }

  private static int score(NodeProcess node) throws Exception {
    var request =
        HttpRequest.newBuilder(node.uri("/x/game/scores")).POST(BodyPublishers.noBody()).build();
    return TestNode.client().send(request, BodyHandlers.ofString()).statusCode();
  }

  private static String scores(NodeProcess node) throws Exception {
    var request = HttpRequest.newBuilder(node.uri("/x/game/scores")).build();
    return TestNode.client().send(request, BodyHandlers.ofString()).body();
  }

  private static long signIn(NodeProcess node, String device) throws Exception {
    return RestPlayer.signIn(TestNode.client(), node.uri("/"), device).id();
  }

  private record Ended(int status, String output) {}

  private static Ended run(String script, Path data, Path copy)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = System.getProperty("rookery.jar");
    var environment = new HashMap<>(Map.of("ROOKERY_DATA_DIR", data.toString(), "JAVA", java));
    List<String> command =
        List.of(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Backup.class.getName(),
            script,
            copy.toString());
    if (jar != null && Files.exists(Path.of(jar))) {
      environment.put("JAR", jar);
      command = List.of("scripts/" + script, copy.toString());
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }
}
