package dev.rookery.node;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Removes from text what must not leave the server: email addresses, tokens and codes, passwords
 * and other secrets with their name, query strings, credentials in addresses.
 *
 * <p>It looks at form alone and rather removes too much: any run of 32 letters, digits, hyphens and
 * underscores with both letters and digits counts as a token.
 */
final class Redaction {
  private static final int CHARACTERS_MAX = 8_192;

  private record Rule(Pattern pattern, String replacement) {
    Rule(String pattern, String replacement) {
      this(Pattern.compile(pattern), replacement);
    }
  }

  // In this order: what has a name or a place goes first, then what only has a form. Repetitions
  // beside each other are bounded: a text that somebody chose must not take long.
  private static final List<Rule> RULES =
      List.of(
          new Rule("(?i)\\b(bearer|basic)\\s{1,4}[\\w.~+/=-]+", "$1 [removed]"),
          new Rule(
              "(?i)(\"?[\\w-]{0,30}(?:password|secret|token|api[_-]?key|authorization|cookie)"
                  + "[\\w-]{0,30}+\"?\\s{0,4}[=:]\\s{0,4})(?!\\[removed)"
                  + "(?:\"[^\"]*\"|'[^']*'|[^\\s,;&}\\])]+)",
              "$1[removed]"),
          new Rule("(?<=://)[^\\s/@]++@", "[removed]@"),
          new Rule("(?<=[\\w/])\\?[^\\s\"'<>\\])=]*+=[^\\s\"'<>\\])]*+", "?[removed]"),
          new Rule("(?<![\\w-])eyJ[\\w-]++(?:\\.[\\w-]++)*+", "[token]"),
          new Rule(
              "[\\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\\w-]{1,63}+(?:\\.[\\w-]{1,63}+){0,8}", "[email]"),
          new Rule(
              "(?<![\\w-])(?=[A-Za-z_-]*+\\d)(?=[\\d_-]*+[A-Za-z])[A-Za-z\\d_-]{32,}+", "[token]"));

  private Redaction() {}

  /** The text without them; cut where it is longer than anybody reads. */
  static String redact(String text) {
    String redacted = text.length() > CHARACTERS_MAX ? text.substring(0, CHARACTERS_MAX) : text;
    for (Rule rule : RULES) {
      redacted = rule.pattern().matcher(redacted).replaceAll(rule.replacement());
    }
    return redacted;
  }
}
