package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.LogFilter;
import dev.rookery.console.LogLine;
import dev.rookery.console.LogLine.Level;
import dev.rookery.console.OperationsQuery.LogPage;
import dev.rookery.console.OperationsQuery.NodeLine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log lines for admins without the permission to read personal data. */
final class LogMaskTest {
  @ParameterizedTest
  @CsvSource({
    "client 192.0.2.17 refused, client [address] refused",
    "/192.0.2.17:4711 closed, /[address]:4711 closed",
    "client=[2001:db8::17]:443, client=[[address]]:443",
    "2001:db8:0:1:2:3:4:17 refused, [address] refused",
    "limit of 2001:db8:1:2::/64, limit of [address]/64",
    "::ffff:192.0.2.17 refused, ::ffff:[address] refused",
    "::1 connected, [address] connected"
  })
  void hidesAddresses(String text, String masked) {
    assertThat(LogMask.mask(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource({
    "took 12:34:56.789 and 1.5 s",
    "Vert.x 5.0.4 started",
    "at dev.rookery.Node::start",
    "player:12 joined lobby:7"
  })
  void keepsTimesVersionsAndNames(String text) {
    assertThat(LogMask.mask(text)).isEqualTo(text);
  }

  @Test
  void findsNoLineByWhatItHides() {
    assertThat(messages("192.0.2")).isEmpty();
    assertThat(messages("refused")).containsExactly("client [address] refused");
  }

  private static List<String> messages(String text) {
    var filter = new LogFilter(Level.DEBUG, "", "", text, "");
    var line = new LogLine(1, 1, Level.INFO, "test", "client 192.0.2.17 refused", null, null);
    var page =
        new LogPage(List.of(new NodeLine("a", line)), Map.of("a", 1L), 1, 0, List.of(), List.of());
    return LogMask.mask(page, filter).lines().stream().map(one -> one.line().message()).toList();
  }
}
