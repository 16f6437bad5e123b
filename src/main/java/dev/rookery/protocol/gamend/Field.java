package dev.rookery.protocol.gamend;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a request as the API document describes it, wherever it is sent.
 *
 * @param inPath found in the path and nowhere else
 * @param inQuery whether it may be sent in the query
 * @param nullable whether null is a value, and not the same as none
 * @param lenient what cannot be understood is as if it were not given
 * @param keepsBlank whether a blank text is a value like any other
 * @param allowed the values it may have; empty for any
 * @param invalid the answer when this one is wrong; null to be told with the others
 * @param missing the answer when this one is missing; null for the operation's
 */
record Field(
    String name,
    FieldType type,
    boolean inPath,
    boolean inQuery,
    boolean required,
    boolean nullable,
    boolean lenient,
    boolean keepsBlank,
    List<Object> allowed,
    @Nullable ErrorShape invalid,
    @Nullable ErrorShape missing) {

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
   * @param definition where the answers and the other extensions stand
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
        "given".equals(definition.getString("x-blank")),
        schema.getJsonArray("enum", new JsonArray()).stream().toList(),
        invalid,
        missing == null ? invalid : missing);
  }

  private static FieldType type(JsonObject schema) {
    String type = schema.getString("type");
    return switch (type) {
      case "string" ->
          "date-time".equals(schema.getString("format")) ? FieldType.TIMESTAMP : FieldType.TEXT;
      case "integer" -> "int64".equals(schema.getString("format")) ? FieldType.LONG : FieldType.INT;
      case "boolean" -> FieldType.BOOLEAN;
      case "object" -> FieldType.OBJECT;
      default -> throw new IllegalArgumentException("a field of type " + type);
    };
  }

  /** Whether the value stands for none at all. */
  boolean isAbsent(Object value) {
    return !keepsBlank && value instanceof String text && text.isBlank();
  }

  /** The value as what the field holds; null if it is none. */
  @Nullable Object cast(Object value) {
    Object cast = lenient ? type.castLenient(value) : type.cast(value);
    return cast == null || allowed.isEmpty() || allowed.contains(cast) ? cast : null;
  }
}
