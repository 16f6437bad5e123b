package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests chat between friends, in parties and groups over HTTP, and what players are told. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ChatKindsRoutesTest {
  private static final String MESSAGES = "/api/v1/chat/messages";
  private static final String NOT_FOUND = "404 {\"error\":\"not_found\"}";

  private static TestApi api;

  // JUnit passes the database to the constructor as well.
  ChatKindsRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void deliversAMessageBetweenFriendsToBoth() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    befriend(ann, bob);
    try (var annsClient = connect(ann);
        var bobsClient = connect(bob)) {
      Response sent = ann.post(MESSAGES, message(bob, "hi"));
      assertThat(sent.status()).isEqualTo(201);
      assertThat(sent.body().getString("chat_type")).isEqualTo("friend");
      assertThat(sent.body().getLong("chat_ref_id")).isEqualTo(bob.id());
      assertThat(sent.body().getString("sender_name")).isEqualTo("Ann");
      JsonObject pushed = sent.body().copy();
      pushed.remove("updated_at");
      assertThat(annsClient.await(topic(ann), "new_chat_message")).isEqualTo(pushed);
      assertThat(bobsClient.await(topic(bob), "new_chat_message")).isEqualTo(pushed);

      String path = MESSAGES + "/" + sent.body().getLong("id");
      assertThat(bob.get(path).body().getString("content")).isEqualTo("hi");
      assertThat(bob.get(path).body().getString("sender_name")).isEmpty();
      assertThat(named("Eve").get(path).toString()).isEqualTo(NOT_FOUND);
      assertThat(bob.patch(path, "{\"content\":\"x\"}").toString())
          .isEqualTo("403 {\"error\":\"forbidden\"}");
      assertThat(ann.patch(path, "{\"content\":\"ho\"}").status()).isEqualTo(200);
      assertThat(bobsClient.await(topic(bob), "chat_message_updated").getString("content"))
          .isEqualTo("ho");
      assertThat(ann.delete(path).toString()).isEqualTo("200 {\"ok\":true}");
      var deleted = JsonObject.of("id", sent.body().getLong("id"));
      assertThat(annsClient.await(topic(ann), "chat_message_deleted")).isEqualTo(deleted);
      assertThat(bobsClient.await(topic(bob), "chat_message_deleted")).isEqualTo(deleted);
    }
  }

  @Test
  void refusesMessagesToOthersThanFriends() {
    Guest ann = api.guest();
    Guest eve = api.guest();
    String no = "403 {\"error\":\"not_friends\"}";
    for (Object other : List.of(eve.id(), ann.id(), 999_999, 0, -1, "x", "{}")) {
      var body = JsonObject.of("chat_type", "friend", "chat_ref_id", other, "content", "x");
      assertThat(ann.post(MESSAGES, body.encode()).toString()).isEqualTo(no);
    }
    assertThat(ann.post(MESSAGES, "{\"chat_type\":\"friend\"}").toString()).isEqualTo(no);
    assertThat(ann.post(MESSAGES, "{\"chat_type\":\"party\",\"chat_ref_id\":\"x\"}").toString())
        .isEqualTo("403 {\"error\":\"not_in_party\"}");
    assertThat(ann.get(MESSAGES + "?chat_type=group&chat_ref_id=x").toString())
        .isEqualTo("403 {\"error\":\"not_in_group\"}");
    assertThat(ann.get(MESSAGES + "?chat_type=friend&chat_ref_id=" + eve.id()).status())
        .isEqualTo(200);
  }

  @Test
  void refusesMessagesFromAndToABlockedPlayer() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    long id = ann.post(MESSAGES, message(bob, "before")).body().getLong("id");
    long friendship = friendship(bob);
    bob.delete("/api/v1/friends/" + friendship);
    assertThat(ann.post(MESSAGES, message(bob, "x")).toString())
        .isEqualTo("403 {\"error\":\"not_friends\"}");
    // The end of the friendship has deleted what they wrote.
    assertThat(ann.patch(MESSAGES + "/" + id, "{\"content\":\"x\"}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    ann.post("/api/v1/friends", JsonObject.of("target_user_id", bob.id()).encode());
    long request =
        bob.get("/api/v1/me/friend-requests")
            .body()
            .getJsonArray("incoming")
            .getJsonObject(0)
            .getLong("id");
    assertThat(bob.post("/api/v1/friends/" + request + "/block", "{}").status()).isEqualTo(200);

    String blocked = "403 {\"error\":\"blocked\"}";
    assertThat(ann.post(MESSAGES, message(bob, "x")).toString()).isEqualTo(blocked);
    assertThat(bob.post(MESSAGES, message(ann, "x")).toString()).isEqualTo(blocked);
    assertThat(list(bob, ann).getJsonArray("data")).isEmpty();
  }

  @Test
  void countsAndMarksReadForEachOfTheTwo() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    ann.post(MESSAGES, message(bob, "mine"));
    long first = bob.post(MESSAGES, message(ann, "one")).body().getLong("id");
    bob.post(MESSAGES, message(ann, "two"));
    assertThat(unread(ann, bob)).isEqualTo(2);
    assertThat(unread(bob, ann)).isEqualTo(1);

    Response read =
        ann.post(
            "/api/v1/chat/read",
            JsonObject.of("chat_type", "friend", "chat_ref_id", bob.id(), "message_id", first)
                .encode());
    assertThat(read.body().getString("chat_type")).isEqualTo("friend");
    assertThat(read.body().getLong("chat_ref_id")).isEqualTo(bob.id());
    assertThat(read.body().getLong("last_read_message_id")).isEqualTo(first);
    assertThat(unread(ann, bob)).isEqualTo(1);
    Guest cid = api.guest();
    assertThat(
            ann.get(
                    "/api/v1/chat/unread/all?chat_type=friend&chat_ref_ids="
                        + cid.id()
                        + ",%20"
                        + bob.id())
                .toString())
        .isEqualTo(
            "200 {\"data\":[{\"chat_ref_id\":%d,\"unread_count\":0},".formatted(cid.id())
                + "{\"chat_ref_id\":%d,\"unread_count\":1}]}".formatted(bob.id()));
    String tooMany = String.join(",", IntStream.range(0, 65).mapToObj(String::valueOf).toList());
    for (String wrong : List.of("x", "1,,2", tooMany, "")) {
      assertThat(
              ann.get("/api/v1/chat/unread/all?chat_type=friend&chat_ref_ids=" + wrong).toString())
          .isEqualTo("400 {\"error\":\"invalid_chat_ref_ids\"}");
    }
  }

  @Test
  void goesOnFromAMessage() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    for (int i = 0; i < 5; i++) {
      (i % 2 == 0 ? ann : bob).post(MESSAGES, message(i % 2 == 0 ? bob : ann, "m" + i));
    }
    JsonObject first = list(ann, bob, "&page_size=2");
    assertThat(contents(first)).containsExactly("m4", "m3");
    assertThat(first.getJsonObject("meta").getInteger("total_count")).isEqualTo(5);
    long last = first.getJsonArray("data").getJsonObject(1).getLong("id");
    assertThat(contents(list(ann, bob, "&page_size=2&before=" + last))).containsExactly("m2", "m1");
    assertThat(contents(list(bob, ann, "&page=3&page_size=2"))).containsExactly("m0");
  }

  @Test
  void deletesTheMessagesOfADeletedPlayer() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    ann.post(MESSAGES, message(bob, "mine"));
    bob.post(MESSAGES, message(ann, "theirs"));
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    assertThat(contents(list(bob, ann))).containsExactly("theirs");
    assertThat(bob.post(MESSAGES, message(ann, "x")).toString())
        .isEqualTo("403 {\"error\":\"not_friends\"}");
  }

  @Test
  void sendsMessagesToThePartyAlone() {
    Guest ann = named("Ann");
    Guest bob = api.guest();
    befriend(ann, bob);
    long party = ann.post("/api/v1/parties", "{}").body().getLong("id");
    String hello =
        JsonObject.of("chat_type", "party", "chat_ref_id", party, "content", "hello").encode();
    assertThat(bob.post(MESSAGES, hello).toString()).isEqualTo("403 {\"error\":\"not_in_party\"}");
    ann.post("/api/v1/parties/invite", JsonObject.of("target_user_id", bob.id()).encode());
    bob.post("/api/v1/parties/invite/accept", JsonObject.of("party_id", party).encode());
    try (var client = PhoenixClient.connect(api.node().port(), bob.token())) {
      client.joinAndAwait("party:" + party, "updated");
      long id = ann.post(MESSAGES, hello).body().getLong("id");
      JsonObject pushed = client.await("party:" + party, "new_chat_message");
      assertThat(pushed.getString("chat_type")).isEqualTo("party");
      assertThat(pushed.getLong("chat_ref_id")).isEqualTo(party);
      assertThat(pushed.getString("sender_name")).isEqualTo("Ann");
      ann.delete(MESSAGES + "/" + id);
      assertThat(client.await("party:" + party, "chat_message_deleted").getLong("id"))
          .isEqualTo(id);
    }
    long bobs = bob.post(MESSAGES, hello).body().getLong("id");
    String list = MESSAGES + "?chat_type=party&chat_ref_id=" + party;
    assertThat(contents(ann.get(list).body())).containsExactly("hello");
    assertThat(ann.get("/api/v1/chat/unread?chat_type=party&chat_ref_id=" + party).toString())
        .isEqualTo("200 {\"unread_count\":1}");
    bob.post("/api/v1/parties/leave", null);
    assertThat(bob.get(list).toString()).isEqualTo("403 {\"error\":\"not_in_party\"}");
    assertThat(bob.patch(MESSAGES + "/" + bobs, "{\"content\":\"x\"}").toString())
        .isEqualTo("403 {\"error\":\"not_in_party\"}");
    ann.post("/api/v1/parties/leave", null);
    assertThat(ann.post(MESSAGES, hello).toString()).isEqualTo("403 {\"error\":\"not_in_party\"}");
  }

  @Test
  void sendsMessagesToTheGroupAloneAndSlowly() {
    Guest ann = named("Ann");
    Guest bob = api.guest();
    JsonObject group =
        ann.post("/api/v1/groups", JsonObject.of("title", "Chat", "slowdown", 3_600).encode())
            .body();
    long id = group.getLong("id");
    String hello =
        JsonObject.of("chat_type", "group", "chat_ref_id", id, "content", "hello").encode();
    String list = MESSAGES + "?chat_type=group&chat_ref_id=" + id;
    String no = "403 {\"error\":\"not_in_group\"}";
    assertThat(bob.post(MESSAGES, hello).toString()).isEqualTo(no);
    assertThat(bob.get(list).toString()).isEqualTo(no);
    assertThat(bob.post("/api/v1/groups/" + id + "/join", "{}").status()).isEqualTo(200);
    try (var client = PhoenixClient.connect(api.node().port(), bob.token())) {
      client.joinAndAwait("group:" + id, "updated");
      Response sent = ann.post(MESSAGES, hello);
      assertThat(sent.status()).isEqualTo(201);
      JsonObject pushed = client.await("group:" + id, "new_chat_message");
      assertThat(pushed.getString("chat_type")).isEqualTo("group");
      assertThat(pushed.getLong("chat_ref_id")).isEqualTo(id);
      assertThat(pushed.getString("sender_name")).isEqualTo("Ann");
    }
    assertThat(ann.post(MESSAGES, hello).toString())
        .isEqualTo(
            "429 {\"error\":\"slowdown\","
                + "\"message\":\"You are sending messages too quickly\"}");
    long bobs = bob.post(MESSAGES, hello).body().getLong("id");
    assertThat(contents(bob.get(list).body())).containsExactly("hello", "hello");
    assertThat(ann.get("/api/v1/chat/unread?chat_type=group&chat_ref_id=" + id).toString())
        .isEqualTo("200 {\"unread_count\":2}");
    bob.post("/api/v1/groups/" + id + "/leave", null);
    assertThat(bob.post(MESSAGES, hello).toString()).isEqualTo(no);
    assertThat(bob.patch(MESSAGES + "/" + bobs, "{\"content\":\"x\"}").toString()).isEqualTo(no);
    assertThat(bob.get("/api/v1/chat/unread?chat_type=group&chat_ref_id=" + id).toString())
        .isEqualTo(no);
  }

  private static PhoenixClient connect(Guest guest) {
    var client = PhoenixClient.connect(api.node().port(), guest.token());
    client.joinAndAwait(topic(guest), "updated");
    return client;
  }

  private static String topic(Guest guest) {
    return "user:" + guest.id();
  }

  private static JsonObject list(Guest guest, Guest friend) {
    return list(guest, friend, "");
  }

  private static JsonObject list(Guest guest, Guest friend, String more) {
    return guest.get(MESSAGES + "?chat_type=friend&chat_ref_id=" + friend.id() + more).body();
  }

  private static List<String> contents(JsonObject page) {
    return page.getJsonArray("data").stream()
        .map(message -> ((JsonObject) message).getString("content"))
        .toList();
  }

  private static long unread(Guest guest, Guest friend) {
    return guest
        .get("/api/v1/chat/unread?chat_type=friend&chat_ref_id=" + friend.id())
        .body()
        .getLong("unread_count");
  }

  private static String message(Guest friend, String content) {
    return JsonObject.of("chat_type", "friend", "chat_ref_id", friend.id(), "content", content)
        .encode();
  }

  private static void befriend(Guest one, Guest other) {
    one.post("/api/v1/friends", JsonObject.of("target_user_id", other.id()).encode());
    other.post("/api/v1/friends", JsonObject.of("target_user_id", one.id()).encode());
  }

  private static long friendship(Guest guest) {
    return guest
        .get("/api/v1/me/friends")
        .body()
        .getJsonArray("data")
        .getJsonObject(0)
        .getLong("friendship_id");
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
