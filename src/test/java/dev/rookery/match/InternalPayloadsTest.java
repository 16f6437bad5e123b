package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.GameSession.Step;
import dev.rookery.game.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InternalPayloadsTest {
  private static final Snapshot AFTER = new Snapshot("{}", "{}", "null", "{}", Map.of());

  @Test
  void hidesWhatAGamePassesToItself() {
    var action =
        new Step(
            "{\"event\":\"play\",\"payload\":{\"card\":\"8H\"}}",
            "action",
            "{\"enqueued\":[{\"kind\":\"deal\",\"payload\":{\"deck\":[\"2C\"]}}],\"to\":\"play\"}",
            AFTER);
    var internal =
        new Step(
            "{\"event\":\"deal\",\"payload\":{\"deck\":[\"2C\"]}}",
            "internal",
            "{\"enqueued\":[],\"to\":\"play\"}",
            AFTER);

    List<Step> shown = InternalPayloads.hide(List.of(action, internal));

    assertThat(shown.getFirst().record()).isEqualTo(action.record());
    assertThat(shown.getFirst().transition())
        .isEqualTo("{\"enqueued\":[{\"kind\":\"deal\",\"payload\":null}],\"to\":\"play\"}");
    assertThat(shown.getLast().record()).isEqualTo("{\"event\":\"deal\",\"payload\":null}");
    assertThat(shown.getLast().transition()).isEqualTo(internal.transition());
  }
}
