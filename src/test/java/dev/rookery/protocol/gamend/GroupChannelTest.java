package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.PhoenixClient.Frame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what members, inviters and everybody else hear of groups in their channels. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class GroupChannelTest {
  private static final String GROUPS = "/api/v1/groups";
  private static final JsonObject REFUSED = JsonObject.of("reason", "not_a_member_or_invalid");
  private static final AtomicInteger TITLES = new AtomicInteger();

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  GroupChannelTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    // The first player is an admin of the server.
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void onlyMembersJoin() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    JsonObject group = create(ann, "public");
    long id = group.getLong("id");
    try (PhoenixClient annSocket = connect(ann);
        PhoenixClient bobSocket = connect(bob);
        PhoenixClient anonymous = PhoenixClient.anonymous(api.node().port())) {
      String topic = "group:" + id;
      assertThat(annSocket.joinAndAwait(topic, "updated")).isEqualTo(object(group));
      for (String other : List.of(topic, "group:99999999", "group:x")) {
        assertThat(bobSocket.join(other).response()).isEqualTo(REFUSED);
      }
      assertThat(anonymous.join(topic).response()).isEqualTo(REFUSED);
    }
  }

  @Test
  void tellsMembersWhatHappens() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = named("Eve");
    JsonObject group = create(ann, "private");
    long id = group.getLong("id");
    String topic = "group:" + id;
    try (PhoenixClient annSocket = connect(ann);
        PhoenixClient bobSocket = connect(bob)) {
      String bobTopic = "user:" + bob.id();
      bobSocket.joinAndAwait(bobTopic, "updated");
      annSocket.joinAndAwait(topic, "updated");

      long rejected = join(bob, id).getLong("id");
      ann.post(request(id, rejected, "reject"), "{}");
      assertThat(annSocket.await(topic, "join_request_rejected")).isEqualTo(who(id, bob, "Bob"));
      assertThat(bobSocket.await(bobTopic, "group_join_rejected"))
          .isEqualTo(JsonObject.of("group_id", id));
      assertThat(bobSocket.await(bobTopic, "notification").getString("title"))
          .isEqualTo("Group Join Request Declined");
      long approved = join(bob, id).getLong("id");
      ann.post(request(id, approved, "approve"), "{}");
      assertThat(annSocket.await(topic, "join_request_approved")).isEqualTo(who(id, bob, "Bob"));
      assertThat(annSocket.await(topic, "member_joined")).isEqualTo(who(id, bob, "Bob"));
      assertThat(bobSocket.await(bobTopic, "group_join_approved"))
          .isEqualTo(JsonObject.of("group_id", id));

      bobSocket.joinAndAwait(topic, "updated");
      ann.post(path(id) + "/promote", target(bob));
      ann.patch(path(id), "{\"description\":\"new\"}");
      ann.patch(path(id), "{\"slowdown\":5}");
      bob.post(path(id) + "/demote", target(ann));
      for (PhoenixClient socket : List.of(annSocket, bobSocket)) {
        assertThat(socket.await(topic, "member_promoted")).isEqualTo(who(id, bob, "Bob"));
        assertThat(socket.await(topic, "updated").getString("description")).isEqualTo("new");
        Frame next = socket.await(frame -> frame.topic().equals(topic));
        assertThat(next.event()).as("an equal update is left out").isEqualTo("member_demoted");
      }
      eve.patch("/api/v1/me/display_name", "{\"display_name\":\"Eva\"}");
      bob.post(path(id) + "/kick", target(ann));
      assertThat(annSocket.await(topic, "member_kicked")).isEqualTo(who(id, ann, "Ann"));
      annSocket.await(frame -> frame.topic().equals(topic) && frame.event().equals("phx_close"));
      assertThat(annSocket.join(topic).response()).isEqualTo(REFUSED);
      bob.post(path(id) + "/leave", null);
      assertThat(bobSocket.await(topic, "member_left")).isEqualTo(who(id, bob, "Bob"));
      bobSocket.await(frame -> frame.topic().equals(topic) && frame.event().equals("phx_close"));
    }
  }

  @Test
  void tellsOfTheMemberWhoFollowsTheLastAdmin() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    long id = create(ann, "public").getLong("id");
    join(bob, id);
    String topic = "group:" + id;
    try (PhoenixClient socket = connect(bob)) {
      socket.joinAndAwait(topic, "updated");
      ann.post(path(id) + "/leave", null);
      assertThat(socket.await(frame -> frame.topic().equals(topic)).event())
          .isEqualTo("member_promoted");
      assertThat(socket.await(topic, "member_left")).isEqualTo(who(id, ann, "Ann"));
    }
  }

  @Test
  void tellsOfPresenceAndProfilesOfMembers() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    long id = create(ann, "public").getLong("id");
    join(bob, id);
    String topic = "group:" + id;
    try (PhoenixClient socket = connect(ann)) {
      socket.joinAndAwait(topic, "updated");
      try (PhoenixClient bobSocket = connect(bob)) {
        bobSocket.joinAndAwait("user:" + bob.id(), "updated");
        // Names that were changed before the group was created may be announced first.
        JsonObject updated =
            socket
                .await(
                    frame ->
                        frame.event().equals("member_updated")
                            && frame.payload().getBoolean("is_online"))
                .payload();
        assertThat(updated.getLong("user_id")).isEqualTo(bob.id());
        assertThat(updated.getString("display_name")).isEqualTo("Bob");
        assertThat(socket.await(topic, "member_online"))
            .isEqualTo(JsonObject.of("user_id", bob.id(), "is_online", true));
        bob.patch("/api/v1/me/display_name", "{\"display_name\":\"Bobby\"}");
        assertThat(socket.await(topic, "member_updated").getString("display_name"))
            .isEqualTo("Bobby");
        bobSocket.leave("user:" + bob.id());
        assertThat(socket.await(topic, "member_offline"))
            .isEqualTo(JsonObject.of("user_id", bob.id(), "is_online", false));
      }
    }
  }

  @Test
  void tellsInvitersAndEverybodyWhoIsConcernedByADeletedGroup() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = api.guest();
    JsonObject group = create(ann, "hidden");
    long id = group.getLong("id");
    String topic = "group:" + id;
    try (PhoenixClient annSocket = connect(ann);
        PhoenixClient bobSocket = connect(bob);
        PhoenixClient eveSocket = connect(eve)) {
      String annTopic = "user:" + ann.id();
      String bobTopic = "user:" + bob.id();
      String eveTopic = "user:" + eve.id();
      annSocket.joinAndAwait(annTopic, "updated");
      bobSocket.joinAndAwait(bobTopic, "updated");
      eveSocket.joinAndAwait(eveTopic, "updated");
      annSocket.joinAndAwait(topic, "updated");
      ann.post(path(id) + "/invite", target(bob));
      JsonObject notification = bobSocket.await(bobTopic, "notification");
      assertThat(notification.getString("title")).isEqualTo("New Group Invite");
      assertThat(notification.getJsonObject("metadata"))
          .isEqualTo(
              new JsonObject()
                  .put("type", "group_invite")
                  .put("group_id", id)
                  .put("group_name", group.getString("title"))
                  .put("sender_name", "Ann")
                  .put("recipient_name", "Bob"));
      long invite =
          bob.get(GROUPS + "/invitations")
              .body()
              .getJsonArray("data")
              .getJsonObject(0)
              .getLong("id");
      bob.post(GROUPS + "/invitations/" + invite + "/accept", "{}");
      assertThat(annSocket.await(topic, "member_joined")).isEqualTo(who(id, bob, "Bob"));
      assertThat(annSocket.await(annTopic, "notification").getString("title"))
          .isEqualTo("Group Invite Accepted");
      assertThat(annSocket.await(annTopic, "group_invite_accepted"))
          .isEqualTo(JsonObject.of("group_id", id));
      ann.post(path(id) + "/invite", target(eve));
      admin.delete("/api/v1/admin/groups/" + id);
      JsonObject cancelled = JsonObject.of("group_id", id, "group_name", group.getString("title"));
      assertThat(annSocket.await(annTopic, "group_invite_cancelled")).isEqualTo(cancelled);
      assertThat(eveSocket.await(eveTopic, "group_invite_cancelled")).isEqualTo(cancelled);
      annSocket.await(frame -> frame.topic().equals(topic) && frame.event().equals("phx_close"));
    }
  }

  @Test
  void tellsEverybodyOfTheGroupsThatAreNotHidden() {
    Guest ann = api.guest();
    try (PhoenixClient anonymous = PhoenixClient.anonymous(api.node().port())) {
      anonymous.join("groups");
      create(ann, "hidden");
      JsonObject group = create(ann, "public");
      long id = group.getLong("id");
      assertThat(anonymous.await(frame -> frame.topic().equals("groups")).payload())
          .as("nothing of the hidden one")
          .isEqualTo(object(group));
      ann.patch(path(id), "{\"description\":\"seen\"}");
      assertThat(anonymous.await("groups", "group_updated").getString("description"))
          .isEqualTo("seen");
      ann.patch(path(id), "{\"type\":\"hidden\"}");
      assertThat(anonymous.await("groups", "group_deleted")).isEqualTo(JsonObject.of("id", id));
      ann.patch(path(id), "{\"description\":\"unseen\"}");
      ann.patch(path(id), "{\"type\":\"public\"}");
      assertThat(anonymous.await("groups", "group_updated").getString("type")).isEqualTo("public");
      ann.post(path(id) + "/leave", null);
      assertThat(anonymous.await("groups", "group_deleted")).isEqualTo(JsonObject.of("id", id));
    }
  }

  @Test
  void anyEventOfAClientClosesTheChannel() {
    Guest ann = api.guest();
    long id = create(ann, "public").getLong("id");
    try (PhoenixClient socket = connect(ann)) {
      for (String topic : List.of("group:" + id, "groups")) {
        socket.join(topic);
        assertThat(socket.call(topic, "hello", new JsonObject()).response())
            .isEqualTo(JsonObject.of("error", "unknown_event"));
        socket.await(frame -> frame.topic().equals(topic) && frame.event().equals("phx_close"));
      }
    }
  }

  private static JsonObject object(JsonObject group) {
    JsonObject object = group.copy();
    List.of("member_count", "slowdown", "inserted_at", "updated_at").forEach(object::remove);
    return object;
  }

  private static JsonObject who(long group, Guest player, String name) {
    return JsonObject.of("group_id", group, "user_id", player.id(), "display_name", name);
  }

  private static String path(long id) {
    return GROUPS + "/" + id;
  }

  private static String request(long group, long request, String action) {
    return path(group) + "/join_requests/" + request + "/" + action;
  }

  private static JsonObject create(Guest player, String type) {
    String title = "Clan number " + TITLES.incrementAndGet();
    return player.post(GROUPS, JsonObject.of("title", title, "type", type).encode()).body();
  }

  private static JsonObject join(Guest player, long group) {
    return player.post(path(group) + "/join", "{}").body();
  }

  private static String target(Guest player) {
    return JsonObject.of("target_user_id", player.id()).encode();
  }

  private static PhoenixClient connect(Guest player) {
    return PhoenixClient.connect(api.node().port(), player.token());
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
