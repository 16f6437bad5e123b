package dev.rookery.console;

import dev.rookery.console.LogLine.Level;
import java.util.List;

/** Levels of loggers of this node that differ from the configured ones for a while. */
public interface LogLevels {
  /** A level that returns to what it was at a time. */
  record Change(String logger, Level level, long untilMs) {}

  /** Sets the level of a logger until a time; a second call for it replaces the first. */
  void set(Change change);

  /** The changes that are in effect. */
  List<Change> list();
}
