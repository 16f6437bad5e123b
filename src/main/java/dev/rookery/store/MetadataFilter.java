package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * SQL that finds rows by a key of their {@code metadata} column, and by a text that its value
 * contains.
 */
public final class MetadataFilter {
  // PostgreSQL's json, not jsonb: it shows a stored value as it was written, as SQLite does.
  private static final String HAS_KEY_ON_POSTGRES = "metadata::json ->> %s IS NOT NULL";
  private static final String HAS_VALUE_ON_POSTGRES = "strpos(metadata::json ->> %s, %s) > 0";

  // A row per key, because a path would read a key with a dot or a quote in it as something else.
  private static final String HAS_KEY_ON_SQLITE =
      "EXISTS (SELECT 1 FROM json_each(metadata) AS entry"
          + " WHERE entry.key = %s AND entry.type <> 'null')";
  private static final String HAS_VALUE_ON_SQLITE =
      "EXISTS (SELECT 1 FROM json_each(metadata) AS entry"
          + " WHERE entry.key = %s AND entry.type <> 'null' AND instr("
          + "CASE entry.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'"
          + " ELSE CAST(entry.value AS TEXT) END, %s) > 0)";

  private MetadataFilter() {}

  /**
   * Returns a condition.
   *
   * @param key the placeholder of the key
   * @param text the placeholder of the text; null for any value
   */
  public static String condition(Dialect dialect, String key, @Nullable String text) {
    String name = "CAST(" + key + " AS TEXT)";
    if (text == null) {
      return switch (dialect) {
        case SQLITE -> HAS_KEY_ON_SQLITE.formatted(name);
        case POSTGRES -> HAS_KEY_ON_POSTGRES.formatted(name);
      };
    }
    String part = "CAST(" + text + " AS TEXT)";
    return switch (dialect) {
      case SQLITE -> HAS_VALUE_ON_SQLITE.formatted(name, part);
      case POSTGRES -> HAS_VALUE_ON_POSTGRES.formatted(name, part);
    };
  }
}
