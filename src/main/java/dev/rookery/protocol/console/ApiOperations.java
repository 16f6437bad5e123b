package dev.rookery.protocol.console;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.protocol.console.ApiOperation.Parameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The operations of the API document that this server serves, in its order. The document is read
 * once, when somebody opens the explorer first, and only what the pages show of it is kept.
 */
final class ApiOperations {
  private static final String DOCUMENT = "/openapi/gamend.yaml";
  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  private final Map<String, ApiOperation> byId = new LinkedHashMap<>();
  private final Map<String, String> tags = new LinkedHashMap<>();

  private ApiOperations(JsonObject document) {
    JsonArray described = document.getJsonArray("tags");
    for (int i = 0; i < described.size(); i++) {
      JsonObject tag = described.getJsonObject(i);
      tags.put(tag.getString("name"), tag.getString("description", ""));
    }
    document
        .getJsonObject("paths")
        .forEach(
            path ->
                ((JsonObject) path.getValue())
                    .forEach(
                        method -> {
                          var operation =
                              operation(
                                  document,
                                  path.getKey(),
                                  method.getKey(),
                                  (JsonObject) method.getValue());
                          byId.put(operation.id(), operation);
                        }));
  }

  /** Blocks while the first caller reads the document. */
  static ApiOperations shared() {
    return Shared.OPERATIONS;
  }

  private static ApiOperations load() {
    try (InputStream text = ApiOperations.class.getResourceAsStream(DOCUMENT)) {
      if (text == null) {
        throw new IllegalStateException(DOCUMENT + " is not on the class path");
      }
      Map<String, Object> document = new YAMLMapper().readerForMapOf(Object.class).readValue(text);
      return new ApiOperations(new JsonObject(document));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The groups of operations with what they are about, in the order of the document. */
  Map<String, String> tags() {
    return tags;
  }

  List<ApiOperation> withTag(String tag) {
    return byId.values().stream().filter(operation -> operation.tag().equals(tag)).toList();
  }

  /** Finds the operations that contain all words. */
  List<ApiOperation> search(String text, int max) {
    List<String> words = List.of(text.toLowerCase(Locale.ROOT).strip().split("\\s+", -1));
    return byId.values().stream().filter(operation -> operation.matches(words)).limit(max).toList();
  }

  Optional<ApiOperation> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  private static ApiOperation operation(
      JsonObject document, String path, String method, JsonObject definition) {
    var parameters = new ArrayList<Parameter>();
    JsonArray declared = definition.getJsonArray("parameters", new JsonArray());
    for (int i = 0; i < declared.size(); i++) {
      JsonObject parameter = resolve(document, declared.getJsonObject(i));
      String in = parameter.getString("in");
      if (in.equals("path") || in.equals("query")) {
        parameters.add(
            parameter(
                document,
                in,
                parameter.getString("name"),
                parameter.getJsonObject("schema"),
                Boolean.TRUE.equals(parameter.getBoolean("required")),
                parameter.getString("description", "")));
      }
    }
    JsonObject content =
        definition
            .getJsonObject("requestBody", new JsonObject())
            .getJsonObject("content", new JsonObject());
    if (content.containsKey(JSON)) {
      JsonObject schema = resolve(document, content.getJsonObject(JSON).getJsonObject("schema"));
      JsonArray required = schema.getJsonArray("required", new JsonArray());
      schema
          .getJsonObject("properties", new JsonObject())
          .forEach(
              property -> {
                JsonObject type = resolve(document, (JsonObject) property.getValue());
                parameters.add(
                    parameter(
                        document,
                        "body",
                        property.getKey(),
                        type,
                        required.contains(property.getKey()),
                        type.getString("description", "")));
              });
    }
    return new ApiOperation(
        definition.getString("operationId"),
        method.toUpperCase(Locale.ROOT),
        path,
        definition.getJsonArray("tags").getString(0),
        definition.getString("summary", ""),
        definition.getString("description", ""),
        definition.getString("x-permission", ""),
        !definition.getJsonArray("security", new JsonArray()).isEmpty(),
        content.containsKey(BYTES) && !content.containsKey(JSON),
        List.copyOf(parameters));
  }

  private static Parameter parameter(
      JsonObject document,
      String in,
      String name,
      JsonObject declared,
      boolean required,
      String description) {
    JsonObject schema = resolve(document, declared);
    var options = new ArrayList<String>();
    schema.getJsonArray("enum", new JsonArray()).forEach(value -> options.add(value.toString()));
    return new Parameter(
        in, name, schema.getString("type", "object"), required, description, List.copyOf(options));
  }

  private static JsonObject resolve(JsonObject document, JsonObject part) {
    String reference = part.getString("$ref");
    if (reference == null) {
      return part;
    }
    JsonObject target = document;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      target = target.getJsonObject(step);
    }
    return target;
  }

  private static final class Shared {
    private static final ApiOperations OPERATIONS = load();
  }
}
