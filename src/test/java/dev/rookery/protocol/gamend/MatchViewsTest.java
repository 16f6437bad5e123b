package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Position;
import dev.rookery.game.GameSession.Step;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MatchViewsTest {
  private final MatchViews views =
      new MatchViews(
          "match:room",
          new MatchEvent.Advanced(
              "room",
              7,
              "action",
              "0",
              "mine",
              List.of(new Step("{\"e\":1}", "action", "{}", after("red")))),
          ShownPayloads.ALL,
          new Position(3, 12));

  private static Snapshot after(String hand) {
    String seesAll = "{\"hand\":\"" + hand + "\"}";
    return new Snapshot(
        "{}", "[]", "null", "{\"hand\":null}", Map.of("0", seesAll, "1", "{\"hand\":\"red\"}"));
  }

  private static JsonObject payload(Push push) {
    var message = new JsonObject(new String(push.message(), StandardCharsets.UTF_8));
    assertThat(message.getString("topic")).isEqualTo("match:room");
    return message.getJsonObject("payload");
  }

  @Test
  void encodesAViewOnceForAllWhoSeeTheSame() {
    assertThat(views.view("1")).isSameAs(views.view("0"));
    assertThat(views.view("3")).isSameAs(views.view("2")).isNotSameAs(views.view("0"));
    assertThat(payload(views.view("0")).encode())
        .isEqualTo(
            "{\"_position\":{\"epoch\":\"3\",\"offset\":12},\"revision\":7,\"position\":[],"
                + "\"derived\":{},\"result\":null,\"view\":{\"hand\":\"red\"}}");
    assertThat(payload(views.view("2")).getJsonObject("view").getValue("hand")).isNull();
  }

  @Test
  void encodesTheStepsOnceForThePlayerWhoActedAndOnceForTheOthers() {
    assertThat(views.steps("1")).isSameAs(views.steps("2")).isNotSameAs(views.steps("0"));
    assertThat(payload(views.steps("1").getFirst().withoutPosition()).encode())
        .isEqualTo(
            "{\"action_id\":\"action\",\"player_id\":\"0\",\"revision\":7,"
                + "\"steps\":[{\"kind\":\"action\",\"event\":{\"e\":1},\"revision\":7}]}");
    assertThat(payload(views.steps("0").getFirst().withPosition()).getString("client_action_id"))
        .isEqualTo("mine");
  }
}
