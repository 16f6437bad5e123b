package dev.rookery.console;

import dev.rookery.console.LogLine.Level;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Levels of loggers of this node that differ from the configured ones for a while. */
public interface LogLevels {
  /** A level that returns to what it was at a time. */
  record Change(String logger, Level level, long untilMs) {
    JsonObject toJson() {
      return JsonObject.of("logger", logger, "level", level.text(), "until", untilMs);
    }

    static Change fromJson(JsonObject json) {
      return new Change(
          json.getString("logger"), Level.of(json.getString("level")), json.getLong("until"));
    }
  }

  /** Sets the level of a logger until a time; a second call for it replaces the first. */
  void set(Change change);

  /** The changes that are in effect. */
  List<Change> list();
}
