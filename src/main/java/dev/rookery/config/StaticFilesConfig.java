package dev.rookery.config;

import java.nio.file.Path;

/** The folder whose files are served as they are. */
public record StaticFilesConfig(@Setting(env = "STATIC_DIR") Path folder) {
  static final StaticFilesConfig DEFAULTS = new StaticFilesConfig(Path.of("static"));
}
