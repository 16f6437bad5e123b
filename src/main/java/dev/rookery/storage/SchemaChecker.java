package dev.rookery.storage;

import dev.rookery.base.Refused;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks values against one schema. It refers to nothing outside of itself, so that no value makes
 * the server load something.
 */
final class SchemaChecker {
  private static final String FIELD = "schema";
  private static final int PROBLEMS_MAX = 20;

  /** A value may have one error for each of its items. */
  private static final int ERRORS_EXAMINED_MAX = 200;

  /** Those that are checked without a long search. */
  private static final Set<String> FORMATS =
      Set.of("date", "time", "date-time", "duration", "uuid", "ipv4", "ipv6", "hostname", "email");

  private static final SchemaProblem LOOP = new SchemaProblem("", "the schema has no end");
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("https://schema.invalid/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final Validator validator;

  private SchemaChecker(Validator validator) {
    this.validator = validator;
  }

  /** Reads a schema that was stored. */
  static SchemaChecker of(String content) {
    return new SchemaChecker(
        Validator.create(JsonSchema.of(new JsonObject(content)), new JsonSchemaOptions(OPTIONS)));
  }

  /** Refuses a schema of an admin as Invalid if it cannot be used. */
  static void mustBeUsable(String content) {
    try {
      var schema = new JsonObject(content);
      checkKeywords(schema, schema);
      // References are looked up, and loops found, with the first value.
      of(content).validator.validate(new JsonObject());
    } catch (StackOverflowError endless) {
      throw Refused.invalid(FIELD, "refers to itself without an end");
    } catch (DecodeException
        | SchemaException
        | ClassCastException
        | NullPointerException unusable) {
      // The library fails with the last two at a keyword of the wrong type, or without a value.
      throw Refused.invalid(FIELD, "cannot be used: " + firstLine(unusable));
    }
  }

  private static String firstLine(RuntimeException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static void checkKeywords(JsonObject root, @Nullable Object schema) {
    switch (schema) {
      case JsonObject object ->
          object.forEach(member -> checkKeyword(root, member.getKey(), member.getValue()));
      case JsonArray array -> array.forEach(item -> checkKeywords(root, item));
      case null, default -> {}
    }
  }

  private static void checkKeyword(JsonObject root, String keyword, @Nullable Object value) {
    switch (keyword) {
      case "$ref", "$dynamicRef" -> {
        if (!(value instanceof String text) || !isWithin(root, text)) {
          throw Refused.invalid(FIELD, "may refer to a part of itself alone, as #/$defs/name");
        }
      }
      // What takes longer than in proportion to the value: players choose the values.
      case "pattern" -> refuseIf(value instanceof String, keyword);
      case "patternProperties" -> refuseIf(value instanceof JsonObject, keyword);
      case "uniqueItems" -> refuseIf(Boolean.TRUE.equals(value), keyword);
      case "format" -> {
        if (value instanceof String format && !FORMATS.contains(format)) {
          throw Refused.invalid(FIELD, "has a format that is not checked here: " + format);
        }
      }
      default -> {}
    }
    checkKeywords(root, value);
  }

  private static void refuseIf(boolean used, String keyword) {
    if (used) {
      throw Refused.invalid(FIELD, "may not have " + keyword + ", which can take too long");
    }
  }

  private static boolean isWithin(JsonObject root, String reference) {
    return reference.equals("#")
        || (reference.startsWith("#/")
            && JsonPointer.from(reference.substring(1)).queryJson(root) != null);
  }

  /** Says why a value does not fit; nothing if it does. */
  List<SchemaProblem> problems(JsonObject value) {
    OutputUnit result;
    try {
      result = validator.validate(value);
    } catch (StackOverflowError endless) {
      return List.of(LOOP);
    } catch (RuntimeException unusable) {
      // The library fails at a keyword of the wrong type as soon as a value reaches it.
      return List.of(new SchemaProblem("", "cannot be checked: " + firstLine(unusable)));
    }
    List<OutputUnit> errors = result.getErrors();
    if (Boolean.TRUE.equals(result.getValid()) || errors == null) {
      return List.of();
    }
    var problems = new ArrayList<SchemaProblem>();
    List<OutputUnit> examined = errors.subList(0, Math.min(errors.size(), ERRORS_EXAMINED_MAX));
    for (OutputUnit error : examined) {
      if (problems.size() < PROBLEMS_MAX && !isExplained(error, examined)) {
        problems.add(new SchemaProblem(path(error), error.getError()));
      }
    }
    return problems;
  }

  private static String path(OutputUnit error) {
    return error.getInstanceLocation().substring(1);
  }

  /** Whether another error says more exactly what is wrong. */
  private static boolean isExplained(OutputUnit error, List<OutputUnit> errors) {
    String keyword = error.getKeywordLocation();
    String at = error.getInstanceLocation();
    // A property that does not fit its own schema counts as an additional one too.
    String own =
        keyword.endsWith("/additionalProperties")
            ? keyword.substring(0, keyword.lastIndexOf('/')) + "/properties"
            : keyword + "/";
    return errors.stream()
        .anyMatch(
            other ->
                other != error
                    && (other.getKeywordLocation().startsWith(keyword + "/")
                            && other.getInstanceLocation().startsWith(at)
                        || other.getKeywordLocation().equals(own)
                            && other.getInstanceLocation().equals(at)));
  }
}
