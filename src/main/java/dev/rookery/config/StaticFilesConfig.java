package dev.rookery.config;

import java.nio.file.Path;

/** The folder whose files are served as they are. */
public record StaticFilesConfig(
    @Setting(env = "STATIC_DIR") Path folder,
    @Setting(env = "STATIC_CROSS_ORIGIN_ISOLATION") boolean crossOriginIsolation) {
  static final StaticFilesConfig DEFAULTS = new StaticFilesConfig(Path.of("static"), false);
}
