package dev.rookery.translation;

import java.util.Collection;
import java.util.List;

/** Writes catalogues in the format of gettext, as {@link PoReader} reads them. */
final class PoWriter {
  private PoWriter() {}

  /** The header of a catalogue, which is the translation of the empty text. */
  static String header(Catalogue catalogue) {
    Language language = catalogue.language();
    String fields =
        "Language: "
            + language.tag()
            + "\nX-Language-Name: "
            + language.name()
            + (language.rightToLeft() ? "\nX-Direction: rtl" : "")
            + "\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: "
            + catalogue.plurals()
            + "\n";
    return write(List.of(new PoEntry("", "", "", null, List.of(fields), false)));
  }

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
