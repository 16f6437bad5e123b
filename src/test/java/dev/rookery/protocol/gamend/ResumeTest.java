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

/** Clients that go away and come back to where they left off. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ResumeTest {
  private final Databases.TestDatabase database;

  ResumeTest(Databases.TestDatabase database) {
    this.database = database;
  }

  private static final JsonObject ASKED = JsonObject.of("resume", new JsonObject());
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
  void whoDoesNotAskIsServedAsEver() throws Exception {
    Gathering met = gather();
    try (var client = connect(met.bob)) {
      assertThat(client.join(met.topic).response()).isEqualTo(new JsonObject());
      assertThat(client.await(met.topic, "updated").fieldNames()).doesNotContain("_position");
      met.say("hello");

      assertThat(client.await(met.topic, "new_chat_message").fieldNames())
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
  void whoAsksIsToldTheReplysPlaceAndThatOfEachPush() throws Exception {
    Gathering met = gather();
    try (var client = connect(met.bob)) {
      JsonObject reply = client.join(met.topic, ASKED).response();
      JsonObject snapshot = client.await(met.topic, "updated").getJsonObject("_position");
      met.say("hello");
      JsonObject said = client.await(met.topic, "new_chat_message").getJsonObject("_position");

      assertThat(reply.getBoolean("recovered")).isFalse();
      assertThat(reply.getString("epoch")).isEqualTo(snapshot.getString("epoch"));
      assertThat(reply.getLong("offset")).isEqualTo(snapshot.getLong("offset"));
      assertThat(said.getString("epoch")).isEqualTo(snapshot.getString("epoch"));
      assertThat(said.getLong("offset")).isEqualTo(snapshot.getLong("offset") + 1);
    }
  }

  @Test
  void ofTheTwoPushesThatTellOfAComerTheLastHasThePlace() throws Exception {
    Gathering met = gather();
    try (var client = connect(met.ann)) {
      long before = client.join(met.topic, ASKED).response().getLong("offset");
      RestPlayer cid = signIn(met.node);
      met.joins(cid);

      var member = client.await(met.topic, "member_updated");
      var joined = client.await(met.topic, "user_joined");
      assertThat(member.containsKey("_position")).isFalse();
      assertThat(joined.getJsonObject("_position").getLong("offset")).isEqualTo(before + 1);
      assertThat(member.getLong("user_id")).isEqualTo(cid.id());
      assertThat(joined.getLong("user_id")).isEqualTo(cid.id());
    }
  }

  @Test
  void whatWasMissedComesOnceAndInOrderAndThenWhatIsNew() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("before");
    for (int i = 0; i < 5; i++) {
      met.say("missed " + i);
    }
    try (var client = connect(met.bob)) {
      JsonObject reply = client.join(met.topic, back(left)).response();
      met.say("new");
      var heard =
          IntStream.range(0, 6)
              .mapToObj(_ -> client.await(frame -> frame.topic().equals(met.topic)))
              .toList();

      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isEqualTo(left.getLong("offset") + 5);
      assertThat(heard)
          .extracting(frame -> frame.payload().getString("content"))
          .containsExactly("missed 0", "missed 1", "missed 2", "missed 3", "missed 4", "new");
      assertThat(heard)
          .extracting(frame -> frame.payload().getJsonObject("_position").getLong("offset"))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 6).mapToObj(i -> left.getLong("offset") + i).toList());
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void whoMissedNothingIsToldSoAndShownNothing() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("the last");
    try (var client = connect(met.bob)) {
      assertThat(client.join(met.topic, back(left)).response())
          .isEqualTo(left.copy().put("recovered", true));
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void fromBeforeTheFirstEventEverythingComesOnceAndInOrder() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    JsonObject left = beginning(cat);
    for (int i = 1; i <= 5; i++) {
      call(cat, "Cat " + i);
    }
    try (var client = connect(cat)) {
      JsonObject reply = client.join(topic, back(left)).response();
      call(cat, "Cat 6");
      var heard = IntStream.rangeClosed(1, 6).mapToObj(_ -> client.next()).toList();

      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isEqualTo(5);
      assertThat(heard)
          .extracting(frame -> frame.payload().getString("display_name"))
          .containsExactly("Cat 1", "Cat 2", "Cat 3", "Cat 4", "Cat 5", "Cat 6");
      assertThat(heard)
          .extracting(frame -> frame.payload().getJsonObject("_position").getLong("offset"))
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void whereNothingHasHappenedYetNothingWasMissed() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    JsonObject left = beginning(cat);
    try (var client = connect(cat)) {
      JsonObject reply = client.join(topic, back(left)).response();
      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getLong("offset")).isZero();
      assertThat(client.drain()).isEmpty();

      call(cat, "Cat");
      assertThat(client.next().payload().getJsonObject("_position").getLong("offset")).isEqualTo(1);
    }
    // Nor does it matter that somebody else is told the same place later.
    assertThat(beginning(signIn(node)).getLong("offset")).isZero();
  }

  @Test
  void aBeginningOfLongAgoIsNoPlaceToComeBackTo() throws Exception {
    RestPlayer cat = signIn(node);
    String topic = "user:" + cat.id();
    beginning(cat);
    call(cat, "Cat");
    for (Object epoch : List.of("0", 0, "-1", -1, "-1000000")) {
      try (var client = connect(cat)) {
        var payload = back(JsonObject.of("epoch", epoch, "offset", 0));

        assertThat(client.join(topic, payload).response().getBoolean("recovered"))
            .as("%s", payload)
            .isFalse();
        assertThat(client.await(topic, "updated").getString("display_name")).isEqualTo("Cat");
      }
    }
  }

  /** The place that a player is told of whom nothing is known yet. */
  private static JsonObject beginning(RestPlayer player) throws Exception {
    String topic = "user:" + player.id();
    try (var client = connect(player)) {
      JsonObject reply = client.join(topic, ASKED).response();
      JsonObject left = client.await(topic, "updated").getJsonObject("_position");
      assertThat(reply).isEqualTo(left.copy().put("recovered", false));
      return left;
    }
  }

  private static void call(RestPlayer player, String name) throws Exception {
    var answer =
        player.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", name));
    assertThat(answer.ok()).isTrue();
  }

  @Test
  void aPositionThatTheStreamNeverHadIsNoneToComeBackTo() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("before");
    for (JsonObject never :
        List.of(
            left.copy().put("offset", left.getLong("offset") + 1),
            left.copy().put("epoch", "1"),
            left.copy().put("epoch", 1),
            left.copy().put("epoch", "another kind of epoch"),
            left.copy().put("epoch", "0").put("offset", 0))) {
      try (var client = connect(met.bob)) {
        JsonObject reply = client.join(met.topic, back(never)).response();

        assertThat(reply).as("%s", never).isEqualTo(left.copy().put("recovered", false));
        assertThat(client.await(met.topic, "updated").getJsonObject("_position")).isEqualTo(left);
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
  void whatIsNoPositionIsRefused(String resume) throws Exception {
    Gathering met = gather();
    var payload = new JsonObject("{\"resume\":" + resume + "}");
    try (var client = connect(met.bob)) {
      for (String topic : List.of(met.topic, "user:" + met.bob.id())) {
        var reply = client.join(topic, payload);

        assertThat(reply.isOk()).isFalse();
        assertThat(reply.response()).isEqualTo(JsonObject.of("reason", "invalid_resume"));
      }
      assertThat(client.join("lobbies", payload).response()).isEqualTo(new JsonObject());
    }
  }

  @Test
  void anEngineWithoutIntegersComesBackToo() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("before");
    try (var client = connect(met.bob)) {
      var payload =
          JsonObject.of(
              "resume",
              JsonObject.of("epoch", left.getString("epoch"), "offset", left.getDouble("offset")));

      assertThat(client.join(met.topic, payload).response().getBoolean("recovered")).isTrue();
    }
  }

  @Test
  void whoWasSentAwayFromAHiddenLobbyIsRefusedAsEver() throws Exception {
    Gathering met = gather(JsonObject.of("is_hidden", true));
    JsonObject left = met.bobHears("before");
    met.kickBob();
    met.say("among ourselves");
    try (var client = connect(met.bob)) {
      var reply = client.join(met.topic, back(left));

      assertThat(reply.isOk()).isFalse();
      assertThat(reply.response()).isEqualTo(JsonObject.of("reason", "not_spectatable"));
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void whoIsNotWhatHeWasStartsAfresh() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("before");
    met.kickBob();
    try (var client = connect(met.bob)) {
      JsonObject reply = client.join(met.topic, back(left)).response();
      JsonObject shown = client.await(met.topic, "updated");

      assertThat(reply.getBoolean("recovered")).isFalse();
      assertThat(shown.getBoolean("spectator")).isTrue();
      assertThat(client.drain()).isEmpty();

      met.bobJoins();
      reply = client.join(met.topic, back(shown.getJsonObject("_position"))).response();
      assertThat(reply.getBoolean("recovered")).as("a spectator who became a member").isFalse();
      assertThat(
              client.await(frame -> isSnapshot(met.topic, frame)).payload().getBoolean("spectator"))
          .isFalse();
    }
  }

  @Test
  void whoMissedTooMuchStartsAfresh() throws Exception {
    Gathering met = gather();
    JsonObject left = met.bobHears("before");
    String big = "x".repeat(4_096);
    double before = resumes("too_much");
    for (int i = 0; i < 300; i++) {
      met.say(big);
    }
    try (var client = connect(met.bob)) {
      assertThat(client.join(met.topic, back(left)).response().getBoolean("recovered")).isFalse();
      client.await(met.topic, "updated");
      assertThat(client.drain()).isEmpty();
    }
    assertThat(resumes("too_much")).isEqualTo(before + 1);
  }

  @Test
  void aStoredNoticeComesOnceAndOneMissedIsNotForgotten() throws Exception {
    Gathering met = gather();
    String topic = "user:" + met.bob.id();
    JsonObject left;
    try (var client = connect(met.bob)) {
      client.join(topic, ASKED);
      left = client.await(topic, "updated").getJsonObject("_position");
    }
    met.kickBob();
    try (var client = connect(met.bob)) {
      assertThat(client.join(topic, back(left)).response().getBoolean("recovered")).isTrue();
      assertThat(client.next().event()).isEqualTo("updated");
      var notice = client.next();
      assertThat(notice.event()).isEqualTo("notification");
      assertThat(client.drain()).isEmpty();
      left = notice.payload().getJsonObject("_position");
    }
    try (var client = connect(met.bob)) {
      assertThat(client.join(topic, back(left)).response().getBoolean("recovered")).isTrue();
      assertThat(client.drain()).isEmpty();
    }
    try (var client = connect(met.bob)) {
      client.join(topic, ASKED);
      assertThat(client.await(topic, "updated").fieldNames())
          .as("cut off here one would miss the notice")
          .doesNotContain("_position");
      assertThat(client.await(topic, "notification").getJsonObject("_position")).isEqualTo(left);
    }
  }

  @Test
  void anUpdatedThatSaysNothingNewIsDroppedWhateverItsPlace() throws Exception {
    Gathering met = gather();
    try (var client = connect(met.bob)) {
      client.join(met.topic, ASKED);
      client.await(met.topic, "updated");
      met.rename("New name");
      JsonObject left = client.await(met.topic, "updated").getJsonObject("_position");
      met.rename("New name");
      met.say("after it");
      JsonObject next = client.next().payload();

      assertThat(next.getString("content")).isEqualTo("after it");
      assertThat(next.getJsonObject("_position").getLong("offset"))
          .isEqualTo(left.getLong("offset") + 2);
      met.rename("New name");
      assertThat(client.drain()).isEmpty();
      // From before the one that was left out it comes once, and what was heard does not.
      try (var again = connect(met.bob)) {
        again.join(met.topic, back(next.getJsonObject("_position")));
        var told = again.await(met.topic, "updated");

        assertThat(told.getJsonObject("_position").getLong("offset"))
            .isEqualTo(left.getLong("offset") + 3);
        met.rename("New name");
        assertThat(again.drain()).isEmpty();
      }
    }
  }

  @Test
  void whoComesBackAfterTheWindowIsToldToReload() throws Exception {
    Databases.TestDatabase own =
        database.kind().equals("sqlite") ? Databases.sqlite() : Databases.postgres();
    try (var forgetful = TestNode.start(own, Map.of("ROOKERY_STORE_HISTORY_FOR", "1ms"))) {
      Gathering met = gather(forgetful, new JsonObject());
      JsonObject left = met.bobHears("before");
      met.say("missed");
      Eventually.holds(() -> metric(forgetful, "rookery_store_outbox_pruned_total ") > 0);
      try (var client = PhoenixClient.connect(forgetful.port(), met.bob.token())) {
        JsonObject reply = client.join(met.topic, back(left)).response();

        assertThat(reply.getBoolean("recovered")).isFalse();
        assertThat(client.await(met.topic, "updated").getJsonObject("_position").getLong("offset"))
            .isEqualTo(left.getLong("offset") + 1);
        assertThat(client.drain()).isEmpty();
      }
      assertThat(metric(forgetful, "rookery_resumes_total{outcome=\"window_passed\"}"))
          .isEqualTo(1);
    }
  }

  private static boolean isSnapshot(String topic, PhoenixClient.Frame frame) {
    return frame.topic().equals(topic) && frame.payload().containsKey("spectator");
  }

  private static JsonObject back(JsonObject position) {
    return JsonObject.of("resume", position);
  }

  private static double resumes(String outcome) {
    return metric(node, "rookery_resumes_total{outcome=\"" + outcome + "\"}");
  }

  private static double metric(TestNode node, String start) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static PhoenixClient connect(RestPlayer player) {
    return PhoenixClient.connect(node.port(), player.token());
  }

  private static Gathering gather() throws Exception {
    return gather(new JsonObject());
  }

  private static Gathering gather(JsonObject settings) throws Exception {
    return gather(node, settings);
  }

  private static Gathering gather(TestNode node, JsonObject settings) throws Exception {
    RestPlayer ann = signIn(node);
    RestPlayer bob = signIn(node);
    long lobby =
        ann.post("/api/v1/lobbies", settings.copy().put("title", "Met")).body().getLong("id");
    var met = new Gathering(node, ann, bob, lobby, "lobby:" + lobby);
    met.bobJoins();
    return met;
  }

  private static RestPlayer signIn(TestNode node) throws Exception {
    return RestPlayer.signIn(
        TestNode.client(), node.uri("/"), "resume-" + DEVICES.incrementAndGet());
  }

  /** Ann and Bob in her lobby. */
  private record Gathering(
      TestNode node, RestPlayer ann, RestPlayer bob, long lobby, String topic) {
    /** Bob listens until Ann has said it, and goes; the place of that. */
    JsonObject bobHears(String text) throws Exception {
      try (var client = PhoenixClient.connect(node.port(), bob.token())) {
        client.join(topic, ASKED);
        say(text);
        return client.await(topic, "new_chat_message").getJsonObject("_position");
      }
    }

    void say(String text) throws Exception {
      done(
          ann.post(
              "/api/v1/chat/messages",
              JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", text)));
    }

    void rename(String title) throws Exception {
      done(ann.send("PATCH", "/api/v1/lobbies", JsonObject.of("title", title)));
    }

    void kickBob() throws Exception {
      done(ann.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", bob.id())));
    }

    void bobJoins() throws Exception {
      joins(bob);
    }

    void joins(RestPlayer player) throws Exception {
      done(player.post("/api/v1/lobbies/" + lobby + "/join", new JsonObject()));
    }

    private static void done(RestPlayer.Response answer) throws IOException {
      assertThat(answer.ok()).as("%s", answer).isTrue();
    }
  }
}
