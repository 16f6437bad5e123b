package dev.rookery.protocol.gameflow;

import static dev.rookery.testkit.GameFlowClient.connect;
import static dev.rookery.testkit.GameFlowClient.names;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The socket's contract, message by message, on both databases. */
final class GameFlowSocketTest {
  private static final String PLACES = "dev.rookery.testkit.Databases#locations";

  private TestNode node;

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
  }

  private GameFlowClient player(String name) {
    return connect(node, name);
  }

  private static String id(JsonObject lobby) {
    return lobby.getString("id");
  }

  /** Two players in one lobby of the first; both have heard of it. */
  private JsonObject together(GameFlowClient owner, GameFlowClient other) {
    JsonObject lobby = owner.create();
    other.say("lobby:join", "lobbyId", id(lobby)).hear("lobby:updated");
    return owner.lobby("lobby:updated");
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoHasNoGoodTokenIsToldSoOnTheSocket(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var without = RawSocket.open(node.port(), "/_ws");
        var empty = RawSocket.open(node.port(), "/_ws?token=");
        var bad = GameFlowClient.open(node, "nonsense")) {
      assertThat(without.receiveText())
          .isEqualTo("{\"type\":\"error\",\"message\":\"Token required\"}");
      assertThat(without.receiveCloseCode()).isEqualTo(1000);
      assertThat(empty.receiveText()).contains("Token required");
      assertThat(bad.receiveText()).isEqualTo("{\"type\":\"error\",\"message\":\"Invalid token\"}");
      assertThat(bad.receiveCloseCode()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void helloNamesTheAccount(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var again = GameFlowClient.open(node, ann.token())) {
      assertThat(new JsonObject(again.receiveText()))
          .isEqualTo(JsonObject.of("type", "connected", "accountId", ann.id(), "username", "Ann"));
      assertThat(ann.say("ping").hear("pong")).isEqualTo(JsonObject.of("type", "pong"));
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whatMakesNoSenseIsAnErrorAndTheSocketStays(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann")) {
      for (String strange : new String[] {"", "nonsense", "[]", "5", "null", "{\"type\":"}) {
        ann.socket().sendText(strange);
        assertThat(ann.error()).as(strange).isEqualTo("Invalid message format");
      }
      ann.socket().sendBinary(new byte[] {1});
      assertThat(ann.error()).isEqualTo("Invalid message format");
      assertThat(ann.say("lobby:create", "isPrivate", "yes").error())
          .isEqualTo("Invalid message format");
      assertThat(ann.say("lobby:join", "code", 5).error()).isEqualTo("Invalid message format");
      assertThat(ann.say("lobby:join", "code", "1", "team", "C").error())
          .isEqualTo("Invalid message format");
      assertThat(ann.say("lobby:dance").error()).isEqualTo("Unknown message type");
      ann.socket().sendText("{}");
      assertThat(ann.error()).isEqualTo("Unknown message type");
      ann.socket().sendText("{\"type\":7}");
      assertThat(ann.error()).isEqualTo("Unknown message type");
      ann.hearsNothing();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoCreatesALobbyOwnsItAndIsFirstInTeamA(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann")) {
      JsonObject lobby = ann.create();

      assertThat(lobby.getString("code")).matches("[1-9]\\d{5}");
      assertThat(lobby.getBoolean("isPrivate")).isFalse();
      assertThat(lobby.getString("ownerId")).isEqualTo(ann.id());
      assertThat(lobby.getJsonArray("teamA"))
          .isEqualTo(
              JsonArray.of(
                  JsonObject.of("accountId", ann.id(), "username", "Ann", "ready", false)));
      assertThat(lobby.getJsonArray("teamB")).isEmpty();
      assertThat(ann.say("lobby:create").error()).isEqualTo("Already in lobby");
      ann.hearsNothing();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoJoinsIsInTheSmallerTeamOrWhereHeAsks(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob");
        var cid = player("Cid")) {
      JsonObject lobby = ann.create();
      JsonObject heard =
          bob.say("lobby:join", "code", lobby.getString("code")).lobby("lobby:updated");
      assertThat(ann.lobby("lobby:updated")).isEqualTo(heard);
      assertThat(names(heard, "teamB")).containsExactly("Bob");
      JsonObject third =
          cid.say("lobby:join", "lobbyId", id(lobby), "team", "B").lobby("lobby:updated");
      assertThat(names(third, "teamB")).containsExactly("Bob", "Cid");
      assertThat(ann.lobby("lobby:updated")).isEqualTo(third);
      assertThat(bob.lobby("lobby:updated")).isEqualTo(third);
      assertThat(cid.say("lobby:join", "lobbyId", id(lobby)).error()).isEqualTo("Already in lobby");
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void theRulesOfJoiningAreAskedInTheirOrder(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      JsonObject hidden = ann.say("lobby:create", "isPrivate", true).lobby("lobby:created");
      String code = hidden.getString("code");
      String wrong = code.equals("999999") ? "100000" : "999999";

      assertThat(bob.say("lobby:join").error()).isEqualTo("Lobby ID or code required");
      assertThat(bob.say("lobby:join", "code", wrong, "lobbyId", id(hidden)).error())
          .isEqualTo("Lobby not found");
      assertThat(bob.say("lobby:join", "lobbyId", "nonsense").error()).isEqualTo("Lobby not found");
      assertThat(bob.say("lobby:join", "code", "12").error()).isEqualTo("Lobby not found");
      assertThat(bob.say("lobby:join", "lobbyId", id(hidden)).error())
          .isEqualTo("Lobby is private");
      bob.create();
      assertThat(bob.say("lobby:join", "lobbyId", id(hidden)).error())
          .isEqualTo("Lobby is private");
      assertThat(bob.say("lobby:join", "code", code).error()).isEqualTo("Already in lobby");
      ann.hearsNothing();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoLeavesHearsHowTheLobbyIsWithoutHimAndThenThatHeLeft(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.say("lobby:leave").error()).isEqualTo("Not in a lobby");
      JsonObject lobby = together(ann, bob);
      ann.say("lobby:leave");
      JsonObject without = ann.lobby("lobby:updated");
      ann.hear("lobby:left");
      assertThat(bob.lobby("lobby:updated")).isEqualTo(without);
      assertThat(without.getString("ownerId")).isEqualTo(bob.id());
      assertThat(without.getJsonArray("teamA")).isEmpty();

      bob.say("lobby:leave");
      assertThat(bob.hear("lobby:deleted").getString("lobbyId")).isEqualTo(id(lobby));
      bob.hear("lobby:left");
      ann.hearsNothing();
      assertThat(ann.say("lobby:join", "lobbyId", id(lobby)).error()).isEqualTo("Lobby not found");
      ann.create();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoseSocketEndsLeavesAndTheNextOwns(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var bob = player("Bob");
        var cid = player("Cid")) {
      var ann = player("Ann");
      JsonObject lobby = together(ann, bob);
      cid.say("lobby:join", "lobbyId", id(lobby), "team", "A").hear("lobby:updated");
      bob.hear("lobby:updated");
      ann.close();

      JsonObject without = bob.lobby("lobby:updated");
      assertThat(without.getString("ownerId")).isEqualTo(cid.id());
      assertThat(names(without, "teamA")).containsExactly("Cid");
      assertThat(cid.lobby("lobby:updated")).isEqualTo(without);
    }
    Eventually.holds(() -> lobbies().isEmpty());
  }

  private JsonArray lobbies() {
    try (var looking = player("Looking")) {
      return new JsonArray(
          node.get("/lobbies", "authorization", "Bearer " + looking.token()).body());
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void readyIsToldToAll(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.say("lobby:ready").error()).isEqualTo("Not in a lobby");
      together(ann, bob);
      JsonObject ready = bob.say("lobby:ready").lobby("lobby:updated");
      assertThat(ready.getJsonArray("teamB").getJsonObject(0).getBoolean("ready")).isTrue();
      assertThat(ann.lobby("lobby:updated")).isEqualTo(ready);
      JsonObject not = bob.say("lobby:ready", "ready", false).lobby("lobby:updated");
      assertThat(not.getJsonArray("teamB").getJsonObject(0).getBoolean("ready")).isFalse();
      assertThat(ann.lobby("lobby:updated")).isEqualTo(not);
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void theOwnerFillsTheTeamsUpWithBots(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.say("lobby:fill-bots").error()).isEqualTo("Not in a lobby");
      together(ann, bob);
      assertThat(bob.say("lobby:fill-bots").error()).isEqualTo("Only lobby owner can add bots");
      JsonObject filled = ann.say("lobby:fill-bots").lobby("lobby:updated");
      assertThat(names(filled, "teamA")).containsExactly("Ann", "Bot 1");
      assertThat(names(filled, "teamB")).containsExactly("Bob", "Bot 2");
      JsonObject bot = filled.getJsonArray("teamA").getJsonObject(1);
      assertThat(bot.getString("accountId")).matches("bot-[0-9a-f-]{36}");
      assertThat(bot.getBoolean("ready")).isTrue();
      assertThat(bob.lobby("lobby:updated")).isEqualTo(filled);
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void aMatchStartsForAllWhenAllAreReadyAndTheLobbyIsGone(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.say("lobby:start").error()).isEqualTo("Not in a lobby");
      JsonObject lobby = together(ann, bob);
      assertThat(bob.say("lobby:start").error()).isEqualTo("Only lobby owner can start match");
      assertThat(ann.say("lobby:start").error()).isEqualTo("Not all players are ready");
      ann.say("lobby:ready").hear("lobby:updated");
      bob.hear("lobby:updated");
      bob.say("lobby:ready").hear("lobby:updated");
      ann.hear("lobby:updated");
      JsonObject match = ann.say("lobby:start").hear("match:started").getJsonObject("matchData");

      assertThat(bob.hear("match:started").getJsonObject("matchData")).isEqualTo(match);
      assertThat(match.fieldNames())
          .containsExactly("matchId", "lobbyId", "teamA", "teamB", "startedAt", "server");
      assertThat(match.getString("lobbyId")).isEqualTo(id(lobby));
      assertThat(match.getJsonArray("teamB"))
          .isEqualTo(JsonArray.of(JsonObject.of("accountId", bob.id(), "username", "Bob")));
      JsonObject server = match.getJsonObject("server");
      assertThat(server.getInteger("port")).isEqualTo(node.port());
      assertThat(server.getString("serverName")).contains(match.getString("matchId"));
      assertThat(ann.say("lobby:start").error()).isEqualTo("Not in a lobby");
      bob.hearsNothing();
      ann.create();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whatIsSaidAtOnceIsAnsweredInOrder(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann")) {
      ann.say("lobby:create").say("lobby:ready").say("lobby:leave").say("ping");
      ann.hear("lobby:created");
      ann.hear("lobby:updated");
      ann.hear("lobby:deleted");
      ann.hear("lobby:left");
      ann.hear("pong");
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void aLobbyIsTheSameOnBothWires(Databases.TestDatabase database)
      throws IOException, InterruptedException {
    node = TestNode.start(database);
    try (var ann = player("Ann")) {
      JsonObject lobby = ann.create();
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
        assertThat(names(ann.lobby("lobby:updated"), "teamB")).containsExactly("Gus");

        ann.say("lobby:fill-bots").hear("lobby:updated");
        try (var bob = player("Bob")) {
          bob.say("lobby:join", "lobbyId", id(lobby)).hear("lobby:updated");
          ann.hear("lobby:updated");
          assertThat(phoenix.await("lobby:" + number, "user_joined").getString("display_name"))
              .isEqualTo("Bob");
          ann.say("lobby:leave").hear("lobby:updated");
          ann.hear("lobby:left");
          phoenix.await("lobby:" + number, "user_left");
          assertThat(phoenix.await("lobby:" + number, "host_changed").getString("display_name"))
              .isEqualTo("Bob");
          bob.hear("lobby:updated");
          gus.post("/api/v1/lobbies/leave", new JsonObject());
          assertThat(names(bob.lobby("lobby:updated"), "teamB")).doesNotContain("Gus");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void aLobbyMadeElsewhereHasTeamsForThoseWhoLook(Databases.TestDatabase database)
      throws IOException, InterruptedException {
    node = TestNode.start(database);
    var gus = RestPlayer.signIn(TestNode.client(), node.uri("/"), "gus");
    gus.post("/api/v1/lobbies", JsonObject.of("title", "Room", "max_users", 2));
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      JsonObject listed =
          new JsonArray(node.get("/lobbies", "authorization", "Bearer " + ann.token()).body())
              .getJsonObject(0);
      assertThat(names(listed, "teamA")).containsExactly("Player " + gus.id());
      JsonObject joined =
          ann.say("lobby:join", "code", listed.getString("code")).lobby("lobby:updated");
      assertThat(names(joined, "teamB")).containsExactly("Ann");
      assertThat(joined.getString("ownerId"))
          .isEqualTo(joined.getJsonArray("teamA").getJsonObject(0).getString("accountId"));
      assertThat(bob.say("lobby:join", "lobbyId", id(listed)).error()).isEqualTo("Lobby is full");
      long number = gus.get("/api/v1/me").body().getLong("lobby_id");
      long annsNumber =
          gus.get("/api/v1/lobbies/" + number)
              .body()
              .getJsonArray("members")
              .getJsonObject(1)
              .getLong("id");
      gus.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", annsNumber));
      assertThat(ann.lobby("lobby:updated").getJsonArray("teamB")).isEmpty();
      ann.hear("lobby:left");
      ann.create();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoIsSignedOutLosesHisSocketAndHisPlace(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      together(ann, bob);
      node.send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + ann.token());
      assertThat(ann.socket().receiveCloseCode()).isEqualTo(4001);
      assertThat(names(bob.lobby("lobby:updated"), "teamA")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoLooksForAMatchIsMatched(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      String ticket =
          ann.say("matchmaking:find").hear("matchmaking:searching").getString("ticketId");
      assertThat(ticket).isNotBlank();
      assertThat(ann.say("matchmaking:find").error()).isEqualTo("Already searching for a match");
      bob.say("matchmaking:find").hear("matchmaking:searching");
      JsonObject match = ann.hear("match:started").getJsonObject("matchData");
      assertThat(bob.hear("match:started").getJsonObject("matchData")).isEqualTo(match);
      assertThat(match.getJsonArray("teamA")).isEmpty();
      assertThat(match.getJsonArray("teamB")).isEmpty();
      assertThat(match.getJsonObject("server").getInteger("port")).isEqualTo(node.port());
      ann.say("matchmaking:find").hear("matchmaking:searching");
      ann.say("matchmaking:cancel").hear("matchmaking:cancelled");
    }
  }

  @ParameterizedTest
  @MethodSource(PLACES)
  void whoCancelsOrIsGoneIsMatchedWithNobodyAndWhoWaitsMayAskWhy(Databases.TestDatabase database) {
    node = TestNode.start(database);
    try (var ann = player("Ann");
        var bob = player("Bob")) {
      assertThat(ann.say("matchmaking:why").error()).isEqualTo("Not searching for a match");
      ann.say("matchmaking:cancel").hear("matchmaking:cancelled");
      ann.say("matchmaking:find", "region", "moon").hear("matchmaking:searching");
      var gone = player("Gone");
      gone.say("matchmaking:find").hear("matchmaking:searching");
      JsonObject why = ann.say("matchmaking:why").hear("matchmaking:why");
      assertThat(why.getInteger("found")).isEqualTo(1);
      assertThat(why.getJsonArray("misses").getJsonObject(0).getString("criterion"))
          .isEqualTo("region");
      gone.close();
      Eventually.holds(
          () ->
              ann.say("matchmaking:why").hear("matchmaking:why").getJsonArray("misses").isEmpty());
      bob.say("matchmaking:find").hear("matchmaking:searching");
      ann.say("matchmaking:cancel").hear("matchmaking:cancelled");
      bob.say("matchmaking:cancel").hear("matchmaking:cancelled");
      assertThat(bob.say("matchmaking:find", "size", 3).hear("matchmaking:error"))
          .isEqualTo(JsonObject.of("type", "matchmaking:error", "message", "Invalid search"));
      assertThat(bob.say("matchmaking:find", "size", "two").error())
          .isEqualTo("Invalid message format");
    }
  }
}
