package dev.rookery.config;

/** What players learn of others. */
public record PrivacyConfig(@Setting(env = "SEARCH_BY_EMAIL") boolean searchByEmail) {
  static final PrivacyConfig DEFAULTS = new PrivacyConfig(false);
}
