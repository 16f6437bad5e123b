package dev.rookery.protocol.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what an example prints with the output block after it; see {@code
 * writing-documentation.md}.
 */
final class ExpectedOutput {
  private static final String ANY = "…";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ExpectedOutput() {}

  /** Every difference, in words; empty if there is none. */
  static List<String> differences(CodeBlock expected, String actual) {
    return expected.language().equals("json")
        ? json(expected.text(), actual)
        : text(expected.text(), actual);
  }

  static List<String> text(String expected, String actual) {
    String pattern =
        expected.strip().lines().map(ExpectedOutput::line).collect(Collectors.joining());
    String printed =
        actual
            .strip()
            .lines()
            .map(line -> line.stripTrailing() + "\n")
            .collect(Collectors.joining());
    return Pattern.matches(pattern, printed)
        ? List.of()
        : List.of("the text differs; expected:\n" + expected);
  }

  /** One line of the output, or any number of them. */
  private static String line(String expected) {
    String line = expected.stripTrailing();
    return line.strip().equals(ANY) ? "(?:.*\\n)*" : within(line) + "\\n";
  }

  private static String within(String text) {
    return Arrays.stream(text.split(ANY, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  static List<String> json(String expected, String actual) {
    var differences = new ArrayList<String>();
    try {
      compare("", JSON.readTree(expected), JSON.readTree(actual), differences);
    } catch (JsonProcessingException malformed) {
      differences.add("no JSON: " + malformed.getMessage());
    }
    return differences;
  }

  private static void compare(
      String path, JsonNode expected, JsonNode actual, List<String> differences) {
    if (expected.isNull()) {
      return;
    }
    if (expected.getNodeType() != actual.getNodeType()) {
      differences.add(path + " is " + actual + ", not like " + expected);
    } else if (expected.isObject()) {
      compareObjects(path, expected, actual, differences);
    } else if (expected.isArray()) {
      compareArrays(path, expected, actual, differences);
    } else if (expected.isTextual()
        && expected.textValue().contains(ANY)
        && !Pattern.compile(within(expected.textValue()), Pattern.DOTALL)
            .matcher(actual.textValue())
            .matches()) {
      differences.add(path + " is " + actual + ", not " + expected);
    }
  }

  private static void compareObjects(
      String path, JsonNode expected, JsonNode actual, List<String> differences) {
    expected
        .properties()
        .forEach(
            field -> {
              String key = path + "/" + field.getKey();
              JsonNode value = actual.get(field.getKey());
              if (value != null) {
                compare(key, field.getValue(), value, differences);
              } else if (!field.getKey().equals(ANY)) {
                differences.add(key + " is missing");
              }
            });
    if (!expected.has(ANY)) {
      actual
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!expected.has(key)) {
                  differences.add(path + "/" + key + " is not expected: " + actual.get(key));
                }
              });
    }
  }

  private static void compareArrays(
      String path, JsonNode expected, JsonNode actual, List<String> differences) {
    int size = expected.size();
    boolean more = size > 0 && expected.get(size - 1).asText().equals(ANY);
    int named = more ? size - 1 : size;
    if (actual.size() < named || (!more && actual.size() > named)) {
      differences.add(path + " has " + actual.size() + " elements, not " + named);
      return;
    }
    for (int i = 0; i < named; i++) {
      compare(path + "/" + i, expected.get(i), actual.get(i), differences);
    }
  }
}
