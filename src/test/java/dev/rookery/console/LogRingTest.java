package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.LogLine.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogRingTest {
  @Test
  void dropsOldestLinesOverTheirNumber() {
    var ring = new LogRing(3, 1 << 20);
    add(ring, "one", "two", "three", "four");

    var excerpt = ring.newest(LogFilter.ALL, 10);

    assertThat(excerpt.lines())
        .extracting(LogLine::message)
        .containsExactly("two", "three", "four");
    assertThat(excerpt.newest()).isEqualTo(4);
    assertThat(excerpt.oldestMs()).isEqualTo(2);
  }

  @Test
  void dropsOldestLinesOverTheirMemory() {
    var ring = new LogRing(1_000, 10_000);
    for (int i = 0; i < 100; i++) {
      add(ring, "x".repeat(900) + i);
    }

    var excerpt = ring.newest(LogFilter.ALL, 1_000);

    assertThat(excerpt.lines()).hasSizeBetween(5, 11);
    assertThat(excerpt.lines().getLast().message()).endsWith("99");
  }

  @Test
  void findsLinesByLevelLoggerRequestAndText() {
    var ring = new LogRing();
    ring.add(1, Level.INFO, "dev.rookery.node.Node", "Ready", null, null);
    ring.add(2, Level.ERROR, "dev.rookery.bus.Bus", "Failed", "r-1", "java.lang.IllegalState");
    ring.add(3, Level.WARN, "dev.rookery.bus.Bus", "Late", "r-2", null);

    assertThat(messages(ring, new LogFilter(Level.WARN, "", "", "", "")))
        .containsExactly("Failed", "Late");
    assertThat(messages(ring, new LogFilter(Level.DEBUG, "BUS", "", "", "")))
        .containsExactly("Failed", "Late");
    assertThat(messages(ring, new LogFilter(Level.DEBUG, "", "r-2", "", "")))
        .containsExactly("Late");
    assertThat(messages(ring, new LogFilter(Level.DEBUG, "", "", "illegalstate", "")))
        .containsExactly("Failed");
    assertThat(ring.after(2, LogFilter.ALL, 10).lines())
        .extracting(LogLine::message)
        .containsExactly("Late");
  }

  private static List<String> messages(LogRing ring, LogFilter filter) {
    return ring.newest(filter, 10).lines().stream().map(LogLine::message).toList();
  }

  private static void add(LogRing ring, String... messages) {
    for (int i = 0; i < messages.length; i++) {
      ring.add(i + 1L, Level.INFO, "logger", messages[i], null, null);
    }
  }
}
