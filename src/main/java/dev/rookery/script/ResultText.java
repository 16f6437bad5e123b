package dev.rookery.script;

import dev.rookery.script.ScriptResult.Null;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text of results as {@code redis-cli} shows them on a terminal. */
public final class ResultText {
  private static final String ESCAPED = "\"\\";
  private static final String CONTROLS = "\n\r\t\7\b";
  private static final String CONTROL_NAMES = "nrtab";

  private ResultText() {}

  /** Lines of text, without a line end after the last. */
  public static String of(ScriptResult result) {
    return text(result, "");
  }

  /**
   * @param indent before each line but the first
   */
  private static String text(ScriptResult result, String indent) {
    return switch (result) {
      case Null _ -> "(nil)";
      case ScriptResult.Status status -> status.string();
      case ScriptResult.Int(var value) -> "(integer) " + value;
      case ScriptResult.Bulk(var bytes) -> quoted(bytes);
      case ScriptResult.Failed failed -> "(error) " + failed.string();
      case ScriptResult.Array(var elements) -> array(elements, indent);
    };
  }

  private static String array(List<ScriptResult> elements, String indent) {
    if (elements.isEmpty()) {
      return "(empty array)";
    }
    int width = Integer.toString(elements.size()).length();
    String inner = indent + " ".repeat(width + 2);
    var text = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      String number = Integer.toString(i + 1);
      text.append(i == 0 ? "" : "\n" + indent)
          .append(" ".repeat(width - number.length()))
          .append(number)
          .append(") ")
          .append(text(elements.get(i), inner));
    }
    return text.toString();
  }

  private static String quoted(byte[] bytes) {
    var text = new StringBuilder("\"");
    for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
      int control = CONTROLS.indexOf(c);
      if (ESCAPED.indexOf(c) >= 0) {
        text.append('\\').append(c);
      } else if (control >= 0) {
        text.append('\\').append(CONTROL_NAMES.charAt(control));
      } else if (c >= ' ' && c < 0x7f) {
        text.append(c);
      } else {
        text.append("\\x")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return text.append('"').toString();
  }
}
