package dev.rookery.store;

/** Rewrites the placeholders of a SQL statement for SQLite. */
final class SqlitePlaceholders {
  private SqlitePlaceholders() {}

  /**
   * Replaces {@code $1} with {@code ?1}. SQLite would take the former as a name and number names by
   * first appearance; the latter is already a number. Quoted text is unchanged.
   */
  static String rewrite(String sql) {
    var text = new StringBuilder(sql);
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '$' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1))) {
        text.setCharAt(i, '?');
      }
    }
    return text.toString();
  }
}
