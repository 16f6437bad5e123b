package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.LogFilter;
import dev.rookery.console.LogLine;
import dev.rookery.console.LogLine.Level;
import dev.rookery.console.LogRing;
import dev.rookery.edge.HttpErrors;
import dev.rookery.testkit.Eventually;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

final class LogCaptureTest {
  private static final Logger LOG = LoggerFactory.getLogger("dev.rookery.LogCaptureTest");

  @Test
  void removesSecretsBeforeLinesEnterTheRing() {
    var ring = new LogRing();
    try (var _ = LogCapture.start(ring, List.of("correct horse", "abc"))) {
      try (var _ = MDC.putCloseable(HttpErrors.REQUEST_ID, "r-7")) {
        LOG.error(
            "sent {} to ann@example.org with password=hunter22, abc stays\nforged line",
            "correct horse",
            new IllegalStateException("at postgres://user:pass-word@db/ with correct horse"));
      }
      var filter = new LogFilter(Level.DEBUG, "LogCaptureTest", "", "", "");
      Eventually.holds(() -> !ring.newest(filter, 1).lines().isEmpty());

      LogLine line = ring.newest(filter, 1).lines().getFirst();
      assertThat(line.message())
          .startsWith("sent [secret] to [email]")
          .contains("abc stays")
          .doesNotContain("\n")
          .doesNotContain("hunter22");
      assertThat(line.level()).isEqualTo(Level.ERROR);
      assertThat(line.requestId()).isEqualTo("r-7");
      assertThat(line.details())
          .contains("IllegalStateException")
          .doesNotContain("correct horse")
          .doesNotContain("pass-word");
    }
    int kept = ring.newest(LogFilter.ALL, 10_000).lines().size();
    LOG.error("after the end");
    assertThat(ring.newest(LogFilter.ALL, 10_000).lines()).hasSize(kept);
  }
}
