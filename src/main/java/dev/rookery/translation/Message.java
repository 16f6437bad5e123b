package dev.rookery.translation;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A text for a person, not yet in their language. Code makes it where the language is not known;
 * {@link Catalogue#translate} turns it into a string.
 *
 * @param context tells equal English texts apart that other languages need two for; usually empty
 * @param text the English text, with placeholders as in {@code {name}}
 * @param plural the English text for a number other than one; null for a text without a number
 * @param count the number that chooses the form, and the value of {@code {count}}
 * @param values of the placeholders: strings, numbers, or messages
 */
public record Message(
    String context, String text, @Nullable String plural, long count, Map<String, Object> values) {
  private static final String LITERAL = "\0";

  /** No text at all. */
  public static final Message NONE = new Message("", "", null, 0, Map.of());

  public Message {
    values = Map.copyOf(values);
  }

  public static Message of(String text) {
    return new Message("", text, null, 0, Map.of());
  }

  public static Message of(String text, String name, Object value) {
    return new Message("", text, null, 0, Map.of(name, value));
  }

  public static Message of(String text, String name, Object value, String name2, Object value2) {
    return new Message("", text, null, 0, Map.of(name, value, name2, value2));
  }

  /** A text that is shown as it is in every language. */
  public static Message literal(String text) {
    return new Message(LITERAL, text, null, 0, Map.of());
  }

  boolean isLiteral() {
    return context.equals(LITERAL);
  }

  /** A text whose form depends on a number. */
  public static Message plural(String one, String many, long count) {
    return new Message("", one, many, count, Map.of());
  }

  /** The same text with one value more. */
  public Message with(String name, Object value) {
    var more = new TreeMap<>(values);
    more.put(name, value);
    return new Message(context, text, plural, count, more);
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }
}
