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
 * @param blankGiven whether a blank text is a value like any other
 * @param allowed the values it may have; empty for any
 * @param invalid the answer when this one is wrong; null to be told with the others
 * @param missing the answer when this one is missing; null for the operation's
 */
record Field(
    String name,
    FieldType kind,
    boolean inPath,
    boolean inQuery,
    boolean required,
    boolean nullable,
    boolean lenient,
    boolean blankGiven,
    List<Object> allowed,
    @Nullable ErrorShape invalid,
    @Nullable ErrorShape missing) {

  static Field parameter(JsonObject parameter) {
    return read(
        parameter.getString("name"),
        parameter,
        parameter.getJsonObject("schema"),
        parameter.getBoolean("required", false));
  }

  static Field property(String name, JsonObject schema, boolean required) {
    return read(name, schema, schema, required);
  }

  /**
   * @param said where the answers and the other extensions stand
   */
  private static Field read(String name, JsonObject said, JsonObject schema, boolean required) {
    ErrorShape invalid = ErrorShape.read(said.getJsonObject("x-invalid"));
    ErrorShape missing = ErrorShape.read(said.getJsonObject("x-missing"));
    return new Field(
        name,
        kind(schema),
        "path".equals(said.getString("in")),
        !"body".equals(said.getString("x-source")),
        required,
        schema.getBoolean("nullable", false),
        said.getBoolean("x-lenient", false),
        "given".equals(said.getString("x-blank")),
        schema.getJsonArray("enum", new JsonArray()).stream().toList(),
        invalid,
        missing == null ? invalid : missing);
  }

  private static FieldType kind(JsonObject schema) {
    String type = schema.getString("type");
    return switch (type) {
      case "string" ->
          "date-time".equals(schema.getString("format")) ? FieldType.TIME : FieldType.TEXT;
      case "integer" -> "int64".equals(schema.getString("format")) ? FieldType.LONG : FieldType.INT;
      case "boolean" -> FieldType.FLAG;
      case "object" -> FieldType.OBJECT;
      default -> throw new IllegalArgumentException("a field of type " + type);
    };
  }

  /** Whether the value stands for none at all. */
  boolean isNone(Object value) {
    return !blankGiven && value instanceof String text && text.isBlank();
  }

  /** The value as what the field holds; null if it is none. */
  @Nullable Object cast(Object value) {
    Object cast = lenient ? kind.guess(value) : kind.cast(value);
    return cast == null || allowed.isEmpty() || allowed.contains(cast) ? cast : null;
  }
}
