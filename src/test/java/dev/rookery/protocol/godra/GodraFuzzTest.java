package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Sends random requests, upgrades and frames to a node. */
final class GodraFuzzTest {
  private static final List<Object> VALUES =
      List.of(
          "",
          " ",
          "ann",
          "create_lobby",
          "send_chat",
          "update_state",
          "move_player",
          "on_connect",
          "../create_lobby",
          "game:1",
          "guest:1",
          "\0",
          "a\0b",
          "\uD83D",
          "🎮".repeat(90),
          "x".repeat(5_000),
          "'; DROP TABLE player; --",
          0,
          -1,
          1.5,
          1e300,
          9223372036854775807L,
          true,
          new JsonObject(),
          JsonObject.of("a", JsonArray.of(1, "b")),
          new JsonArray(),
          JsonArray.of("game:1", "game:1:players"),
          JsonArray.of(1, new JsonArray()));
  private static final List<String> FIELDS =
      List.of("username", "password", "script", "args", "keys", "other");
  private static final List<String> PATHS =
      List.of("/register", "/login", "/guest-login", "/api/rpc", "/api/rpc", "/api/rpc");
  private static final Set<Integer> STATUSES = Set.of(200, 201, 400, 401, 403, 409, 413, 500);

  private static TestNode node;
  private static LoggedErrors errors;
  private static List<String> tokens;
  private static String game;

  @BeforeContainer
  static void start() {
    errors = new LoggedErrors();
    node = TestNode.start();
    GodraPlayer player = GodraPlayer.register(node);
    game = player.createLobby(1_000);
    tokens =
        List.of(player.token(), GodraPlayer.guest(node).token(), "nonsense", "a.b.c", "%00", "");
  }

  @AfterContainer
  static void stop() {
    try (var _ = errors) {
      node.close();
      assertThat(errors.messages()).isEmpty();
    }
  }

  private static <T> T one(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }

  @Property(tries = 300)
  void answersArbitraryRequests(@ForAll long seed) {
    var random = new Random(seed);
    String path = one(PATHS, random);
    var request =
        HttpRequest.newBuilder(node.uri(path))
            .header("content-type", one(List.of("application/json", "text/plain", "a/b"), random))
            .POST(BodyPublishers.ofByteArray(body(random)));
    if (random.nextInt(8) > 0) {
      request.header("authorization", "Bearer " + tokens.get(random.nextInt(4)));
    }
    var response = node.send(request.build());
    assertThat(STATUSES).as(path + " " + response.body()).contains(response.statusCode());
    if (response.statusCode() == 500) {
      assertThat(path + response.body()).startsWith("/api/rpcScript execution failed: ");
    }
  }

  private static byte[] body(Random random) {
    switch (random.nextInt(12)) {
      case 0 -> {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        return bytes;
      }
      case 1 -> {
        return "[".repeat(random.nextInt(20_000)).getBytes(StandardCharsets.UTF_8);
      }
      default -> {
        var json = new JsonObject();
        for (String field : FIELDS) {
          if (random.nextInt(4) > 0) {
            json.put(field, one(VALUES, random));
          }
        }
        if (random.nextInt(3) > 0) {
          json.put("args", JsonArray.of(one(VALUES, random), one(VALUES, random)));
          json.put("keys", JsonArray.of("game:" + game));
        }
        return json.encode().getBytes(StandardCharsets.UTF_8);
      }
    }
  }

  @Property(tries = 100)
  void answersArbitraryUpgrades(@ForAll long seed) {
    var random = new Random(seed);
    var query = new StringBuilder("/ws?");
    for (String name : List.of("token", "game_id", "other")) {
      if (random.nextInt(5) > 0) {
        String value =
            name.equals("token")
                ? one(tokens, random)
                : random.nextInt(3) == 0 ? game : String.valueOf(one(VALUES, random));
        query
            .append(name)
            .append('=')
            .append(
                random.nextInt(10) == 0
                    ? value.replaceAll("[^!-~]", "%")
                    : URLEncoder.encode(value, StandardCharsets.UTF_8))
            .append('&');
      }
    }
    try (var socket = RawSocket.handshake(node.port(), query.toString())) {
      assertThat(Set.of(101, 400, 401, 403, 414)).contains(socket.status());
    }
  }

  @Property(tries = 30)
  void survivesArbitraryFrames(@ForAll long seed) {
    var random = new Random(seed);
    String path = "/ws?token=" + tokens.get(random.nextInt(2)) + "&game_id=" + game;
    try (var socket = RawSocket.open(node.port(), path)) {
      for (int frame = 0; frame < 30; frame++) {
        if (random.nextInt(4) == 0) {
          socket.sendBinary(body(random));
        } else {
          socket.sendText(
              JsonObject.of("action", one(VALUES, random), "payload", one(VALUES, random))
                  .encode());
        }
      }
    }
    Eventually.holds(() -> node.gauge("rookery_godra_sockets") == 0);
    GodraPlayer.guest(node);
  }
}
