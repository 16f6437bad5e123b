package dev.rookery.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a script, as Redis writes it before its own messages.
 *
 * @param source of the function: {@code @user_script}, the text of a loaded string, or {@code =[C]}
 * @param line from 1; -1 for none
 */
record ScriptPosition(String source, int line) {
  /** How Lua names the chunk of a script. */
  static final String CHUNK = "user_script";

  private static final ScriptPosition NONE = new ScriptPosition("=[C]", -1);
  private static final Pattern PREFIX = Pattern.compile("(?s)(.*?):(\\d{1,9}): .*");
  private static final String STRING = "[string \"";
  private static final String STRING_END = "\"]";

  /** The place that Lua's own messages begin with, such as {@code user_script:3: }. */
  static ScriptPosition of(String message) {
    Matcher prefix = PREFIX.matcher(message);
    if (!prefix.matches()) {
      return NONE;
    }
    String chunk = prefix.group(1);
    String source =
        chunk.startsWith(STRING) && chunk.endsWith(STRING_END)
            ? chunk.substring(STRING.length(), chunk.length() - STRING_END.length())
            : "@" + chunk;
    return new ScriptPosition(source, Integer.parseInt(prefix.group(2)));
  }

  /** An error of Redis's library. */
  String before(String text) {
    return source + ": " + line + ": " + text;
  }

  /** An error that no script has caught. */
  String beforeUncaught(String text) {
    return source + ":" + line + ": " + text;
  }
}
