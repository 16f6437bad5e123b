package dev.rookery.translation;

import dev.rookery.translation.PoEntry.Key;
import java.text.Bidi;
import java.text.NumberFormat;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one language. Texts of the catalogue file are replaced by those that admins have
 * edited, and what neither has is English. Safe for use by several threads.
 */
public final class Catalogue {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w{1,30})}");
  private static final String COUNT = "count";
  // Around a value that runs, or stands in a text that runs, from right to left: its direction
  // stays its own.
  private static final char ISOLATE = '\u2068';
  private static final char END_ISOLATE = '\u2069';

  private final Language language;
  private final PluralRule plurals;
  private final Map<Key, PoEntry> entries;
  private final Runnable missing;
  private volatile Map<Key, List<String>> overrides = Map.of();

  /**
   * @param entries in the order of the file; never changed
   * @param missing runs each time that a text is not there
   */
  Catalogue(Language language, PluralRule plurals, Map<Key, PoEntry> entries, Runnable missing) {
    this.language = language;
    this.plurals = plurals;
    this.entries = entries;
    this.missing = missing;
  }

  public Language language() {
    return language;
  }

  public PluralRule plurals() {
    return plurals;
  }

  /** Returns a text in this language, with its values. */
  public String translate(Message message) {
    return message.isEmpty() || message.isLiteral()
        ? message.text()
        : fill(pattern(message), message, text -> text);
  }

  /**
   * Returns a text in this language as HTML, in which tags with the names of {@code links} are
   * links. Text and values are escaped.
   *
   * @param links paths by name; {@code <a>terms</a>} in the text is a link to the path of {@code a}
   */
  public String translateWithLinks(Message message, Map<String, String> links) {
    String html = escape(pattern(message));
    for (var link : links.entrySet()) {
      html =
          html.replace(
                  "&lt;" + link.getKey() + "&gt;", "<a href=\"" + escape(link.getValue()) + "\">")
              .replace("&lt;/" + link.getKey() + "&gt;", "</a>");
    }
    return fill(html, message, Catalogue::escape);
  }

  /** Returns a number as it is written in this language. */
  public String format(Number number) {
    return number instanceof Double || number instanceof Float
        ? NumberFormat.getNumberInstance(locale()).format(number)
        : NumberFormat.getIntegerInstance(locale()).format(number.longValue());
  }

  public Locale locale() {
    return language.locale();
  }

  /** The texts of the catalogue file, without those that admins have edited. */
  public Collection<PoEntry> entries() {
    return entries.values();
  }

  /** The texts that admins have edited. */
  public Map<Key, List<String>> overrides() {
    return overrides;
  }

  void replaceOverrides(Map<Key, List<String>> edited) {
    overrides = Map.copyOf(edited);
  }

  private String pattern(Message message) {
    List<String> forms = forms(new Key(message.context(), message.text()));
    String plural = message.plural();
    if (forms != null && (plural == null || forms.size() == plurals.forms())) {
      return plural == null ? forms.getFirst() : forms.get(plurals.form(message.count()));
    }
    if (!language.equals(Language.ENGLISH)) {
      missing.run();
    }
    return plural == null || PluralRule.ENGLISH.form(message.count()) == 0
        ? message.text()
        : plural;
  }

  private @Nullable List<String> forms(Key key) {
    List<String> edited = overrides.get(key);
    if (edited != null) {
      return edited;
    }
    PoEntry entry = entries.get(key);
    return entry == null || !entry.isTranslated() ? null : entry.translations();
  }

  private String fill(String pattern, Message message, Escape escape) {
    if (pattern.indexOf('{') < 0) {
      return pattern;
    }
    Matcher matcher = PLACEHOLDER.matcher(pattern);
    var filled = new StringBuilder();
    while (matcher.find()) {
      Object value =
          matcher.group(1).equals(COUNT) && message.plural() != null
              ? message.count()
              : message.values().get(matcher.group(1));
      matcher.appendReplacement(
          filled,
          Matcher.quoteReplacement(
              value == null ? matcher.group() : escape.apply(valueText(value))));
    }
    return matcher.appendTail(filled).toString();
  }

  private String valueText(Object value) {
    return switch (value) {
      case Message nested when nested.isLiteral() -> isolated(nested.text());
      case Message nested -> translate(nested);
      case Number number -> format(number);
      default -> isolated(value.toString());
    };
  }

  private String isolated(String value) {
    return language.rightToLeft() || Bidi.requiresBidi(value.toCharArray(), 0, value.length())
        ? ISOLATE + value + END_ISOLATE
        : value;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @FunctionalInterface
  private interface Escape {
    String apply(String text);
  }
}
