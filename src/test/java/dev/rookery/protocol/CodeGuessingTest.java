package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Codes and passwords of lobbies are not found by trying, on any wire. */
final class CodeGuessingTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#locations";
  private static final int FREE = 20;
  private static final int FREE_OF_A_NETWORK = 100;

  private static TestNode start(Databases.TestDatabase database) {
    // Of the limits only the one under test is reached.
    return TestNode.start(
        database,
        Map.of(
            "ROOKERY_RATE_LIMIT_ENABLED", "true",
            "ROOKERY_RATE_LIMIT_GENERAL_LIMIT", "100000",
            "ROOKERY_RATE_LIMIT_SIGN_IN_LIMIT", "100000"));
  }

  private static String otherCode(String code, int step) {
    return Integer.toString(100_000 + (Integer.parseInt(code) - 100_000 + step) % 900_000);
  }

  private static String guess(GameFlowClient player, String code) {
    return player.send("lobby:join", "code", code).receiveError();
  }

  private static HttpResponse<String> join(TestNode node, String token, long lobby, String body) {
    return node.post(
        "/api/v1/lobbies/" + lobby + "/join", body, "authorization", "Bearer " + token);
  }

  private static long lobbyOf(TestNode node, GameFlowClient player) {
    return new JsonObject(
            node.get("/api/v1/me", "authorization", "Bearer " + player.token()).body())
        .getLong("lobby_id");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void wrongCodesOfAPlayerAreCountedOnAllWiresTogether(Databases.TestDatabase database) {
    try (var node = start(database);
        var ann = GameFlowClient.connect(node, "Ann");
        var bob = GameFlowClient.connect(node, "Bob");
        var cid = GameFlowClient.connect(node, "Cid")) {
      String code =
          ann.send("lobby:create", "isPrivate", true)
              .receiveLobby("lobby:created")
              .getString("code");
      long id = lobbyOf(node, ann);
      for (int i = 1; i <= FREE / 2; i++) {
        assertThat(guess(bob, otherCode(code, i))).isEqualTo("Lobby not found");
        String wrong = JsonObject.of(i % 2 == 0 ? "code" : "password", otherCode(code, i)).encode();
        assertThat(join(node, bob.token(), id, wrong).statusCode()).isEqualTo(404);
      }

      // The right one is not tried any more.
      assertThat(guess(bob, code)).isEqualTo("Too many attempts");
      var refused = join(node, bob.token(), id, JsonObject.of("code", code).encode());
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();

      // Nobody else is delayed, nor is a join without a code.
      assertThat(join(node, bob.token(), id, "{}").statusCode()).isEqualTo(404);
      cid.send("lobby:join", "code", code).receiveLobby("lobby:updated");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void theRightCodeResetsThePlayersCount(Databases.TestDatabase database) {
    try (var node = start(database);
        var ann = GameFlowClient.connect(node, "Ann");
        var bob = GameFlowClient.connect(node, "Bob")) {
      String code =
          ann.send("lobby:create", "isPrivate", true)
              .receiveLobby("lobby:created")
              .getString("code");
      for (int round = 0; round < 2; round++) {
        for (int i = 1; i < FREE; i++) {
          assertThat(guess(bob, otherCode(code, i))).isEqualTo("Lobby not found");
        }
        bob.send("lobby:join", "code", code).receiveLobby("lobby:updated");
        ann.receiveLobby("lobby:updated");
        bob.send("lobby:leave").receiveLobby("lobby:updated");
        bob.receive("lobby:left");
        ann.receiveLobby("lobby:updated");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void wrongPasswordsAreCountedToo(Databases.TestDatabase database) {
    try (var node = start(database);
        var ann = GameFlowClient.connect(node, "Ann");
        var bob = GameFlowClient.connect(node, "Bob")) {
      String created =
          node.post(
                  "/api/v1/lobbies",
                  "{\"password\":\"secret\"}",
                  "authorization",
                  "Bearer " + ann.token())
              .body();
      long id = new JsonObject(created).getLong("id");
      for (int i = 0; i < FREE; i++) {
        assertThat(join(node, bob.token(), id, "{\"password\":\"" + i + "\"}").body())
            .contains("invalid_password");
      }
      assertThat(join(node, bob.token(), id, "{\"password\":\"secret\"}").statusCode())
          .isEqualTo(429);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void wrongCodesFromOneAddressAreCountedForAllItsPlayers(Databases.TestDatabase database) {
    try (var node = start(database);
        var ann = GameFlowClient.connect(node, "Ann")) {
      String code =
          ann.send("lobby:create", "isPrivate", true)
              .receiveLobby("lobby:created")
              .getString("code");
      int step = 1;
      for (int player = 0; player * FREE < FREE_OF_A_NETWORK; player++) {
        try (var guessing = GameFlowClient.connect(node, "Guessing " + player)) {
          for (int i = 0; i < FREE; i++) {
            assertThat(guess(guessing, otherCode(code, step++))).isEqualTo("Lobby not found");
          }
        }
      }
      try (var next = GameFlowClient.connect(node, "Next")) {
        assertThat(guess(next, code)).isEqualTo("Too many attempts");
      }
    }
  }
}
