package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rooms over HTTP and sockets, on one node and each database. */
final class OpenturnTest {
  private static final String LOCATIONS = "dev.rookery.testkit.Databases#locations";
  private static final String SECRET = "openturn-test-secret-0123456789";

  /** One node serves all claims about it, since a node takes long to start. */
  @ParameterizedTest
  @MethodSource(LOCATIONS)
  void servesTheContract(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, Map.of("ROOM_TOKEN_SECRET", SECRET))) {
      describesTheGame(node);
      refusesWhatHasNoValidToken(node);
      rejectsInTheLobby(node);
      clientsThatGoWhileTheyConnectLeaveTheRoom(node);
      closesTheRoomWithItsHost(node);
      playsAMatch(node);
      aTokenOfAServiceOpensARoom(node);
      aPlayerHasNoNameOfTheirRequest(node);
    }
  }

  private static void describesTheGame(TestNode node) {
    var info = node.get("/__info");
    assertThat(info.statusCode()).isEqualTo(200);
    assertThat(info.body())
        .isEqualTo(
            "{\"deploymentVersion\":\"builtin-1\",\"gameKey\":\"tic-tac-toe\","
                + "\"players\":[\"0\",\"1\"],\"minPlayers\":2,\"maxPlayers\":2,"
                + "\"schemaVersion\":\"1\"}");
    expect(node.get("/rooms/a/nothing"), 404, "unknown_route");
  }

  private static void expect(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo("{\"error\":\"" + code + "\"}");
  }

  private static void expectRefused(TestNode node, String path, int status, String code) {
    try (var refused = RawSocket.handshake(node.port(), path)) {
      assertThat(refused.status()).as(path).isEqualTo(status);
      if (!code.isEmpty()) {
        expect(node.get(path.replace("/connect", "/lookup")), status, code);
      }
    }
  }

  private static void refusesWhatHasNoValidToken(TestNode node) {
    expect(node.get("/rooms/a/connect"), 426, "expected_websocket_upgrade");
    expectRefused(node, "/rooms/a/connect", 401, "missing_room_token");
    expectRefused(node, "/rooms/a/connect?token=x.y", 401, "invalid_room_token");
    expectRefused(node, "/rooms/a/connect?token=" + token("b", "u", null), 401, "");
    expectRefused(node, "/rooms/a/connect?token=" + token("a", "u", "9"), 403, "");
    expectRefused(node, "/rooms/a/connect?token=" + token("a", "u", "0"), 409, "");
    expect(node.post("/api/dev/rooms", "{}"), 401, "unauthorized");
    expect(node.post("/rooms/a/bootstrap", "{}"), 400, "invalid_bootstrap_request");
  }

  private static String token(String room, String user, String player) {
    long now = Instant.now().getEpochSecond();
    var scope = player == null ? RoomClaims.Scope.LOBBY : RoomClaims.Scope.GAME;
    return new RoomTokens(SECRET)
        .sign(new RoomClaims("dev", now + 600, now, player, room, scope, user, null));
  }

  private static void rejectsInTheLobby(TestNode node) {
    try (var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      host.open(node);
      JsonObject first = host.receive("lobby:state");
      assertThat(host.receive()).as("told twice").isEqualTo(first);
      assertThat(first)
          .isEqualTo(
              new JsonObject()
                  .put("type", "lobby:state")
                  .put("roomID", host.room())
                  .put("phase", "lobby")
                  .put("hostUserID", host.user())
                  .put(
                      "seats",
                      JsonArray.of(
                          JsonObject.of("kind", "open", "seatIndex", 0),
                          JsonObject.of("kind", "open", "seatIndex", 1)))
                  .put("minPlayers", 2)
                  .put("maxPlayers", 2)
                  .put("targetCapacity", 2)
                  .put("canStart", false)
                  .put("availableBots", new JsonArray()));
      guest.join(node, host.room());
      host.send("lobby:take_seat", "seatIndex", 0);
      guest.receiveLobby(state -> kind(state, 0).equals("human"));

      expectRejected(guest.send("lobby:take_seat", "seatIndex", 0), "seat_taken");
      expectRejected(guest.send("lobby:take_seat", "seatIndex", 2), "seat_out_of_range");
      expectRejected(guest.send("lobby:leave_seat"), "not_seated");
      expectRejected(guest.send("lobby:start"), "not_host");
      expectRejected(guest.send("lobby:clear_seat", "seatIndex", 0), "not_host");
      expectRejected(host.send("lobby:start"), "below_min_players");
      expectRejected(host.send("lobby:assign_bot", "seatIndex", 1, "botID", "easy"), "unknown_bot");
      expectRejected(
          host.send("lobby:set_target_capacity", "targetCapacity", 1), "target_below_min");
      expectRejected(
          host.send("lobby:set_target_capacity", "targetCapacity", 3), "target_above_max");
      host.send("host:set_config", "key", "speed", "value", 1);
      assertThat(host.receive("lobby:rejected"))
          .isEqualTo(
              JsonObject.of("type", "lobby:rejected", "reason", "invalid_config_value")
                  .put("configKey", "speed")
                  .put("configDetail", "no_schema")
                  .put("echoType", "host:set_config"));
      host.socket().sendText("{\"type\":\"lobby:take_seat\"}");
      assertThat(host.receive("lobby:rejected"))
          .isEqualTo(
              JsonObject.of("type", "lobby:rejected", "reason", "unknown")
                  .put("message", "could_not_parse_message"));

      guest.send("lobby:take_seat", "seatIndex", 1);
      host.receiveLobby(state -> kind(state, 1).equals("human"));
      expectRejected(host.send("lobby:start"), "not_ready");
      host.send("lobby:clear_seat", "seatIndex", 1);
      guest.receiveLobby(state -> kind(state, 1).equals("open"));
    }
  }

  private static String kind(JsonObject state, int seat) {
    return state.getJsonArray("seats").getJsonObject(seat).getString("kind");
  }

  private static void expectRejected(RoomPlayer player, String reason) {
    assertThat(player.receive("lobby:rejected").getString("reason")).isEqualTo(reason);
  }

  private static void closesTheRoomWithItsHost(TestNode node) {
    try (var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      host.open(node);
      guest.join(node, host.room());
      host.socket().close();
      assertThat(guest.receive("lobby:closed").getString("reason")).isEqualTo("host_left");
      assertThat(guest.socket().receiveCloseCode()).isEqualTo(4010);
      expectRefused(node, guest.path(), 410, "");
    }
    try (var host = RoomPlayer.signIn(node, "host")) {
      host.open(node).send("lobby:close");
      assertThat(host.receive("lobby:closed").getString("reason")).isEqualTo("host_close");
      assertThat(host.socket().receiveCloseCode()).isEqualTo(4011);
    }
  }

  private static void playsAMatch(TestNode node) {
    try (var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest");
        var stranger = RoomPlayer.signIn(node, "stranger")) {
      RoomPlayer.meet(node, host, node, guest);
      stranger.join(node, host.room());
      host.send("lobby:start");
      movesEverybodyToTheGame(node, host, guest, stranger);
      acknowledgesTheActorAlone(host, guest);
      rejectsActions(host, guest);
      endsTheMatch(host, guest);
      tellsWhatItIs(node, host);
    }
  }

  private static void movesEverybodyToTheGame(
      TestNode node, RoomPlayer host, RoomPlayer guest, RoomPlayer stranger) {
    JsonObject transition = host.receiveTransition();
    assertThat(transition.getString("playerID")).isEqualTo("0");
    assertThat(transition.getString("websocketURL"))
        .isEqualTo("ws://localhost/rooms/" + host.room() + "/connect?token=" + host.token());
    assertThat(transition.getJsonArray("playerAssignments").encode())
        .isEqualTo(
            "[{\"seatIndex\":0,\"playerID\":\"0\",\"kind\":\"human\"},"
                + "{\"seatIndex\":1,\"playerID\":\"1\",\"kind\":\"human\"}]");
    assertThat(host.socket().receiveCloseCode()).isEqualTo(4010);
    assertThat(guest.receiveTransition().getString("playerID")).isEqualTo("1");
    assertThat(stranger.receive("lobby:closed").getString("reason")).isEqualTo("room_closed");
    assertThat(stranger.socket().receiveCloseCode()).isEqualTo(4010);
    expectRefused(node, stranger.path(), 409, "");

    host.connect(node);
    JsonObject snapshot = host.receive();
    assertThat(snapshot.containsKey("type")).isFalse();
    assertThat(snapshot.getString("playerID")).isEqualTo("0");
    assertThat(snapshot.getInteger("revision")).isZero();
    assertThat(host.receive("openturn:presence").encode())
        .isEqualTo(
            "{\"type\":\"openturn:presence\",\"event\":\"joined\",\"playerID\":\"0\","
                + "\"connectedPlayers\":[\"0\"]}");
    guest.connect(node).receiveSnapshot();
    assertThat(host.receive("openturn:presence").getJsonArray("connectedPlayers"))
        .containsExactly("0", "1");
    host.send("sync", "matchID", "x", "playerID", "1");
    assertThat(host.receiveSnapshot()).isEqualTo(snapshot);
  }

  private static void acknowledgesTheActorAlone(RoomPlayer host, RoomPlayer guest) {
    host.place(0, 0, "client_1");
    JsonObject batch = host.receive("batch_applied");
    assertThat(batch.getString("ackClientActionID")).isEqualTo("client_1");
    assertThat(batch.getInteger("revision")).isEqualTo(1);
    assertThat(batch.getJsonObject("snapshot").getString("playerID")).isEqualTo("0");
    assertThat(batch.getJsonArray("steps").getJsonObject(0).getJsonObject("snapshot"))
        .isEqualTo(batch.getJsonObject("snapshot"));
    assertThat(batch.getJsonObject("snapshot").getJsonArray("log")).hasSize(1);
    assertThat(batch.getJsonObject("branch").getString("headActionID")).isEqualTo("m_1");
    JsonObject other = guest.receive("batch_applied");
    assertThat(other.containsKey("ackClientActionID")).isFalse();
    assertThat(other.getJsonObject("snapshot").getJsonObject("G").getString("myMark"))
        .isEqualTo("O");
  }

  private static void rejectsActions(RoomPlayer host, RoomPlayer guest) {
    host.place(1, 0, "client_2");
    assertThat(host.receive("action_rejected").encode())
        .isEqualTo(
            "{\"type\":\"action_rejected\",\"matchID\":\"%s\",\"clientActionID\":\"client_2\","
                    .formatted(host.room())
                + "\"error\":\"inactive_player\",\"event\":\"placeMark\",\"revision\":1}");
    guest.place(0, 0, "client_1");
    JsonObject occupied = guest.receive("action_rejected");
    assertThat(occupied.getString("reason")).isEqualTo("occupied");
    assertThat(occupied.getJsonObject("details").encode()).isEqualTo("{\"col\":0,\"row\":0}");
    guest.send(
        "action",
        "matchID",
        "",
        "playerID",
        "",
        "event",
        "placeMark",
        "payload",
        null,
        "clientActionID",
        "client_2",
        "baseRevision",
        0);
    assertThat(guest.receive("action_rejected").getString("error")).isEqualTo("stale_revision");
    // Frames that cannot be read are ignored, so the next answer is the one to the save.
    guest.send("action", "matchID", "").send("lobby:start");
    guest.send("save-request", "matchID", "", "playerID", "", "clientRequestID", "r1");
    JsonObject saved = guest.receive();
    String id = saved.getString("saveID");
    assertThat(saved.encode())
        .isEqualTo(
            "{\"type\":\"save-ready\",\"matchID\":\"%s\",\"clientRequestID\":\"r1\","
                    .formatted(host.room())
                + "\"saveID\":\"%s\",\"downloadURL\":\"/api/dev/saves/%s\"}".formatted(id, id));
  }

  private static void endsTheMatch(RoomPlayer host, RoomPlayer guest) {
    guest.place(1, 1, "client_3").receive("batch_applied");
    host.receive("batch_applied");
    host.place(0, 1, "client_3").receive("batch_applied");
    guest.receive("batch_applied");
    guest.place(2, 2, "client_4").receive("batch_applied");
    host.receive("batch_applied");
    host.place(0, 2, "client_4");
    JsonObject last = guest.receive("batch_applied").getJsonObject("snapshot");
    assertThat(last.getJsonObject("result").encode()).isEqualTo("{\"winner\":\"0\"}");
    assertThat(last.getJsonObject("position").getString("node")).isEqualTo("__gamekit_finished");
    guest.place(2, 0, "client_5");
    assertThat(guest.receive("action_rejected").getString("error")).isEqualTo("game_over");
    host.socket().close();
    assertThat(guest.receive("openturn:presence").encode())
        .isEqualTo(
            "{\"type\":\"openturn:presence\",\"event\":\"left\",\"playerID\":\"0\","
                + "\"connectedPlayers\":[\"1\"]}");
  }

  private static void tellsWhatItIs(TestNode node, RoomPlayer host) {
    String query = "?token=" + host.token();
    assertThat(node.get("/rooms/" + host.room() + "/lookup" + query).body())
        .isEqualTo("{\"phase\":\"active\",\"playerID\":\"0\"}");
    var state = new JsonObject(node.get("/rooms/" + host.room() + "/room-state" + query).body());
    assertThat(state.getBoolean("initialized")).isTrue();
    assertThat(state.getString("phase")).isEqualTo("active");
    var request = JsonObject.of("playerID", "0", "token", host.token()).encode();
    var bootstrap = node.post("/rooms/" + host.room() + "/bootstrap", request);
    assertThat(bootstrap.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(bootstrap.body()).getInteger("revision")).isEqualTo(5);
  }

  private static void clientsThatGoWhileTheyConnectLeaveTheRoom(TestNode node) {
    try (var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      host.open(node);
      guest.join(node, host.room()).send("lobby:take_seat", "seatIndex", 1);
      host.receiveLobby(state -> kind(state, 1).equals("human"));
      for (int i = 0; i < 30; i++) {
        RawSocket.openAndLeave(node.port(), guest.path());
      }
      guest.disconnect();
      host.receiveLobby(state -> kind(state, 1).equals("open"));
    }
  }

  private static void aPlayerHasNoNameOfTheirRequest(TestNode node) {
    try (var player = RoomPlayer.signIn(node, "named").open(node)) {
      JsonObject seat = takeSecondSeat(node, player.path()).getJsonArray("seats").getJsonObject(1);
      assertThat(seat.getString("userID")).isEqualTo(player.user());
      assertThat(seat.getValue("userName")).isNull();
    }
  }

  private static JsonObject takeSecondSeat(TestNode node, String path) {
    try (var socket = RawSocket.open(node.port(), path, "x-openturn-user-name: Ann")) {
      socket.sendText("{\"type\":\"lobby:take_seat\",\"seatIndex\":1}");
      JsonObject state = null;
      while (state == null || kind(state, 1).equals("open")) {
        state = new JsonObject(socket.receiveText());
      }
      return state;
    }
  }

  private static void aTokenOfAServiceOpensARoom(TestNode node) {
    String room = "room_of-a-service";
    JsonObject state =
        takeSecondSeat(node, "/rooms/" + room + "/connect?token=" + token(room, "user_1", null));
    assertThat(state.getString("hostUserID")).isEqualTo("user_1");
    assertThat(state.getJsonArray("seats").getJsonObject(1).encode())
        .isEqualTo(
            "{\"kind\":\"human\",\"seatIndex\":1,\"userID\":\"user_1\",\"userName\":\"Ann\","
                + "\"ready\":false,\"connected\":true}");
  }

  @ParameterizedTest
  @MethodSource(LOCATIONS)
  void aMatchGoesOnAfterARestart(Databases.TestDatabase database) {
    onNode(
        database,
        node -> {
          try (var host = RoomPlayer.signIn(node, "host");
              var guest = RoomPlayer.signIn(node, "guest")) {
            RoomPlayer.start(node, host, node, guest);
            host.place(0, 0, "client_1").receive("batch_applied");
            guest.receive("batch_applied");
            before = new Left(host, guest);
          }
        });
    onNode(
        database,
        node -> {
          try (var host = before.host.connect(node);
              var guest = before.guest.connect(node)) {
            assertThat(host.receiveSnapshot().getInteger("revision")).isEqualTo(1);
            assertThat(guest.receiveSnapshot().getJsonArray("log")).hasSize(1);
            guest.place(1, 1, "client_1");
            assertThat(host.receive("batch_applied").getInteger("revision")).isEqualTo(2);
          }
        });
    database.close();
  }

  private Left before;

  private record Left(RoomPlayer host, RoomPlayer guest) {}

  private static void onNode(Databases.TestDatabase database, Consumer<TestNode> test) {
    try (var node = TestNode.start(database.shared())) {
      test.accept(node);
    }
  }
}
