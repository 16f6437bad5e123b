package dev.rookery.console;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log, without secrets and on one line.
 *
 * @param sequence its number on its node, from 1
 * @param requestId of the request that caused it; null if none did
 * @param details the stack trace; null if there is none
 */
public record LogLine(
    long sequence,
    long timeMs,
    Level level,
    String logger,
    String message,
    @Nullable String requestId,
    @Nullable String details) {
  /** How serious a line is. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The level of that name; the lowest where there is none. */
    public static Level of(String text) {
      for (Level level : values()) {
        if (level.text().equals(text)) {
          return level;
        }
      }
      return DEBUG;
    }
  }

  private static final int OVERHEAD_BYTES = 120;

  /** About the memory that it takes. */
  int bytes() {
    return OVERHEAD_BYTES
        + message.length()
        + (requestId == null ? 0 : requestId.length())
        + (details == null ? 0 : details.length());
  }

  JsonObject toJson() {
    var json =
        JsonObject.of(
            "seq", sequence, "t", timeMs, "level", level.text(), "logger", logger, "text", message);
    if (requestId != null) {
      json.put("request", requestId);
    }
    if (details != null) {
      json.put("details", details);
    }
    return json;
  }

  static LogLine fromJson(JsonObject json) {
    return new LogLine(
        json.getLong("seq"),
        json.getLong("t"),
        Level.of(json.getString("level")),
        json.getString("logger"),
        json.getString("text"),
        json.getString("request"),
        json.getString("details"));
  }
}
