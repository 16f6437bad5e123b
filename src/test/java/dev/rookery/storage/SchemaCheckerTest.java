package dev.rookery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaCheckerTest {
  private static final String SCHEMA =
      """
      {"properties": {
         "gold": {"type": "integer", "minimum": 0},
         "title": {"additionalProperties": {"type": "string"}},
         "items": {"items": {"required": ["id"]}}},
       "required": ["gold"], "additionalProperties": false}
      """;

  @Test
  void namesThePathAndTheReasonAlone() {
    var checker = SchemaChecker.of(SCHEMA);
    assertThat(checker.problems(new JsonObject("{\"gold\": 1}"))).isEmpty();
    assertThat(checker.problems(new JsonObject()))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("\"gold\""));
    String wrong = "{\"gold\": 1.5, \"title\": {\"en\": 3}, \"items\": [{}], \"x\": 1}";
    assertThat(checker.problems(new JsonObject(wrong)))
        .extracting(SchemaProblem::path)
        .containsExactlyInAnyOrder("/gold", "/title/en", "/items/0", "/x");
  }

  @Test
  void namesSomeOfManyProblems() {
    var checker =
        SchemaChecker.of("{\"properties\": {\"a\": {\"items\": {\"type\": \"string\"}}}}");
    var numbers = new JsonArray(Collections.nCopies(30_000, 1));
    assertThat(checker.problems(JsonObject.of("a", numbers))).hasSizeBetween(1, 20);
  }

  @Test
  void refusesValuesAtWhichTheSchemaTurnsOutToBeUnusable() {
    var email = SchemaChecker.of("{\"properties\": {\"a\": {\"format\": \"email\"}}}");
    assertThat(email.problems(JsonObject.of("a", ""))).isNotEmpty();
    var wrong = SchemaChecker.of("{\"properties\": {\"a\": {\"required\": \"x\"}}}");
    assertThat(wrong.problems(JsonObject.of("a", new JsonObject()))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"enum\": [\"a\", null], \"default\": null}",
        "{\"properties\": {\"a\": {\"const\": null}}}",
        "{\"\": null}"
      })
  void acceptsNullInASchema(String schema) {
    assertThatCode(() -> SchemaChecker.mustBeUsable(schema)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oops",
        "[]",
        "{\"$ref\": \"#\"}",
        "{\"$ref\": \"https://other.example/schema\"}",
        "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/none\"}}}",
        "{\"required\": \"x\"}",
        "{\"properties\": {\"a\": {\"pattern\": \"(a+)+\"}}}",
        "{\"properties\": {\"a\": {\"uniqueItems\": true}}}",
        "{\"properties\": {\"a\": {\"format\": \"url\"}}}",
        "{\"patternProperties\": {\"a\": {}}}"
      })
  void refusesSchemasThatCannotBeUsed(String content) {
    assertThatThrownBy(() -> SchemaChecker.mustBeUsable(content)).isInstanceOf(Refused.class);
  }
}
