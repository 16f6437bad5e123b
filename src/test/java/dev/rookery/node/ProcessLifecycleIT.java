package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.testkit.NodeArchive;
import dev.rookery.testkit.NodeProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process as its operator meets it. */
@Timeout(300)
final class ProcessLifecycleIT {
  private static final Map<String, String> LOOPBACK = Map.of("ROOKERY_HTTP_HOST", "127.0.0.1");

  @TempDir private Path folder;

  @Test
  void startsWithoutSettingsAndDrainsOnSignal() throws Exception {
    Path data = folder.resolve("data");
    try (var node = NodeProcess.start(data, Map.of())) {
      assertThat(node.log()).contains("http://localhost:" + node.port() + "/api/v1");
      Path secret = data.resolve("secrets/signing");
      assertThat(Files.readString(secret).strip()).hasSizeGreaterThanOrEqualTo(64);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
      assertThat(node.log()).doesNotContain(Files.readString(secret).strip());
      String kept = Files.readString(secret);

      var ready = Pattern.compile("ready in ([0-9.]+) s").matcher(node.log());
      assertThat(ready.find()).isTrue();
      System.out.println("time to ready: " + ready.group(1) + " s");

      assertThat(node.stop()).isZero();
      assertThat(Files.readString(secret)).isEqualTo(kept);
    }
  }

  @Test
  void startsFromTheAotArchive() {
    assertThat(NodeArchive.file()).as("what the build created with scripts/archive").isPresent();
    // With "on" a JVM that cannot use it does not start.
    try (var node = NodeProcess.start(folder.resolve("data"), Map.of(), "-XX:AOTMode=on")) {
      assertThat(node.stop()).isZero();
    }
  }

  @Test
  void reportsPortInUseInOneLine() throws Exception {
    try (var node = NodeProcess.start(folder.resolve("first"), Map.of())) {
      var second =
          run(Map.of("PORT", Integer.toString(node.port()), "ROOKERY_HTTP_HOST", "127.0.0.1"));
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.output().lines().filter(line -> !line.contains("generated a secret")))
          .singleElement()
          .asString()
          .contains("rookery cannot start: ")
          .contains("in use");
    }
  }

  @Test
  void reportsAllConfigurationProblems() throws Exception {
    var ended = run(Map.of("PORT", "x", "LOG_LEVEL", "loud"));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output()).contains("http.port (PORT)").contains("log.level (LOG_LEVEL)");
  }

  @Test
  void logsJsonInProduction() throws Exception {
    var settings =
        Map.of(
            "ROOKERY_ENV", "production",
            "ACCESS_LOG_LEVEL", "debug",
            "SECRET_KEY_BASE", "s".repeat(64));
    try (var node = NodeProcess.start(folder.resolve("production"), settings)) {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(node.uri("/nope?token=hidden"))
                  .header("x-request-id", "id-of-this-request")
                  .build(),
              BodyHandlers.discarding());
      assertThat(node.stop()).isZero();
      assertThat(node.log().strip().lines()).allMatch(line -> line.startsWith("{"));
      assertThat(node.log()).contains("id-of-this-request").doesNotContain("hidden");
    }
  }

  @Test
  void exitsWhenTheParentProcessIsKilled() throws Exception {
    int port = NodeProcess.freePort();
    Path log = folder.resolve("log");
    // The shell stays, as it has something to do after the node.
    var shell =
        new ProcessBuilder(
                "sh",
                "-c",
                String.join(" ", NodeProcess.command("-Drookery.follow-parent=true")) + "; true")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    shell.environment().putAll(LOOPBACK);
    shell.environment().put("PORT", Integer.toString(port));
    shell.environment().put("ROOKERY_DATA_DIR", folder.resolve("data").toString());
    Process parent = shell.start();
    try {
      NodeProcess.awaitReady(parent, port);
      ProcessHandle node = parent.children().findFirst().orElseThrow();
      parent.destroyForcibly();
      node.onExit().get(120, TimeUnit.SECONDS);
      assertThat(Files.readString(log)).contains("the parent process ended");
    } finally {
      parent.destroyForcibly();
    }
  }

  /** What is logged while a node drains is sent before the process ends. */
  @Test
  void reportsErrorsThatWaitBeforeItEnds() throws Exception {
    try (var reports = ErrorReports.serve()) {
      var environment =
          Map.of("SENTRY_DSN", reports.dsn(), "APP_VERSION", "7.7", "SENTRY_LOG_LEVEL", "info");
      try (var node = NodeProcess.start(folder.resolve("data"), environment)) {
        assertThat(node.stop()).isZero();
      }
      boolean drained = false;
      while (!drained) {
        JsonNode event = ErrorReports.event(reports.next());
        assertThat(event.at("/release").asText()).isEqualTo("rookery@7.7");
        drained = event.at("/message/formatted").asText().startsWith("draining");
      }
    }
  }

  private record Ended(int status, String output) {}

  private Ended run(Map<String, String> environment) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "node", ".log");
    var builder =
        new ProcessBuilder(NodeProcess.command())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ROOKERY_DATA_DIR", folder.resolve("other").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
