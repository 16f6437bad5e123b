package dev.rookery.protocol.openturn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matches that are played in rooms of the server, by players of three wires. */
final class MatchRoomsTest {
  private static final int[][] MOVES = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0, 2}};

  private static final String SECRET = "openturn-test-secret-0123456789";

  /** The paths and bodies of requests to the control plane that were signed. */
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  /** Knows the profile of nobody. */
  private HttpServer controlPlane() throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/base/api/profiles/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          assertThat(exchange.getRequestMethod()).isEqualTo("POST");
          assertThat(exchange.getRequestHeaders().getFirst("content-type"))
              .isEqualTo("application/json");
          boolean signed =
              RoomTokens.signValue(body, SECRET)
                  .equals(exchange.getRequestHeaders().getFirst("x-openturn-signature"));
          received.add(signed ? exchange.getRequestURI().getPath() + " " + body : "not signed");
          byte[] answer = "{\"profiles\":[]}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** One node serves all claims about it, since a node takes long to start. */
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void playersOfDifferentWiresMeetInOneRoom(Databases.TestDatabase database) throws Exception {
    HttpServer controlPlane = controlPlane();
    String url = "http://127.0.0.1:" + controlPlane.getAddress().getPort() + "/base/";
    try (var node =
        TestNode.start(
            database,
            Map.of(
                "ROOKERY_ALLOCATION_PROVIDER",
                "match",
                "ROOKERY_ALLOCATION_MATCH_GAME",
                "tic-tac-toe",
                "ROOM_TOKEN_SECRET",
                SECRET,
                "ROOKERY_MATCHES_HIDE_PAYLOADS_OF_OTHERS",
                "true",
                "ROOKERY_MATCHES_CONTROL_PLANE_URL",
                url))) {
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "match-rooms-ann");
      try (var phoenix = PhoenixClient.connect(node.port(), ann.token());
          var ben = GameFlowClient.connect(node, "Ben")) {
        phoenix.joinAndAwait("user:" + ann.id(), "updated");
        findsAMatch(node, ann, phoenix, ben);
        startsTheMatchOfALobby(node, ann, phoenix, ben);
        aMatchForWhichTheGameHasNoSeatsDoesNotStart(node);
        assertThat(received).as("a game without profiles needs none").isEmpty();
        aModeThatIsAGameIsPlayed(node);
      }
    } finally {
      controlPlane.stop(0);
    }
  }

  private static void findsAMatch(
      TestNode node, RestPlayer ann, PhoenixClient phoenix, GameFlowClient ben) {
    String user = "user:" + ann.id();
    assertThat(phoenix.call(user, "find_match", new JsonObject()).response().getString("error"))
        .isEqualTo("invalid_search");
    JsonObject search = JsonObject.of("mode", "duel", "region", "eu");
    assertThat(phoenix.call(user, "find_match", search.copy().put("size", 3)).response())
        .isEqualTo(
            JsonObject.of(
                "error",
                "invalid",
                "errors",
                JsonObject.of("size", new JsonArray().add("must be even"))));
    assertThat(phoenix.call(user, "cancel_match", new JsonObject()).response())
        .isEqualTo(JsonObject.of("cancelled", false));
    JsonObject found = phoenix.call(user, "find_match", search).response();
    assertThat(phoenix.call(user, "find_match", search).response().getString("error"))
        .isEqualTo("already_searching");

    ben.send("matchmaking:find", "mode", "duel", "region", "eu").receive("matchmaking:searching");
    JsonObject match = ben.receive("match:started").getJsonObject("matchData");
    JsonObject told = phoenix.await(user, "match_found");

    assertThat(told.getString("ticket_id")).isEqualTo(found.getString("ticket_id"));
    assertThat(told.getString("match_id")).isEqualTo(match.getString("matchId"));
    playsToTheEnd(node, ann, phoenix, told.getJsonObject("room"), match);
  }

  private static void startsTheMatchOfALobby(
      TestNode node, RestPlayer ann, PhoenixClient phoenix, GameFlowClient ben) throws Exception {
    JsonObject lobby = ben.createLobby();
    long id = Long.parseLong(lobby.getString("id").substring(24), 16);
    assertThat(ann.post("/api/v1/lobbies/" + id + "/join", new JsonObject()).ok()).isTrue();
    String topic = "lobby:" + id;
    phoenix.joinAndAwait(topic, "updated");
    ben.receive("lobby:updated");
    ben.send("lobby:ready").receive("lobby:updated");
    assertThat(ben.send("lobby:start").receiveError()).isEqualTo("Not all players are ready");
    assertThat(phoenix.call(topic, "start_match", new JsonObject()).response().getString("error"))
        .isEqualTo("not_host");
    assertThat(phoenix.call(topic, "set_ready", JsonObject.of("ready", true)).isOk()).isTrue();
    ben.receive("lobby:updated");

    ben.send("lobby:start");
    JsonObject match = ben.receive("match:started").getJsonObject("matchData");
    JsonObject told = phoenix.await(topic, "match_started");

    assertThat(match.getString("lobbyId")).isEqualTo(lobby.getString("id"));
    playsToTheEnd(node, ann, phoenix, told.getJsonObject("room"), match);
  }

  /**
   * One player uses a channel and the other a socket of the room; either can have the first seat.
   */
  private static void playsToTheEnd(
      TestNode node, RestPlayer ann, PhoenixClient phoenix, JsonObject room, JsonObject match) {
    JsonObject access = match.getJsonObject("room");
    String id = access.getString("roomID");
    assertThat(id).isEqualTo(room.getString("room_id"));
    assertThat(match.getJsonObject("server").getString("serverName")).isEqualTo(id);
    String other = access.getString("playerID");
    String own =
        room.getJsonArray("seats").stream()
            .map(JsonObject.class::cast)
            .filter(seat -> Long.valueOf(ann.id()).equals(seat.getLong("user_id")))
            .findFirst()
            .orElseThrow()
            .getString("player_id");
    assertThat(new JsonArray().add(own).add(other)).containsExactlyInAnyOrder("0", "1");
    String topic = "match:" + id;
    assertThat(phoenix.joinAndAwait(topic, "updated").getString("player_id")).isEqualTo(own);
    String path = "/rooms/" + id + "/connect";
    assertThat(access.getString("websocketURL")).startsWith("ws://").endsWith(path);
    try (var socket = RawSocket.open(node.port(), path + "?token=" + access.getString("token"))) {
      for (int move = 0; move < MOVES.length; move++) {
        var payload = JsonObject.of("row", MOVES[move][0], "col", MOVES[move][1]);
        if (own.equals(Integer.toString(move % 2))) {
          assertThat(
                  phoenix
                      .call(
                          topic, "action", JsonObject.of("event", "placeMark", "payload", payload))
                      .isOk())
              .isTrue();
        } else {
          socket.sendText(
              JsonObject.of("type", "action", "matchID", "m", "playerID", "p")
                  .put("event", "placeMark")
                  .put("payload", payload)
                  .put("clientActionID", "c" + move)
                  .encode());
        }
        JsonObject advanced = phoenix.await(topic, "advanced");
        assertThat(advanced.getInteger("revision")).isEqualTo(move + 1);
        boolean shown = own.equals(Integer.toString(move % 2)) || move == MOVES.length - 1;
        assertThat(payload(advanced.getJsonArray("steps").getJsonObject(0).getJsonObject("event")))
            .isEqualTo(shown ? payload : null);
      }
      JsonObject last = new JsonObject();
      while (last.getJsonObject("snapshot", last).getValue("result") == null) {
        last = new JsonObject(socket.receiveText());
      }
      assertThat(last.getJsonObject("snapshot").getJsonObject("result"))
          .isEqualTo(JsonObject.of("winner", "0"));
      assertThat(last.getJsonObject("snapshot").getJsonArray("log"))
          .allSatisfy(record -> assertThat(payload((JsonObject) record)).isNotNull());
    }
    phoenix.leave(topic);
    String[] authorization = {"authorization", "Bearer " + ann.token()};
    var presence =
        new JsonObject(node.get("/api/dev/rooms/" + id + "/presence", authorization).body());
    assertThat(presence.getString("phase")).isEqualTo("active");
    assertThat(presence.getJsonArray("seats")).hasSize(2);
    assertThat(node.post("/api/dev/rooms/" + id + "/reset", "{}", authorization).body())
        .isEqualTo("{\"error\":\"not_host\"}");
  }

  private static JsonObject payload(JsonObject record) {
    return record.getJsonObject("payload");
  }

  private static void aMatchForWhichTheGameHasNoSeatsDoesNotStart(TestNode node) {
    try (var owner = GameFlowClient.connect(node, "Owner")) {
      owner.createLobby();
      owner.send("lobby:ready").receive("lobby:updated");
      owner.send("lobby:fill-bots").receive("lobby:updated");
      assertThat(owner.send("lobby:start").receiveError())
          .isEqualTo("Failed to allocate game server");
    }
  }

  /** Its profiles come from the control plane. */
  private void aModeThatIsAGameIsPlayed(TestNode node) {
    try (var one = GameFlowClient.connect(node, "One");
        var two = GameFlowClient.connect(node, "Two")) {
      one.send("matchmaking:find", "mode", "crazy-eights").receive("matchmaking:searching");
      two.send("matchmaking:find", "mode", "crazy-eights").receive("matchmaking:searching");
      JsonObject room =
          one.receive("match:started").getJsonObject("matchData").getJsonObject("room");
      assertThat(room.getString("gameKey")).isEqualTo("crazy-eights");
      assertThat(received.poll())
          .startsWith("/base/api/profiles/hydrate {\"gameKey\":\"crazy-eights\",\"userIDs\":[\"");
      try (var socket =
          RawSocket.open(
              node.port(),
              "/rooms/" + room.getString("roomID") + "/connect?token=" + room.getString("token"))) {
        assertThat(new JsonObject(socket.receiveText()).getString("playerID"))
            .isEqualTo(room.getString("playerID"));
      }
    }
  }
}
