package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a client sends is shown in the log and changes nothing else in it. */
final class LogEscapingTest {
  private static LoggingEvent event(String text, Throwable thrown) {
    var logger = (Logger) LoggerFactory.getLogger("dev.rookery.edge.HttpErrors");
    var event =
        new LoggingEvent("caller", logger, Level.ERROR, "{} failed", thrown, new Object[] {text});
    event.setMDCPropertyMap(Map.of("request_id", text));
    return event;
  }

  private static String console(LoggingEvent event) {
    var layout = new ConsoleLayout();
    layout.start();
    return layout.doLayout(event);
  }

  private static String json(LoggingEvent event) {
    var encoder = new EscapingJsonEncoder();
    encoder.setWithFormattedMessage(true);
    encoder.setWithContext(false);
    encoder.start();
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\b",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u009b2J",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u061c"
      })
  void controlCharactersAreEscapedInEitherFormat(String control) {
    String text = "GET /a" + control + "12:00:00.000 ERROR HttpErrors: forged";
    var thrown = new IllegalStateException(text, new IllegalArgumentException(text));
    thrown.addSuppressed(new IllegalStateException(text));

    LoggingEvent event = event(text, thrown);
    String lines = console(event);
    assertThat(lines.lines().filter(line -> !line.startsWith("\t") && !line.isBlank()))
        .allMatch(
            line ->
                line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR HttpErrors: GET /a.*")
                    || line.startsWith("java.lang.IllegalStateException: GET /a")
                    || line.startsWith("Caused by: java.lang.IllegalArgumentException: GET /a"));
    String object = json(event);
    assertThat(object.lines()).hasSize(1);
    assertThat(new JsonObject(object).getString("formattedMessage")).isEqualTo(text + " failed");
    String withoutLineEnds = lines.replaceAll("\r?\n\t*", "");
    assertThat(withoutLineEnds).doesNotContain(control);
    assertThat(object.strip()).doesNotContain(control);
  }

  @Test
  void ordinaryTextIsLoggedAsItIs() {
    assertThat(console(event("Ünï – 日本 👩‍🚀 \"quoted\" \\u000a", null)))
        .endsWith(
            "ERROR HttpErrors: Ünï – 日本 👩‍🚀 \"quoted\" \\u000a failed" + System.lineSeparator());
  }
}
