package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JvmFlagsTest {
  private static final Path JAVA = Path.of("/opt/jdk/bin/java");
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";
  private static final List<String> PLAIN = List.of("java", "-jar", "a.jar");

  private static List<String> missing(String... flags) {
    return JvmFlags.missing(
        JAVA, List.of(("java " + String.join(" ", flags) + " -jar a.jar").split(" +")), Map.of());
  }

  @Test
  void findsWhatACommandLacks() {
    assertThat(missing())
        .containsExactly(EXIT, "-XX:InlineSmallCode=500", "-XX:FreqInlineSize=100");
    assertThat(missing(EXIT)).isEqualTo(JvmFlags.INLINING);
    assertThat(missing(JvmFlags.INLINING.getFirst())).containsExactly(EXIT);
  }

  @Test
  void addsNothingToACommandThatHasAll() {
    assertThat(missing(missing().toArray(String[]::new))).isEmpty();
  }

  @Test
  void leavesCommandsThatDecideForThemselves() {
    assertThat(missing("-XX:-ExitOnOutOfMemoryError")).isEqualTo(JvmFlags.INLINING);
    assertThat(missing("-XX:FreqInlineSize=325")).containsExactly(EXIT);
    assertThat(missing("-XX:TieredStopAtLevel=1", EXIT)).isEmpty();
    assertThat(missing("-agentlib:jdwp=transport=dt_socket")).isEmpty();

    var variable =
        Map.of("JAVA_TOOL_OPTIONS", "-XX:OnOutOfMemoryError=reboot -XX:InlineSmallCode=2500");
    assertThat(JvmFlags.missing(JAVA, PLAIN, variable)).isEmpty();
    assertThat(JvmFlags.missing(Path.of("/opt/launcher"), PLAIN, Map.of())).isEmpty();
  }

  /** Who starts a JVM with flags of its own gives it these too: it is not started twice then. */
  @Test
  void allWaysToStartANodeHaveTheFlagsOfTheCompiler() throws Exception {
    for (String file : List.of("pom.xml", "Dockerfile", "scripts/bench", "scripts/load")) {
      assertThat(Files.readString(Path.of(file))).as(file).contains(JvmFlags.INLINING);
    }
  }

  /** Flags that it does not know keep a JVM from starting. */
  @Test
  void theseFlagsExist() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(missing());
    command.addFirst(java);
    command.add("-version");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
  }
}
