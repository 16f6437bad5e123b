package dev.rookery.translation;

import java.util.Collection;

/** Writes catalogues in the format of gettext, as {@link PoReader} reads them. */
final class PoWriter {
  private PoWriter() {}

  static String write(Collection<PoEntry> entries) {
    var file = new StringBuilder();
    for (PoEntry entry : entries) {
      if (!file.isEmpty()) {
        file.append('\n');
      }
      append(file, entry);
    }
    return file.toString();
  }

  private static void append(StringBuilder file, PoEntry entry) {
    if (!entry.domain().isEmpty()) {
      file.append("#: ").append(entry.domain()).append('\n');
    }
    if (entry.fuzzy()) {
      file.append("#, fuzzy\n");
    }
    if (!entry.context().isEmpty()) {
      statement(file, "msgctxt", entry.context());
    }
    statement(file, "msgid", entry.text());
    String plural = entry.plural();
    if (plural == null) {
      statement(file, "msgstr", entry.translations().getFirst());
      return;
    }
    statement(file, "msgid_plural", plural);
    int form = 0;
    for (String translation : entry.translations()) {
      statement(file, "msgstr[" + form++ + "]", translation);
    }
  }

  private static void statement(StringBuilder file, String keyword, String value) {
    file.append(keyword).append(' ');
    int newline = value.indexOf('\n');
    if (newline < 0 || newline == value.length() - 1) {
      file.append('"').append(escape(value)).append("\"\n");
      return;
    }
    // One string for each line of the text, as translators' tools do it.
    file.append("\"\"\n");
    for (String line : value.split("(?<=\n)", -1)) {
      if (!line.isEmpty()) {
        file.append('"').append(escape(line)).append("\"\n");
      }
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\t", "\\t");
  }
}
