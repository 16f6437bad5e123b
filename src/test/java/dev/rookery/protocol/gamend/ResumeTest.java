package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests clients that reconnect and resume at their last position. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ResumeTest {
  private final Databases.TestDatabase database;

  ResumeTest(Databases.TestDatabase database) {
    this.database = database;
  }

  private static final JsonObject WITH_RESUME = JsonObject.of("resume", new JsonObject());
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static TestNode node;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    node = TestNode.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
  }

  @Test
  void sendsNoPositionsToClientsThatDoNotAsk() throws Exception {
    TestLobby lobby = createLobby();
    try (var client = connect(lobby.bob)) {
      assertThat(client.join(lobby.topic).response()).isEqualTo(new JsonObject());
      assertThat(client.await(lobby.topic, "updated").fieldNames()).doesNotContain("_position");
      lobby.sendChat("hello");

      assertThat(client.await(lobby.topic, "new_chat_message").fieldNames())
          .containsExactly(
              "id",
              "content",
              "metadata",
              "sender_id",
              "sender_name",
              "chat_type",
              "chat_ref_id",
              "inserted_at");
    }
  }

  @Test
  void sendsThePositionOfTheReplyAndOfEachPush() throws Exception {
    TestLobby lobby = createLobby();
    try (var client = connect(lobby.bob)) {
      JsonObject reply = client.join(lobby.topic, WITH_RESUME).response();
      JsonObject snapshot = client.await(lobby.topic, "updated").getJsonObject("_position");
      lobby.sendChat("hello");
      JsonObject position =
          client.await(lobby.topic, "new_chat_message").getJsonObject("_position");

      assertThat(reply.getBoolean("recovered")).isFalse();
      assertThat(reply.getString("epoch")).isEqualTo(snapshot.getString("epoch"));
      assertThat(reply.getLong("offset")).isEqualTo(snapshot.getLong("offset"));
      assertThat(position.getString("epoch")).isEqualTo(snapshot.getString("epoch"));
      assertThat(position.getLong("offset")).isEqualTo(snapshot.getLong("offset") + 1);
    }
  }

  @Test
  void putsThePositionInTheLastPushOfAnEvent() throws Exception {
    TestLobby lobby = createLobby();
    try (var client = connect(lobby.ann)) {
      long before = client.join(lobby.topic, WITH_RESUME).response().getLong("offset");
      RestPlayer cid = signIn(lobby.node);
      lobby.join(cid);

      var member = client.await(lobby.topic, "member_updated");
      var joined = client.await(lobby.topic, "user_joined");
      assertThat(member.containsKey("_position")).isFalse();
      assertThat(joined.getJsonObject("_position").getLong("offset")).isEqualTo(before + 1);
      assertThat(member.getLong("user_id")).isEqualTo(cid.id());
      assertThat(joined.getLong("user_id")).isEqualTo(cid.id());
    }
  }

  @Test
  void pushesMissedEventsOnceAndInOrderBeforeNewOnes() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("before");
    for (int i = 0; i < 5; i++) {
      lobby.sendChat("missed " + i);
    }
    try (var client = connect(lobby.bob)) {
      JsonObject reply = client.join(lobby.topic, resumeAt(position)).response();
      lobby.sendChat("new");
      var pushes =
          IntStream.range(0, 6)
              .mapToObj(_ -> client.await(frame -> frame.topic().equals(lobby.topic)))
              .toList();

      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isEqualTo(position.getLong("offset") + 5);
      assertThat(pushes)
          .extracting(frame -> frame.payload().getString("content"))
          .containsExactly("missed 0", "missed 1", "missed 2", "missed 3", "missed 4", "new");
      assertThat(pushes)
          .extracting(frame -> frame.payload().getJsonObject("_position").getLong("offset"))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 6).mapToObj(i -> position.getLong("offset") + i).toList());
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void recoversWithoutPushesWhenNothingWasMissed() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("the last");
    try (var client = connect(lobby.bob)) {
      assertThat(client.join(lobby.topic, resumeAt(position)).response())
          .isEqualTo(position.copy().put("recovered", true));
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void recoversEverythingFromBeforeTheFirstEvent() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    JsonObject position = beginning(cat);
    for (int i = 1; i <= 5; i++) {
      rename(cat, "Cat " + i);
    }
    try (var client = connect(cat)) {
      JsonObject reply = client.join(topic, resumeAt(position)).response();
      rename(cat, "Cat 6");
      var pushes = IntStream.rangeClosed(1, 6).mapToObj(_ -> client.next()).toList();

      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isEqualTo(5);
      assertThat(pushes)
          .extracting(frame -> frame.payload().getString("display_name"))
          .containsExactly("Cat 1", "Cat 2", "Cat 3", "Cat 4", "Cat 5", "Cat 6");
      assertThat(pushes)
          .extracting(frame -> frame.payload().getJsonObject("_position").getLong("offset"))
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void recoversOnAStreamWithoutEvents() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    JsonObject position = beginning(cat);
    try (var client = connect(cat)) {
      JsonObject reply = client.join(topic, resumeAt(position)).response();
      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isZero();
      assertThat(client.drain()).isEmpty();

      rename(cat, "Cat");
      assertThat(client.next().payload().getJsonObject("_position").getLong("offset")).isEqualTo(1);
    }
    // The result is the same after another client received the same position.
    assertThat(beginning(signIn(node)).getLong("offset")).isZero();
  }

  @Test
  void doesNotRecoverFromAnEarlyPositionOutsideTheWindow() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    beginning(cat);
    rename(cat, "Cat");
    for (Object epoch : List.of("0", 0, "-1", -1, "-1000000")) {
      try (var client = connect(cat)) {
        var payload = resumeAt(JsonObject.of("epoch", epoch, "offset", 0));

        assertThat(client.join(topic, payload).response().getBoolean("recovered"))
            .as("%s", payload)
            .isFalse();
        assertThat(client.await(topic, "updated").getString("display_name")).isEqualTo("Cat");
      }
    }
  }

  /** The position that a player without any events receives. */
  private static JsonObject beginning(RestPlayer player) throws Exception {
    String topic = "user:" + player.id();
    try (var client = connect(player)) {
      JsonObject reply = client.join(topic, WITH_RESUME).response();
      JsonObject position = client.await(topic, "updated").getJsonObject("_position");
      assertThat(reply).isEqualTo(position.copy().put("recovered", false));
      return position;
    }
  }

  private static void rename(RestPlayer player, String name) throws Exception {
    var response =
        player.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", name));
    assertThat(response.ok()).isTrue();
  }

  @Test
  void doesNotRecoverFromAPositionTheStreamNeverHad() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("before");
    for (JsonObject never :
        List.of(
            position.copy().put("offset", position.getLong("offset") + 1),
            position.copy().put("epoch", "1"),
            position.copy().put("epoch", 1),
            position.copy().put("epoch", "another kind of epoch"),
            position.copy().put("epoch", "0").put("offset", 0))) {
      try (var client = connect(lobby.bob)) {
        JsonObject reply = client.join(lobby.topic, resumeAt(never)).response();

        assertThat(reply).as("%s", never).isEqualTo(position.copy().put("recovered", false));
        assertThat(client.await(lobby.topic, "updated").getJsonObject("_position"))
            .isEqualTo(position);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "[]",
        "true",
        "\"x\"",
        "{\"epoch\":\"1\"}",
        "{\"offset\":1}",
        "{\"epoch\":\"1\",\"offset\":-1}",
        "{\"epoch\":\"1\",\"offset\":1.5}",
        "{\"epoch\":\"1\",\"offset\":\"1\"}",
        "{\"epoch\":\"1\",\"offset\":1e300}",
        "{\"epoch\":\"\",\"offset\":1}",
        "{\"epoch\":null,\"offset\":1}",
        "{\"epoch\":{},\"offset\":1}",
        "{\"x\":1}"
      })
  void rejectsAnInvalidPosition(String resume) throws Exception {
    TestLobby lobby = createLobby();
    var payload = new JsonObject("{\"resume\":" + resume + "}");
    try (var client = connect(lobby.bob)) {
      for (String topic : List.of(lobby.topic, "user:" + lobby.bob.id())) {
        var reply = client.join(topic, payload);

        assertThat(reply.isOk()).isFalse();
        assertThat(reply.response()).isEqualTo(JsonObject.of("reason", "invalid_resume"));
      }
      assertThat(client.join("lobbies", payload).response()).isEqualTo(new JsonObject());
    }
  }

  @Test
  void acceptsIntegersSentAsDecimals() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("before");
    try (var client = connect(lobby.bob)) {
      var payload =
          JsonObject.of(
              "resume",
              JsonObject.of(
                  "epoch", position.getString("epoch"), "offset", position.getDouble("offset")));

      assertThat(client.join(lobby.topic, payload).response().getBoolean("recovered")).isTrue();
    }
  }

  @Test
  void rejectsAKickedPlayerOfAHiddenLobby() throws Exception {
    TestLobby lobby = createLobby(JsonObject.of("is_hidden", true));
    JsonObject position = lobby.bobReceives("before");
    lobby.kickBob();
    lobby.sendChat("among ourselves");
    try (var client = connect(lobby.bob)) {
      var reply = client.join(lobby.topic, resumeAt(position));

      assertThat(reply.isOk()).isFalse();
      assertThat(reply.response()).isEqualTo(JsonObject.of("reason", "not_spectatable"));
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void sendsASnapshotAfterTheMembershipChanged() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("before");
    lobby.kickBob();
    try (var client = connect(lobby.bob)) {
      JsonObject reply = client.join(lobby.topic, resumeAt(position)).response();
      JsonObject shown = client.await(lobby.topic, "updated");

      assertThat(reply.getBoolean("recovered")).isFalse();
      assertThat(shown.getBoolean("spectator")).isTrue();
      assertThat(client.drain()).isEmpty();

      lobby.joinBob();
      reply = client.join(lobby.topic, resumeAt(shown.getJsonObject("_position"))).response();
      assertThat(reply.getBoolean("recovered")).as("a spectator who became a member").isFalse();
      assertThat(
              client
                  .await(frame -> isSnapshot(lobby.topic, frame))
                  .payload()
                  .getBoolean("spectator"))
          .isFalse();
    }
  }

  @Test
  void sendsNoHistoryToSpectators() throws Exception {
    TestLobby lobby = createLobby(JsonObject.of("is_hidden", true));
    lobby.sendChat("among ourselves");
    lobby.show();
    RestPlayer cid = signIn(lobby.node);
    try (var client = connect(cid)) {
      JsonObject now = client.join(lobby.topic, WITH_RESUME).response();
      client.await(lobby.topic, "updated");
      var earlier =
          JsonObject.of("epoch", now.getString("epoch"), "offset", now.getLong("offset") - 2);
      JsonObject reply = client.join(lobby.topic, resumeAt(earlier)).response();

      assertThat(reply.getBoolean("recovered")).isFalse();
      assertThat(
              client
                  .await(frame -> isSnapshot(lobby.topic, frame))
                  .payload()
                  .getBoolean("spectator"))
          .isTrue();
      assertThat(client.drain()).noneMatch(frame -> frame.event().equals("new_chat_message"));
    }
  }

  @Test
  void sendsASnapshotAfterTooManyMissedEvents() throws Exception {
    TestLobby lobby = createLobby();
    JsonObject position = lobby.bobReceives("before");
    String big = "x".repeat(4_096);
    double before = resumes("too_much");
    for (int i = 0; i < 300; i++) {
      lobby.sendChat(big);
    }
    try (var client = connect(lobby.bob)) {
      assertThat(client.join(lobby.topic, resumeAt(position)).response().getBoolean("recovered"))
          .isFalse();
      client.await(lobby.topic, "updated");
      assertThat(client.drain()).isEmpty();
    }
    assertThat(resumes("too_much")).isEqualTo(before + 1);
  }

  @Test
  void pushesStoredAndMissedNotificationsExactlyOnce() throws Exception {
    TestLobby lobby = createLobby();
    String topic = "user:" + lobby.bob.id();
    JsonObject position;
    try (var client = connect(lobby.bob)) {
      client.join(topic, WITH_RESUME);
      position = client.await(topic, "updated").getJsonObject("_position");
    }
    lobby.kickBob();
    try (var client = connect(lobby.bob)) {
      assertThat(client.join(topic, resumeAt(position)).response().getBoolean("recovered"))
          .isTrue();
      assertThat(client.next().event()).isEqualTo("updated");
      var notification = client.next();
      assertThat(notification.event()).isEqualTo("notification");
      assertThat(client.drain()).isEmpty();
      position = notification.payload().getJsonObject("_position");
    }
    try (var client = connect(lobby.bob)) {
      assertThat(client.join(topic, resumeAt(position)).response().getBoolean("recovered"))
          .isTrue();
      assertThat(client.drain()).isEmpty();
    }
    try (var client = connect(lobby.bob)) {
      client.join(topic, WITH_RESUME);
      assertThat(client.await(topic, "updated").fieldNames())
          .as("a client cut off here must get the notification again")
          .doesNotContain("_position");
      assertThat(client.await(topic, "notification").getJsonObject("_position"))
          .isEqualTo(position);
    }
  }

  @Test
  void dropsAnUpdatedThatEqualsThePreviousOne() throws Exception {
    TestLobby lobby = createLobby();
    try (var client = connect(lobby.bob)) {
      client.join(lobby.topic, WITH_RESUME);
      client.await(lobby.topic, "updated");
      lobby.rename("New name");
      JsonObject position = client.await(lobby.topic, "updated").getJsonObject("_position");
      lobby.rename("New name");
      lobby.sendChat("after it");
      JsonObject next = client.next().payload();

      assertThat(next.getString("content")).isEqualTo("after it");
      assertThat(next.getJsonObject("_position").getLong("offset"))
          .isEqualTo(position.getLong("offset") + 2);
      lobby.rename("New name");
      assertThat(client.drain()).isEmpty();
      // From before the dropped one it is pushed once, and earlier pushes are not repeated.
      try (var again = connect(lobby.bob)) {
        again.join(lobby.topic, resumeAt(next.getJsonObject("_position")));
        var updated = again.await(lobby.topic, "updated");

        assertThat(updated.getJsonObject("_position").getLong("offset"))
            .isEqualTo(position.getLong("offset") + 3);
        lobby.rename("New name");
        assertThat(again.drain()).isEmpty();
      }
    }
  }

  @Test
  void doesNotRecoverAfterTheResumeWindow() throws Exception {
    Databases.TestDatabase own =
        database.kind().equals("sqlite") ? Databases.sqlite() : Databases.postgres();
    try (var forgetful = TestNode.start(own, Map.of("ROOKERY_STORE_HISTORY_FOR", "1ms"))) {
      TestLobby lobby = createLobby(forgetful, new JsonObject());
      JsonObject position = lobby.bobReceives("before");
      lobby.sendChat("missed");
      Eventually.holds(() -> forgetful.metric("rookery_store_outbox_pruned_total") > 0);
      try (var client = PhoenixClient.connect(forgetful.port(), lobby.bob.token())) {
        JsonObject reply = client.join(lobby.topic, resumeAt(position)).response();

        assertThat(reply.getBoolean("recovered")).isFalse();
        assertThat(
                client.await(lobby.topic, "updated").getJsonObject("_position").getLong("offset"))
            .isEqualTo(position.getLong("offset") + 1);
        assertThat(client.drain()).isEmpty();
      }
      assertThat(forgetful.metric("rookery_resumes_total{outcome=\"window_passed\"}")).isEqualTo(1);
    }
  }

  private static boolean isSnapshot(String topic, PhoenixClient.Frame frame) {
    return frame.topic().equals(topic) && frame.payload().containsKey("spectator");
  }

  private static JsonObject resumeAt(JsonObject position) {
    return JsonObject.of("resume", position);
  }

  private static double resumes(String outcome) {
    return node.metric("rookery_resumes_total{outcome=\"" + outcome + "\"}");
  }

  private static PhoenixClient connect(RestPlayer player) {
    return PhoenixClient.connect(node.port(), player.token());
  }

  private static TestLobby createLobby() throws Exception {
    return createLobby(new JsonObject());
  }

  private static TestLobby createLobby(JsonObject settings) throws Exception {
    return createLobby(node, settings);
  }

  private static TestLobby createLobby(TestNode node, JsonObject settings) throws Exception {
    RestPlayer ann = signIn(node);
    RestPlayer bob = signIn(node);
    long id = ann.post("/api/v1/lobbies", settings.copy().put("title", "Met")).body().getLong("id");
    var lobby = new TestLobby(node, ann, bob, id, "lobby:" + id);
    lobby.joinBob();
    return lobby;
  }

  private static RestPlayer signIn(TestNode node) throws Exception {
    return RestPlayer.signIn(
        TestNode.client(), node.uri("/"), "resume-" + DEVICES.incrementAndGet());
  }

  /** A lobby of Ann with Bob as a member. */
  private record TestLobby(TestNode node, RestPlayer ann, RestPlayer bob, long id, String topic) {
    /** Bob stays joined until Ann's message arrives, then leaves; returns its position. */
    JsonObject bobReceives(String text) throws Exception {
      try (var client = PhoenixClient.connect(node.port(), bob.token())) {
        client.join(topic, WITH_RESUME);
        sendChat(text);
        return client.await(topic, "new_chat_message").getJsonObject("_position");
      }
    }

    void sendChat(String text) throws Exception {
      assertOk(
          ann.post(
              "/api/v1/chat/messages",
              JsonObject.of("chat_type", "lobby", "chat_ref_id", id, "content", text)));
    }

    void rename(String title) throws Exception {
      assertOk(ann.send("PATCH", "/api/v1/lobbies", JsonObject.of("title", title)));
    }

    /** Everybody may spectate it from now on. */
    void show() throws Exception {
      assertOk(ann.send("PATCH", "/api/v1/lobbies", JsonObject.of("is_hidden", false)));
    }

    void kickBob() throws Exception {
      assertOk(ann.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", bob.id())));
    }

    void joinBob() throws Exception {
      join(bob);
    }

    void join(RestPlayer player) throws Exception {
      assertOk(player.post("/api/v1/lobbies/" + id + "/join", new JsonObject()));
    }

    private static void assertOk(RestPlayer.Response response) throws IOException {
      assertThat(response.ok()).as("%s", response).isTrue();
    }
  }
}
