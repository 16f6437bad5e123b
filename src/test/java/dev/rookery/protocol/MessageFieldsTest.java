package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message of a socket with each of its fields missing and of every type gets a response, and
 * nothing is logged as a warning. Fixed messages, so that the random ones of other tests are not
 * what finds such faults.
 */
final class MessageFieldsTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#locations";

  /** JSON values for each field. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1.5",
          "1e400",
          "2147483648",
          "9223372036854775807",
          "-9223372036854775809",
          "\"\"",
          "\" \"",
          "\"a\\u0000b\"",
          "\"9223372036854775808\"",
          "\"" + "🎮".repeat(2_000) + "\"",
          "[]",
          "[null]",
          "{}",
          "{\"\":{\"a\":null}}");

  /** The JSON texts of a message: as it is, and with each field missing or changed. */
  private static List<String> variants(JsonObject message) {
    Map<String, String> plausible = new LinkedHashMap<>();
    message.forEach(field -> plausible.put(field.getKey(), Json.encode(field.getValue())));
    var all = new ArrayList<>(List.of(text(plausible)));
    for (String field : plausible.keySet()) {
      var changed = new LinkedHashMap<>(plausible);
      changed.remove(field);
      all.add(text(changed));
      for (String value : VALUES) {
        changed.put(field, value);
        all.add(text(changed));
      }
    }
    return all;
  }

  private static String text(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> Json.encode(field.getKey()) + ":" + field.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void repliesToEachEventOfAPhoenixChannel(Databases.TestDatabase database) throws Exception {
    try (var warnings = new LoggedErrors(Level.WARN);
        // Their descriptions have a test of their own, PeersTest.
        var node = TestNode.start(database, Map.of("WEBRTC_ENABLED", "false"))) {
      RestPlayer player = RestPlayer.signIn(TestNode.client(), node.uri(""), "device");
      String user = "user:" + player.id();
      var lobby = "lobby:" + player.post("/api/v1/lobbies", new JsonObject()).body().getLong("id");
      try (var client = PhoenixClient.connect(node.port(), player.token())) {
        for (String topic : List.of(user, lobby, "lobbies", "groups")) {
          repliesToJoins(client, topic);
        }
        repliesTo(
            client,
            user,
            "call_hook",
            JsonObject.of("plugin", "a", "fn", "b", "args", List.of(1, "x")));
        repliesTo(
            client, user, "find_match", JsonObject.of("mode", "duel", "region", "eu", "size", 2));
        repliesTo(client, user, "cancel_match", JsonObject.of("ticket_id", "x"));
        repliesTo(client, user, "webrtc:offer", JsonObject.of("type", "offer", "sdp", "v=0"));
        repliesTo(
            client,
            user,
            "webrtc:ice",
            JsonObject.of("candidate", "x", "sdpMid", "0", "sdpMLineIndex", 0));
        repliesTo(client, user, "webrtc:send", JsonObject.of("channel", "events", "data", "x"));
        repliesTo(client, user, "webrtc:close", JsonObject.of("x", "y"));
        repliesTo(client, lobby, "set_ready", JsonObject.of("ready", true));
        // The first one ends the lobby, and with it the topic.
        repliesTo(client, lobby, "start_match", JsonObject.of("x", "y"));
      }
      assertThat(warnings.messages()).isEmpty();
    }
  }

  private static void repliesToJoins(PhoenixClient client, String topic) {
    for (String payload : variants(JsonObject.of("resume", new JsonObject()))) {
      repliesTo(client, topic, "phx_join", payload);
    }
    for (String resume : variants(JsonObject.of("epoch", "x", "offset", 1))) {
      repliesTo(client, topic, "phx_join", "{\"resume\":" + resume + "}");
    }
  }

  private static void repliesTo(
      PhoenixClient client, String topic, String event, JsonObject payload) {
    assertThat(client.join(topic).isOk()).isTrue();
    for (String variant : variants(payload)) {
      repliesTo(client, topic, event, variant);
    }
    for (String other : VALUES) {
      repliesTo(client, topic, event, other);
    }
  }

  private static void repliesTo(PhoenixClient client, String topic, String event, String payload) {
    String ref = client.pushText(topic, event, payload);
    PhoenixClient.Frame reply =
        client.await(
            frame ->
                ref.equals(frame.ref())
                    || (frame.topic().equals(topic) && frame.event().equals("phx_error")));
    assertThat(reply.event()).as("%s %s %s", topic, event, payload).isEqualTo("phx_reply");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void repliesToEachActionInTheChannelOfAMatch(Databases.TestDatabase database) {
    try (var warnings = new LoggedErrors(Level.WARN);
        var node = TestNode.start(database);
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      RoomPlayer.start(node, host, node, guest);
      String topic = "match:" + host.room();
      try (var client = PhoenixClient.connect(node.port(), host.accessToken())) {
        repliesToJoins(client, topic);
        repliesTo(
            client,
            topic,
            "action",
            JsonObject.of(
                "event",
                "placeMark",
                "payload",
                JsonObject.of("row", 9, "col", 9),
                "base_revision",
                0,
                "client_action_id",
                "a"));
      }
      assertThat(warnings.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void keepsASocketOfGameFlow(Databases.TestDatabase database) {
    try (var warnings = new LoggedErrors(Level.WARN);
        var node = TestNode.start(database);
        var client = GameFlowClient.connect(node, "Ann")) {
      for (JsonObject message :
          List.of(
              JsonObject.of("type", "lobby:create", "isPrivate", true),
              JsonObject.of("type", "lobby:join", "code", "123456", "lobbyId", "1"),
              JsonObject.of("type", "lobby:ready", "ready", true),
              JsonObject.of("type", "lobby:fill-bots"),
              JsonObject.of("type", "lobby:start"),
              JsonObject.of("type", "lobby:leave"),
              JsonObject.of("type", "matchmaking:find", "mode", "duel", "region", "eu", "size", 2),
              JsonObject.of("type", "matchmaking:why"),
              JsonObject.of("type", "matchmaking:cancel"))) {
        for (String variant : variants(message)) {
          client.socket().sendText(variant);
          client.socket().sendText("{\"type\":\"ping\"}");
          String answer = client.socket().receiveText();
          while (!answer.equals("{\"type\":\"pong\"}")) {
            answer = client.socket().receiveText();
          }
        }
      }
      assertThat(warnings.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void keepsASocketInTheLobbyOfARoom(Databases.TestDatabase database) {
    try (var warnings = new LoggedErrors(Level.WARN);
        var node = TestNode.start(database);
        var host = RoomPlayer.signIn(node, "host")) {
      host.open(node);
      for (JsonObject message :
          List.of(
              JsonObject.of("type", "lobby:take_seat", "seatIndex", 0),
              JsonObject.of("type", "lobby:set_ready", "ready", true),
              JsonObject.of("type", "lobby:assign_bot", "seatIndex", 1, "botID", "easy"),
              JsonObject.of("type", "lobby:clear_seat", "seatIndex", 1),
              JsonObject.of("type", "lobby:set_target_capacity", "targetCapacity", 2),
              JsonObject.of("type", "host:set_config", "key", "speed", "value", 1),
              JsonObject.of("type", "lobby:start"),
              JsonObject.of("type", "lobby:leave_seat"))) {
        for (String variant : variants(message)) {
          host.socket().sendText(variant);
          // It is rejected under a name that nothing else has.
          host.socket().sendText("{\"type\":\"host:set_config\",\"key\":\"marker\"}");
          while (!"marker".equals(host.receive("lobby:rejected").getString("configKey"))) {
            assertThat(warnings.messages()).isEmpty();
          }
        }
      }
      assertThat(warnings.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void keepsASocketInAMatch(Databases.TestDatabase database) {
    try (var warnings = new LoggedErrors(Level.WARN);
        var node = TestNode.start(database);
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      RoomPlayer.start(node, host, node, guest);
      JsonObject ids = JsonObject.of("matchID", "a", "playerID", "b");
      for (JsonObject message :
          List.of(
              JsonObject.of("type", "resync", "sinceRevision", 0),
              JsonObject.of("type", "save-request", "clientRequestID", "a"),
              JsonObject.of(
                  "type",
                  "action",
                  "event",
                  "placeMark",
                  "payload",
                  JsonObject.of("row", 9, "col", 9),
                  "clientActionID",
                  "a",
                  "baseRevision",
                  0))) {
        for (String variant : variants(message.mergeIn(ids))) {
          host.socket().sendText(variant);
          host.socket().sendText("{\"type\":\"sync\",\"matchID\":\"a\",\"playerID\":\"b\"}");
          host.receiveSnapshot();
        }
      }
      assertThat(warnings.messages()).isEmpty();
    }
  }
}
