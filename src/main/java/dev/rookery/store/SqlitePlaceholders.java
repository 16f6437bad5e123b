package dev.rookery.store;

/** The one text of SQL, as SQLite wants it. */
final class SqlitePlaceholders {
  private SqlitePlaceholders() {}

  /**
   * {@code $1} becomes {@code ?1}. SQLite would take the former as a name, and number names by
   * their first appearance; the latter is a number already. Quoted text stays as it is.
   */
  static String of(String sql) {
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
