package dev.rookery.protocol.gamend;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.console.Permission;
import dev.rookery.protocol.gamend.Operation.Access;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API document, {@code openapi/gamend.yaml}: it defines the routes, the types and checks of
 * their fields, and the errors for refusals, and is served to clients. Read once and shared by the
 * event loops of all nodes in the process.
 *
 * <p>The OpenAPI router creates the routes from it. Requests are validated by {@link Input} instead
 * of the router, whose validation runs on a worker thread, does not support URL-encoded bodies, and
 * takes about 90 µs a request instead of one or two.
 */
final class ApiDocument {
  private static final String RESOURCE = "/openapi/gamend.yaml";
  private static final String JSON = "application/json";
  private static final String PERMISSION = "x-permission";

  /** In place of a permission: what every admin may do to what is their own. */
  private static final String ANY = "any";

  private static final ErrorShape INVALID = new ErrorShape(422, null, null, null, "error");
  private static final ErrorShape MISSING = ErrorShape.bare(400);

  private final JsonObject json;
  private final List<Operation> operations;

  private ApiDocument(JsonObject document) {
    this.json = document;
    markStepUp(document);
    this.operations = operations(document);
  }

  /** Says where a permission needs a second factor, and how to give it; {@link StepUp}. */
  private static void markStepUp(JsonObject document) {
    for (var path : document.getJsonObject("paths")) {
      for (var method : (JsonObject) path.getValue()) {
        var definition = (JsonObject) method.getValue();
        Permission permission = permission(definition);
        if (permission != null && permission.needsStepUp()) {
          definition.put("x-step-up", true);
          JsonArray parameters = definition.getJsonArray("parameters", new JsonArray());
          definition.put("parameters", parameters.add(StepUp.parameter()));
        }
      }
    }
  }

  static ApiDocument shared() {
    return Shared.DOCUMENT;
  }

  private static ApiDocument load() {
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

  /** Paths without parameters come first, so that {@code /lobbies/leave} is not taken for an id. */
  List<Operation> operations() {
    return operations;
  }

  /** Returns the document as served to clients, with the version and the URL of this server. */
  JsonObject forClients(String publicUrl, String version) {
    JsonObject document = json.copy();
    document.getJsonObject("info").put("version", version);
    return document.put("servers", JsonArray.of(JsonObject.of("url", publicUrl)));
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
        permission(definition),
        fields(definition),
        invalid == null ? INVALID : invalid,
        missing == null ? MISSING : missing,
        refusals(definition),
        answersJson(definition));
  }

  private static boolean answersJson(JsonObject definition) {
    JsonObject ok = definition.getJsonObject("responses").getJsonObject("200", new JsonObject());
    JsonObject content = ok.getJsonObject("content");
    return content == null || content.containsKey(JSON);
  }

  private static Access access(JsonObject definition) {
    JsonArray security = definition.getJsonArray("security", new JsonArray());
    if (security.isEmpty()) {
      return Access.PUBLIC;
    }
    if ("anonymous".equals(definition.getString("x-bad-token"))) {
      return Access.OPTIONAL_LENIENT;
    }
    if (definition.containsKey(PERMISSION)) {
      return Access.ADMIN;
    }
    return security.contains(new JsonObject()) ? Access.OPTIONAL : Access.REQUIRED;
  }

  private static @Nullable Permission permission(JsonObject definition) {
    String text = definition.getString(PERMISSION);
    return text == null || text.equals(ANY)
        ? null
        : Permission.of(text)
            .orElseThrow(() -> new IllegalStateException("there is no permission " + text));
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
      JsonObject content = body.getJsonObject("content").getJsonObject(JSON);
      // Other content has no fields, and the route reads it as bytes.
      JsonObject schema =
          content == null
              ? new JsonObject().put("properties", new JsonObject())
              : resolve(content.getJsonObject("schema"));
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
    JsonObject target = json;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      target = target.getJsonObject(step);
    }
    return target;
  }

  private static final class Shared {
    private static final ApiDocument DOCUMENT = load();
  }
}
