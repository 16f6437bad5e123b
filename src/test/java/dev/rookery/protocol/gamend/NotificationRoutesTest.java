package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests notifications over HTTP: those of friends, their list, read marks and deletion. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class NotificationRoutesTest {
  private static final String NOTIFICATIONS = "/api/v1/notifications";
  private static final int HELD_MAX = 4;

  private static TestApi api;

  // JUnit passes the database to the constructor as well.
  NotificationRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api =
        TestApi.start(
            database, Map.of("LIMIT_MAX_NOTIFICATIONS_PER_USER", String.valueOf(HELD_MAX)));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void sendsToFriendsAndReplacesByTitle() {
    Guest ann = api.guest();
    Guest bob = friendOf(ann);
    try (PhoenixClient socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      String topic = "user:" + bob.id();
      socket.joinAndAwait(topic, "updated");
      assertThat(socket.await(topic, "notification").getString("title"))
          .isEqualTo("New Friend Request");
      Response sent = send(ann, bob, "Come", "now");
      assertThat(sent.status()).isEqualTo(201);
      JsonObject pushed = socket.await(topic, "notification");
      assertThat(pushed.getLong("id")).isEqualTo(sent.body().getLong("id"));
      assertThat(pushed.containsKey("read")).as("the contract has none in pushes").isFalse();
      Response again = send(ann, bob, "Come", "later");
      assertThat(again.body().getLong("id")).isEqualTo(sent.body().getLong("id"));
      assertThat(socket.await(topic, "notification").getString("content")).isEqualTo("later");
    }
    JsonObject listed = bob.get(NOTIFICATIONS).body();
    assertThat(titles(listed)).containsExactly("New Friend Request", "Come");
    assertThat(listed.getJsonArray("data").getJsonObject(1).getString("content"))
        .isEqualTo("later");
  }

  @Test
  void doesNotTellTheSenderOfAMute() {
    Guest ann = api.guest();
    Guest bob = friendOf(ann);
    bob.call("PUT", "/api/v1/me/mutes/user/" + ann.id(), "{}");
    Response sent = send(ann, bob, "Come", "now");
    assertThat(sent.status()).isEqualTo(201);
    assertThat(sent.body().getBoolean("read")).isFalse();
    assertThat(bob.get(NOTIFICATIONS).body().getJsonArray("data").stream())
        .anyMatch(
            one ->
                ((JsonObject) one).getString("title").equals("Come")
                    && ((JsonObject) one).getBoolean("read"));
  }

  @Test
  void writesNoNotificationsOfKindsThatAreOff() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    String settings = NOTIFICATIONS + "/settings";
    assertThat(bob.get(settings).body().getJsonArray("muted")).isEmpty();
    assertThat(bob.get(settings).body().getJsonArray("kinds"))
        .contains("friend_request", "group_notice")
        .doesNotContain("custom");
    var muted = new JsonObject().put("muted", new JsonArray(List.of("friend_request")));
    assertThat(bob.call("PUT", settings, muted.encode()).status()).isEqualTo(200);
    assertThat(bob.get(settings).body().getJsonArray("muted")).containsExactly("friend_request");

    assertThat(
            ann.post("/api/v1/friends", JsonObject.of("target_user_id", bob.id()).encode())
                .status())
        .isEqualTo(201);
    assertThat(titles(bob.get(NOTIFICATIONS).body())).isEmpty();
    for (String kind : List.of("custom", "nothing")) {
      var wrong = new JsonObject().put("muted", new JsonArray(List.of(kind)));
      assertThat(bob.call("PUT", settings, wrong.encode()).status()).as(kind).isEqualTo(422);
    }
    assertThat(bob.call("PUT", settings, "{}").status()).isEqualTo(400);
  }

  @Test
  void listsPagesOldestFirstWithReadMarks() {
    Guest ann = api.guest();
    assertThat(ann.get(NOTIFICATIONS).body().getJsonObject("meta"))
        .isEqualTo(
            new JsonObject(
                """
                {"page":1,"page_size":25,"count":0,"total_count":0,"total_pages":1,"has_more":false}
                """));
    Guest bob = friendOf(ann);
    send(ann, bob, "one", "");
    send(ann, bob, "two", "");
    JsonObject second = bob.get(NOTIFICATIONS + "?page=2&page_size=1").body();
    assertThat(titles(second)).containsExactly("one");
    long id = second.getJsonArray("data").getJsonObject(0).getLong("id");
    Response read = bob.call("PUT", NOTIFICATIONS + "/" + id + "/read", "{}");
    assertThat(read.body().getBoolean("read")).isTrue();
    assertThat(bob.get(NOTIFICATIONS).body().getJsonArray("data").stream())
        .extracting(one -> ((JsonObject) one).getBoolean("read"))
        .containsExactly(false, true, false);
    send(ann, bob, "one", "again");
    assertThat(
            bob.get(NOTIFICATIONS).body().getJsonArray("data").getJsonObject(1).getBoolean("read"))
        .as("what is replaced is unread")
        .isFalse();
    for (String other : List.of(String.valueOf(id), "99999999", "x")) {
      assertThat(ann.call("PUT", NOTIFICATIONS + "/" + other + "/read", "{}").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
    }
  }

  @Test
  void refusesWhatTheContractRefuses() {
    Guest ann = api.guest();
    Guest bob = friendOf(ann);
    Guest eve = api.guest();
    for (String body : List.of("{\"title\":\"x\"}", "{\"title\":\"x\",\"user_id\":\"abc\"}")) {
      assertThat(ann.post(NOTIFICATIONS, body).toString())
          .isEqualTo("400 {\"error\":\"missing_recipient\"}");
    }
    assertThat(send(ann, ann, "x", "").toString())
        .isEqualTo("400 {\"error\":\"cannot_notify_self\"}");
    for (Guest stranger : List.of(ann, bob)) {
      assertThat(send(eve, stranger, "x", "").toString())
          .isEqualTo("400 {\"error\":\"not_friends\"}");
    }
    assertThat(ann.post(NOTIFICATIONS, "{\"user_id\":" + bob.id() + "}").toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"title\":[\"can't be blank\"]}}");
    assertThat(send(ann, bob, "x".repeat(256), "").toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\","
                + "\"errors\":{\"title\":[\"should be at most 255 character(s)\"]}}");
    assertThat(send(ann, bob, "x", "y".repeat(10_001)).body().getJsonObject("errors").fieldNames())
        .containsExactly("content");
    for (int held = 1; held < HELD_MAX; held++) {
      assertThat(send(ann, bob, "number " + held, "").status()).isEqualTo(201);
    }
    for (String title : List.of("one more", "number 1")) {
      assertThat(send(ann, bob, title, "").toString())
          .isEqualTo("400 {\"error\":\"too_many_notifications\"}");
    }
  }

  @Test
  void deletesOnlyOwnNotificationsAndSkipsWhatIsNoId() {
    Guest ann = api.guest();
    Guest bob = friendOf(ann);
    long own = send(ann, bob, "to bob", "").body().getLong("id");
    long others = send(bob, ann, "to ann", "").body().getLong("id");
    String ids = "{\"ids\":[\"%d\",%d,\"x\",null,{},1.5,%d,99999999]}".formatted(own, others, own);
    assertThat(bob.call("DELETE", NOTIFICATIONS, ids).toString()).isEqualTo("200 {\"deleted\":1}");
    assertThat(titles(bob.get(NOTIFICATIONS).body())).containsExactly("New Friend Request");
    assertThat(titles(ann.get(NOTIFICATIONS).body()))
        .containsExactly("Friend Request Accepted", "to ann");
    for (String body : List.of("{}", "{\"ids\":5}", "{\"ids\":{}}")) {
      assertThat(bob.call("DELETE", NOTIFICATIONS, body).toString())
          .isEqualTo("400 {\"error\":\"ids parameter required (array)\"}");
    }
  }

  @Test
  void repeatsTheAnswerToARepeatedIdempotencyKey() {
    Guest ann = api.guest();
    Guest bob = friendOf(ann);
    String body = JsonObject.of("user_id", bob.id(), "title", "once", "content", "first").encode();
    Response first = ann.post(NOTIFICATIONS, body, "idempotency-key", "k");
    bob.call("DELETE", NOTIFICATIONS, "{\"ids\":[" + first.body().getLong("id") + "]}");
    Response second = ann.post(NOTIFICATIONS, body, "idempotency-key", "k");
    assertThat(second.toString()).isEqualTo(first.toString());
    assertThat(titles(bob.get(NOTIFICATIONS).body())).doesNotContain("once");
  }

  private static List<String> titles(JsonObject page) {
    return page.getJsonArray("data").stream()
        .map(one -> ((JsonObject) one).getString("title"))
        .toList();
  }

  private static Response send(Guest sender, Guest recipient, String title, String content) {
    return sender.post(
        NOTIFICATIONS,
        JsonObject.of("user_id", recipient.id(), "title", title, "content", content).encode());
  }

  private static Guest friendOf(Guest ann) {
    Guest bob = api.guest();
    ann.post("/api/v1/friends", JsonObject.of("target_user_id", bob.id()).encode());
    bob.post("/api/v1/friends", JsonObject.of("target_user_id", ann.id()).encode());
    return bob;
  }
}
