package dev.rookery.protocol.page;

import dev.rookery.translation.Catalogue;
import dev.rookery.translation.Language;
import dev.rookery.translation.Message;
import dev.rookery.translation.Translations;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The functions of templates that show text in the language of the page.
 *
 * <ul>
 *   <li>{@code t("Sign in")}, {@code t("Sign in with {provider}", {"provider": name})}, and with a
 *       context for translators {@code t("Open", {}, "state of a lobby")}
 *   <li>{@code tn("{count} player", "{count} players", n)}
 *   <li>{@code tl("Accept the <a>terms</a>.", {"a": "/terms"})}: a text with links
 * </ul>
 */
final class PageTexts extends AbstractExtension {
  private static final String TEXT = "text";
  private static final String VALUES = "values";
  private static final String CONTEXT = "context";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT);

  /** Those of the node that renders a page; templates are shared by all nodes of a process. */
  private static final ScopedValue<Translations> TRANSLATIONS = ScopedValue.newInstance();

  /** Carries out what renders a page, with the catalogues of its node. */
  static <R, X extends Throwable> R with(
      Translations translations, ScopedValue.CallableOp<R, X> rendering) throws X {
    return ScopedValue.where(TRANSLATIONS, translations).call(rendering);
  }

  @Override
  public Map<String, Function> getFunctions() {
    return Map.of(
        "t",
        function(
            List.of(TEXT, VALUES, CONTEXT),
            (texts, arguments) -> texts.translate(message(arguments))),
        "tn",
        function(
            List.of(TEXT, "plural", "count", VALUES),
            (texts, arguments) -> texts.translate(plural(arguments))),
        "tl",
        function(
            List.of(TEXT, "links", VALUES),
            (texts, arguments) ->
                new SafeString(
                    texts.translateWithLinks(message(arguments), links(arguments.get("links"))))));
  }

  /**
   * Puts the messages and times of a model, wherever in it they are, in a language.
   *
   * @param zone of the times
   */
  static Object localize(Object value, Catalogue texts, ZoneId zone) {
    return switch (value) {
      case Message message -> texts.translate(message);
      case Instant time -> time(time, texts, zone);
      case Map<?, ?> map ->
          map.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      entry -> String.valueOf(entry.getKey()),
                      entry -> localize(entry.getValue(), texts, zone)));
      case List<?> list -> list.stream().map(item -> localize(item, texts, zone)).toList();
      default -> value;
    };
  }

  private static String time(Instant time, Catalogue texts, ZoneId zone) {
    // The English of most of the world: day before month.
    Locale locale = texts.language().equals(Language.ENGLISH) ? Locale.UK : texts.locale();
    String name = zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    return TIME.withLocale(locale).withZone(zone).format(time) + " " + name;
  }

  private static Message message(Map<String, Object> arguments) {
    Object context = arguments.get(CONTEXT);
    return new Message(
        context == null ? "" : context.toString(), text(arguments), null, 0, values(arguments));
  }

  private static Message plural(Map<String, Object> arguments) {
    return arguments.get("count") instanceof Number count
        ? new Message(
            "",
            text(arguments),
            String.valueOf(arguments.get("plural")),
            count.longValue(),
            values(arguments))
        : Message.NONE;
  }

  private static String text(Map<String, Object> arguments) {
    return String.valueOf(arguments.get(TEXT));
  }

  private static Map<String, Object> values(Map<String, Object> arguments) {
    return arguments.get(VALUES) instanceof Map<?, ?> values
        ? values.entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()), Map.Entry::getValue))
        : Map.of();
  }

  private static Map<String, String> links(@Nullable Object links) {
    return links instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> String.valueOf(entry.getKey()),
                    entry -> String.valueOf(entry.getValue())))
        : Map.of();
  }

  private static Function function(List<String> names, Translation translation) {
    return new Function() {
      @Override
      public List<String> getArgumentNames() {
        return names;
      }

      @Override
      public Object execute(
          Map<String, Object> arguments,
          PebbleTemplate template,
          EvaluationContext context,
          int line) {
        return translation.apply(TRANSLATIONS.get().of(context.getLocale()), arguments);
      }
    };
  }

  @FunctionalInterface
  private interface Translation {
    Object apply(Catalogue texts, Map<String, Object> arguments);
  }
}
