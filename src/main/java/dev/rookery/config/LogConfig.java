package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** Level and format of the log. */
public record LogConfig(
    @Setting(env = "LOG_LEVEL") Level level,
    @Setting(env = "ACCESS_LOG_LEVEL") Level accessLevel,
    @Setting(env = "LOG_FORMAT") @Nullable Format format) {
  static final LogConfig DEFAULTS = new LogConfig(Level.INFO, Level.NONE, null);

  /** The configured format; by default JSON in production, readable lines elsewhere. */
  public Format formatFor(boolean production) {
    if (format != null) {
      return format;
    }
    return production ? Format.JSON : Format.CONSOLE;
  }

  public enum Level {
    DEBUG,
    INFO,
    WARNING,
    WARN,
    ERROR,
    NONE
  }

  public enum Format {
    CONSOLE,
    JSON
  }
}
