package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.DataChannelClient;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data channels of WebRTC, with clients of three independent implementations. */
final class DataChannelTest {
  private static final String ECHO =
      "{\"type\":\"call_hook\",\"plugin\":\"game\",\"fn\":\"echo\",\"args\":[{\"a\":1}]}";

  @TempDir private static Path folder;
  private static TestApi api;

  @BeforeAll
  static void start() throws IOException {
    ExtensionSources.put(
        folder,
        "game",
        ExtensionSources.started(
            "1",
            """
            context.functions().add(RpcFunction.named("echo").taking("value")
                .handledBy(call -> call.arguments().getValue(0)));
            context.channels().serve("", new ChannelHandler() {
              @Override
              public JsonObject join(ChannelJoin join) {
                return new JsonObject();
              }

              @Override
              public JsonObject message(ChannelMessage message) {
                context.channels()
                    .broadcastTransient(message.member().topic(), "moved", message.payload());
                return new JsonObject();
              }
            });
            """));
    api =
        TestApi.start(
            Databases.sqlite(),
            Map.of(
                "EXTENSIONS_DIR",
                folder.toString(),
                "ROOKERY_RATE_LIMIT_ENABLED",
                "true",
                "RATE_LIMIT_HTTP_GENERAL_LIMIT",
                "1000000",
                "RATE_LIMIT_HTTP_AUTH_LIMIT",
                "1000000",
                // Nothing but this machine is asked.
                "WEBRTC_ICE_SERVERS",
                "stun:127.0.0.1:9"));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /** A player on a socket, with the topic of the player joined. */
  private record OnSocket(TestApi.Guest guest, PhoenixClient socket, String topic)
      implements AutoCloseable {
    static OnSocket join(TestApi.Guest guest) {
      PhoenixClient socket = PhoenixClient.connect(api.node().port(), guest.token());
      String topic = "user:" + guest.id();
      socket.joinAndAwait(topic, "updated");
      return new OnSocket(guest, socket, topic);
    }

    static OnSocket join() {
      return join(api.guest());
    }

    DataChannelClient connect() {
      return new DataChannelClient(socket, topic)
          .with("events", true)
          .with("state", false)
          .connect();
    }

    String call(String event, JsonObject payload) {
      PhoenixClient.Frame reply = socket.call(topic, event, payload);
      return (reply.isOk() ? "ok " : "error ") + reply.response().encode();
    }

    /** The states up to and including this one. */
    List<String> statesUntil(String last) {
      var states = new ArrayList<String>();
      do {
        states.add(socket.await(topic, "webrtc:state").getString("state"));
      } while (!states.getLast().equals(last));
      return states;
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static JsonObject candidate(String text) {
    return JsonObject.of("candidate", text, "sdpMid", "0", "sdpMLineIndex", 0.0);
  }

  @Test
  void callsFunctionsOverTheReliableChannel() {
    try (var player = OnSocket.join();
        var peer = player.connect()) {
      peer.send("events", ECHO);
      assertThat(peer.next())
          .isEqualTo(
              "events {\"type\":\"hook_reply\",\"plugin\":\"game\",\"fn\":\"echo\","
                  + "\"data\":{\"a\":1}}");
      peer.send("events", ECHO.replace("echo", "other"));
      assertThat(peer.next()).contains("hook_error", "\"error\":\"not_implemented\"");
      peer.send("events", ECHO.replace("echo", "before_stop"));
      assertThat(peer.next()).contains("hook_error", "\"error\":\"reserved_hook_name\"");
      for (String ignored : List.of("", "{", "[]", "{\"type\":\"other\"}", "{\"type\":7}", "\0")) {
        peer.send("events", ignored);
        peer.send("state", ignored);
      }
      peer.send("events", ECHO);
      assertThat(peer.next()).contains("hook_reply");
    }
  }

  @Test
  void signalsInTheOrderOfTheContract() {
    try (var player = OnSocket.join()) {
      assertThat(player.call("webrtc:ice", candidate("candidate:1")))
          .isEqualTo("error {\"error\":\"no_webrtc_session\"}");
      assertThat(player.call("webrtc:close", new JsonObject())).isEqualTo("ok {}");
      try (var _ = player.connect()) {
        assertThat(player.statesUntil("connected")).endsWith("connected");
        assertThat(player.call("webrtc:send", JsonObject.of("channel", "other", "data", "x")))
            .isEqualTo("error {\"error\":\"channel_not_found\"}");
        assertThat(player.call("webrtc:ice", candidate("no candidate"))).isEqualTo("ok {}");
        assertThat(player.call("webrtc:ice", JsonObject.of("candidate", "x"))).isEqualTo("ok {}");
        assertThat(player.call("webrtc:close", new JsonObject())).isEqualTo("ok {}");
        assertThat(player.call("webrtc:ice", candidate("candidate:1")))
            .isEqualTo("error {\"error\":\"no_webrtc_session\"}");
        assertThat(player.call("webrtc:offer", JsonObject.of("sdp", 1)))
            .isEqualTo("error {\"error\":\"unknown_event\"}");
      }
    }
  }

  @Test
  void sendsAndHearsTextsOfOtherChannels() {
    try (var player = OnSocket.join();
        var peer = new DataChannelClient(player.socket, player.topic).with("own", true).connect()) {
      assertThat(player.socket.await(player.topic, "webrtc:channel_open"))
          .isEqualTo(JsonObject.of("channel", "own"));
      assertThat(player.call("webrtc:send", JsonObject.of("channel", "own", "data", "hello")))
          .isEqualTo("ok {}");
      assertThat(peer.next()).isEqualTo("own hello");
      peer.send("own", "back");
      assertThat(player.socket.await(player.topic, "webrtc:data"))
          .isEqualTo(JsonObject.of("channel", "own", "data", "back"));
    }
  }

  @Test
  void failsForADescriptionThatCannotBeReadAndKeepsTheChannel() {
    try (var player = OnSocket.join()) {
      for (JsonObject offer :
          List.of(
              JsonObject.of("sdp", "no description", "type", "offer"),
              JsonObject.of("sdp", "v=0\r\n" + "a=x\r\n".repeat(2_000), "type", "offer"),
              JsonObject.of("sdp", "v=0"))) {
        assertThat(player.call("webrtc:offer", offer)).isEqualTo("ok {}");
        assertThat(player.statesUntil("failed")).endsWith("failed");
      }
      try (var peer = player.connect()) {
        peer.send("events", ECHO);
        assertThat(peer.next()).contains("hook_reply");
      }
    }
  }

  @Test
  void survivesStrangeLabelsAndMessages() {
    try (var player = OnSocket.join();
        var peer =
            new DataChannelClient(player.socket, player.topic)
                .with("", true)
                .with("\n\u202e", true)
                .with("events", true)
                .connect()) {
      peer.send("", "{}");
      peer.send(
          "events", "{\"topic\":\"x:game:a\",\"event\":\"m\",\"payload\":{\"a\":\"\\ud800\"}}");
      peer.send("events", "[".repeat(10_000));
      peer.send("events", ECHO);
      assertThat(peer.next()).contains("hook_reply");
    }
  }

  @Test
  void closesThePeerOfAClientThatOpensTooManyChannels() {
    try (var player = OnSocket.join()) {
      var client = new DataChannelClient(player.socket, player.topic);
      for (int i = 0; i < 20; i++) {
        client.with("channel-" + i, true);
      }
      client.start();
      assertThat(player.statesUntil("rate_limited")).endsWith("rate_limited");
      client.close();
    }
  }

  @Test
  void replacesThePeerOfAnotherDeviceOfThePlayer() {
    TestApi.Guest guest = api.guest();
    try (var phone = OnSocket.join(guest);
        var onPhone = phone.connect();
        var tablet = OnSocket.join(guest);
        var onTablet = tablet.connect()) {
      assertThat(phone.statesUntil("closed")).endsWith("closed");
      onTablet.send("events", ECHO);
      assertThat(onTablet.next()).contains("hook_reply");
      assertThat(onPhone).isNotNull();
    }
  }

  @Test
  void closesThePeerOfAClientThatSendsTooMuch() {
    try (var player = OnSocket.join();
        var peer = player.connect()) {
      // Two windows may pass meanwhile.
      for (int i = 0; i < 1_000; i++) {
        peer.send("state", "{}");
        peer.send("events", "{}");
      }
      assertThat(player.statesUntil("rate_limited")).endsWith("rate_limited");
      assertThat(player.call("webrtc:ice", candidate("candidate:1")))
          .isEqualTo("error {\"error\":\"no_webrtc_session\"}");
    }
  }

  @Test
  void carriesMessagesOfTopicsOfExtensions() {
    try (var player = OnSocket.join();
        var other = OnSocket.join();
        var peer = player.connect()) {
      String topic = "x:game:arena";
      player.socket.join(topic, JsonObject.of("data_channel", true));
      other.socket.join(topic);
      peer.send("state", "{\"topic\":\"" + topic + "\",\"event\":\"move\",\"payload\":{\"x\":1}}");
      assertThat(peer.next())
          .isEqualTo(
              "state {\"topic\":\"" + topic + "\",\"event\":\"moved\",\"payload\":{\"x\":1}}");
      assertThat(other.socket.await(topic, "moved")).isEqualTo(JsonObject.of("x", 1));
      // Of a topic that the client has not joined nothing happens.
      peer.send("state", "{\"topic\":\"x:game:other\",\"event\":\"move\",\"payload\":{\"x\":2}}");
      peer.send("events", "{\"topic\":\"" + topic + "\",\"event\":\"move\",\"payload\":{\"x\":3}}");
      assertThat(peer.next()).contains("\"x\":3");
    }
  }

  @Test
  void leavesNothingBehindWhenPeersComeAndGo() {
    try (var player = OnSocket.join()) {
      String sdp = new DataChannelClient(player.socket, player.topic).with("events", true).offer();
      for (int i = 0; i < 30; i++) {
        assertThat(player.call("webrtc:offer", JsonObject.of("sdp", sdp, "type", "offer")))
            .isEqualTo("ok {}");
      }
    }
    Eventually.holds(() -> api.node().get("/metrics").body().contains("rookery_webrtc_peers 0.0"));
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("webrtc-")))
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void worksWithChromiumAndWithJavaScript(@TempDir Path profile) {
    try (var script =
        NodeScript.start(
            "webrtc.mjs",
            "http://127.0.0.1:" + api.node().port(),
            Chromium.path().toString(),
            profile.toString())) {
      script.assertSuccess();
    }
  }

  @Test
  void refusesOffersWhenDisabled() {
    try (var disabled = TestApi.start(Databases.sqlite(), Map.of("WEBRTC_ENABLED", "false"))) {
      TestApi.Guest guest = disabled.guest();
      String topic = "user:" + guest.id();
      try (var socket = PhoenixClient.connect(disabled.node().port(), guest.token())) {
        socket.joinAndAwait(topic, "updated");
        var player = new OnSocket(guest, socket, topic);
        assertThat(player.call("webrtc:offer", JsonObject.of("sdp", "", "type", "offer")))
            .isEqualTo("error {\"error\":\"webrtc_disabled\"}");
        assertThat(player.call("webrtc:ice", candidate("candidate:1")))
            .isEqualTo("error {\"error\":\"no_webrtc_session\"}");
        assertThat(player.call("webrtc:close", new JsonObject())).isEqualTo("ok {}");
      }
    }
  }
}
