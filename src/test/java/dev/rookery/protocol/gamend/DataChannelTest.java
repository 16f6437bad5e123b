package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.DataChannelClient;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.UdpRelay;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data channels of WebRTC, with clients of three independent implementations. */
final class DataChannelTest {
  private static final String ECHO =
      "{\"type\":\"call_hook\",\"plugin\":\"game\",\"fn\":\"echo\",\"args\":[{\"a\":1}]}";

  private static final int BURST = 50;

  /** Fills most of a packet. */
  private static final String PADDING = "x".repeat(700);

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
                JsonObject payload = message.payload();
                String topic = message.member().topic();
                if (message.event().equals("burst")) {
                  int first = payload.getInteger("first");
                  for (int n = first; n < first + payload.getInteger("count"); n++) {
                    context.channels()
                        .broadcastTransient(
                            topic, "moved",
                            JsonObject.of("n", n, "padding", payload.getString("padding")));
                  }
                } else {
                  context.channels().broadcastTransient(topic, "moved", payload);
                }
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
      return unconnected().connect();
    }

    DataChannelClient connect(UdpRelay relay) {
      return unconnected().through(relay).connect();
    }

    private DataChannelClient unconnected() {
      return new DataChannelClient(socket, topic).with("events", true).with("state", false);
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
  void closesThePeerWithTheSessionAndWithTheChannel() {
    try (var player = OnSocket.join();
        var peer = player.connect()) {
      assertThat(player.guest.delete("/api/v1/logout").status()).isEqualTo(200);
      peer.awaitClosed("events");
    }
    try (var player = OnSocket.join();
        var peer = player.connect()) {
      assertThat(player.socket.leave(player.topic).isOk()).isTrue();
      peer.awaitClosed("events");
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
  void showsAMatchOverTheUnreliableChannelAndKeepsOnTheSocketWhatMustNotBeLost() {
    TestNode node = api.node();
    try (var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      RoomPlayer.start(node, host, node, guest);
      String topic = "match:" + host.room();
      String user = "user:" + guest.user();
      try (var socket = PhoenixClient.connect(node.port(), guest.accessToken())) {
        socket.joinAndAwait(user, "updated");
        socket.join(topic, JsonObject.of("data_channel", true));
        assertThat(socket.await(topic, "updated").containsKey("_position")).isTrue();
        // Everything comes on the socket while there is no data channel.
        host.place(0, 0, "a").receive("batch_applied");
        assertThat(step(socket.await(topic, "advanced")).containsKey("view")).isTrue();
        try (var peer = new DataChannelClient(socket, user).with("state", false).connect()) {
          place(socket, topic, 1, 1);
          JsonObject view = message(peer.next(), topic, "view");
          assertThat(view.getInteger("revision")).isEqualTo(2);
          assertThat(view.getJsonObject("view").getString("myMark")).isEqualTo("O");
          JsonObject advanced = socket.await(topic, "advanced");
          assertThat(advanced.getString("client_action_id")).isEqualTo("1 1");
          assertThat(step(advanced).fieldNames())
              .containsExactlyInAnyOrder("kind", "event", "revision");
          assertThat(advanced.getJsonObject("_position"))
              .isEqualTo(view.getJsonObject("_position"));
          // As if the view had been lost.
          assertThat(socket.call(topic, "view", new JsonObject()).response())
              .isEqualTo(JsonObject.of("revision", 2));
          assertThat(socket.await(topic, "view")).isEqualTo(view);
          socket.call(topic, "view", new JsonObject());
          assertThat(socket.drain()).noneMatch(frame -> frame.event().equals("view"));

          host.place(0, 1, "b").receive("batch_applied");
          assertThat(message(peer.next(), topic, "view").getInteger("revision")).isEqualTo(3);
          place(socket, topic, 2, 2);
          assertThat(message(peer.next(), topic, "view").getInteger("revision")).isEqualTo(4);
          host.place(0, 2, "c").receive("batch_applied");
          for (int revision = 3; revision <= 4; revision++) {
            assertThat(socket.await(topic, "advanced").getInteger("revision")).isEqualTo(revision);
          }
          JsonObject last = step(socket.await(topic, "advanced"));
          assertThat(last.getValue("result")).isNotNull();
          assertThat(last.containsKey("view")).isTrue();
        }
      }
    }
  }

  private static void place(PhoenixClient socket, String topic, int row, int col) {
    var action =
        JsonObject.of(
            "event",
            "placeMark",
            "payload",
            JsonObject.of("row", row, "col", col),
            "client_action_id",
            row + " " + col);
    assertThat(socket.call(topic, "action", action).isOk()).isTrue();
  }

  private static JsonObject step(JsonObject advanced) {
    return advanced.getJsonArray("steps").getJsonObject(0);
  }

  /** The payload of a message on the unreliable channel. */
  private static JsonObject message(String received, String topic, String event) {
    assertThat(received).startsWith("state ");
    var message = new JsonObject(received.substring("state ".length()));
    assertThat(message.getString("topic")).isEqualTo(topic);
    assertThat(message.getString("event")).isEqualTo(event);
    return message.getJsonObject("payload");
  }

  @Test
  void losesNothingOnTheReliableChannelWhenTheNetworkLosesATenthOfAllPackets() {
    try (var relay = UdpRelay.open();
        var player = OnSocket.join();
        var peer = player.connect(relay)) {
      String topic = "x:game:loss";
      player.socket.join(topic, JsonObject.of("data_channel", true));
      relay.loseTenth(7);
      var states = new ArrayList<Integer>();
      var replies = new ArrayList<Integer>();
      int calls = 0;
      // Fewer calls than may be under way. Few states fit into a packet, so some are lost at once.
      for (int round = 1; round <= 3 && !hasGap(states); round++) {
        peer.send("events", burst(topic, calls));
        for (int i = 0; i < BURST; i++) {
          int number = calls++;
          peer.send("events", ECHO.replace("{\"a\":1}", "[%d,\"%s\"]".formatted(number, PADDING)));
        }
        while (replies.size() < calls) {
          String next = peer.next();
          if (next.startsWith("events ")) {
            var reply = new JsonObject(next.substring("events ".length()));
            replies.add(reply.getJsonArray("data").getInteger(0));
          } else {
            states.add(message(next, topic, "moved").getInteger("n"));
          }
        }
      }
      assertThat(relay.lost()).isPositive();
      // Calls end in any order.
      assertThat(replies)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, calls).boxed().toList());
      // Lost ones do not come, and later ones do not wait for them.
      assertThat(hasGap(states)).as("%s", states).isTrue();
      assertThat(states).doesNotHaveDuplicates();
    }
  }

  private static String burst(String topic, int first) {
    return JsonObject.of(
            "topic",
            topic,
            "event",
            "burst",
            "payload",
            JsonObject.of("first", first, "count", BURST, "padding", PADDING))
        .encode();
  }

  private static boolean hasGap(List<Integer> states) {
    return !states.isEmpty() && Collections.max(states) >= states.size();
  }

  @Test
  void deliversStateWhileALostMessageOfTheReliableChannelIsSentAgain() {
    try (var relay = UdpRelay.open();
        var player = OnSocket.join();
        var peer = player.connect(relay)) {
      String topic = "x:game:overtaking";
      player.socket.join(topic, JsonObject.of("data_channel", true));
      relay.lose((fromClient, bytes) -> fromClient && bytes >= PADDING.length());
      peer.send("events", ECHO.replace("{\"a\":1}", "\"" + PADDING + "\""));
      Eventually.holds(() -> relay.lost() > 0);
      String move =
          JsonObject.of("topic", topic, "event", "move", "payload", new JsonObject()).encode();
      var received = new ArrayList<String>();
      // One that shares a packet with the lost message is lost too.
      Eventually.holds(
          () -> {
            peer.send("state", move);
            String next = peer.poll();
            return next != null && received.add(next);
          });
      assertThat(received).allMatch(message -> message.startsWith("state "));
      relay.loseNone();
      String next = peer.next();
      while (next.startsWith("state ")) {
        next = peer.next();
      }
      assertThat(next).contains("hook_reply", PADDING);
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
    Eventually.holds(() -> api.node().gauge("rookery_webrtc_peers") == 0);
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
