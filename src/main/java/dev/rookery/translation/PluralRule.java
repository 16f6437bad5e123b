package dev.rookery.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the plural form for a number by the formula in the header of a catalogue, for example
 * {@code nplurals=2; plural=n != 1;}. The formula is an expression of C over {@code n}; it cannot
 * loop, and is at most {@value #LENGTH_MAX} characters long.
 */
public final class PluralRule {
  private static final int LENGTH_MAX = 500;
  private static final int FORMS_MAX = 6;
  private static final Pattern HEADER =
      Pattern.compile("\\s*nplurals\\s*=\\s*([1-9])\\s*;\\s*plural\\s*=\\s*([^;]+);?\\s*");
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\\d{1,9}|n|\\|\\||&&|==|!=|<=|>=|[-+*/%<>!?:()])");
  // From the loosest to the tightest.
  private static final List<List<String>> LEVELS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("==", "!="),
          List.of("<", "<=", ">", ">="),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  // Below what it is parsed with.
  /** English and many others: one form for one, another for the rest. */
  public static final PluralRule ENGLISH = parse("nplurals=2; plural=n != 1;");

  private final String header;
  private final int forms;
  private final LongUnaryOperator formula;

  private PluralRule(String header, int forms, LongUnaryOperator formula) {
    this.header = header;
    this.forms = forms;
    this.formula = formula;
  }

  /** Parses the value of the header {@code Plural-Forms}. */
  public static PluralRule parse(String header) {
    Matcher matcher = HEADER.matcher(header);
    if (header.length() > LENGTH_MAX || !matcher.matches()) {
      throw new IllegalArgumentException("not a plural rule: " + header);
    }
    int forms = Integer.parseInt(matcher.group(1));
    if (forms > FORMS_MAX) {
      throw new IllegalArgumentException("more than " + FORMS_MAX + " plural forms: " + header);
    }
    return new PluralRule(header, forms, new Parser(tokens(matcher.group(2))).parse());
  }

  public int forms() {
    return forms;
  }

  /** Returns the index of the form; the first one if the formula leads beyond the last. */
  public int form(long count) {
    long form = formula.applyAsLong(Math.abs(count));
    return form >= 0 && form < forms ? (int) form : 0;
  }

  /** The header that it was parsed from. */
  @Override
  public String toString() {
    return header;
  }

  private static List<String> tokens(String formula) {
    var tokens = new ArrayList<String>();
    Matcher matcher = TOKEN.matcher(formula.strip());
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (end != formula.strip().length()) {
      throw new IllegalArgumentException("not a plural formula: " + formula);
    }
    return tokens;
  }

  private static final class Parser {
    private final List<String> tokens;
    private int next;

    Parser(List<String> tokens) {
      this.tokens = tokens;
    }

    LongUnaryOperator parse() {
      LongUnaryOperator formula = choice();
      if (next < tokens.size()) {
        throw unexpected();
      }
      return formula;
    }

    private LongUnaryOperator choice() {
      LongUnaryOperator condition = binary(0);
      if (!accept("?")) {
        return condition;
      }
      LongUnaryOperator yes = choice();
      if (!accept(":")) {
        throw unexpected();
      }
      LongUnaryOperator no = choice();
      return n -> condition.applyAsLong(n) != 0 ? yes.applyAsLong(n) : no.applyAsLong(n);
    }

    private LongUnaryOperator binary(int level) {
      if (level == LEVELS.size()) {
        return unary();
      }
      LongUnaryOperator left = binary(level + 1);
      while (next < tokens.size() && LEVELS.get(level).contains(tokens.get(next))) {
        left = apply(tokens.get(next++), left, binary(level + 1));
      }
      return left;
    }

    private LongUnaryOperator unary() {
      if (accept("!")) {
        LongUnaryOperator operand = unary();
        return n -> operand.applyAsLong(n) == 0 ? 1 : 0;
      }
      if (accept("(")) {
        LongUnaryOperator inner = choice();
        if (!accept(")")) {
          throw unexpected();
        }
        return inner;
      }
      if (accept("n")) {
        return n -> n;
      }
      if (next == tokens.size() || !Character.isDigit(tokens.get(next).charAt(0))) {
        throw unexpected();
      }
      long number = Long.parseLong(tokens.get(next++));
      return _ -> number;
    }

    private static LongUnaryOperator apply(String sign, LongUnaryOperator a, LongUnaryOperator b) {
      return n -> {
        long left = a.applyAsLong(n);
        long right = b.applyAsLong(n);
        return switch (sign) {
          case "||" -> left != 0 || right != 0 ? 1 : 0;
          case "&&" -> left != 0 && right != 0 ? 1 : 0;
          case "==" -> left == right ? 1 : 0;
          case "!=" -> left != right ? 1 : 0;
          case "<" -> left < right ? 1 : 0;
          case "<=" -> left <= right ? 1 : 0;
          case ">" -> left > right ? 1 : 0;
          case ">=" -> left >= right ? 1 : 0;
          case "+" -> left + right;
          case "-" -> left - right;
          case "*" -> left * right;
          case "/" -> right == 0 ? 0 : left / right;
          case "%" -> right == 0 ? 0 : left % right;
          default -> throw new IllegalStateException(sign);
        };
      };
    }

    private boolean accept(String token) {
      if (next < tokens.size() && tokens.get(next).equals(token)) {
        next++;
        return true;
      }
      return false;
    }

    private IllegalArgumentException unexpected() {
      String place = next < tokens.size() ? "at " + tokens.get(next) : "at the end";
      return new IllegalArgumentException("not a plural formula, " + place + ": " + tokens);
    }
  }
}
