package dev.rookery.console;

import dev.rookery.console.LogLine.Level;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the log are wanted. Texts are compared without regard to case, and an empty one
 * admits all.
 *
 * @param level the lowest level
 * @param logger a part of the name of the logger
 * @param requestId the whole id of a request
 * @param text a part of the message or of the stack trace
 * @param node the name of the node; empty for all
 */
public record LogFilter(Level level, String logger, String requestId, String text, String node) {
  private static final int TEXT_MAX = 200;

  public static final LogFilter ALL = new LogFilter(Level.DEBUG, "", "", "", "");

  public LogFilter {
    logger = bounded(logger);
    requestId = bounded(requestId);
    text = bounded(text);
    node = bounded(node);
  }

  private static String bounded(String text) {
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
  }

  /** Whether the line is wanted, on whichever node. */
  public boolean admits(LogLine line) {
    return line.level().compareTo(level) >= 0
        && contains(line.logger(), logger)
        && (requestId.isEmpty() || requestId.equals(line.requestId()))
        && (contains(line.message(), text)
            || (line.details() != null && contains(line.details(), text)));
  }

  private static boolean contains(String whole, String part) {
    return part.isEmpty() || whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /** What it demands, for the audit log; the text may be about a player and is masked. */
  public Map<String, @Nullable Object> values() {
    return toJson().put("text", text.isEmpty() ? "" : AuditedChange.MASKED).getMap();
  }

  JsonObject toJson() {
    return JsonObject.of(
        "level", level.text(), "logger", logger, "request", requestId, "text", text, "node", node);
  }

  static LogFilter fromJson(JsonObject json) {
    return new LogFilter(
        Level.of(json.getString("level")),
        json.getString("logger"),
        json.getString("request"),
        json.getString("text"),
        json.getString("node"));
  }
}
