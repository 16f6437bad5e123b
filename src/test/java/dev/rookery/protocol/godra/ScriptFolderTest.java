package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Scripts that change while the node runs, in its folder and over HTTP; and a Redis that is away.
 */
final class ScriptFolderTest {
  private static GodraNode godra;
  private static TestNode node;
  private static GodraPlayer player;
  private static String admin;

  @BeforeAll
  static void start() throws Exception {
    godra = GodraNode.start(true, Map.of("ROOKERY_GODRA_GUESTS_CALL_PLAYER_SCRIPTS", "false"));
    node = godra.node();
    // The first player is an admin.
    admin = RestPlayer.signIn(TestNode.client(), node.uri("/"), "the-admin").token();
    player = GodraPlayer.register(node);
  }

  @AfterAll
  static void stop() {
    godra.close();
  }

  private static void awaitResult(String script, Object result) {
    Eventually.holds(
        () -> {
          var response = player.call(script, null);
          return response.statusCode() == 200
              && result.equals(new JsonObject(response.body()).getValue("result"));
        });
  }

  private static HttpResponse<String> admin(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(node.uri("/api/v1/admin/scripts" + path))
            .header("authorization", "Bearer " + admin)
            .header("content-type", "application/octet-stream")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return node.send(request.build());
  }

  private static JsonObject listed(String name) {
    JsonArray all = new JsonObject(admin("GET", "", null).body()).getJsonArray("data");
    for (int i = 0; i < all.size(); i++) {
      if (all.getJsonObject(i).getString("name").equals(name)) {
        return all.getJsonObject(i);
      }
    }
    return null;
  }

  @Test
  void servesTheLastGoodVersionOfAFile() {
    godra.write("greet", "return 'one'");
    awaitResult("greet", "one");
    godra.write("greet", "return 'two'");
    awaitResult("greet", "two");
    godra.write("greet", "local a = 1\nreturn = 3");
    Eventually.holds(() -> listed("greet").getJsonObject("error") != null);
    JsonObject error = listed("greet").getJsonObject("error");
    assertThat(error.getInteger("line")).isEqualTo(2);
    assertThat(error.getString("message")).contains("near '='");
    assertThat(node.get("/metrics").body())
        .contains("rookery_lua_broken 1.0")
        .contains("rookery_lua_broken_line{script=\"greet\"} 2.0")
        .contains("rookery_lua_reloads_total{outcome=\"rejected\",script=\"greet\"} 1.0");
    assertThat(player.result("greet")).isEqualTo("two");
    godra.write("greet", "return 'three'");
    awaitResult("greet", "three");
    assertThat(listed("greet").getJsonObject("error")).isNull();
    assertThat(listed("greet").getInteger("version")).isEqualTo(3);
    godra.delete("greet");
    Eventually.holds(() -> player.call("greet", null).statusCode() == 500);
    assertThat(listed("greet")).isNull();
  }

  @Test
  void replacesAScriptOfTheServer() {
    assertThat(listed("send_chat").getString("source")).isEqualTo("bundled");
    godra.write("send_chat", "return 'mine'");
    awaitResult("send_chat", "mine");
    godra.delete("send_chat");
    Eventually.holds(() -> player.call("send_chat", null).body().contains("Game ID required"));
  }

  @Test
  void storesScriptsOfAdmins() {
    assertThat(
            node.get("/api/v1/admin/scripts", "authorization", "Bearer " + player.token())
                .statusCode())
        .isEqualTo(403);
    assertThat(admin("PUT", "/dice", "-- ROLE: guest\nreturn 6").statusCode()).isEqualTo(200);
    assertThat(player.result("dice")).isEqualTo(6);
    assertThat(GodraPlayer.guest(node).result("dice")).isEqualTo(6);
    assertThat(admin("PUT", "/dice", "return 1").statusCode()).isEqualTo(200);
    assertThat(player.result("dice")).isEqualTo(1);
    assertThat(GodraPlayer.guest(node).call("dice", null).body())
        .isEqualTo("Forbidden: Player role required");
    var broken = admin("PUT", "/dice", "return (");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(new JsonObject(broken.body()).getString("message")).startsWith("dice.lua:1: ");
    assertThat(admin("PUT", "/dice", "-- ROLE: nobody\nreturn 1").body()).contains("dice.lua:1: ");
    assertThat(admin("PUT", "/no%20name", "return 1").statusCode()).isEqualTo(400);
    assertThat(admin("POST", "/dice/rollback", null).statusCode()).isEqualTo(200);
    assertThat(player.result("dice")).isEqualTo(6);
    assertThat(admin("DELETE", "/dice", null).statusCode()).isEqualTo(200);
    assertThat(admin("DELETE", "/dice", null).statusCode()).isEqualTo(404);
    assertThat(player.call("dice", null).statusCode()).isEqualTo(500);
  }

  @Test
  void recoversFromAnOutageOfRedis() {
    godra.write("count", "return redis.call('INCR', 'count')");
    awaitResult("count", 1);
    String game = player.createLobby(4);
    try (var socket = player.connect(game)) {
      godra.redis().stop();
      Eventually.holds(() -> player.call("count", null).statusCode() == 503);
      godra.redis().startAgain();
      // It knows no script any more.
      Eventually.holds(() -> player.call("count", null).statusCode() == 200);
      Eventually.holds(() -> node.get("/metrics").body().contains("rookery_lua_redis_up 1.0"));
      // Each connection is opened again by its next call.
      Eventually.holds(() -> player.call("send_chat", null, "again", game).statusCode() == 200);
      assertThat(new GameEvents(socket).next("chat").getString("message")).isEqualTo("again");
    }
  }
}
