package dev.rookery.translation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads catalogues in the format of gettext: comments, {@code msgctxt}, {@code msgid}, {@code
 * msgid_plural}, {@code msgstr} and {@code msgstr[n]}. A file has at most {@value #CHARACTERS_MAX}
 * characters; errors name the line.
 */
final class PoReader {
  private static final int CHARACTERS_MAX = 2_000_000;
  private static final Pattern STATEMENT =
      Pattern.compile("(msgctxt|msgid|msgid_plural|msgstr(?:\\[([0-5])])?)\\s+\"(.*)\"");
  private static final Pattern CONTINUATION = Pattern.compile("\"(.*)\"");

  private final Map<PoEntry.Key, PoEntry> entries = new LinkedHashMap<>();
  private int lineNumber;

  // The entry that is being read.
  private String domain = "";
  private boolean fuzzy;
  private @Nullable StringBuilder context;
  private @Nullable StringBuilder text;
  private @Nullable StringBuilder plural;
  private final List<StringBuilder> translations = new ArrayList<>();
  private @Nullable StringBuilder current;

  private PoReader() {}

  /** Reads a file; throws {@link IllegalArgumentException} that names the line. */
  static List<PoEntry> read(String file) {
    if (file.length() > CHARACTERS_MAX) {
      throw new IllegalArgumentException("longer than " + CHARACTERS_MAX + " characters");
    }
    var reader = new PoReader();
    file.lines().forEach(reader::line);
    reader.finish();
    return List.copyOf(reader.entries.values());
  }

  private void line(String raw) {
    lineNumber++;
    String line = raw.strip();
    if (line.isEmpty()) {
      finish();
    } else if (line.startsWith("#")) {
      comment(line);
    } else {
      statement(line);
    }
  }

  private void comment(String line) {
    if (!translations.isEmpty()) {
      finish();
    }
    if (line.startsWith("#:")) {
      domain = line.substring(2).strip();
    } else if (line.startsWith("#,")) {
      fuzzy = line.contains("fuzzy");
    }
  }

  private void statement(String line) {
    Matcher continuation = CONTINUATION.matcher(line);
    if (continuation.matches()) {
      if (current == null) {
        throw broken("a string without a keyword");
      }
      current.append(unescape(continuation.group(1)));
      return;
    }
    Matcher statement = STATEMENT.matcher(line);
    if (!statement.matches()) {
      throw broken("not a line of a catalogue");
    }
    String keyword = statement.group(1);
    if (!translations.isEmpty() && !keyword.startsWith("msgstr")) {
      finish();
    }
    var value = new StringBuilder(unescape(statement.group(3)));
    switch (keyword) {
      case "msgctxt" -> context = value;
      case "msgid" -> text = value;
      case "msgid_plural" -> plural = value;
      default -> {
        String form = statement.group(2);
        if ((form == null ? 0 : Integer.parseInt(form)) != translations.size()) {
          throw broken("plural forms out of order");
        }
        translations.add(value);
      }
    }
    current = value;
  }

  private void finish() {
    if (text != null) {
      if (translations.isEmpty()) {
        throw broken("a msgid without msgstr");
      }
      var entry =
          new PoEntry(
              domain,
              context == null ? "" : context.toString(),
              text.toString(),
              plural == null ? null : plural.toString(),
              translations.stream().map(StringBuilder::toString).toList(),
              fuzzy);
      if (entries.putIfAbsent(entry.key(), entry) != null) {
        throw broken("the text is there twice: " + entry.text());
      }
    }
    domain = "";
    fuzzy = false;
    context = null;
    text = null;
    plural = null;
    current = null;
    translations.clear();
  }

  private String unescape(String quoted) {
    if (quoted.indexOf('\\') < 0 && quoted.indexOf('"') < 0) {
      return quoted;
    }
    var plain = new StringBuilder(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c == '"') {
        throw broken("a quote within a string");
      }
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      if (++i == quoted.length()) {
        throw broken("a backslash at the end of a string");
      }
      plain.append(
          switch (quoted.charAt(i)) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case '"' -> '"';
            case '\\' -> '\\';
            default -> throw broken("an unknown escape");
          });
    }
    return plain.toString();
  }

  private IllegalArgumentException broken(String what) {
    return new IllegalArgumentException("line " + lineNumber + ": " + what);
  }
}
