package dev.rookery.protocol.gamend;

import dev.rookery.edge.HttpErrors;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
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
  private static final int NESTED_MAX = 8;

  private Params() {}

  /** Parses the body that {@code RequestBodyHandler} has read; responds 400 to malformed JSON. */
  static void readBody(RoutingContext context) {
    Buffer text = context.body().buffer();
    String type = type(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (type.equals(TYPE_FORM) || type.equals(TYPE_MULTIPART)) {
      context.put(KEY, nested(context.request().formAttributes()));
    } else if (text != null && text.length() > 0 && isJson(type)) {
      try {
        context.put(KEY, fields(Json.read(text)));
      } catch (IOException _) {
        HttpErrors.respond(context, 400);
        return;
      }
    }
    context.next();
  }

  /** Returns the fields of the body; empty without a body or for another content type. */
  static Map<String, Object> body(RoutingContext context) {
    Map<String, Object> body = context.get(KEY);
    return body == null ? Map.of() : body;
  }

  static Map<String, Object> query(RoutingContext context) {
    String query = context.request().query();
    return query == null || query.isEmpty() ? Map.of() : nested(context.queryParams());
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

  private static Map<String, Object> nested(MultiMap values) {
    var fields = new LinkedHashMap<String, Object>();
    values.forEach((name, value) -> put(fields, name, value));
    return fields;
  }

  /** Adds a field; the last value of a repeated name counts. */
  private static void put(Map<String, Object> fields, String name, String value) {
    int open = name.indexOf('[');
    if (open <= 0 || !name.endsWith("]")) {
      fields.put(name, value);
      return;
    }
    String[] steps = name.substring(open + 1, name.length() - 1).split("]\\[", NESTED_MAX);
    Map<String, Object> target = object(fields, name.substring(0, open));
    for (int i = 0; i < steps.length - 1; i++) {
      boolean list = i == steps.length - 2 && steps[i + 1].isEmpty();
      if (list) {
        list(target, steps[i]).add(value);
        return;
      }
      target = object(target, steps[i]);
    }
    String last = steps[steps.length - 1];
    if (last.isEmpty()) {
      list(fields, name.substring(0, open)).add(value);
    } else {
      target.put(last, value);
    }
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
