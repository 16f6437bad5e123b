package dev.rookery.protocol.gameflow;

import static dev.rookery.testkit.GameFlowClient.connect;
import static dev.rookery.testkit.GameFlowClient.usernames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A socket is told of the lobby and the matches of its player, however they got there. */
final class FollowedLobbyTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#kinds";

  private TestNode node;

  @AfterEach
  void stop() {
    node.close();
  }

  private void startOn(String kind) {
    node = TestNode.start(Databases.create(kind));
  }

  private static JsonObject post(RestPlayer player, String path, JsonObject body)
      throws IOException, InterruptedException {
    RestPlayer.Response response = player.post("/api/v1/" + path, body);
    assertThat(response.ok()).as("%s", response).isTrue();
    return response.body();
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void membersOfPartyAreToldOfTheLobbyThatTheirLeaderCreatesAndStarts(String kind)
      throws Exception {
    startOn(kind);
    try (var ann = connect(node, "Ann");
        var bob = connect(node, "Bob")) {
      ann.rest(node).makePartyWith(bob.rest(node));
      JsonObject lobby = ann.createLobby();

      JsonObject joined = bob.receiveLobby("lobby:updated");
      assertThat(joined.getString("id")).isEqualTo(lobby.getString("id"));
      assertThat(List.of(usernames(joined, "teamA"), usernames(joined, "teamB")))
          .anySatisfy(team -> assertThat(team).contains("Bob"));

      // Without the answers of the other until then.
      bob.send("lobby:ready");
      assertThat(isReady(bob.receiveLobby("lobby:updated"), bob)).isTrue();
      ann.send("lobby:ready");
      assertThat(isReady(bob.receiveLobby("lobby:updated"), ann)).isTrue();
      ann.send("lobby:start");
      JsonObject match = bob.receive("match:started").getJsonObject("matchData");
      assertThat(match.getString("lobbyId")).isEqualTo(lobby.getString("id"));
      bob.assertNothingReceived();
    }
  }

  private static boolean isReady(JsonObject lobby, GameFlowClient player) {
    return List.of("teamA", "teamB").stream()
        .flatMap(team -> lobby.getJsonArray(team).stream())
        .map(JsonObject.class::cast)
        .anyMatch(one -> one.getString("accountId").equals(player.id()) && one.getBoolean("ready"));
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void membersOfPartyAreToldOfTheMatchThatTheirLeaderSearches(String kind) throws Exception {
    startOn(kind);
    try (var ann = connect(node, "Ann");
        var bob = connect(node, "Bob");
        var cid = connect(node, "Cid");
        var dan = connect(node, "Dan")) {
      ann.rest(node).makePartyWith(bob.rest(node));
      cid.rest(node).makePartyWith(dan.rest(node));
      ann.send("matchmaking:find", "size", 4).receive("matchmaking:searching");
      cid.send("matchmaking:find", "size", 4).receive("matchmaking:searching");

      JsonObject match = bob.receive("match:started");
      for (var other : List.of(ann, cid, dan)) {
        assertThat(other.receive("match:started")).isEqualTo(match);
        other.assertNothingReceived();
      }
      // Nobody's socket takes the search for one that is still going on.
      ann.send("matchmaking:find", "size", 4).receive("matchmaking:searching");
      ann.send("matchmaking:cancel").receive("matchmaking:cancelled");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void playerIsToldOfLobbiesEnteredAndLeftOnAnotherWire(String kind) throws Exception {
    startOn(kind);
    var gus = RestPlayer.signIn(TestNode.client(), node.uri("/"), "gus");
    long first = post(gus, "lobbies", JsonObject.of("title", "First")).getLong("id");
    try (var ann = connect(node, "Ann")) {
      RestPlayer other = ann.rest(node);
      post(other, "lobbies/" + first + "/join", new JsonObject());
      JsonObject entered = ann.receiveLobby("lobby:updated");
      assertThat(usernames(entered, "teamA")).containsExactly("Player " + gus.id());
      assertThat(usernames(entered, "teamB")).containsExactly("Ann");

      ann.send("lobby:ready");
      assertThat(isReady(ann.receiveLobby("lobby:updated"), ann)).isTrue();

      // Another one, and the first again: nothing of it is mixed up.
      post(other, "lobbies/leave", new JsonObject());
      ann.receive("lobby:updated");
      ann.receive("lobby:left");
      String second = ann.createLobby().getString("id");
      post(other, "lobbies/leave", new JsonObject());
      post(other, "lobbies/" + first + "/join", new JsonObject());
      assertThat(ann.receive("lobby:deleted").getString("lobbyId")).isEqualTo(second);
      ann.receive("lobby:left");
      assertThat(ann.receiveLobby("lobby:updated").getString("id"))
          .isEqualTo(entered.getString("id"));
      ann.assertNothingReceived();
    }
    // Entered elsewhere: the socket that ends does not take the player out of it.
    assertThat(gus.get("/api/v1/lobbies/" + first).body().getJsonArray("members")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void membersAreToldOfTheNewNameOfAMember(String kind) throws Exception {
    startOn(kind);
    // The first player.
    var admin = RestPlayer.signIn(TestNode.client(), node.uri("/"), "admin");
    try (var ann = connect(node, "Ann");
        var bob = connect(node, "Bob")) {
      JsonObject created = ann.createLobby();
      bob.send("lobby:join", "code", created.getString("code")).receive("lobby:updated");
      ann.receive("lobby:updated");
      bob.send("lobby:ready").receive("lobby:updated");
      ann.receive("lobby:updated");

      rename(bob.rest(node), "/api/v1/me/display_name", "Robert");
      JsonObject renamed = ann.receiveLobby("lobby:updated");
      assertThat(usernames(renamed, "teamA")).containsExactly("Ann");
      assertThat(usernames(renamed, "teamB")).containsExactly("Robert");
      assertThat(isReady(renamed, bob)).isTrue();
      assertThat(bob.receiveLobby("lobby:updated")).isEqualTo(renamed);

      rename(admin, "/api/v1/admin/users/" + ann.rest(node).id(), "Anna");
      assertThat(usernames(bob.receiveLobby("lobby:updated"), "teamA")).containsExactly("Anna");
      ann.receive("lobby:updated");

      // The same name again changes nothing, and the match has the new ones.
      rename(bob.rest(node), "/api/v1/me/display_name", "Robert");
      ann.send("lobby:ready").receive("lobby:updated");
      bob.receive("lobby:updated");
      ann.send("lobby:start");
      JsonObject match = bob.receive("match:started").getJsonObject("matchData");
      assertThat(usernames(match, "teamA")).containsExactly("Anna");
      assertThat(usernames(match, "teamB")).containsExactly("Robert");
    }
  }

  private static void rename(RestPlayer by, String path, String name) throws Exception {
    RestPlayer.Response response = by.send("PATCH", path, JsonObject.of("display_name", name));
    assertThat(response.ok()).as("%s", response).isTrue();
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void socketBeginsWithTheLobbyThatItsPlayerIsIn(String kind) throws Exception {
    startOn(kind);
    try (var ann = connect(node, "Ann")) {
      String lobby = ann.createLobby().getString("id");
      try (var again = connect(node, ann.token(), ann.id())) {
        assertThat(again.receiveLobby("lobby:updated").getString("id")).isEqualTo(lobby);
        ann.send("lobby:leave").receive("lobby:deleted");
        again.receive("lobby:deleted");
        again.receive("lobby:left");
        again.assertNothingReceived();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void nobodyStaysInLobbyThatTheyEnteredWhenTheirSocketClosed(String kind) throws Exception {
    startOn(kind);
    for (int i = 0; i < 20; i++) {
      var leaving = connect(node, "Leaving");
      leaving.send("lobby:create");
      leaving.close();
    }
    try (var ann = connect(node, "Ann")) {
      Eventually.holds(
          () ->
              new JsonArray(node.get("/lobbies", "authorization", "Bearer " + ann.token()).body())
                  .isEmpty());
    }
  }
}
