package dev.rookery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import io.vertx.core.json.JsonObject;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oops",
        "[]",
        "{\"$ref\": \"#\"}",
        "{\"$ref\": \"https://other.example/schema\"}",
        "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/none\"}}}",
        "{\"properties\": {\"a\": {\"pattern\": \"(\"}}}",
        "{\"patternProperties\": {\"[\": {}}}"
      })
  void refusesSchemasThatCannotBeUsed(String content) {
    assertThatThrownBy(() -> SchemaChecker.mustBeUsable(content)).isInstanceOf(Refused.class);
  }
}
