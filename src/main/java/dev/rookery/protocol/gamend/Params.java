package dev.rookery.protocol.gamend;

import dev.rookery.base.JsonText;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.RequestForm;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the raw parameters of a body and a query, before they are cast to the types of the fields.
 * {@code metadata[mode]=duel} in a form or a query is a field of a nested object.
 */
final class Params {
  private static final String KEY = Params.class.getName();
  private static final String TYPE_JSON = "application/json";
  private static final String TYPE_FORM = "application/x-www-form-urlencoded";
  private static final String TYPE_MULTIPART = "multipart/form-data";
  private static final String UNNAMED = "_json";
  private static final ErrorShape TOO_DEEP = ErrorShape.bare(400);

  private Params() {}

  /**
   * Parses the body that {@code RequestBodyHandler} has read. Responds 400 to malformed JSON, to a
   * form that cannot be decoded, and to one that is nested deeper than JSON may be.
   */
  static void readBody(RoutingContext context) {
    if (context.get(KEY) != null) {
      context.next();
      return;
    }
    Buffer text = context.body().buffer();
    String type = type(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (type.equals(TYPE_FORM) || type.equals(TYPE_MULTIPART)) {
      Map<String, Object> fields =
          RequestForm.isValid(context) ? nested(context.request().formAttributes()) : null;
      if (fields == null) {
        HttpErrors.respond(context, 400);
        return;
      }
      context.put(KEY, fields);
    } else if (text != null && text.length() > 0 && isJson(type)) {
      var parsed = Json.read(text.getBytes());
      if (parsed.isEmpty()) {
        HttpErrors.respond(context, 400);
        return;
      }
      context.put(KEY, fields(parsed.get().value()));
    }
    context.next();
  }

  /** Returns the fields of the body; empty without a body or for another content type. */
  static Map<String, Object> body(RoutingContext context) {
    Map<String, Object> body = context.get(KEY);
    return body == null ? Map.of() : body;
  }

  /**
   * Returns the fields of the query.
   *
   * @throws InvalidRequest 400 if they are nested deeper than JSON may be
   */
  static Map<String, Object> query(RoutingContext context) {
    String query = context.request().query();
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    // With a charset, it is not what the context has kept from before a reroute.
    Map<String, Object> fields = nested(context.queryParams(StandardCharsets.UTF_8));
    if (fields == null) {
      throw new InvalidRequest(TOO_DEEP, Map.of());
    }
    return fields;
  }

  private static boolean isJson(String type) {
    return type.equals(TYPE_JSON) || (type.startsWith("application/") && type.endsWith("+json"));
  }

  private static String type(@Nullable String header) {
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> fields(@Nullable Object read) {
    if (read instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    var single = new LinkedHashMap<String, Object>();
    single.put(UNNAMED, read);
    return single;
  }

  /** Returns the fields as a nested object; null if a name is nested too deeply. */
  private static @Nullable Map<String, Object> nested(MultiMap values) {
    var fields = new LinkedHashMap<String, Object>();
    for (var field : values) {
      if (!put(fields, field.getKey(), field.getValue())) {
        return null;
      }
    }
    return fields;
  }

  /**
   * Adds a field; the last value of a repeated name counts. Returns false if its name is nested too
   * deeply.
   */
  private static boolean put(Map<String, Object> fields, String name, String value) {
    int open = name.indexOf('[');
    if (open <= 0 || !name.endsWith("]")) {
      fields.put(name, value);
      return true;
    }
    String[] steps = name.substring(open + 1, name.length() - 1).split("]\\[", JsonText.DEPTH_MAX);
    if (steps.length == JsonText.DEPTH_MAX) {
      return false;
    }
    Map<String, Object> target = object(fields, name.substring(0, open));
    for (int i = 0; i < steps.length - 1; i++) {
      boolean list = i == steps.length - 2 && steps[i + 1].isEmpty();
      if (list) {
        list(target, steps[i]).add(value);
        return true;
      }
      target = object(target, steps[i]);
    }
    String last = steps[steps.length - 1];
    if (last.isEmpty()) {
      list(fields, name.substring(0, open)).add(value);
    } else {
      target.put(last, value);
    }
    return true;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> fields, String name) {
    if (!(fields.get(name) instanceof Map<?, ?>)) {
      fields.put(name, new LinkedHashMap<String, Object>());
    }
    return (Map<String, Object>) fields.get(name);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Map<String, Object> fields, String name) {
    if (!(fields.get(name) instanceof List<?>)) {
      fields.put(name, new ArrayList<>());
    }
    return (List<Object>) fields.get(name);
  }
}
