package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.FatalErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What counts as a fatal error, and the flag that makes the JVM end after one. */
final class FatalErrorsTest {
  private static final Path JAVA = Path.of("/opt/jdk/bin/java");

  @Test
  void findsFatalErrorsBehindOthers() {
    var fatal = new OutOfMemoryError("direct memory");
    assertThat(FatalErrors.isFatal(fatal)).isTrue();
    assertThat(FatalErrors.isFatal(new ExecutionException(new RuntimeException(fatal)))).isTrue();
    assertThat(FatalErrors.isFatal(new InternalError("a fault"))).isTrue();
    assertThat(FatalErrors.isFatal(new StackOverflowError())).isFalse();
    assertThat(FatalErrors.isFatal(new AssertionError())).isFalse();
    assertThat(FatalErrors.isFatal(null)).isFalse();
  }

  @Test
  void addsTheFlagToCommandsWithoutOne() {
    assertThat(OutOfMemoryExit.withFlag(JAVA, List.of("java", "-jar", "a.jar", "b"), Map.of()))
        .containsExactly("java", "-XX:+ExitOnOutOfMemoryError", "-jar", "a.jar", "b");
  }

  @Test
  void leavesCommandsThatDecideForThemselves() {
    var plain = List.of("java", "-jar", "a.jar");
    var flagged = List.of("java", "-XX:-ExitOnOutOfMemoryError", "-jar", "a.jar");
    var debugged = List.of("java", "-agentlib:jdwp=transport=dt_socket", "-jar", "a.jar");
    var variable = Map.of("JAVA_TOOL_OPTIONS", "-XX:OnOutOfMemoryError=reboot");

    assertThat(OutOfMemoryExit.withFlag(JAVA, flagged, Map.of())).isNull();
    assertThat(OutOfMemoryExit.withFlag(JAVA, debugged, Map.of())).isNull();
    assertThat(OutOfMemoryExit.withFlag(JAVA, plain, variable)).isNull();
    assertThat(OutOfMemoryExit.withFlag(Path.of("/opt/launcher"), plain, Map.of())).isNull();
  }
}
