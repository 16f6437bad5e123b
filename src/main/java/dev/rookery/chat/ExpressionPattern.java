package dev.rookery.chat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a rule, written between slashes, with the syntax of RE2: a search takes
 * time in proportion to the text and to the size of the program, whatever they are. Capitals do not
 * matter. There are no references to groups and no looking ahead, which have no such bound.
 */
final class ExpressionPattern {
  /** Of the expression with its slashes. */
  static final int LENGTH_MAX = 200;

  /** The greatest {@link #size} of one rule. */
  static final int SIZE_MAX = 100;

  private static final char SLASH = '/';
  private static final java.util.regex.Pattern COUNT =
      java.util.regex.Pattern.compile("\\{[0-9]+(,[0-9]*)?}");
  private static final java.util.regex.Pattern BRACED = java.util.regex.Pattern.compile("[xpP]\\{");
  private static final java.util.regex.Pattern NAME_OF_CLASS =
      java.util.regex.Pattern.compile("\\[:\\^?[a-z]+:]");

  private final Pattern program;

  private ExpressionPattern(Pattern program) {
    this.program = program;
  }

  /** Whether a pattern is written as an expression; no pattern of words has a slash. */
  static boolean isExpression(String pattern) {
    return pattern.length() > 1
        && pattern.charAt(0) == SLASH
        && pattern.charAt(pattern.length() - 1) == SLASH;
  }

  /** Returns what is wrong with an expression; null if nothing is. */
  static @Nullable String problem(String pattern) {
    if (pattern.codePointCount(0, pattern.length()) > LENGTH_MAX) {
      return "should be at most " + LENGTH_MAX + " character(s) with its slashes";
    }
    String expression = expression(pattern);
    if (expression.isBlank()) {
      return "has nothing between its slashes";
    }
    if (expression.contains("\\Q")) {
      return "has \\Q; write a \\ before each character that is meant as itself";
    }
    String folded = FoldedText.of(expression).text();
    if (!folded.equals(expression)) {
      return "has characters that are never found, because texts are searched in their plain form:"
          + " /"
          + folded
          + "/";
    }
    String unbounded = unbounded(expression);
    if (unbounded != null) {
      return unbounded;
    }
    ExpressionPattern compiled;
    try {
      compiled = of(pattern);
    } catch (PatternSyntaxException broken) {
      return "is no regular expression of RE2: "
          + broken.getDescription()
          + ": "
          + broken.getPattern();
    }
    if (compiled.size() > SIZE_MAX) {
      return "is too large: "
          + compiled.size()
          + " steps, at most "
          + SIZE_MAX
          + "; count fewer repetitions, or make two rules of it";
    }
    return compiled.matcher("").find() ? "finds also a text without characters" : null;
  }

  /** Reads an expression without problems. */
  static ExpressionPattern of(String pattern) {
    return new ExpressionPattern(Pattern.compile(expression(pattern), Pattern.CASE_INSENSITIVE));
  }

  private static String expression(String pattern) {
    return pattern.substring(1, pattern.length() - 1);
  }

  /** How many steps a search takes at most for each character of a text. */
  int size() {
    return program.programSize();
  }

  Matcher matcher(CharSequence text) {
    return program.matcher(text);
  }

  /**
   * Repetitions of repetitions multiply, and the library would build them before it counts. Returns
   * where an expression has them, or what leaves open whether it has; null for neither.
   */
  private static @Nullable String unbounded(String expression) {
    Deque<Boolean> counted = new ArrayDeque<>();
    counted.push(false);
    boolean last = false;
    var count = COUNT.matcher(expression);
    int at = 0;
    while (at < expression.length()) {
      char c = expression.charAt(at);
      if (c == '{' && count.region(at, expression.length()).lookingAt()) {
        if (last) {
          return "repeats a group that has a counted repetition, such as (a{9}){9}; count one of"
              + " them";
        }
        counted.pop();
        counted.push(true);
        last = true;
        at = count.end();
        continue;
      }
      last = false;
      switch (c) {
        case '\\' -> at = endOfEscape(expression, at);
        case '[' -> {
          at = endOfClass(expression, at);
          if (at < 0) {
            return "has a [ between brackets; write \\[ for the character";
          }
        }
        case '(' -> counted.push(false);
        case ')' -> {
          if (counted.size() > 1) {
            last = counted.pop();
            boolean outer = counted.pop() || last;
            counted.push(outer);
          }
        }
        default -> {}
      }
      at++;
    }
    return null;
  }

  /** Where the last character of an escape is, such as the brace of \x{41}, which is no count. */
  private static int endOfEscape(String expression, int start) {
    int at = start + 1;
    boolean braced = BRACED.matcher(expression).region(at, expression.length()).lookingAt();
    int end = braced ? expression.indexOf('}', at) : at;
    return end < 0 ? expression.length() : end;
  }

  /**
   * Where the bracket is that ends a class of characters; negative if the class has a bracket that
   * the library may read in another way. The name of a class after a hyphen is such a one.
   */
  private static int endOfClass(String expression, int start) {
    int at = start + 1;
    if (at < expression.length() && expression.charAt(at) == '^') {
      at++;
    }
    int first = at;
    var name = NAME_OF_CLASS.matcher(expression);
    // A bracket that comes first is one of the characters.
    while (at < expression.length() && (at == first || expression.charAt(at) != ']')) {
      if (expression.charAt(at) != '[') {
        at += expression.charAt(at) == '\\' ? 2 : 1;
      } else if (expression.charAt(at - 1) != '-'
          && name.region(at, expression.length()).lookingAt()) {
        at = name.end();
      } else {
        return -1;
      }
    }
    return at;
  }
}
