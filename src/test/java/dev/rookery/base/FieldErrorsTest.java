package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class FieldErrorsTest {
  @Test
  void reportsAllErrorsAtOnce() {
    var errors = new FieldErrors().text("title", "", 1, 80).number("seats", 0, 1, 128);

    assertThat(errors.asMap())
        .containsExactly(
            Map.entry("title", List.of("should be at least 1 character(s)")),
            Map.entry("seats", List.of("must be greater than 0")));
    assertThatThrownBy(errors::refuse).isInstanceOf(Refused.class);
  }

  @Test
  void measuresTextInCodePoints() {
    assertThat(new FieldErrors().text("title", "🎲🎲", 1, 2).isEmpty()).isTrue();
    assertThat(new FieldErrors().text("title", "🎲🎲🎲", 1, 2).isEmpty()).isFalse();
  }

  @Test
  void rejectsZeroCharacterInTextAndObjects() {
    assertThat(new FieldErrors().text("title", "a\0b", 1, 80).asMap())
        .containsEntry("title", List.of("is invalid"));
    assertThat(new FieldErrors().object("data", Map.of("a", List.of("\0")), 99).asMap())
        .containsEntry("data", List.of("is invalid"));
    assertThat(new FieldErrors().object("data", Map.of("\0", 1), 99).asMap())
        .containsEntry("data", List.of("is invalid"));
  }

  @Test
  void rejectsObjectThatIsTooDeep() {
    Object nested = 1;
    for (int depth = 0; depth < JsonText.DEPTH_MAX; depth++) {
      nested = new ArrayList<>(List.of(nested));
    }

    assertThat(new FieldErrors().object("data", Map.of("a", nested), 9_999).asMap())
        .containsEntry("data", List.of("is invalid"));
  }

  @Test
  void rejectsObjectThatIsTooLarge() {
    assertThat(new FieldErrors().object("data", Map.of("a", "12345"), 12).asMap())
        .containsEntry("data", List.of("is too large (max 12 bytes)"));
    assertThat(new FieldErrors().object("data", Map.of("a", "12345"), 13).isEmpty()).isTrue();
  }

  @Property(tries = 300)
  void measuresObjectAsItsJson(@ForAll("objects") Map<String, Object> object) {
    byte[] json = new JsonObject(object).encode().getBytes(StandardCharsets.UTF_8);

    assertThat(JsonShape.of(object).bytes()).isEqualTo(json.length);
  }

  @Provide
  Arbitrary<Map<String, Object>> objects() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(8),
            Arbitraries.of("\n\t\"\\", "\u0001\u001f", "éß", "漢字", "🎲", "</b>", ""));
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
            texts.map(text -> text),
            Arbitraries.longs().map(number -> number),
            Arbitraries.doubles().map(number -> number),
            Arbitraries.of(true, false).map(flag -> flag));
    Arbitrary<Object> lists = leaves.list().ofMaxSize(3).map(list -> list);
    return Arbitraries.maps(texts, Arbitraries.oneOf(leaves, lists))
        .ofMaxSize(4)
        .map(
            inner ->
                new TreeMap<>(Map.of("inner", inner, "outer", new ArrayList<>(inner.values()))));
  }
}
