package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stream inspector: its page, its live region, and its operations of the API. */
final class StreamPagesTest {
  private static final String API = "/api/v1/admin/streams/";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void showsEventsAsTheyAreStoredAndAsTheyAreSent(Databases.TestDatabase database)
      throws Exception {
    try (var node = TestNode.start(database)) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), node.uri(""), "eve");
      long lobby =
          eve.post("/api/v1/lobbies", JsonObject.of("title", "<b>Friday</b>")).body().getLong("id");
      String topic = "lobby:" + lobby;
      say(eve, lobby, "hello \"you\"");

      try (var socket = PhoenixClient.connect(node.port(), eve.token())) {
        JsonObject joined =
            socket.join(topic, JsonObject.of("resume", new JsonObject())).response();
        String sent = nextMessage(socket, topic, eve, lobby, "second");

        JsonObject stream = owner.get(API + topic).body();
        assertThat(stream.getBoolean("feed")).isFalse();
        assertThat(stream.getLong("oldest")).isEqualTo(1);
        assertThat(stream.getLong("head")).isGreaterThan(joined.getLong("offset"));
        assertThat(stream.getString("epoch")).isEqualTo(joined.getString("epoch"));
        assertThat(follower(stream, "phoenix").getInteger("count")).isEqualTo(1);
        assertThat(follower(stream, "phoenix").getLong("lag")).isZero();
        JsonObject last = last(stream.getJsonArray("data"));
        assertThat(last.getString("type")).isEqualTo("ChatEvent.Sent");
        assertThat(last.getString("payload")).contains("second");
        assertThat(last.getString("actor")).isEqualTo("player " + eve.id());

        // The frame is the one that the socket was sent.
        String place = "?epoch=" + last.getString("epoch") + "&offset=" + last.getLong("offset");
        JsonArray frames = owner.get(API + topic + "/frames" + place).body().getJsonArray("data");
        assertThat(texts(frames)).contains(sent);

        String page = admin.get("/admin/streams?topic=" + topic).body();
        assertThat(page)
            .contains("&lt;b&gt;Friday", "ChatEvent.Sent", "phoenix", "data-live=\"stream?topic=")
            .doesNotContain("<b>Friday");
        String epoch = last.getString("epoch");
        assertThat(
                admin
                    .get(
                        "/admin/streams?topic=%s&tab=sent&epoch=%s&offset=%d"
                            .formatted(topic, epoch, last.getLong("offset")))
                    .body())
            .contains("2.0.0 with resume", "new_chat_message", "_position");
        assertThat(
                admin.get("/admin/streams?topic=" + topic + "&from=1&type=ChatEvent.Sent").body())
            .contains("hello")
            .doesNotContain("LobbyEvent.Opened</td>");
        assertThat(admin.get("/admin/audit").body()).contains("console_read_stream", topic);
        assertThat(owner.get("/api/v1/admin/audit?action=admin_read_stream").toString())
            .contains("streams/" + topic);
      }
    }
  }

  private static void say(RestPlayer player, long lobby, String content) throws Exception {
    assertThat(
            player
                .post(
                    "/api/v1/chat/messages",
                    JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", content))
                .ok())
        .isTrue();
  }

  /** Says something, and returns the payload with which the socket hears it. */
  private static String nextMessage(
      PhoenixClient socket, String topic, RestPlayer player, long lobby, String content)
      throws Exception {
    say(player, lobby, content);
    JsonObject payload = socket.await(topic, "new_chat_message");
    return payload.encode();
  }

  private static JsonObject follower(JsonObject stream, String wire) {
    return objects(stream.getJsonArray("followers")).stream()
        .filter(of -> of.getString("wire").equals(wire))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
  }

  private static JsonObject last(JsonArray array) {
    return array.getJsonObject(array.size() - 1);
  }

  /** The payloads of the frames of the current version with positions. */
  private static List<String> texts(JsonArray frames) {
    return objects(frames).stream()
        .filter(frame -> frame.getString("form").equals("2.0.0 with resume"))
        .map(frame -> new JsonArray(frame.getString("text")).getJsonObject(4).encode())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void decidesAboutAResumeAsTheSocketDoes(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database)) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), node.uri(""), "eve");
      RestPlayer bob = RestPlayer.signIn(TestNode.client(), node.uri(""), "bob");
      long lobby = eve.post("/api/v1/lobbies", JsonObject.of("title", "a")).body().getLong("id");
      String topic = "lobby:" + lobby;
      String test = API + topic + "/resume_test?";
      JsonObject before = owner.get(API + topic).body();
      String epoch = before.getString("epoch");
      String left = "epoch=" + epoch + "&offset=" + before.getLong("head");
      say(eve, lobby, "missed");

      JsonObject recovered = owner.get(test + left).body();
      assertThat(recovered.getBoolean("recovered")).isTrue();
      assertThat(recovered.getInteger("missed")).isEqualTo(1);
      assertThat(texts(recovered.getJsonArray("data")).getFirst()).contains("missed");
      try (var socket = PhoenixClient.connect(node.port(), eve.token())) {
        var resume = JsonObject.of("epoch", epoch, "offset", before.getLong("head"));
        JsonObject reply = socket.join(topic, JsonObject.of("resume", resume)).response();
        assertThat(reply.getBoolean("recovered")).isTrue();
        assertThat(reply.getLong("offset")).isEqualTo(recovered.getLong("offset"));
        assertThat(socket.await(topic, "new_chat_message").encode())
            .isEqualTo(texts(recovered.getJsonArray("data")).getFirst());
      }

      assertThat(bob.post("/api/v1/lobbies/" + lobby + "/join", new JsonObject()).ok()).isTrue();
      assertThat(rule(owner, test + left)).isEqualTo("recovered");
      assertThat(rule(owner, test + left + "&user_id=" + bob.id())).isEqualTo("readmitted");
      assertThat(rule(owner, test + "epoch=1&offset=1")).isEqualTo("other_epoch");
      assertThat(rule(owner, test + "epoch=no-epoch&offset=1")).isEqualTo("other_epoch");
      assertThat(rule(owner, test + "epoch=" + epoch + "&offset=1000")).isEqualTo("ahead");
      assertThat(rule(owner, API + "lobbies/resume_test?epoch=1&offset=1"))
          .isEqualTo("no_positions");
      assertThat(owner.get(test + "offset=1").status()).isEqualTo(400);
      assertThat(admin.get("/admin/streams?topic=" + topic + "&tab=resume&epoch=1&offset=1").body())
          .contains("the stream began anew", "Then a snapshot");
    }
  }

  private static String rule(RestPlayer owner, String path) throws Exception {
    return owner.get(path).body().getString("rule");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void followsStreamsAndFeedsLive(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database)) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), node.uri(""), "eve");
      long lobby = eve.post("/api/v1/lobbies", JsonObject.of("title", "a")).body().getLong("id");
      String topic = "lobby:" + lobby;
      JsonObject before = owner.get(API + topic).body();
      say(eve, lobby, "missed");
      try (var socket =
          PhoenixClient.open(
              node.port(),
              LiveConsoleTest.path(LiveConsoleTest.ticket(admin)),
              LiveConsoleTest.origin(),
              LiveConsoleTest.cookies(admin))) {
        String region = region(topic);
        var from =
            JsonObject.of("epoch", before.getString("epoch"), "offset", before.getLong("head"));
        assertThat(socket.join(region, JsonObject.of("from", from)).isOk()).isTrue();
        assertThat(nextLine(socket, region).getString(6)).contains("missed");
        say(eve, lobby, "live");
        assertThat(nextLine(socket, region).getString(6)).contains("live");

        // Who follows it may be seen without an entry in the audit log, and counts for none.
        assertThat(admin.get("/admin/streams?topic=lobbies", "x-part", "followers").statusCode())
            .isEqualTo(200);
        String feed = region("lobbies");
        // What cannot be followed is not recorded as if it were.
        assertThat(socket.join(region("nothing")).isOk()).isFalse();
        assertThat(socket.join("console:stream?topic=groups&rights=chat.read").isOk()).isFalse();
        assertThat(socket.join(feed).isOk()).isTrue();
        socket.await(feed, "live");
        assertThat(follower(owner.get(API + "lobbies").body(), "console").getInteger("count"))
            .isEqualTo(1);
        eve.send("PATCH", "/api/v1/lobbies", JsonObject.of("title", "renamed"));
        JsonArray heard = nextLine(socket, feed);
        assertThat(heard.getString(3)).isEqualTo("LobbyEvent.Changed");
        assertThat(heard.getString(8)).isEqualTo(topic);
        // A socket accepts the region of a page whatever the topic and the type.
        String match = "match:" + "0".repeat(36) + "&type=MatchEvent.ReturnedToLobby";
        var live =
            Pattern.compile("data-live=\"(stream[^\"]+)\"")
                .matcher(admin.get("/admin/streams?topic=" + match).body());
        assertThat(live.find()).isTrue();
        assertThat(socket.join("console:" + live.group(1).replace("&amp;", "&")).isOk()).isTrue();
        // Following without having opened the page is recorded, one time.
        socket.leave(feed);
        assertThat(socket.join(feed).isOk()).isTrue();
        assertThat(
                objects(
                    owner
                        .get("/api/v1/admin/audit?action=console_follow_stream")
                        .body()
                        .getJsonArray("data")))
            .extracting(entry -> entry.getString("target"))
            .containsExactly("streams/lobbies", "streams/" + topic);
      }
    }
  }

  private static String region(String topic) {
    return "console:stream?topic=" + topic + "&rights=lobbies.read+chat.read+players.personal";
  }

  private static JsonArray nextLine(PhoenixClient socket, String region) {
    JsonArray lines = null;
    while (lines == null) {
      lines = socket.await(region, "live").getJsonArray("lines");
    }
    return lines.getJsonArray(0);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void needsThePermissionsOfWhatIsRead(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database)) {
      ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), node.uri(""), "eve");
      owner.send(
          "PUT",
          "/api/v1/admin/admins/" + eve.id(),
          JsonObject.of("role", RoleTemplate.MODERATOR.name()));
      assertThat(eve.get(API + "lobbies").body())
          .isEqualTo(JsonObject.of("error", "forbidden", "permission", "streams.follow"));
      assertThat(owner.get(API + "nothing").body())
          .isEqualTo(JsonObject.of("error", "unknown_topic"));
      assertThat(owner.get(API + "player:" + eve.id()).status()).isEqualTo(200);
    }
  }
}
