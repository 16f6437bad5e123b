package dev.rookery.protocol.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.base.FieldErrors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form for a JSON object that has a schema: one for each property of the schema.
 * What the object has besides stays as it is, and so do numbers of any size and the order of keys.
 */
final class SchemaForm {
  private static final int FIELDS_MAX = 100;
  private static final int WORDS_MAX = 200;
  private static final String PREFIX = "p.";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final JsonNode schema;
  private final JsonNode properties;

  SchemaForm(String content) {
    this.schema = parse(content);
    this.properties = schema.path("properties");
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  /** JSON with a line for each member, and the same numbers; other text as it is. */
  static String pretty(String text) {
    try {
      return JSON.readTree(text).toPrettyString();
    } catch (JsonProcessingException noJson) {
      return text;
    }
  }

  /** Whether it has fields: the schema names the properties of an object. */
  boolean hasFields() {
    return properties.isObject() && !properties.isEmpty() && properties.size() <= FIELDS_MAX;
  }

  private boolean isRequired(String name) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The fields with the values of an object. */
  List<FormView.Field> fields(String value) {
    JsonNode object = parse(value);
    var fields = new ArrayList<FormView.Field>();
    properties
        .properties()
        .forEach(
            property ->
                fields.add(
                    field(property.getKey(), property.getValue(), object.get(property.getKey()))));
    return fields;
  }

  private FormView.Field field(String name, JsonNode property, @Nullable JsonNode value) {
    String label = property.path("title").asText(name);
    String field = PREFIX + name;
    String hint = property.path("description").asText("");
    FormView.Field view =
        switch (kind(property)) {
          case BOOLEAN -> FormView.Field.checkbox(field, label, value != null && value.asBoolean());
          case CHOICE ->
              FormView.Field.select(field, label, plain(value), options(property, value));
          case TEXT, NUMBER ->
              FormView.Field.of(
                  field,
                  label,
                  plain(value).lines().count() > 1 ? "textarea" : "text",
                  plain(value));
          case OTHER ->
              FormView.Field.of(field, label, "json", value == null ? "" : value.toPrettyString());
        };
    return isRequired(name) && kind(property) != Kind.BOOLEAN
        ? view.hinted(hint).needed()
        : view.hinted(hint);
  }

  private enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    CHOICE,
    OTHER
  }

  private static Kind kind(JsonNode property) {
    boolean words = property.path("enum").isArray();
    for (JsonNode word : property.path("enum")) {
      words &= word.isTextual();
    }
    return switch (property.path("type").asText("")) {
      case "boolean" -> Kind.BOOLEAN;
      case "integer", "number" -> Kind.NUMBER;
      case "string" -> words ? Kind.CHOICE : Kind.TEXT;
      default -> words ? Kind.CHOICE : Kind.OTHER;
    };
  }

  private static String plain(@Nullable JsonNode value) {
    return value == null ? "" : value.isTextual() ? value.asText() : value.toString();
  }

  private static List<String> options(JsonNode property, @Nullable JsonNode value) {
    Set<String> options = new LinkedHashSet<>();
    options.add("");
    property.path("enum").forEach(word -> options.add(word.asText()));
    options.add(plain(value));
    return List.copyOf(options);
  }

  /**
   * Puts what was typed into an object. A field that is left empty removes the property. Invalid,
   * by the names of the fields, if something typed is no value of its type.
   */
  String merge(String value, EditForm typed) {
    var object = (ObjectNode) parse(value);
    var errors = new FieldErrors();
    properties
        .properties()
        .forEach(
            property -> {
              String name = property.getKey();
              String text = typed.changed(PREFIX + name);
              if (text == null) {
                return;
              }
              JsonNode before = object.get(name);
              Kind kind = kind(property.getValue());
              if (text.isBlank()
                  || (kind == Kind.BOOLEAN && before == null && !text.equals("true"))) {
                object.remove(name);
              } else if (!text.equals(plain(before)) || kind == Kind.OTHER) {
                put(object, name, text, kind, errors);
              }
            });
    errors.refuse();
    return object.toString();
  }

  private static void put(
      ObjectNode object, String name, String text, Kind kind, FieldErrors errors) {
    if (kind == Kind.TEXT || kind == Kind.CHOICE) {
      object.set(name, TextNode.valueOf(text));
      return;
    }
    try {
      JsonNode parsed = JSON.readTree(text);
      if (kind == Kind.NUMBER && !parsed.isNumber()) {
        errors.add(PREFIX + name, "is not a number");
      } else {
        object.set(name, parsed);
      }
    } catch (JsonProcessingException broken) {
      errors.add(
          PREFIX + name,
          kind == Kind.NUMBER ? "is not a number" : "is not JSON: " + broken.getOriginalMessage());
    }
  }

  /** The names of properties and the words of enumerations, for completion. */
  List<String> words() {
    Set<String> words = new LinkedHashSet<>();
    collect(schema, words);
    return words.stream().limit(WORDS_MAX).toList();
  }

  private static void collect(JsonNode node, Set<String> words) {
    node.path("properties").fieldNames().forEachRemaining(words::add);
    node.path("enum")
        .forEach(
            word -> {
              if (word.isTextual()) {
                words.add(word.asText());
              }
            });
    node.forEach(member -> collect(member, words));
  }
}
