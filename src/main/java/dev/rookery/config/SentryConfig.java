package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** Where logged errors are reported; nowhere without a DSN. */
public record SentryConfig(
    @Setting(env = "SENTRY_DSN") @Nullable Secret dsn,
    @Setting(env = "SENTRY_ENVIRONMENT") @Nullable String environment,
    @Setting(env = "SENTRY_LOG_LEVEL") LogConfig.Level level) {
  static final SentryConfig DEFAULTS = new SentryConfig(null, null, LogConfig.Level.ERROR);

  /** What the reports call the installation. */
  public String environmentFor(boolean production) {
    if (environment != null) {
      return environment;
    }
    return production ? "production" : "development";
  }
}
