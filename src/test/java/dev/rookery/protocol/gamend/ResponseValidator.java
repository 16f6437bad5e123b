package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Validates responses against the API document: status, content type and schema. */
final class ResponseValidator {
  private static final ApiDocument API_DOCUMENT = ApiDocument.shared();
  private static final JsonObject DOCUMENT = API_DOCUMENT.forClients("http://localhost", "test");
  private static final Map<String, Optional<Validator>> VALIDATORS = new ConcurrentHashMap<>();

  private ResponseValidator() {}

  /** Validates the response to a method and path of the document; ignores other paths. */
  static void check(String method, String path, HttpResponse<String> response) {
    for (Operation operation : API_DOCUMENT.operations()) {
      if (operation.method().name().equals(method) && operation.matchPath(path) != null) {
        check(operation, response);
        return;
      }
    }
  }

  /** Validates a response of an operation. */
  static void check(Operation operation, HttpResponse<String> response) {
    String type = response.headers().firstValue("content-type").orElse("");
    check(
        operation,
        response.statusCode(),
        response.body(),
        type.startsWith("application/json") ? Json.decodeValue(response.body()) : null);
  }

  /** Validates an error that an operation may answer with. */
  static void check(Operation operation, ErrorShape shape, Map<String, List<String>> fields) {
    JsonObject body = shape.body(fields);
    check(operation, shape.status(), body.encode(), body);
  }

  /**
   * @param json null if it is of another content type
   */
  private static void check(
      Operation operation, int statusCode, String body, @Nullable Object json) {
    String status = Integer.toString(statusCode);
    String template = operation.path().replaceAll(":(\\w+)", "{$1}");
    JsonObject documented =
        DOCUMENT
            .getJsonObject("paths")
            .getJsonObject(template)
            .getJsonObject(operation.method().name().toLowerCase(Locale.ROOT))
            .getJsonObject("responses");
    assertThat(documented.fieldNames())
        .as("%s answers %s: %s", operation.id(), status, body)
        .contains(status);
    if (json != null) {
      VALIDATORS
          .computeIfAbsent(
              operation.id() + " " + status, _ -> validator(documented.getJsonObject(status)))
          .ifPresent(
              validator -> {
                OutputUnit result = validator.validate(json);
                assertThat(result.getValid())
                    .as("%s %s: %s %s", operation.id(), status, body, result.getErrors())
                    .isTrue();
              });
    }
  }

  /** Returns the validator of the JSON of a response; empty if that has none. */
  private static Optional<Validator> validator(JsonObject response) {
    JsonObject content = resolved(response).getJsonObject("content");
    JsonObject json = content == null ? null : content.getJsonObject("application/json");
    return json == null ? Optional.empty() : Optional.of(schemaValidator(json));
  }

  private static Validator schemaValidator(JsonObject json) {
    return Validator.create(
        JsonSchema.of(json.getJsonObject("schema")),
        new JsonSchemaOptions()
            .setBaseUri("http://localhost/")
            .setDraft(Draft.DRAFT4)
            .setOutputFormat(OutputFormat.Basic));
  }

  /** Resolves references and translates {@code nullable} into JSON Schema. */
  private static JsonObject resolved(JsonObject part) {
    String reference = part.getString("$ref");
    if (reference != null) {
      JsonObject target = DOCUMENT;
      for (String step : reference.substring(2).split("/", -1)) {
        target = target.getJsonObject(step);
      }
      return resolved(target);
    }
    var whole = new JsonObject();
    for (var entry : part) {
      whole.put(entry.getKey(), resolvedValue(entry.getValue()));
    }
    if (Boolean.TRUE.equals(part.getValue("nullable"))) {
      whole.remove("nullable");
      whole.put("type", JsonArray.of(part.getString("type"), "null"));
    }
    return whole;
  }

  private static @Nullable Object resolvedValue(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case JsonObject object -> resolved(object);
      case JsonArray array -> {
        var all = new JsonArray();
        array.forEach(item -> all.add(resolvedValue(item)));
        yield all;
      }
      default -> value;
    };
  }
}
