package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests friends over HTTP, and what both players hear of it in their channels. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class FriendRoutesTest {
  private static final String FRIENDS = "/api/v1/friends";
  private static final String REQUESTS = "/api/v1/me/friend-requests";
  private static final String OK = "200 {}";

  private static TestApi api;

  // JUnit passes the database to the constructor as well.
  FriendRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void answersARepeatedAcceptanceAsTheFirst() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    request(ann, bob);
    String accept = FRIENDS + "/" + incoming(bob) + "/accept";

    assertThat(bob.post(accept, "{}", "Idempotency-Key", "a").toString()).isEqualTo(OK);
    assertThat(bob.post(accept, "{}", "Idempotency-Key", "a").toString()).isEqualTo(OK);
    assertThat(bob.post(accept, "{}").status()).isEqualTo(403);
    assertThat(
            bob.post(
                    FRIENDS,
                    JsonObject.of("target_user_id", ann.id()).encode(),
                    "Idempotency-Key",
                    "a")
                .toString())
        .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
  }

  @Test
  void befriendsTwoPlayers() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    assertThat(request(ann, bob).toString()).isEqualTo("201 {}");
    long id = incoming(bob);
    Response requests = bob.get(REQUESTS);
    JsonObject incoming = requests.body().getJsonArray("incoming").getJsonObject(0);
    assertThat(incoming.getJsonObject("requester").getString("display_name")).isEqualTo("Ann");
    assertThat(incoming.getJsonObject("target"))
        .isEqualTo(
            new JsonObject()
                .put("id", bob.id())
                .put("display_name", "")
                .put("metadata", new JsonObject())
                .put("is_online", false)
                .put("last_seen_at", "1970-01-01T00:00:00Z"));
    assertThat(incoming.getString("status")).isEqualTo("pending");
    assertThat(incoming.getString("inserted_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d");
    assertThat(requests.body().getJsonObject("meta"))
        .isEqualTo(
            new JsonObject(
                """
                {"page":1,"page_size":25,"counts":{"incoming":1,"outgoing":0},
                 "total_counts":{"incoming":1,"outgoing":0},
                 "total_pages":{"incoming":1,"outgoing":0},
                 "has_more":{"incoming":false,"outgoing":false}}
                """));

    assertThat(bob.post(FRIENDS + "/" + id + "/accept", "{}").toString()).isEqualTo(OK);
    for (Guest player : List.of(ann, bob)) {
      JsonObject friend =
          player.get("/api/v1/me/friends").body().getJsonArray("data").getJsonObject(0);
      assertThat(friend.getLong("id")).isEqualTo(player == ann ? bob.id() : ann.id());
      assertThat(friend.getLong("friendship_id")).isEqualTo(id);
    }
    assertThat(request(bob, ann).toString()).as("no second request").isEqualTo("201 {}");
    assertThat(ann.get(REQUESTS).body().getJsonArray("incoming")).isEmpty();
    long message = write(ann, bob);
    write(bob, ann);
    JsonObject read =
        JsonObject.of("chat_type", "friend", "chat_ref_id", ann.id(), "message_id", message);
    assertThat(bob.post("/api/v1/chat/read", read.encode()).status()).isEqualTo(200);

    assertThat(ann.delete(FRIENDS + "/" + id).toString()).isEqualTo(OK);
    String history = "/api/v1/chat/messages?chat_type=friend&chat_ref_id=";
    assertThat(ann.get(history + bob.id()).body().getJsonArray("data")).isEmpty();
    assertThat(bob.get(history + ann.id()).body().getJsonArray("data")).isEmpty();
    assertThat(bob.post("/api/v1/chat/read", read.encode()).status()).isEqualTo(404);
    assertThat(bob.get("/api/v1/me/friends").body().getJsonArray("data")).isEmpty();
  }

  @Test
  void refusesWhatTheContractRefuses() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    assertThat(request(ann, ann).toString()).isEqualTo("400 {\"error\":\"cannot_friend_self\"}");
    for (String body : List.of("{}", "{\"target_user_id\":\"x\"}", "{\"target_user_id\":null}")) {
      assertThat(ann.post(FRIENDS, body).status()).isEqualTo(400);
    }
    assertThat(ann.post(FRIENDS, "{\"target_user_id\":99999999}").toString())
        .isEqualTo("404 {\"error\":\"user_not_found\"}");
    request(ann, bob);
    long id = incoming(bob);
    for (String action : List.of("accept", "reject", "block", "unblock")) {
      String path = FRIENDS + "/%s/" + action;
      assertThat(bob.post(path.formatted("x"), "{}").toString())
          .isEqualTo("400 {\"error\":\"invalid_id\"}");
      assertThat(bob.post(path.formatted("99999999"), "{}").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
      for (Guest player : List.of(ann, eve)) {
        assertThat(player.post(path.formatted(id), "{}").toString())
            .isEqualTo("403 {\"error\":\"forbidden\"}");
      }
    }
    assertThat(bob.delete(FRIENDS + "/" + id).toString())
        .isEqualTo("403 {\"error\":\"not_authorized\"}");
    assertThat(ann.delete(FRIENDS + "/" + id).toString()).isEqualTo(OK);
    assertThat(bob.post(FRIENDS + "/" + id + "/accept", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(api.call("GET", "/api/v1/me/friends", null).status()).isEqualTo(401);
  }

  @Test
  void blocksBothDirectionsUntilTheBlockIsLifted() {
    Guest ann = named("Ann");
    Guest bob = api.guest();
    request(ann, bob);
    long id = incoming(bob);
    assertThat(bob.post(FRIENDS + "/" + id + "/block", "{}").toString()).isEqualTo(OK);
    for (Guest player : List.of(ann, bob)) {
      assertThat(request(player, player == ann ? bob : ann).toString())
          .isEqualTo("400 {\"error\":\"blocked\"}");
    }
    JsonObject blocked = bob.get("/api/v1/me/blocked").body().getJsonArray("data").getJsonObject(0);
    assertThat(blocked.getLong("id")).isEqualTo(id);
    assertThat(blocked.getJsonObject("requester").getString("display_name")).isEqualTo("Ann");
    assertThat(ann.get("/api/v1/me/blocked").body().getJsonArray("data")).isEmpty();
    assertThat(bob.post(FRIENDS + "/" + id + "/unblock", "{}").toString()).isEqualTo(OK);
    assertThat(request(ann, bob).toString()).isEqualTo("201 {}");
  }

  @Test
  void tellsBothPlayersInTheOrderOfTheContract() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    try (PhoenixClient annSocket = PhoenixClient.connect(api.node().port(), ann.token());
        PhoenixClient bobSocket = PhoenixClient.connect(api.node().port(), bob.token())) {
      String annTopic = "user:" + ann.id();
      String bobTopic = "user:" + bob.id();
      annSocket.joinAndAwait(annTopic, "updated");
      bobSocket.joinAndAwait(bobTopic, "updated");

      request(ann, bob);
      long id = incoming(bob);
      assertThat(bobSocket.await(bobTopic, "incoming_request"))
          .isEqualTo(friendship(id, ann, bob, "pending"));
      JsonObject notification = bobSocket.await(bobTopic, "notification");
      assertThat(notification.getString("title")).isEqualTo("New Friend Request");
      assertThat(notification.getJsonObject("metadata"))
          .isEqualTo(JsonObject.of("type", "friend_request", "friendship_id", id));
      assertThat(annSocket.await(annTopic, "outgoing_request"))
          .isEqualTo(friendship(id, ann, bob, "pending"));

      bob.post(FRIENDS + "/" + id + "/reject", "{}");
      for (var heard :
          List.of(
              annSocket.await(annTopic, "friend_rejected"),
              bobSocket.await(bobTopic, "friend_rejected"))) {
        assertThat(heard).isEqualTo(friendship(id, ann, bob, "rejected"));
      }
      assertThat(annSocket.await(annTopic, "notification").getString("title"))
          .isEqualTo("Friend Request Declined");

      request(ann, bob);
      long again = incoming(bob);
      assertThat(again).isNotEqualTo(id);
      request(bob, ann);
      assertThat(annSocket.await(annTopic, "friend_accepted"))
          .isEqualTo(friendship(again, ann, bob, "accepted"));
      assertThat(bobSocket.await(bobTopic, "friend_accepted"))
          .isEqualTo(friendship(again, ann, bob, "accepted"));
      assertThat(annSocket.await(annTopic, "notification").getString("title"))
          .isEqualTo("Friend Request Accepted");

      bob.delete(FRIENDS + "/" + again);
      assertThat(annSocket.await(annTopic, "friend_removed"))
          .isEqualTo(friendship(again, ann, bob, "accepted"));
      assertThat(bobSocket.await(bobTopic, "friend_removed"))
          .isEqualTo(friendship(again, ann, bob, "accepted"));

      request(ann, bob);
      long last = incoming(bob);
      ann.delete(FRIENDS + "/" + last);
      assertThat(bobSocket.await(bobTopic, "request_cancelled"))
          .isEqualTo(friendship(last, ann, bob, "pending"));
      request(ann, bob);
      long blocked = incoming(bob);
      bob.post(FRIENDS + "/" + blocked + "/block", "{}");
      assertThat(annSocket.await(annTopic, "friend_blocked"))
          .isEqualTo(friendship(blocked, ann, bob, "blocked"));
      bob.post(FRIENDS + "/" + blocked + "/unblock", "{}");
      assertThat(annSocket.await(annTopic, "friend_unblocked"))
          .isEqualTo(friendship(blocked, ann, bob, "blocked"));
    }
  }

  @Test
  void forgetsTheFriendshipsOfADeletedPlayer() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    request(ann, bob);
    bob.post(FRIENDS + "/" + incoming(bob) + "/accept", "{}");
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    Response friends = bob.get("/api/v1/me/friends");
    assertThat(friends.body().getJsonArray("data")).isEqualTo(new JsonArray());
    assertThat(friends.body().getJsonObject("meta").getInteger("total_count")).isZero();
  }

  @Test
  void repeatsTheAnswerToARepeatedIdempotencyKey() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    String body = JsonObject.of("target_user_id", bob.id()).encode();
    assertThat(ann.post(FRIENDS, body, "idempotency-key", "one").status()).isEqualTo(201);
    bob.post(FRIENDS + "/" + incoming(bob) + "/reject", "{}");
    assertThat(ann.post(FRIENDS, body, "idempotency-key", "one").status()).isEqualTo(201);
    assertThat(bob.get(REQUESTS).body().getJsonArray("incoming")).isEmpty();
  }

  private static JsonObject friendship(long id, Guest requester, Guest target, String status) {
    return JsonObject.of(
        "id", id, "requester_id", requester.id(), "target_id", target.id(), "status", status);
  }

  private static Response request(Guest requester, Guest target) {
    return requester.post(FRIENDS, JsonObject.of("target_user_id", target.id()).encode());
  }

  private static long write(Guest sender, Guest friend) {
    JsonObject message =
        JsonObject.of("chat_type", "friend", "chat_ref_id", friend.id(), "content", "hi");
    return sender.post("/api/v1/chat/messages", message.encode()).body().getLong("id");
  }

  private static long incoming(Guest target) {
    return target.get(REQUESTS).body().getJsonArray("incoming").getJsonObject(0).getLong("id");
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
