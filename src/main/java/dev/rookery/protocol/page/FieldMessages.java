package dev.rookery.protocol.page;

import dev.rookery.translation.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The errors at the fields of forms. Domains say them in the English sentences of the API, which
 * clients know; here each is turned into a text that can be translated. A sentence that is not
 * known is shown as it is.
 */
final class FieldMessages {
  private static final Map<String, Message> SENTENCES =
      Map.ofEntries(
          Map.entry("has already been taken", Message.of("has already been taken")),
          Map.entry("is not valid", Message.of("is not valid")),
          Map.entry("is invalid", Message.of("is not valid")),
          Map.entry("is not a whole number", Message.of("is not a whole number")),
          Map.entry("is not a time zone", Message.of("is not a time zone")),
          Map.entry("cannot be switched off", Message.of("cannot be switched off")),
          Map.entry("can't be blank", Message.of("can't be blank")),
          Map.entry("is too common", Message.of("is too common")),
          Map.entry("does not match password", Message.of("does not match password")),
          Map.entry("must be checked", Message.of("must be checked")),
          Map.entry(
              "must have the @ sign and no spaces",
              Message.of("must have the @ sign and no spaces")),
          Map.entry(
              "must not contain invisible characters",
              Message.of("must not contain invisible characters")),
          Map.entry(
              "must not contain control characters",
              Message.of("must not contain control characters")),
          Map.entry("must not contain noncharacters", Message.of("must not contain noncharacters")),
          Map.entry(
              "must close its bidirectional formatting",
              Message.of("must close its bidirectional formatting")),
          Map.entry("must be greater than 0", Message.of("must be greater than 0")));

  private static final Map<Pattern, LongFunction<Message>> NUMBERS = new LinkedHashMap<>();

  static {
    NUMBERS.put(
        Pattern.compile("should be at least (\\d{1,18}) character\\(s\\)"),
        count ->
            Message.plural(
                "should be at least {count} character",
                "should be at least {count} characters",
                count));
    NUMBERS.put(
        Pattern.compile("should be at most (\\d{1,18}) character\\(s\\)"),
        count ->
            Message.plural(
                "should be at most {count} character",
                "should be at most {count} characters",
                count));
    NUMBERS.put(
        Pattern.compile("should be at most (\\d{1,18}) byte\\(s\\)"),
        count ->
            Message.plural(
                "should be at most {count} byte", "should be at most {count} bytes", count));
    NUMBERS.put(
        Pattern.compile("is too large \\(max (\\d{1,18}) bytes\\)"),
        count ->
            Message.plural(
                "is too large (at most {count} byte)",
                "is too large (at most {count} bytes)",
                count));
    NUMBERS.put(
        Pattern.compile("must be greater than or equal to (\\d{1,18})"),
        number -> Message.of("must be at least {number}", "number", number));
    NUMBERS.put(
        Pattern.compile("must be less than or equal to (\\d{1,18})"),
        number -> Message.of("must be at most {number}", "number", number));
  }

  private FieldMessages() {}

  static Map<String, List<Message>> of(Map<String, List<String>> fields) {
    return fields.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                field -> field.getValue().stream().map(FieldMessages::of).toList()));
  }

  static Message of(String sentence) {
    Message known = SENTENCES.get(sentence);
    if (known != null) {
      return known;
    }
    for (var entry : NUMBERS.entrySet()) {
      Matcher matcher = entry.getKey().matcher(sentence);
      if (matcher.matches()) {
        return entry.getValue().apply(Long.parseLong(matcher.group(1)));
      }
    }
    return Message.literal(sentence);
  }
}
