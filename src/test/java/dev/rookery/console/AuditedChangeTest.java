package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the audit log keeps of the input of a change. */
final class AuditedChangeTest {
  @Test
  void masksPersonalValuesAndSecretsAtTheTop() {
    assertThat(recorded("email", "ann@example.com")).isEqualTo("***");
    assertThat(recorded("apiToken", 17)).isEqualTo("***");
    assertThat(recorded("reason", "spam")).isEqualTo("spam");
    assertThat(recorded("seats", 4)).isEqualTo(4);
  }

  @Test
  void masksThemAtAnyDepth() {
    var value =
        JsonObject.of(
            "kind",
            "vip",
            "contact",
            JsonObject.of("Email", "ann@example.com", "since", 2020),
            "devices",
            JsonArray.of(JsonObject.of("device_id", "abc", "os", "Linux")));
    String masked =
        "{\"kind\":\"vip\",\"contact\":{\"Email\":\"***\",\"since\":2020},"
            + "\"devices\":[{\"device_id\":\"***\",\"os\":\"Linux\"}]}";

    assertThat(recorded("metadata", value)).isEqualTo(masked);
    assertThat(recorded("metadata", value.getMap())).isEqualTo(masked);
    assertThat(recorded("metadata", value.encodePrettily())).isEqualTo(masked);
    assertThat(recorded("entries", List.of(Map.of("password", "x"), 1)))
        .isEqualTo("[{\"password\":\"***\"},1]");
    assertThat(recorded("metadata", JsonObject.of("inner", "{\"secret\":1}")))
        .isEqualTo("{\"inner\":\"{\\\"secret\\\":\\\"***\\\"}\"}");
  }

  @Test
  void keepsTextThatOnlyLooksLikeJson() {
    assertThat(recorded("reason", "[spam] again")).isEqualTo("[spam] again");
    assertThat(recorded("reason", "{")).isEqualTo("{");
  }

  private static Object recorded(String name, Object value) {
    var change = new AuditedChange(Actor.system(), "test", "things/1", Map.of(name, value));
    return new JsonObject(change.details()).getValue(name);
  }
}
