package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Games in Java of an extension, while its versions replace each other. */
final class ExtensionGamesTest {
  private static final String GAME =
      """
      context.games().add(new TurnGame() {
        @Override public GameSettings settings() {
          return new GameSettings("%2$s", "1", List.of("0", "1"), 2);
        }
        @Override public JsonObject setup(Match match) {
          return JsonObject.of("sum", 0);
        }
        @Override public Map<String, Move> moves() {
          return Map.of(
              "add",
              (match, player, payload) -> new Result.EndTurn(
                  JsonObject.of("sum", match.state().getInteger("sum") + (Integer) payload)),
              "fail", (match, player, payload) -> { throw new StackOverflowError(); },
              "loop", (match, player, payload) -> {
                while (!Thread.currentThread().isInterrupted()) {
                  java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
                return new Result.EndTurn(JsonObject.of("sum", -1));
              });
        }
        @Override public LinkedHashMap<String, Object> computed(Context match) {
          return new LinkedHashMap<>();
        }
        @Override public JsonObject publicView(Context match) {
          return JsonObject.of("sum", match.state().getInteger("sum"), "version", %1$s);
        }
        @Override public JsonObject playerView(Context match, String player) {
          return publicView(match);
        }
      });
      """;

  @Test
  void roomsGoOnWithTheVersionTheyBeganWith() throws Exception {
    try (var database = Databases.sqlite()) {
      List<RoomPlayer> replaced;
      try (var api = TestApi.start(database.shared())) {
        replaced = playsWhileVersionsReplaceEachOther(api);
      }
      try (var api = TestApi.start(database.shared());
          var later = replaced.getFirst();
          var last = replaced.getLast()) {
        goesOnAfterARestart(api, later, last);
      }
    }
  }

  /** Returns the players of a match of a version that is replaced. */
  private static List<RoomPlayer> playsWhileVersionsReplaceEachOther(TestApi api) throws Exception {
    Guest admin = api.guest();
    var later = RoomPlayer.signIn(api.node(), "later");
    var last = RoomPlayer.signIn(api.node(), "last");
    refuses(api, admin);
    // Kept, because a jar that is packed again is another one.
    byte[] first = jar(1, "sums");
    upload(api, admin, first);
    try (var host = RoomPlayer.signIn(api.node(), "host");
        var guest = RoomPlayer.signIn(api.node(), "guest")) {
      RoomPlayer.start(api.node(), "sums", host, guest);
      adds(host, guest, 7, 7, 1);
      host.act("fail", null);
      assertThat(host.receive("action_rejected").getString("error")).isEqualTo("inactive_player");
      guest.act("fail", null);
      assertThat(guest.receive("action_rejected").getString("error")).isEqualTo("invalid_event");

      upload(api, admin, jar(2, "sums"));
      adds(guest, host, 1, 8, 1);
      RoomPlayer.start(api.node(), "sums", later, last);
      adds(later, last, 3, 3, 2);
      host.act("loop", null);
      adds(last, later, 2, 5, 2);
      assertThat(host.receive("action_rejected").getString("reason")).isEqualTo("game_overdue");
      Eventually.holds(() -> bootstrap(api, host).statusCode() == 200);
      uploadsASave(api, host);
      uploadsASave(api, later);

      assertThat(admin.delete("/api/v1/admin/extensions/game").status()).isEqualTo(200);
      Eventually.holds(() -> bootstrap(api, host).statusCode() == 503);
      assertThat(bootstrap(api, host).body()).isEqualTo("{\"error\":\"game_not_loaded\"}");
      assertThat(
              api.node()
                  .post(
                      "/api/dev/rooms",
                      "{\"gameKey\":\"sums\"}",
                      "authorization",
                      "Bearer " + host.accessToken())
                  .body())
          .isEqualTo("{\"error\":\"unknown_game\"}");

      upload(api, admin, first);
      host.connect(api.node()).receiveSnapshot();
      guest.connect(api.node()).receiveSnapshot();
      adds(host, guest, 4, 12, 1);
      later.connect(api.node()).receiveSnapshot();
      last.connect(api.node()).receiveSnapshot();
      adds(later, last, 1, 6, 2);
    }
    return List.of(later, last);
  }

  /** With the jar of the version that they began with, which another one has replaced. */
  private static void goesOnAfterARestart(TestApi api, RoomPlayer later, RoomPlayer last) {
    later.connect(api.node()).receiveSnapshot();
    last.connect(api.node()).receiveSnapshot();
    adds(last, later, 6, 12, 2);
    try (var host = RoomPlayer.signIn(api.node(), "host");
        var guest = RoomPlayer.signIn(api.node(), "guest")) {
      RoomPlayer.start(api.node(), "sums", host, guest);
      adds(host, guest, 1, 1, 1);
    }
  }

  private static void refuses(TestApi api, Guest admin) {
    assertThat(send(api, admin, jar(1, "tic-tac-toe")).body()).contains("is part of the server");
    String broken = "throw new IllegalStateException(\"no setup\");";
    byte[] jar =
        ExtensionSources.started(
            "1", GAME.formatted(1, "sums").replace("return JsonObject.of(\"sum\", 0);", broken));
    assertThat(send(api, admin, jar).body()).contains("cannot be used", "no setup");
  }

  private static byte[] jar(int version, String gameKey) {
    return ExtensionSources.started(Integer.toString(version), GAME.formatted(version, gameKey));
  }

  private static void upload(TestApi api, Guest admin, byte[] jar) {
    var response = send(api, admin, jar);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private static HttpResponse<String> send(TestApi api, Guest admin, byte[] jar) {
    return api.node()
        .send(
            HttpRequest.newBuilder(api.node().uri("/api/v1/admin/extensions/game"))
                .header("authorization", "Bearer " + admin.token())
                .header("content-type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(jar))
                .build());
  }

  private static void uploadsASave(TestApi api, RoomPlayer player) throws Exception {
    String authorization = "Bearer " + player.accessToken();
    String room = "/api/dev/rooms/" + player.room();
    var saved = api.node().post(room + "/save", "{}", "authorization", authorization);
    String url = new JsonObject(saved.body()).getString("downloadURL");
    byte[] save =
        TestNode.client()
            .send(
                HttpRequest.newBuilder(api.node().uri(url))
                    .header("authorization", authorization)
                    .build(),
                BodyHandlers.ofByteArray())
            .body();
    var uploaded =
        api.node()
            .send(
                HttpRequest.newBuilder(api.node().uri("/api/dev/saves"))
                    .header("authorization", authorization)
                    .POST(BodyPublishers.ofByteArray(save))
                    .build());
    assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
  }

  private static HttpResponse<String> bootstrap(TestApi api, RoomPlayer player) {
    return api.node()
        .get(
            "/api/dev/rooms/" + player.room() + "/bootstrap",
            "authorization",
            "Bearer " + player.accessToken());
  }

  /** A move that both players see, in the view of the version of their room. */
  private static void adds(RoomPlayer player, RoomPlayer other, int number, int sum, int version) {
    player.act("add", number);
    for (RoomPlayer each : new RoomPlayer[] {player, other}) {
      JsonObject view = each.receive("batch_applied").getJsonObject("snapshot").getJsonObject("G");
      assertThat(view).isEqualTo(JsonObject.of("sum", sum, "version", version));
    }
  }
}
