package dev.rookery.protocol.gameflow;

import static dev.rookery.testkit.GameFlowClient.connect;
import static dev.rookery.testkit.GameFlowClient.usernames;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the socket against the GameFlow contract, message by message, on both databases. */
final class GameFlowSocketTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#kinds";

  private static final Map<String, TestNode> NODES = new HashMap<>();

  private TestNode node;
  private TestNode own;

  @AfterEach
  void stopOwn() {
    if (own != null) {
      own.close();
    }
  }

  @AfterAll
  static void stop() {
    NODES.values().forEach(TestNode::close);
    NODES.clear();
  }

  /** A node of this test alone, in which there are no lobbies and searches of others. */
  private TestNode ownNodeOn(String kind) {
    own = TestNode.start(Databases.create(kind));
    return own;
  }

  /** The node on this kind of database; most tests of the class share it. */
  private static TestNode nodeOn(String kind) {
    return NODES.computeIfAbsent(kind, _ -> TestNode.start(Databases.create(kind)));
  }

  private GameFlowClient player(String name) {
    return connect(node, name);
  }

  private static String id(JsonObject lobby) {
    return lobby.getString("id");
  }

  /** Puts two players into a lobby of the first one; both have received the update. */
  private JsonObject joinTogether(GameFlowClient owner, GameFlowClient other) {
    JsonObject lobby = owner.createLobby();
    other.send("lobby:join", "lobbyId", id(lobby)).receive("lobby:updated");
    return owner.receiveLobby("lobby:updated");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void reportsAMissingOrInvalidTokenOnTheSocket(String kind) {
    node = nodeOn(kind);
    try (var without = RawSocket.open(node.port(), "/_ws");
        var empty = RawSocket.open(node.port(), "/_ws?token=");
        var invalid = GameFlowClient.open(node, "nonsense")) {
      assertThat(without.receiveText())
          .isEqualTo("{\"type\":\"error\",\"message\":\"Token required\"}");
      assertThat(without.receiveCloseCode()).isEqualTo(1000);
      assertThat(empty.receiveText()).contains("Token required");
      assertThat(invalid.receiveText())
          .isEqualTo("{\"type\":\"error\",\"message\":\"Invalid token\"}");
      assertThat(invalid.receiveCloseCode()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void sendsTheAccountWhenConnected(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var again = GameFlowClient.open(node, ann.token())) {
      assertThat(new JsonObject(again.receiveText()))
          .isEqualTo(JsonObject.of("type", "connected", "accountId", ann.id(), "username", "Ann"));
      assertThat(ann.send("ping").receive("pong")).isEqualTo(JsonObject.of("type", "pong"));
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void answersMalformedMessagesWithAnErrorAndKeepsTheSocketOpen(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann")) {
      for (String malformed : new String[] {"", "nonsense", "[]", "5", "null", "{\"type\":"}) {
        ann.socket().sendText(malformed);
        assertThat(ann.receiveError()).as(malformed).isEqualTo("Invalid message format");
      }
      ann.socket().sendBinary(new byte[] {1});
      assertThat(ann.receiveError()).isEqualTo("Invalid message format");
      assertThat(ann.send("lobby:dance").receiveError()).isEqualTo("Unknown message type");
      ann.socket().sendText("{}");
      assertThat(ann.receiveError()).isEqualTo("Unknown message type");
      ann.socket().sendText("{\"type\":7}");
      assertThat(ann.receiveError()).isEqualTo("Unknown message type");
      ann.assertNothingReceived();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void emptyFieldsOfAJoinCountAsAbsent(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann")) {
      for (Object empty : new Object[] {"", null, 0, false}) {
        for (String field : new String[] {"code", "lobbyId"}) {
          assertThat(ann.send("lobby:join", field, empty).receiveError())
              .as(field + " " + empty)
              .isEqualTo("Lobby ID or code required");
        }
        assertThat(ann.send("lobby:join", "code", empty, "lobbyId", empty).receiveError())
            .isEqualTo("Lobby ID or code required");
      }
      for (Object unknown :
          new Object[] {5, 5.5, 1e300, true, "x", " 1", new JsonArray(), new JsonObject()}) {
        assertThat(ann.send("lobby:join", "code", unknown).receiveError())
            .isEqualTo("Lobby not found");
        assertThat(ann.send("lobby:join", "lobbyId", unknown).receiveError())
            .isEqualTo("Lobby not found");
      }
      ann.assertNothingReceived();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void anUnknownTeamCountsAsNoneAndACodeMayBeANumber(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob");
        var cid = player("Cid");
        var dan = player("Dan")) {
      JsonObject lobby = ann.createLobby();
      int code = Integer.parseInt(lobby.getString("code"));
      assertThat(
              usernames(
                  bob.send("lobby:join", "code", code, "team", "C").receiveLobby("lobby:updated"),
                  "teamB"))
          .containsExactly("Bob");
      assertThat(
              usernames(
                  cid.send("lobby:join", "code", (double) code, "team", 7)
                      .receiveLobby("lobby:updated"),
                  "teamA"))
          .containsExactly("Ann", "Cid");
      assertThat(
              usernames(
                  dan.send("lobby:join", "code", "", "lobbyId", id(lobby), "team", "")
                      .receiveLobby("lobby:updated"),
                  "teamB"))
          .containsExactly("Bob", "Dan");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void flagsOfAnyTypeAreTruthyOrNot(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann")) {
      for (Object falsy : new Object[] {null, 0, 0.0, "", false}) {
        assertThat(isPrivate(ann, falsy)).as("%s", falsy).isFalse();
      }
      for (Object truthy :
          new Object[] {1, -1.5, "false", true, new JsonArray(), new JsonObject()}) {
        assertThat(isPrivate(ann, truthy)).as("%s", truthy).isTrue();
      }
      ann.createLobby();
      assertThat(isReady(ann.send("lobby:ready"))).isTrue();
      assertThat(isReady(ann.send("lobby:ready", "ready", null))).isFalse();
      assertThat(isReady(ann.send("lobby:ready", "ready", "no"))).isTrue();
      assertThat(isReady(ann.send("lobby:ready", "ready", 0))).isFalse();
    }
  }

  private static boolean isPrivate(GameFlowClient player, Object flag) {
    JsonObject lobby = player.send("lobby:create", "isPrivate", flag).receiveLobby("lobby:created");
    player.send("lobby:leave").receive("lobby:deleted");
    player.receive("lobby:left");
    return lobby.getBoolean("isPrivate");
  }

  private static boolean isReady(GameFlowClient player) {
    return player
        .receiveLobby("lobby:updated")
        .getJsonArray("teamA")
        .getJsonObject(0)
        .getBoolean("ready");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void theCreatorOwnsTheLobbyAndIsFirstInTeamA(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann")) {
      JsonObject lobby = ann.createLobby();

      assertThat(lobby.getString("code")).matches("[1-9]\\d{5}");
      assertThat(lobby.getBoolean("isPrivate")).isFalse();
      assertThat(lobby.getString("ownerId")).isEqualTo(ann.id());
      assertThat(lobby.getJsonArray("teamA"))
          .isEqualTo(
              JsonArray.of(
                  JsonObject.of("accountId", ann.id(), "username", "Ann", "ready", false)));
      assertThat(lobby.getJsonArray("teamB")).isEmpty();
      assertThat(ann.send("lobby:create").receiveError()).isEqualTo("Already in lobby");
      ann.assertNothingReceived();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void joinsTheSmallerTeamOrTheRequestedOne(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob");
        var cid = player("Cid")) {
      JsonObject lobby = ann.createLobby();
      JsonObject second =
          bob.send("lobby:join", "code", lobby.getString("code")).receiveLobby("lobby:updated");
      assertThat(ann.receiveLobby("lobby:updated")).isEqualTo(second);
      assertThat(usernames(second, "teamB")).containsExactly("Bob");
      JsonObject third =
          cid.send("lobby:join", "lobbyId", id(lobby), "team", "B").receiveLobby("lobby:updated");
      assertThat(usernames(third, "teamB")).containsExactly("Bob", "Cid");
      assertThat(ann.receiveLobby("lobby:updated")).isEqualTo(third);
      assertThat(bob.receiveLobby("lobby:updated")).isEqualTo(third);
      assertThat(cid.send("lobby:join", "lobbyId", id(lobby)).receiveError())
          .isEqualTo("Already in lobby");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void checksTheRulesOfAJoinInOrder(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      JsonObject hidden = ann.send("lobby:create", "isPrivate", true).receiveLobby("lobby:created");
      String code = hidden.getString("code");
      String wrong = code.equals("999999") ? "100000" : "999999";

      assertThat(bob.send("lobby:join").receiveError()).isEqualTo("Lobby ID or code required");
      assertThat(bob.send("lobby:join", "code", wrong, "lobbyId", id(hidden)).receiveError())
          .isEqualTo("Lobby not found");
      assertThat(bob.send("lobby:join", "lobbyId", "nonsense").receiveError())
          .isEqualTo("Lobby not found");
      assertThat(bob.send("lobby:join", "code", "12").receiveError()).isEqualTo("Lobby not found");
      assertThat(bob.send("lobby:join", "lobbyId", id(hidden)).receiveError())
          .isEqualTo("Lobby is private");
      bob.createLobby();
      assertThat(bob.send("lobby:join", "lobbyId", id(hidden)).receiveError())
          .isEqualTo("Lobby is private");
      assertThat(bob.send("lobby:join", "code", code).receiveError()).isEqualTo("Already in lobby");
      ann.assertNothingReceived();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void sendsTheUpdatedLobbyAndThenLobbyLeftToALeavingPlayer(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.send("lobby:leave").receiveError()).isEqualTo("Not in a lobby");
      JsonObject lobby = joinTogether(ann, bob);
      ann.send("lobby:leave");
      JsonObject without = ann.receiveLobby("lobby:updated");
      ann.receive("lobby:left");
      assertThat(bob.receiveLobby("lobby:updated")).isEqualTo(without);
      assertThat(without.getString("ownerId")).isEqualTo(bob.id());
      assertThat(without.getJsonArray("teamA")).isEmpty();

      bob.send("lobby:leave");
      assertThat(bob.receive("lobby:deleted").getString("lobbyId")).isEqualTo(id(lobby));
      bob.receive("lobby:left");
      ann.assertNothingReceived();
      assertThat(ann.send("lobby:join", "lobbyId", id(lobby)).receiveError())
          .isEqualTo("Lobby not found");
      ann.createLobby();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void leavesAndPassesOwnershipWhenTheSocketCloses(String kind) {
    node = ownNodeOn(kind);
    try (var bob = player("Bob");
        var cid = player("Cid")) {
      var ann = player("Ann");
      JsonObject lobby = joinTogether(ann, bob);
      cid.send("lobby:join", "lobbyId", id(lobby), "team", "A").receive("lobby:updated");
      bob.receive("lobby:updated");
      ann.close();

      JsonObject without = bob.receiveLobby("lobby:updated");
      assertThat(without.getString("ownerId")).isEqualTo(cid.id());
      assertThat(usernames(without, "teamA")).containsExactly("Cid");
      assertThat(cid.receiveLobby("lobby:updated")).isEqualTo(without);
    }
    Eventually.holds(() -> lobbies().isEmpty());
  }

  private JsonArray lobbies() {
    try (var observer = player("Observer")) {
      return new JsonArray(
          node.get("/lobbies", "authorization", "Bearer " + observer.token()).body());
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void sendsReadyToAllMembers(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.send("lobby:ready").receiveError()).isEqualTo("Not in a lobby");
      joinTogether(ann, bob);
      JsonObject ready = bob.send("lobby:ready").receiveLobby("lobby:updated");
      assertThat(ready.getJsonArray("teamB").getJsonObject(0).getBoolean("ready")).isTrue();
      assertThat(ann.receiveLobby("lobby:updated")).isEqualTo(ready);
      JsonObject notReady = bob.send("lobby:ready", "ready", false).receiveLobby("lobby:updated");
      assertThat(notReady.getJsonArray("teamB").getJsonObject(0).getBoolean("ready")).isFalse();
      assertThat(ann.receiveLobby("lobby:updated")).isEqualTo(notReady);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void fillsTheTeamsWithBotsForTheOwner(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.send("lobby:fill-bots").receiveError()).isEqualTo("Not in a lobby");
      joinTogether(ann, bob);
      assertThat(bob.send("lobby:fill-bots").receiveError())
          .isEqualTo("Only lobby owner can add bots");
      JsonObject filled = ann.send("lobby:fill-bots").receiveLobby("lobby:updated");
      assertThat(usernames(filled, "teamA")).containsExactly("Ann", "Bot 1");
      assertThat(usernames(filled, "teamB")).containsExactly("Bob", "Bot 2");
      JsonObject bot = filled.getJsonArray("teamA").getJsonObject(1);
      assertThat(bot.getString("accountId")).matches("bot-[0-9a-f-]{36}");
      assertThat(bot.getBoolean("ready")).isTrue();
      assertThat(bob.receiveLobby("lobby:updated")).isEqualTo(filled);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void startsTheMatchForAllMembersAndDeletesTheLobby(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.send("lobby:start").receiveError()).isEqualTo("Not in a lobby");
      JsonObject lobby = joinTogether(ann, bob);
      assertThat(bob.send("lobby:start").receiveError())
          .isEqualTo("Only lobby owner can start match");
      assertThat(ann.send("lobby:start").receiveError()).isEqualTo("Not all players are ready");
      ann.send("lobby:ready").receive("lobby:updated");
      bob.receive("lobby:updated");
      bob.send("lobby:ready").receive("lobby:updated");
      ann.receive("lobby:updated");
      JsonObject match =
          ann.send("lobby:start").receive("match:started").getJsonObject("matchData");

      assertThat(bob.receive("match:started").getJsonObject("matchData")).isEqualTo(match);
      assertThat(match.fieldNames())
          .containsExactly("matchId", "lobbyId", "teamA", "teamB", "startedAt", "server");
      assertThat(match.getString("lobbyId")).isEqualTo(id(lobby));
      assertThat(match.getJsonArray("teamB"))
          .isEqualTo(JsonArray.of(JsonObject.of("accountId", bob.id(), "username", "Bob")));
      JsonObject server = match.getJsonObject("server");
      assertThat(server.getInteger("port")).isEqualTo(node.port());
      assertThat(server.getString("serverName")).contains(match.getString("matchId"));
      assertThat(ann.send("lobby:start").receiveError()).isEqualTo("Not in a lobby");
      bob.assertNothingReceived();
      ann.createLobby();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void answersPipelinedMessagesInOrder(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann")) {
      ann.send("lobby:create").send("lobby:ready").send("lobby:leave").send("ping");
      ann.receive("lobby:created");
      ann.receive("lobby:updated");
      ann.receive("lobby:deleted");
      ann.receive("lobby:left");
      ann.receive("pong");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void sharesALobbyWithTheGamendProtocol(String kind) throws IOException, InterruptedException {
    node = ownNodeOn(kind);
    try (var ann = player("Ann")) {
      JsonObject lobby = ann.createLobby();
      var gus = RestPlayer.signIn(TestNode.client(), node.uri("/"), "gus");
      gus.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", "Gus"));
      long number =
          gus.get("/api/v1/lobbies").body().getJsonArray("data").getJsonObject(0).getLong("id");
      try (var phoenix = PhoenixClient.connect(node.port(), gus.token())) {
        gus.post("/api/v1/lobbies/" + number + "/join", new JsonObject());
        JsonObject seen = phoenix.joinAndAwait("lobby:" + number, "updated");
        assertThat(seen.getJsonArray("members"))
            .extracting(member -> ((JsonObject) member).getString("display_name"))
            .containsExactly("Ann", "Gus");
        assertThat(usernames(ann.receiveLobby("lobby:updated"), "teamB")).containsExactly("Gus");

        ann.send("lobby:fill-bots").receive("lobby:updated");
        try (var bob = player("Bob")) {
          bob.send("lobby:join", "lobbyId", id(lobby)).receive("lobby:updated");
          ann.receive("lobby:updated");
          assertThat(phoenix.await("lobby:" + number, "user_joined").getString("display_name"))
              .isEqualTo("Bob");
          ann.send("lobby:leave").receive("lobby:updated");
          ann.receive("lobby:left");
          phoenix.await("lobby:" + number, "user_left");
          assertThat(phoenix.await("lobby:" + number, "host_changed").getString("display_name"))
              .isEqualTo("Bob");
          bob.receive("lobby:updated");
          gus.post("/api/v1/lobbies/leave", new JsonObject());
          assertThat(usernames(bob.receiveLobby("lobby:updated"), "teamB")).doesNotContain("Gus");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void givesTeamsToALobbyOfAnotherProtocol(String kind) throws IOException, InterruptedException {
    node = ownNodeOn(kind);
    var gus = RestPlayer.signIn(TestNode.client(), node.uri("/"), "gus");
    gus.post("/api/v1/lobbies", JsonObject.of("title", "Room", "max_users", 2));
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      JsonObject listed =
          new JsonArray(node.get("/lobbies", "authorization", "Bearer " + ann.token()).body())
              .getJsonObject(0);
      assertThat(usernames(listed, "teamA")).containsExactly("Player " + gus.id());
      JsonObject joined =
          ann.send("lobby:join", "code", listed.getString("code")).receiveLobby("lobby:updated");
      assertThat(usernames(joined, "teamB")).containsExactly("Ann");
      assertThat(joined.getString("ownerId"))
          .isEqualTo(joined.getJsonArray("teamA").getJsonObject(0).getString("accountId"));
      assertThat(bob.send("lobby:join", "lobbyId", id(listed)).receiveError())
          .isEqualTo("Lobby is full");
      long number = gus.get("/api/v1/me").body().getLong("lobby_id");
      long annsNumber =
          gus.get("/api/v1/lobbies/" + number)
              .body()
              .getJsonArray("members")
              .getJsonObject(1)
              .getLong("id");
      gus.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", annsNumber));
      assertThat(ann.receiveLobby("lobby:updated").getJsonArray("teamB")).isEmpty();
      ann.receive("lobby:left");
      ann.createLobby();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void closesTheSocketAndLeavesTheLobbyAfterSignOut(String kind) {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      joinTogether(ann, bob);
      node.send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + ann.token());
      assertThat(ann.socket().acceptClose()).isEqualTo(4001);
      assertThat(usernames(bob.receiveLobby("lobby:updated"), "teamA")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void matchesTwoSearchingPlayers(String kind) {
    node = ownNodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      String ticket =
          ann.send("matchmaking:find").receive("matchmaking:searching").getString("ticketId");
      assertThat(ticket).isNotBlank();
      assertThat(ann.send("matchmaking:find").receiveError())
          .isEqualTo("Already searching for a match");
      bob.send("matchmaking:find").receive("matchmaking:searching");
      JsonObject match = ann.receive("match:started").getJsonObject("matchData");
      assertThat(bob.receive("match:started").getJsonObject("matchData")).isEqualTo(match);
      assertThat(match.getJsonArray("teamA")).isEmpty();
      assertThat(match.getJsonArray("teamB")).isEmpty();
      assertThat(match.getJsonObject("server").getInteger("port")).isEqualTo(node.port());
      ann.send("matchmaking:find").receive("matchmaking:searching");
      ann.send("matchmaking:cancel").receive("matchmaking:cancelled");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void cancelsSearchesAndExplainsWaitingOnes(String kind) {
    node = ownNodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.send("matchmaking:why").receiveError()).isEqualTo("Not searching for a match");
      ann.send("matchmaking:cancel").receive("matchmaking:cancelled");
      ann.send("matchmaking:find", "region", "moon").receive("matchmaking:searching");
      var leaving = player("Leaving");
      leaving.send("matchmaking:find").receive("matchmaking:searching");
      JsonObject explanation = ann.send("matchmaking:why").receive("matchmaking:why");
      assertThat(explanation.getInteger("found")).isEqualTo(1);
      assertThat(explanation.getJsonArray("misses").getJsonObject(0).getString("criterion"))
          .isEqualTo("region");
      leaving.close();
      Eventually.holds(
          () ->
              ann.send("matchmaking:why")
                  .receive("matchmaking:why")
                  .getJsonArray("misses")
                  .isEmpty());
      bob.send("matchmaking:find").receive("matchmaking:searching");
      ann.send("matchmaking:cancel").receive("matchmaking:cancelled");
      bob.send("matchmaking:cancel").receive("matchmaking:cancelled");
      assertThat(bob.send("matchmaking:find", "size", 3).receive("matchmaking:error"))
          .isEqualTo(
              JsonObject.of(
                  "type", "matchmaking:error", "message", "Invalid search: size must be even"));
      assertThat(bob.send("matchmaking:find", "size", "two").receiveError())
          .isEqualTo("Invalid message format");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void saysWhyAPartyCannotSearch(String kind) throws Exception {
    node = nodeOn(kind);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      ann.rest(node).makePartyWith(bob.rest(node));

      assertThat(searchError(ann, "size", 2))
          .isEqualTo("The size must be at least twice the number of players in the party");
      assertThat(searchError(ann, "size", 3)).isEqualTo("Invalid search: size must be even");
      assertThat(searchError(ann, "size", 0))
          .isEqualTo("Invalid search: size must be greater than or equal to 2");
      assertThat(searchError(ann, "mode", "m".repeat(65)))
          .isEqualTo("Invalid search: mode should be at most 64 character(s)");
      assertThat(searchError(bob, "size", 4)).isEqualTo("Only the leader of a party can search");
      ann.send("matchmaking:find", "size", 4).receive("matchmaking:searching");
    }
  }

  private static String searchError(GameFlowClient client, String field, Object value) {
    return client
        .send("matchmaking:find", field, value)
        .receive("matchmaking:error")
        .getString("message");
  }

  @Test
  void aSearchIsCancelledWhileItsTicketIsCreated() throws Exception {
    var cancelled = new CountDownLatch(1);
    var deleted = new CountDownLatch(1);
    HttpServer api = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      api.setExecutor(threads);
      api.createContext("/v1/matchmaking/tickets", call -> serve(call, cancelled, deleted));
      api.start();
      own =
          TestNode.start(
              Databases.sqlite(),
              Map.of(
                  "GAMEFLOW_API_URL",
                  "http://127.0.0.1:" + api.getAddress().getPort() + "/v1",
                  "GAMEFLOW_GAME_ID",
                  "game",
                  "GAMEFLOW_API_KEY",
                  "key"));
      node = own;
      try (var ann = player("Ann")) {
        ann.send("matchmaking:find");

        ann.send("matchmaking:cancel").receive("matchmaking:cancelled");

        cancelled.countDown();
        assertThat(deleted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ann.send("matchmaking:why").receiveError())
            .isEqualTo("Not searching for a match");
      } finally {
        cancelled.countDown();
        api.stop(0);
      }
    }
  }

  /** Creates a ticket when the search for it has been cancelled. */
  private static void serve(HttpExchange call, CountDownLatch cancelled, CountDownLatch deleted)
      throws IOException {
    try (call) {
      call.getRequestBody().readAllBytes();
      if (call.getRequestMethod().equals("POST")) {
        cancelled.await();
        byte[] ticket = "{\"ticketId\":\"ticket-1\"}".getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(200, ticket.length);
        call.getResponseBody().write(ticket);
      } else {
        call.sendResponseHeaders(204, -1);
        if (call.getRequestMethod().equals("DELETE")
            && call.getRequestURI().getPath().endsWith("/ticket-1")) {
          deleted.countDown();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
