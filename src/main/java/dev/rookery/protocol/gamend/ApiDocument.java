package dev.rookery.protocol.gamend;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.protocol.gamend.Operation.Access;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The API document, {@code openapi/gamend.yaml}: what is routed, how requests are cast and checked,
 * how refusals are said, and what clients are told of all that. Read once per node and shared by
 * its event loops.
 *
 * <p>The OpenAPI router makes the routes from it. How requests are cast is read into a plan by this
 * class: the router's own validation sends each request through a worker thread and knows no
 * URL-encoded bodies, at some 90 µs where the plan takes one or two.
 */
final class ApiDocument {
  private static final String RESOURCE = "/openapi/gamend.yaml";
  private static final String JSON = "application/json";
  private static final ErrorShape INVALID = new ErrorShape(422, null, null, null, "error");
  private static final ErrorShape MISSING = ErrorShape.bare(400);

  private final JsonObject document;
  private final List<Operation> operations;

  private ApiDocument(JsonObject document) {
    this.document = document;
    this.operations = operations(document);
  }

  static ApiDocument load() {
    try (InputStream text = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (text == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      Map<String, Object> document = new YAMLMapper().readerForMapOf(Object.class).readValue(text);
      return new ApiDocument(new JsonObject(document));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Paths without parameters first: {@code /lobbies/leave} is no id. */
  List<Operation> operations() {
    return operations;
  }

  /** The document as clients get it. */
  JsonObject forClients(String publicUrl, String version) {
    JsonObject served = document.copy();
    served.getJsonObject("info").put("version", version);
    return served.put("servers", JsonArray.of(JsonObject.of("url", publicUrl)));
  }

  /**
   * The document as far as the router needs it: paths and names. Having all of its schemas checked
   * at every start would take most of a second, and a test does that.
   */
  Future<OpenAPIContract> forRouter(Vertx vertx) {
    var paths = new JsonObject();
    for (var path : document.getJsonObject("paths")) {
      var names = new JsonObject();
      for (var operation : (JsonObject) path.getValue()) {
        JsonObject written = (JsonObject) operation.getValue();
        var parameters = new JsonArray();
        for (Object parameter : written.getJsonArray("parameters", new JsonArray())) {
          JsonObject resolved = resolve((JsonObject) parameter);
          if ("path".equals(resolved.getString("in"))) {
            parameters.add(resolved);
          }
        }
        names.put(
            operation.getKey(),
            JsonObject.of(
                "operationId", written.getString("operationId"),
                "parameters", parameters,
                "responses", JsonObject.of("default", JsonObject.of("description", ""))));
      }
      paths.put(path.getKey(), names);
    }
    var needed =
        JsonObject.of(
            "openapi", document.getString("openapi"),
            "info", document.getJsonObject("info"),
            "paths", paths);
    // A copy: the router writes marks of its own into what it is given.
    return OpenAPIContract.from(vertx, needed.copy());
  }

  private List<Operation> operations(JsonObject document) {
    var found = new ArrayList<Operation>();
    document
        .getJsonObject("paths")
        .forEach(
            path -> {
              for (var method : (JsonObject) path.getValue()) {
                String route = path.getKey().replaceAll("\\{(\\w+)}", ":$1");
                found.add(operation(method.getKey(), route, (JsonObject) method.getValue()));
              }
            });
    found.sort(Comparator.comparing(operation -> operation.path().contains(":")));
    return List.copyOf(found);
  }

  private Operation operation(String method, String path, JsonObject definition) {
    ErrorShape invalid = ErrorShape.parse(definition.getJsonObject("x-invalid"));
    ErrorShape missing = ErrorShape.parse(definition.getJsonObject("x-missing"));
    return new Operation(
        definition.getString("operationId"),
        HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
        path,
        access(definition),
        fields(definition),
        invalid == null ? INVALID : invalid,
        missing == null ? MISSING : missing,
        refusals(definition));
  }

  private static Access access(JsonObject definition) {
    JsonArray security = definition.getJsonArray("security", new JsonArray());
    if (security.isEmpty()) {
      return Access.PUBLIC;
    }
    if ("anonymous".equals(definition.getString("x-bad-token"))) {
      return Access.OPTIONAL_LENIENT;
    }
    if (definition.getBoolean("x-admin", false)) {
      return Access.ADMIN;
    }
    return security.contains(new JsonObject()) ? Access.OPTIONAL : Access.REQUIRED;
  }

  private List<Field> fields(JsonObject definition) {
    var fields = new ArrayList<Field>();
    for (Object parameter : definition.getJsonArray("parameters", new JsonArray())) {
      JsonObject resolved = resolve((JsonObject) parameter);
      if (!"header".equals(resolved.getString("in"))) {
        fields.add(Field.ofParameter(resolved));
      }
    }
    JsonObject body = definition.getJsonObject("requestBody");
    if (body != null) {
      JsonObject schema =
          resolve(body.getJsonObject("content").getJsonObject(JSON).getJsonObject("schema"));
      JsonArray required = schema.getJsonArray("required", new JsonArray());
      for (var property : schema.getJsonObject("properties")) {
        String name = property.getKey();
        fields.add(
            Field.ofProperty(name, (JsonObject) property.getValue(), required.contains(name)));
      }
    }
    return List.copyOf(fields);
  }

  private static Map<String, ErrorShape> refusals(JsonObject definition) {
    var refusals = new HashMap<String, ErrorShape>();
    for (var refusal : definition.getJsonObject("x-refusals", new JsonObject())) {
      refusals.put(refusal.getKey(), ErrorShape.parse((JsonObject) refusal.getValue()));
    }
    return Map.copyOf(refusals);
  }

  private JsonObject resolve(JsonObject part) {
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
}
