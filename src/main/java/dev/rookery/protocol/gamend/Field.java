package dev.rookery.protocol.gamend;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A field of a request as the API document defines it, whether sent in the path, query or body.
 *
 * @param fromPath whether it is a path parameter, which is read from the path alone
 * @param allowedInQuery whether it may be sent in the query
 * @param nullable whether null is a value and not the same as a missing field
 * @param lenient whether an invalid value is ignored
 * @param exact whether a number beyond the range of the type is invalid
 * @param keepsBlank whether a blank text is a value and not the same as a missing field
 * @param allowed the values it may have; empty for any
 * @param invalid the error if this field is invalid; null to report it with the other fields
 * @param missing the error if this field is missing; null for the error of the operation
 * @param errorsBy the errors if this field is invalid or missing, by another field; null if they do
 *     not depend on one
 */
record Field(
    String name,
    FieldType type,
    boolean fromPath,
    boolean allowedInQuery,
    boolean required,
    boolean nullable,
    boolean lenient,
    boolean exact,
    boolean keepsBlank,
    List<Object> allowed,
    @Nullable ErrorShape invalid,
    @Nullable ErrorShape missing,
    @Nullable ErrorsBy errorsBy) {

  /**
   * Errors by the value of another field, which the document defines before this one.
   *
   * @param errors by the value; one for each that the other field may have
   */
  record ErrorsBy(String field, Map<String, ErrorShape> errors) {
    static @Nullable ErrorsBy parse(@Nullable JsonObject definition) {
      if (definition == null) {
        return null;
      }
      var errors = new HashMap<String, ErrorShape>();
      JsonObject values = definition.getJsonObject("values");
      for (String value : values.fieldNames()) {
        errors.put(value, Objects.requireNonNull(ErrorShape.parse(values.getJsonObject(value))));
      }
      return new ErrorsBy(definition.getString("field"), errors);
    }

    @Nullable ErrorShape error(Map<String, Object> values) {
      Object value = values.get(field);
      return value == null ? null : errors.get(value.toString());
    }
  }

  static Field ofParameter(JsonObject parameter) {
    return parse(
        parameter.getString("name"),
        parameter,
        parameter.getJsonObject("schema"),
        parameter.getBoolean("required", false));
  }

  static Field ofProperty(String name, JsonObject schema, boolean required) {
    return parse(name, schema, schema, required);
  }

  /**
   * @param definition the object that holds the {@code x-} extensions
   */
  private static Field parse(
      String name, JsonObject definition, JsonObject schema, boolean required) {
    ErrorShape invalid = ErrorShape.parse(definition.getJsonObject("x-invalid"));
    ErrorShape missing = ErrorShape.parse(definition.getJsonObject("x-missing"));
    return new Field(
        name,
        type(schema),
        "path".equals(definition.getString("in")),
        !"body".equals(definition.getString("x-source")),
        required,
        schema.getBoolean("nullable", false),
        definition.getBoolean("x-lenient", false),
        definition.getBoolean("x-exact", false),
        "given".equals(definition.getString("x-blank")),
        schema.getJsonArray("enum", new JsonArray()).stream().toList(),
        invalid,
        missing == null ? invalid : missing,
        ErrorsBy.parse(definition.getJsonObject("x-invalid-by")));
  }

  /**
   * Returns the error if this field is invalid; null to report it with the other fields.
   *
   * @param values of the fields before this one
   */
  @Nullable ErrorShape invalidError(Map<String, Object> values) {
    return errorsBy == null ? invalid : errorsBy.error(values);
  }

  /** As {@link #invalidError}, if this field is missing; null for the error of the operation. */
  @Nullable ErrorShape missingError(Map<String, Object> values) {
    return errorsBy == null ? missing : errorsBy.error(values);
  }

  private static FieldType type(JsonObject schema) {
    String type = schema.getString("type");
    return switch (type) {
      case null -> FieldType.ANY;
      case "string" ->
          "date-time".equals(schema.getString("format")) ? FieldType.TIMESTAMP : FieldType.TEXT;
      case "integer" -> "int64".equals(schema.getString("format")) ? FieldType.LONG : FieldType.INT;
      case "boolean" -> FieldType.BOOLEAN;
      case "array" -> FieldType.LIST;
      case "object" -> FieldType.OBJECT;
      default -> throw new IllegalArgumentException("unsupported field type " + type);
    };
  }

  /** Whether the value counts as a missing field. */
  boolean isAbsent(Object value) {
    return !keepsBlank && value instanceof String text && text.isBlank();
  }

  /** Returns the value in the type of the field, or null if it is invalid. */
  @Nullable Object cast(Object value) {
    Object cast = lenient ? type.castLenient(value) : type.cast(value);
    if (exact && cast instanceof Number number && !FieldType.isExact(value, number.longValue())) {
      return null;
    }
    return cast == null || allowed.isEmpty() || allowed.contains(cast) ? cast : null;
  }
}
