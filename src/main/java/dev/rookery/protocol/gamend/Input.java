package dev.rookery.protocol.gamend;

import dev.rookery.base.FieldErrors;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The validated fields of a request, cast to the types that the API document defines. */
final class Input {
  private static final Input NONE = new Input(Map.of());

  private final Map<String, Object> values;

  private Input(Map<String, Object> values) {
    this.values = values;
  }

  /** Validates the fields of a request whose body has been read. */
  static Input of(RoutingContext context, Operation operation) {
    return operation.fields().isEmpty()
        ? NONE
        : of(operation, context::pathParam, Params.body(context), Params.query(context));
  }

  /**
   * Validates the fields; the path wins over the body, the body over the query. Throws {@link
   * InvalidRequest} at the first invalid field that has an error of its own, otherwise with the
   * messages of all invalid fields.
   */
  static Input of(
      Operation operation,
      UnaryOperator<@Nullable String> path,
      Map<String, Object> body,
      Map<String, Object> query) {
    var values = new HashMap<String, Object>();
    var errors = new FieldErrors();
    for (Field field : operation.fields()) {
      String name = field.name();
      boolean inBody = body.containsKey(name);
      Object raw =
          field.fromPath()
              ? path.apply(name)
              : inBody ? body.get(name) : field.allowedInQuery() ? query.get(name) : null;
      if (raw == null || field.isAbsent(raw)) {
        boolean given = inBody || (field.allowedInQuery() && query.containsKey(name));
        if (field.required() && !(field.nullable() && given)) {
          missing(operation, field, values, errors);
        }
        continue;
      }
      Object cast = field.cast(raw);
      if (cast != null) {
        values.put(name, cast);
      } else if (!field.lenient()) {
        invalid(field, values, errors);
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidRequest(operation.invalid(), errors.asMap());
    }
    return new Input(values);
  }

  private static void missing(
      Operation operation, Field field, Map<String, Object> values, FieldErrors errors) {
    ErrorShape own = field.missingError(values);
    ErrorShape shape = own == null ? operation.missing() : own;
    if (shape.fieldsKey() == null) {
      throw new InvalidRequest(shape, Map.of());
    }
    errors.add(field.name(), "can't be blank");
  }

  private static void invalid(Field field, Map<String, Object> values, FieldErrors errors) {
    ErrorShape own = field.invalidError(values);
    if (own != null) {
      throw new InvalidRequest(own, Map.of());
    }
    errors.add(field.name(), "is invalid");
  }

  /** All values by name. */
  Map<String, Object> all() {
    return values;
  }

  @Nullable String text(String name) {
    return (String) values.get(name);
  }

  /** Returns the value of a field that is required or may be blank. */
  String textOrEmpty(String name) {
    String text = text(name);
    return text == null ? "" : text;
  }

  @Nullable Integer integer(String name) {
    return (Integer) values.get(name);
  }

  @Nullable Long number(String name) {
    return (Long) values.get(name);
  }

  /** Returns the value of a required field. */
  long id(String name) {
    Long id = number(name);
    if (id == null) {
      throw new IllegalStateException("the API document does not require the field " + name);
    }
    return id;
  }

  @Nullable Boolean flag(String name) {
    return (Boolean) values.get(name);
  }

  /** Returns a value of any type: plain maps and lists; null also if the client sent null. */
  @Nullable Object any(String name) {
    return values.get(name);
  }

  /** Returns the values of a required array. */
  List<?> list(String name) {
    return (List<?>) Objects.requireNonNull(values.get(name));
  }

  @SuppressWarnings("unchecked")
  @Nullable Map<String, Object> object(String name) {
    return (Map<String, Object>) values.get(name);
  }
}
