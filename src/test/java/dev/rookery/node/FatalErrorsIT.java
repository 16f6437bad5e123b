package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.FatalErrors;
import dev.rookery.testkit.FaultyProcess;
import dev.rookery.testkit.FaultyProcess.Fault;
import dev.rookery.testkit.NodeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that run out of memory end, also when code swallows the error. */
@Timeout(300)
final class FatalErrorsIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void endsTheProcessAfterOutOfMemoryError(Fault fault) throws Exception {
    Path log = folder.resolve("log");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                FaultyProcess.class.getName(),
                fault.name()));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("PORT", Integer.toString(NodeProcess.freePort()));
    builder.environment().put("ROOKERY_HTTP_HOST", "127.0.0.1");
    builder.environment().put("ROOKERY_DATA_DIR", folder.resolve("data").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(FatalErrors.STATUS);
    assertThat(log).content().containsAnyOf("rookery ends with status 3", "Terminating due to");
  }
}
