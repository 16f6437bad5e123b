package dev.rookery.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a script cannot be used.
 *
 * @param line in the file; null if it is not about one
 * @param atMs when it was found
 */
public record ScriptProblem(@Nullable Integer line, String message, long atMs) {
  // What Lua begins a message with is the name of the chunk, which Redis always calls user_script.
  private static final Pattern AT_LINE =
      Pattern.compile("(?:.*?user_script|line)[: ]\\s*(\\d{1,9}):\\s*(.*)", Pattern.DOTALL);

  static ScriptProblem of(String text, long atMs) {
    Matcher matcher = AT_LINE.matcher(text);
    return matcher.matches()
        ? new ScriptProblem(Integer.valueOf(matcher.group(1)), matcher.group(2), atMs)
        : new ScriptProblem(null, text, atMs);
  }

  /** The message with its place, such as {@code greet.lua:3: '=' expected near 'x'}. */
  String at(String script) {
    return script + ".lua:" + (line == null ? "" : line + ":") + " " + message;
  }
}
