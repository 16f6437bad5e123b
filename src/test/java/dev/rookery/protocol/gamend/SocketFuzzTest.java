package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Sends random frames to all sockets of a node. */
final class SocketFuzzTest {
  private static final List<String> TOPICS =
      List.of(
          "phoenix",
          "lobbies",
          "user:",
          "user:1",
          "user:2",
          "user:-1",
          "user:01",
          "user:99999999999999999999",
          "lobby:1",
          "lobby:'; drop table player; --",
          "lobby:%00",
          "lobby:\u0000",
          "party:1",
          "party:-1",
          "party:99999999999999999999",
          "party:\u0000",
          "groups",
          "group:1",
          "match:",
          "match:room_1",
          "match:\u0000",
          "room:1",
          "group:-1",
          "group:99999999999999999999",
          "group:\u0000",
          "");
  private static final List<String> EVENTS =
      List.of(
          "phx_join",
          "phx_join",
          "phx_leave",
          "phx_close",
          "phx_error",
          "phx_reply",
          "heartbeat",
          "call_hook",
          "action",
          "webrtc:offer",
          "webrtc:ice",
          "updated",
          "<script>");
  private static final List<Object> PAYLOADS =
      List.of(
          new JsonObject(),
          new JsonArray(),
          1,
          "x",
          true,
          JsonObject.of("plugin", "a", "fn", "b", "args", new JsonArray()),
          JsonObject.of("sdp", "x", "candidate", 7),
          JsonObject.of("token", "x".repeat(10_000)));

  private static TestNode node;
  private static LoggedErrors complaints;
  private static String token;

  @BeforeContainer
  static void start() throws Exception {
    complaints = new LoggedErrors();
    node = TestNode.start();
    RestPlayer player = RestPlayer.signIn(TestNode.client(), node.uri(""), "hostile");
    token = player.token();
    // What the topics are about exists, and the player may follow it.
    for (String path : List.of("lobbies", "parties", "groups")) {
      var made = player.post("/api/v1/" + path, JsonObject.of("title", "Fuzzed"));
      assertThat(made.body().getLong("id")).isEqualTo(1);
    }
  }

  @AfterContainer
  static void stop() {
    try (var _ = complaints) {
      node.close();
      assertThat(complaints.messages()).isEmpty();
    }
  }

  @Property(tries = 40)
  void survivesArbitraryFrames(@ForAll long seed) {
    var random = new Random(seed);
    try (RawSocket socket = RawSocket.open(node.port(), PhoenixClient.path(token))) {
      for (int frame = 0; frame < 60; frame++) {
        say(socket, random);
      }
    }
    Eventually.holds(() -> open() == 0);
    try (PhoenixClient client = PhoenixClient.connect(node.port(), token)) {
      assertThat(client.joinAndAwait("user:1", "updated").getLong("id")).isEqualTo(1);
    }
    Eventually.holds(() -> open() == 0);
  }

  private static void say(RawSocket socket, Random random) {
    int kind = random.nextInt(40);
    if (kind == 0) {
      socket.sendText("[".repeat(random.nextInt(100_000)));
    } else if (kind == 1) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      socket.sendBinary(bytes);
    } else if (kind == 2) {
      byte[] push = {0, 1, 1, 6, 1, '1', '1', 'u', 's', 'e', 'r', ':', '1', 'x'};
      socket.sendBinary(push);
    } else {
      var frame =
          new JsonArray()
              .add(ref(random))
              .add(ref(random))
              .add(one(TOPICS, random))
              .add(one(EVENTS, random))
              .add(one(PAYLOADS, random));
      socket.sendText(frame.encode());
    }
  }

  private static String ref(Random random) {
    return random.nextInt(4) == 0 ? null : Integer.toString(random.nextInt(3));
  }

  private static <T> T one(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static double open() {
    return node.gauge("rookery_sockets_open");
  }
}
