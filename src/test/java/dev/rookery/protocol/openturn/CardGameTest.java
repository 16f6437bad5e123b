package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.node.NodeDependencies;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Crazy eights over sockets: two players and two bots, with a clock that the test moves. */
final class CardGameTest {
  private static final Duration TURN = Duration.ofSeconds(30);

  private static final Map<String, String> LIMITS =
      Map.of("ROOKERY_RATE_LIMIT_ENABLED", "true", "ROOKERY_RATE_LIMIT_GAME_FILES_LIMIT", "2");

  private final ManualClock clock = new ManualClock();

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void playersAndBotsPlayToTheEndAndNobodySeesTheHandOfAnother(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, LIMITS, NodeDependencies.production().with(clock));
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      limitsStaticFiles(node);
      start(node, host, guest);
      JsonObject seen = timesOut(host, guest);
      boolean late = false;
      while (seen.getValue("result") == null) {
        String active = active(seen);
        if (active.equals("0") && late) {
          clock.advance(TURN);
        } else if (active.equals("0")) {
          draw(host);
        } else if (active.equals("3")) {
          draw(guest);
        }
        late = active.equals("0") != late;
        seen = receive(host, guest);
      }
      refusesAfterTheEnd(host);
    }
  }

  private static void limitsStaticFiles(TestNode node) {
    assertThat(node.get("/__openturn/bundle/main.js").statusCode()).isEqualTo(200);
    assertThat(node.get("/__openturn/bundle/none.js").statusCode()).isEqualTo(404);

    var refused = node.get("/__openturn/bundle/main.js");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("{\"error\":\"too_many_requests\"}");
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
  }

  private static void start(TestNode node, RoomPlayer host, RoomPlayer guest) {
    var opened =
        node.post(
            "/api/dev/rooms",
            "{\"gameKey\":\"crazy-eights\"}",
            "authorization",
            "Bearer " + host.accessToken());
    host.enter(node, new JsonObject(opened.body()));
    JsonObject first = host.receive("lobby:state");
    assertThat(first.getJsonArray("availableBots")).hasSize(2);
    assertThat(first.getJsonObject("config").getJsonObject("values").getInteger("cards"))
        .isEqualTo(5);
    guest.join(node, host.room());
    host.send("host:set_config", "key", "cards", "value", 20);
    assertThat(host.receive("lobby:rejected").getString("configDetail")).isEqualTo("above_max: 7");
    host.send("host:set_config", "key", "cards", "value", 4);
    host.send("lobby:take_seat", "seatIndex", 0).send("lobby:set_ready", "ready", true);
    host.send("lobby:assign_bot", "seatIndex", 1, "botID", "careful");
    host.send("lobby:assign_bot", "seatIndex", 2, "botID", "random");
    guest.send("lobby:take_seat", "seatIndex", 3).send("lobby:set_ready", "ready", true);
    JsonObject ready =
        host.receiveLobby(
            state ->
                state.getBoolean("canStart")
                    && !state.getJsonArray("seats").encode().contains("\"open\""));
    assertThat(ready.getJsonArray("seats").getJsonObject(1).encode())
        .isEqualTo(
            "{\"kind\":\"bot\",\"seatIndex\":1,\"botID\":\"careful\",\"label\":\"Careful\"}");
    host.send("lobby:start");
    assertThat(
            host.receiveTransition()
                .getJsonArray("playerAssignments")
                .getJsonObject(2)
                .getString("botID"))
        .isEqualTo("random");
    guest.receiveTransition();
    assertThat(hand(host.connect(node).receiveSnapshot())).hasSize(4);
    assertThat(hand(guest.connect(node).receiveSnapshot())).hasSize(4);
  }

  /** The host does nothing until their time is over. */
  private JsonObject timesOut(RoomPlayer host, RoomPlayer guest) {
    clock.advance(TURN);
    JsonObject snapshot = receive(host, guest);
    assertThat(snapshot.getJsonArray("log").getJsonObject(0).getString("event"))
        .isEqualTo("__timeout");
    assertThat(snapshot.getInteger("revision")).isEqualTo(2);
    return snapshot;
  }

  private static String active(JsonObject snapshot) {
    return String.join(
        "",
        snapshot.getJsonObject("derived").getJsonArray("activePlayers").stream()
            .map(String.class::cast)
            .toList());
  }

  private static JsonArray hand(JsonObject snapshot) {
    return snapshot.getJsonObject("G").getJsonArray("hand");
  }

  private static void draw(RoomPlayer player) {
    player.send(
        "action",
        "matchID",
        "",
        "playerID",
        "",
        "event",
        "draw",
        "payload",
        null,
        "clientActionID",
        "client");
  }

  /** The same batch at both players; what the host sees. */
  private static JsonObject receive(RoomPlayer host, RoomPlayer guest) {
    JsonObject seen = host.receive("batch_applied").getJsonObject("snapshot");
    JsonObject batch = guest.receive("batch_applied");
    JsonObject other = batch.getJsonObject("snapshot");
    assertThat(other.getInteger("revision")).isEqualTo(seen.getInteger("revision"));
    String shown = other.getJsonObject("G").encode() + other.getJsonObject("derived").encode();
    for (Object card : hand(seen)) {
      assertThat(shown).doesNotContain("\"" + card + "\"");
    }
    for (Object step : batch.getJsonArray("steps")) {
      JsonObject event = ((JsonObject) step).getJsonObject("event");
      assertThat(event.getString("type").equals("event") || event.getValue("payload") == null)
          .isTrue();
    }
    return seen;
  }

  private static void refusesAfterTheEnd(RoomPlayer host) {
    draw(host);
    assertThat(host.receive("action_rejected").getString("error")).isEqualTo("game_over");
  }
}
