package dev.rookery.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The HTML pages for players. */
public record PagesConfig(
    @Setting(env = "PAGES_ENABLED") boolean enabled,
    @Setting(env = "THEME_CONFIG") @Nullable Path theme,
    String defaultLocale) {
  static final PagesConfig DEFAULTS = new PagesConfig(true, null, "en");
}
