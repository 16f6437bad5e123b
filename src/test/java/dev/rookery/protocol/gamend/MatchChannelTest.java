package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A match of a player with an openturn socket and one with a Phoenix channel. */
final class MatchChannelTest {
  private static JsonObject mark(int row, int col) {
    return JsonObject.of("event", "placeMark", "payload", JsonObject.of("row", row, "col", col));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void playersOfTwoWiresPlayTheSameMatch(Databases.TestDatabase database) {
    try (var node = TestNode.start(database);
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest");
        var stranger = RoomPlayer.signIn(node, "stranger")) {
      RoomPlayer.start(node, host, node, guest);
      String topic = "match:" + host.room();
      try (var phoenix = PhoenixClient.connect(node.port(), guest.accessToken())) {
        JsonObject first = phoenix.joinAndAwait(topic, "updated");
        assertThat(first.getString("player_id")).isEqualTo("1");
        assertThat(first.getJsonObject("view").getString("myMark")).isEqualTo("O");

        JsonObject early = phoenix.call(topic, "action", mark(1, 1)).response();
        assertThat(early.encode()).isEqualTo("{\"error\":\"inactive_player\",\"revision\":0}");
        host.place(0, 0, "client_1").receive("batch_applied");
        JsonObject advanced = phoenix.await(topic, "advanced");
        assertThat(advanced.containsKey("client_action_id")).isFalse();
        assertThat(advanced.getJsonArray("steps").getJsonObject(0).getInteger("revision"))
            .isEqualTo(1);
        JsonObject occupied = phoenix.call(topic, "action", mark(0, 0)).response();
        assertThat(occupied.getString("reason")).isEqualTo("occupied");
        JsonObject stale =
            phoenix.call(topic, "action", mark(1, 1).put("base_revision", 0)).response();
        assertThat(stale.getString("error")).isEqualTo("stale_revision");
        assertThat(phoenix.call(topic, "action", new JsonObject()).response().getString("error"))
            .isEqualTo("invalid_action");
        assertThat(
                phoenix
                    .call(topic, "action", mark(1, 1).put("client_action_id", "a"))
                    .response()
                    .getInteger("revision"))
            .isEqualTo(2);
        assertThat(phoenix.await(topic, "advanced").getString("client_action_id")).isEqualTo("a");
        assertThat(host.receive("batch_applied").getInteger("revision")).isEqualTo(2);
      }
      resumes(node, topic, host, guest);
      try (var other = PhoenixClient.connect(node.port(), stranger.accessToken())) {
        assertThat(other.join(topic).response().getString("reason"))
            .isEqualTo("player_not_assigned");
        assertThat(other.join("match:room_none").response().getString("reason"))
            .isEqualTo("unknown_room");
      }
      endsWithTheMatch(node, topic, host, guest);
    }
  }

  private static void endsWithTheMatch(
      TestNode node, String topic, RoomPlayer host, RoomPlayer guest) {
    String room = "/api/dev/rooms/" + host.room();
    String[] authorization = {"authorization", "Bearer " + host.accessToken()};
    try (var phoenix = PhoenixClient.connect(node.port(), guest.accessToken())) {
      phoenix.joinAndAwait(topic, "updated");
      assertThat(node.post(room + "/reset", "{}", authorization).statusCode()).isEqualTo(200);
      assertThat(phoenix.await(topic, "restarted").getInteger("revision")).isZero();
      assertThat(node.post(room + "/return-to-lobby", "{}", authorization).statusCode())
          .isEqualTo(200);
      assertThat(phoenix.await(topic, "returned_to_lobby").getString("room_id"))
          .isEqualTo(host.room());
      phoenix.await(topic, "phx_close");
      assertThat(phoenix.join(topic).response().getString("reason")).isEqualTo("room_not_started");
    }
  }

  private static void resumes(TestNode node, String topic, RoomPlayer host, RoomPlayer guest) {
    JsonObject position;
    try (var phoenix = PhoenixClient.connect(node.port(), guest.accessToken())) {
      JsonObject joined = phoenix.join(topic, JsonObject.of("resume", new JsonObject())).response();
      position =
          JsonObject.of("epoch", joined.getValue("epoch"), "offset", joined.getValue("offset"));
    }
    host.place(0, 1, "client_2").receive("batch_applied");
    try (var phoenix = PhoenixClient.connect(node.port(), guest.accessToken())) {
      JsonObject joined = phoenix.join(topic, JsonObject.of("resume", position)).response();
      assertThat(joined.getBoolean("recovered")).isTrue();
      assertThat(phoenix.await(topic, "advanced").getInteger("revision")).isEqualTo(3);
    }
  }
}
