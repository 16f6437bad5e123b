package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Begins an extension with the script, tests it with Maven, and changes it while it runs. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExtensionProjectIT {
  private static final Path SCRIPT = Path.of("scripts/extension").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void writesAProjectWhoseTestsPassAndReplacesItOnSave() throws Exception {
    Result written = run(folder, List.of(SCRIPT.toString(), "new", "dice-2"));
    assertThat(written.output()).contains("dice-2 is an extension");
    assertThat(written.status()).isZero();
    Path project = folder.resolve("dice-2");

    Result built = run(project, List.of("mvn", "-B", "-o", "package"));
    assertThat(built.output()).contains("Failures: 0, Errors: 0, Skipped: 0");
    assertThat(built.status()).as(built.output()).isZero();
    assertThat(project.resolve("target/dice-2.jar")).exists();
    assertThat(run(folder, List.of(SCRIPT.toString(), "new", "dice-2")).output())
        .contains("exists already");

    int port = NodeProcess.freePort();
    var builder = builder(project, List.of(SCRIPT.toString(), "dev"));
    builder.environment().put("PORT", Integer.toString(port));
    Process dev = builder.start();
    try (var output = dev.inputReader(StandardCharsets.UTF_8)) {
      awaitLine(output, "dice-2 1.0.0 takes calls");
      awaitLine(output, "ready in");
      var ann =
          RestPlayer.signIn(
              TestNode.client(), URI.create("http://127.0.0.1:" + port), "device-of-ann");
      assertThat(greeting(ann)).isEqualTo("Hello Ann");

      Path source = project.resolve("src/main/java/game/MyGame.java");
      Files.writeString(source, Files.readString(source).replace("\"Hello \"", "\"Welcome \""));
      awaitLine(output, "dice-2 1.0.0 takes calls");
      assertThat(greeting(ann)).isEqualTo("Welcome Ann");
    } finally {
      dev.destroy();
      dev.waitFor();
    }
  }

  private static void awaitLine(BufferedReader output, String text) throws IOException {
    var before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(text)) {
        return;
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("it ended without '" + text + "':\n" + before);
  }

  private static String greeting(RestPlayer player) throws IOException, InterruptedException {
    return player
        .post(
            "/api/v1/hooks/call",
            JsonObject.of("plugin", "dice-2", "fn", "greet", "args", JsonArray.of("Ann")))
        .body()
        .getJsonObject("data")
        .getString("text");
  }

  private record Result(int status, String output) {}

  private Result run(Path where, List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process = builder(where, command).redirectOutput(output.toFile()).start();
    try {
      int status = process.waitFor();
      return new Result(status, Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder builder(Path where, List<String> command) {
    var builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    // Each JVM of the build lives for seconds.
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    // The repository of this build, which may not be that of the user.
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
    }
    return builder;
  }
}
