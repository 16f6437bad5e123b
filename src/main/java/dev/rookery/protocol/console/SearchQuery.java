package dev.rookery.protocol.console;

import dev.rookery.console.AuditedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an admin typed into the search box of a list: free words, {@code key:value}, {@code
 * key:>value}, {@code key:<value} and {@code -key:value}; quotes keep spaces. The same on every
 * list. A key that the list does not have is a problem at that word, and never ignored.
 *
 * @param text as it was typed, at most {@value #TEXT_MAX} characters of it
 * @param problems what is wrong with it, one line each; the list shows no rows then
 */
record SearchQuery(String text, List<Term> terms, List<String> problems) {
  static final int TEXT_MAX = 500;
  private static final int TERMS_MAX = 20;

  /** How a value is compared. */
  enum Operator {
    IS,
    ABOVE,
    BELOW
  }

  /**
   * A word or a filter.
   *
   * @param key empty for a free word
   * @param negated whether what matches is left out
   * @param source as it was typed
   */
  record Term(String key, Operator operator, boolean negated, String value, String source) {}

  /**
   * A filter key of a list.
   *
   * @param help what it selects, for the admin
   * @param values the only values; empty for any
   * @param compares whether {@code >} and {@code <} are allowed
   * @param negates whether {@code -} is allowed
   * @param repeats whether it may occur more than once
   */
  record Key(
      String name,
      String help,
      Set<String> values,
      boolean compares,
      boolean negates,
      boolean repeats) {
    static Key of(String name, String help) {
      return new Key(name, help, Set.of(), false, false, false);
    }

    static Key oneOf(String name, String help, String... values) {
      return new Key(name, help, Set.of(values), false, true, true);
    }

    static Key compared(String name, String help) {
      return new Key(name, help, Set.of(), true, false, true);
    }
  }

  /**
   * Parses a search.
   *
   * @param keys of the list
   * @param words whether the list takes free words
   */
  static SearchQuery parse(String typed, List<Key> keys, boolean words) {
    String text = typed.length() > TEXT_MAX ? typed.substring(0, TEXT_MAX) : typed.strip();
    var problems = new ArrayList<String>();
    if (typed.length() > TEXT_MAX) {
      problems.add("The filter is longer than " + TEXT_MAX + " characters.");
    }
    List<Term> terms = split(text).stream().map(word -> term(word, keys)).toList();
    if (terms.size() > TERMS_MAX) {
      problems.add("The filter has more than " + TERMS_MAX + " words.");
    }
    terms.forEach(term -> check(term, terms, keys, words, problems));
    return new SearchQuery(text, terms, List.copyOf(problems));
  }

  private static void check(
      Term term, List<Term> all, List<Key> keys, boolean words, List<String> problems) {
    if (term.key().isEmpty()) {
      if (!words) {
        problems.add("“" + term.source() + "”: this list is filtered by keys alone.");
      } else if (term.negated()) {
        problems.add("“" + term.source() + "”: words cannot be excluded here.");
      }
      return;
    }
    var found = keys.stream().filter(key -> key.name().equals(term.key())).findFirst();
    if (found.isEmpty()) {
      String known = keys.stream().map(Key::name).collect(Collectors.joining(", "));
      problems.add(
          "“"
              + term.source()
              + "”: there is no filter key “"
              + term.key()
              + "”. Keys: "
              + known
              + ".");
      return;
    }
    Key key = found.orElseThrow();
    if (term.value().isEmpty()) {
      problems.add("“" + term.source() + "”: a value is missing.");
    } else if (!key.values().isEmpty() && !key.values().contains(term.value())) {
      String values = key.values().stream().sorted().collect(Collectors.joining(", "));
      problems.add(
          "“" + term.source() + "”: the values of “" + key.name() + "” are " + values + ".");
    } else if (term.operator() != Operator.IS && !key.compares()) {
      problems.add("“" + term.source() + "”: “" + key.name() + "” cannot be compared.");
    } else if (term.negated() && !key.negates()) {
      problems.add("“" + term.source() + "”: “" + key.name() + "” cannot be excluded.");
    } else if (!key.repeats()
        && all.stream().filter(other -> other.key().equals(key.name())).count() > 1) {
      problems.add("“" + term.source() + "”: “" + key.name() + "” may occur once.");
    }
  }

  private static Term term(String word, List<Key> keys) {
    boolean negated = word.length() > 1 && word.charAt(0) == '-';
    String rest = negated ? word.substring(1) : word;
    int colon = rest.indexOf(':');
    boolean keyed = colon > 0 && rest.charAt(0) != '"' && isName(rest.substring(0, colon));
    if (!keyed) {
      return new Term("", Operator.IS, negated, unquoted(word), word);
    }
    String key = rest.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = rest.substring(colon + 1);
    Operator operator =
        value.startsWith(">")
            ? Operator.ABOVE
            : value.startsWith("<") ? Operator.BELOW : Operator.IS;
    boolean compares =
        operator != Operator.IS
            && keys.stream().anyMatch(one -> one.name().equals(key) && one.compares());
    return new Term(
        key,
        compares ? operator : Operator.IS,
        negated,
        unquoted(compares ? value.substring(1) : value),
        word);
  }

  private static boolean isName(String text) {
    return text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
  }

  private static String unquoted(String word) {
    return word.replace("\"", "").strip();
  }

  /** Splits at white space outside of quotes. */
  private static List<String> split(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        word.append(c);
      } else if (Character.isWhitespace(c) && !quoted) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        word.append(c);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  boolean isValid() {
    return problems.isEmpty();
  }

  /** Returns the free words, with spaces between them; null if there are none. */
  @Nullable String words() {
    String words =
        terms.stream()
            .filter(term -> term.key().isEmpty() && !term.value().isEmpty())
            .map(Term::value)
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? null : words;
  }

  /** Returns the value of a key; null if it is not there. */
  @Nullable String value(String key) {
    return terms.stream()
        .filter(term -> term.key().equals(key))
        .map(Term::value)
        .findFirst()
        .orElse(null);
  }

  /** Returns whether {@code key:value} is there: false if it is excluded, null if it is absent. */
  @Nullable Boolean flag(String key, String value) {
    return terms.stream()
        .filter(term -> term.key().equals(key) && term.value().equals(value))
        .map(term -> !term.negated())
        .findFirst()
        .orElse(null);
  }

  /** Returns the number of a key; null if it is not there or not a number. */
  @Nullable Long number(String key) {
    String value = value(key);
    return value == null ? null : parse(value);
  }

  static @Nullable Long parse(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** Returns the text without one of its terms. */
  String without(Term removed) {
    return terms.stream()
        .filter(term -> term != removed)
        .map(Term::source)
        .collect(Collectors.joining(" "));
  }

  /**
   * Returns the text for the audit log. Masked are free words and values that may be about a
   * player: all but numbers, times and values of a fixed set.
   *
   * @param keys of the list
   * @param plain the names of further keys whose values are kept
   */
  String masked(List<Key> keys, String... plain) {
    Set<String> kept =
        Stream.concat(
                keys.stream()
                    .filter(key -> key.compares() || !key.values().isEmpty())
                    .map(Key::name),
                Stream.of(plain))
            .collect(Collectors.toSet());
    return terms.stream()
        .map(
            term ->
                kept.contains(term.key()) || parse(term.value()) != null
                    ? term.source()
                    : masked(term))
        .collect(Collectors.joining(" "));
  }

  private static String masked(Term term) {
    String key = term.key().isEmpty() ? "" : term.key() + ":";
    return (term.negated() ? "-" : "") + key + AuditedChange.MASKED;
  }

  /** Returns the same search with a problem more. */
  SearchQuery withProblem(String problem) {
    var more = new ArrayList<>(problems);
    more.add(problem);
    return new SearchQuery(text, terms, List.copyOf(more));
  }
}
