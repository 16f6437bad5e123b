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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers to what the API document promises: their status, their content, its schema. */
final class ResponseValidator {
  private static final ApiDocument CONTRACT = ApiDocument.load();
  private static final JsonObject DOCUMENT = CONTRACT.forClients("http://localhost", "test");
  private static final Map<String, Validator> VALIDATORS = new ConcurrentHashMap<>();

  private ResponseValidator() {}

  /** Checks what came back for a method and path of the document; others are not looked at. */
  static void check(String method, String path, HttpResponse<String> response) {
    for (Operation operation : CONTRACT.operations()) {
      if (operation.method().name().equals(method) && operation.matchPath(path) != null) {
        check(operation, response);
        return;
      }
    }
  }

  private static void check(Operation operation, HttpResponse<String> response) {
    String status = Integer.toString(response.statusCode());
    String template = operation.path().replaceAll(":(\\w+)", "{$1}");
    JsonObject promised =
        resolved(
            DOCUMENT
                .getJsonObject("paths")
                .getJsonObject(template)
                .getJsonObject(operation.method().name().toLowerCase(Locale.ROOT))
                .getJsonObject("responses"));
    assertThat(promised.fieldNames())
        .as("%s answers %s: %s", operation.id(), status, response.body())
        .contains(status);
    String type = response.headers().firstValue("content-type").orElse("");
    JsonObject json =
        promised.getJsonObject(status).getJsonObject("content").getJsonObject("application/json");
    if (type.startsWith("application/json") && json != null) {
      Validator validator =
          VALIDATORS.computeIfAbsent(
              operation.id() + " " + status, _ -> validator(json.getJsonObject("schema")));
      OutputUnit result = validator.validate(Json.decodeValue(response.body()));
      assertThat(result.getValid())
          .as("%s %s: %s %s", operation.id(), status, response.body(), result.getErrors())
          .isTrue();
    }
  }

  private static Validator validator(JsonObject schema) {
    return Validator.create(
        JsonSchema.of(schema),
        new JsonSchemaOptions()
            .setBaseUri("http://localhost/")
            .setDraft(Draft.DRAFT4)
            .setOutputFormat(OutputFormat.Basic));
  }

  /** Without references, and with {@code nullable} said in the way of JSON Schema. */
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

  private static Object resolvedValue(Object value) {
    return switch (value) {
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
