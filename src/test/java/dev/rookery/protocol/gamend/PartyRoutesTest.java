package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests parties over HTTP, and what their members are told in their channels. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class PartyRoutesTest {
  private static final String PARTIES = "/api/v1/parties";
  private static final String OK = "200 {}";

  private static TestApi api;

  // JUnit passes the database to the constructor as well.
  PartyRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void createsAndChangesAParty() {
    Guest ann = named("Ann");
    assertThat(ann.get(PARTIES + "/me").toString()).isEqualTo("404 {\"error\":\"not_in_party\"}");
    Response created = ann.post(PARTIES, "{\"max_size\":3,\"metadata\":{\"mode\":\"duo\"}}");
    assertThat(created.status()).isEqualTo(201);
    JsonObject party = created.body();
    assertThat(party.getLong("leader_id")).isEqualTo(ann.id());
    assertThat(party.getString("leader_name")).isEqualTo("Ann");
    assertThat(party.getInteger("max_size")).isEqualTo(3);
    assertThat(party.getJsonObject("metadata")).isEqualTo(JsonObject.of("mode", "duo"));
    assertThat(memberIds(party)).containsExactly(ann.id());
    assertThat(ann.get(PARTIES + "/me").body()).isEqualTo(party);
    assertThat(ann.get("/api/v1/me").body().getLong("party_id")).isEqualTo(party.getLong("id"));
    assertThat(ann.post(PARTIES, "{}").toString())
        .isEqualTo("409 {\"error\":\"already_in_party\"}");

    Response changed = ann.patch(PARTIES, "{\"max_size\":32}");
    assertThat(changed.body().getInteger("max_size")).isEqualTo(32);
    assertThat(changed.body().getJsonObject("metadata")).isEqualTo(JsonObject.of("mode", "duo"));
    for (String wrong : List.of("1", "33", "\"x\"")) {
      Response refused = ann.patch(PARTIES, "{\"max_size\":" + wrong + "}");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.body().getJsonObject("error").getJsonArray("max_size")).hasSize(1);
      assertThat(api.guest().post(PARTIES, "{\"max_size\":" + wrong + "}").status()).isEqualTo(422);
    }
    assertThat(ann.post(PARTIES + "/leave", null).toString()).isEqualTo(OK);
    assertThat(ann.post(PARTIES + "/leave", null).toString()).isEqualTo(OK);
    assertThat(ann.get("/api/v1/me").body().getLong("party_id")).isEqualTo(-1);
    assertThat(api.call("GET", PARTIES + "/me", null).status()).isEqualTo(401);
  }

  @Test
  void joinsByInviteAlone() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    befriend(ann, bob);
    long id = create(ann);
    assertThat(accept(bob, id).toString()).isEqualTo("404 {\"error\":\"no_invite\"}");
    assertThat(invite(ann, bob).toString()).isEqualTo(OK);
    assertThat(invite(ann, bob).toString()).as("a pending invite").isEqualTo(OK);
    JsonObject invite = list(bob.get(PARTIES + "/invitations")).getJsonObject(0);
    assertThat(invite.getLong("party_id")).isEqualTo(id);
    assertThat(invite.getString("sender_name")).isEqualTo("Ann");
    assertThat(invite.getString("recipient_name")).isEqualTo("Bob");
    assertThat(invite.getString("status")).isEqualTo("pending");
    assertThat(list(ann.get(PARTIES + "/invitations/sent"))).isEqualTo(JsonArray.of(invite));
    assertThat(titles(bob)).containsExactly("New Party Invite");

    Response accepted = accept(bob, id);
    assertThat(accepted.status()).isEqualTo(200);
    assertThat(memberIds(accepted.body())).containsExactly(ann.id(), bob.id());
    assertThat(list(bob.get(PARTIES + "/invitations"))).isEmpty();
    assertThat(titles(bob)).as("the invite is retracted").isEmpty();
    assertThat(titles(ann)).containsExactly("Party Invite Accepted");
    assertThat(bob.patch(PARTIES, "{}").toString()).isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(ann.patch(PARTIES, "{\"max_size\":2}").status()).isEqualTo(200);

    assertThat(bob.post(PARTIES + "/leave", "{}").toString()).isEqualTo(OK);
    assertThat(memberIds(ann.get(PARTIES + "/me").body())).containsExactly(ann.id());
    assertThat(invite(ann, bob).toString())
        .as("an invite that has ended")
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
  }

  @Test
  void refusesInvitesInTheOrderOfTheContract() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    for (String action : List.of("invite", "invite/cancel", "kick")) {
      String path = PARTIES + "/" + action;
      assertThat(ann.post(path, "{}").status()).isEqualTo(400);
      assertThat(ann.post(path, "{\"target_user_id\":\"x\"}").toString())
          .isEqualTo("400 {\"error\":\"invalid_id\"}");
      assertThat(ann.post(path, target(bob)).toString())
          .isEqualTo("400 {\"error\":\"not_in_party\"}");
    }
    befriend(ann, bob);
    join(ann, create(ann), bob);
    assertThat(invite(bob, eve).toString()).isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(ann.post(PARTIES + "/invite", "{\"target_user_id\":99999999}").toString())
        .isEqualTo("404 {\"error\":\"user_not_found\"}");
    assertThat(invite(ann, eve).toString()).isEqualTo("403 {\"error\":\"not_connected\"}");
    assertThat(invite(ann, ann).toString()).isEqualTo("403 {\"error\":\"not_connected\"}");
    eve.post("/api/v1/friends", target(ann));
    long friendship =
        ann.get("/api/v1/me/friend-requests")
            .body()
            .getJsonArray("incoming")
            .getJsonObject(0)
            .getLong("id");
    ann.post("/api/v1/friends/" + friendship + "/block", "{}");
    assertThat(invite(ann, eve).toString()).isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(ann.post(PARTIES + "/kick", target(ann)).toString())
        .isEqualTo("403 {\"error\":\"cannot_kick_self\"}");
    assertThat(ann.post(PARTIES + "/kick", target(eve)).toString())
        .isEqualTo("400 {\"error\":\"not_in_party\"}");
    assertThat(ann.post(PARTIES + "/kick", "{\"target_user_id\":99999999}").toString())
        .isEqualTo("404 {\"error\":\"user_not_found\"}");
    assertThat(bob.post(PARTIES + "/kick", target(ann)).toString())
        .isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(ann.post(PARTIES + "/kick", target(bob)).toString()).isEqualTo(OK);
    assertThat(titles(bob)).contains("Removed From Party");
    for (String action : List.of("accept", "decline")) {
      String path = PARTIES + "/invite/" + action;
      assertThat(ann.post(path, "{}").status()).isEqualTo(400);
      assertThat(ann.post(path, "{\"party_id\":\"x\"}").toString())
          .isEqualTo("400 {\"error\":\"invalid_id\"}");
    }
    assertThat(ann.post(PARTIES + "/invite/decline", "{\"party_id\":99999999}").toString())
        .isEqualTo(OK);
  }

  @Test
  void invitesAPlayerWhoSharesAGroup() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Response group =
        ann.post("/api/v1/groups", JsonObject.of("title", "Guild of " + ann.id()).encode());
    assertThat(group.status()).isEqualTo(201);
    create(ann);
    assertThat(invite(ann, bob).toString()).isEqualTo("403 {\"error\":\"not_connected\"}");
    bob.post("/api/v1/groups/" + group.body().getLong("id") + "/join", "{}");
    assertThat(invite(ann, bob).toString()).isEqualTo(OK);
  }

  @Test
  void limitsTheInvitesThatAPlayerHolds() {
    Guest bob = api.guest();
    for (int i = 0; i < 20; i++) {
      Guest leader = api.guest();
      befriend(leader, bob);
      create(leader);
      assertThat(invite(leader, bob).toString()).isEqualTo(OK);
    }
    Guest last = api.guest();
    befriend(last, bob);
    create(last);
    assertThat(invite(last, bob).toString()).isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(list(bob.get(PARTIES + "/invitations"))).hasSize(20);
  }

  @Test
  void leavesTheOtherPartyBeforeTheNewOneIsFoundFull() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    befriend(ann, bob);
    befriend(ann, eve);
    assertThat(ann.post(PARTIES, "{\"max_size\":2}").status()).isEqualTo(201);
    long id = ann.get(PARTIES + "/me").body().getLong("id");
    invite(ann, eve);
    join(ann, id, bob);
    create(eve);
    assertThat(accept(eve, id).toString()).isEqualTo("403 {\"error\":\"party_full\"}");
    assertThat(eve.get(PARTIES + "/me").status()).isEqualTo(404);
    assertThat(list(eve.get(PARTIES + "/invitations"))).isEmpty();
    assertThat(titles(eve)).isEmpty();
    assertThat(titles(ann)).contains("Party Invite Declined");
  }

  @Test
  void tellsMembersInTheOrderOfTheContract() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = named("Eve");
    befriend(ann, bob);
    befriend(ann, eve);
    long id = create(ann);
    String topic = "party:" + id;
    String annTopic = "user:" + ann.id();
    String bobTopic = "user:" + bob.id();
    try (PhoenixClient annSocket = PhoenixClient.connect(api.node().port(), ann.token());
        PhoenixClient bobSocket = PhoenixClient.connect(api.node().port(), bob.token())) {
      annSocket.joinAndAwait(annTopic, "updated");
      JsonObject party = annSocket.joinAndAwait(topic, "updated");
      assertThat(party.fieldNames())
          .containsExactlyInAnyOrder(
              "id", "leader_id", "leader_name", "max_size", "metadata", "members");
      assertThat(reason(bobSocket, topic)).isEqualTo("not_a_member");
      assertThat(reason(bobSocket, "party:x")).isEqualTo("invalid_topic_or_unauthenticated");

      invite(ann, bob);
      bobSocket.joinAndAwait(bobTopic, "updated");
      assertThat(notification(bobSocket, "New Party Invite").getJsonObject("metadata"))
          .isEqualTo(
              new JsonObject()
                  .put("type", "party_invite")
                  .put("party_id", id)
                  .put("sender_name", "Ann")
                  .put("recipient_name", "Bob"));
      ann.post(PARTIES + "/invite/cancel", target(bob));
      assertThat(bobSocket.await(bobTopic, "party_invite_cancelled"))
          .isEqualTo(JsonObject.of("party_id", id, "user_id", ann.id()));
      assertThat(titles(bob)).isEmpty();
      invite(ann, bob);
      notification(bobSocket, "New Party Invite");
      accept(bob, id);
      assertThat(bobSocket.await(bobTopic, "updated").getLong("party_id")).isEqualTo(id);
      annSocket.await(topic, "member_updated");
      assertThat(annSocket.await(topic, "member_joined").getLong("user_id")).isEqualTo(bob.id());
      assertThat(notification(annSocket, "Party Invite Accepted").getString("content"))
          .isEqualTo("Bob accepted your party invite.");
      assertThat(annSocket.await(annTopic, "party_invite_accepted"))
          .isEqualTo(JsonObject.of("party_id", id, "user_id", bob.id()));

      bobSocket.joinAndAwait(topic, "updated");
      ann.patch(PARTIES, "{\"metadata\":{\"a\":1}}");
      assertThat(bobSocket.await(topic, "updated").getJsonObject("metadata"))
          .isEqualTo(JsonObject.of("a", 1));
      bob.patch("/api/v1/me/display_name", "{\"display_name\":\"Bobby\"}");
      assertThat(annSocket.await(topic, "member_updated").getString("display_name"))
          .isEqualTo("Bobby");
      invite(ann, eve);
      eve.post(PARTIES + "/invite/decline", JsonObject.of("party_id", id).encode());
      assertThat(annSocket.await(annTopic, "party_invite_declined"))
          .isEqualTo(JsonObject.of("party_id", id, "user_id", eve.id()));

      ann.post(PARTIES + "/kick", target(bob));
      for (PhoenixClient member : List.of(annSocket, bobSocket)) {
        assertThat(member.await(topic, "member_left"))
            .isEqualTo(JsonObject.of("user_id", bob.id(), "display_name", "Bobby"));
      }
      bobSocket.await(topic, "phx_close");
      assertThat(notification(bobSocket, "Removed From Party").getJsonObject("metadata"))
          .isEqualTo(JsonObject.of("type", "party_kicked", "party_id", id));
      ann.post(PARTIES + "/leave", null);
      assertThat(annSocket.await(topic, "disbanded")).isEqualTo(JsonObject.of("party_id", id));
      annSocket.await(topic, "phx_close");
      assertThat(annSocket.await(annTopic, "updated").getLong("party_id")).isEqualTo(-1);
    }
  }

  @Test
  void tellsMembersWhoComesOnlineAndGoesOffline() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    long id = create(ann);
    join(ann, id, bob);
    String topic = "party:" + id;
    try (PhoenixClient annSocket = PhoenixClient.connect(api.node().port(), ann.token())) {
      annSocket.joinAndAwait(topic, "updated");
      try (PhoenixClient bobSocket = PhoenixClient.connect(api.node().port(), bob.token())) {
        bobSocket.joinAndAwait("user:" + bob.id(), "updated");
        annSocket.await(topic, "member_updated");
        JsonObject online = annSocket.await(topic, "member_online");
        assertThat(online.getLong("user_id")).isEqualTo(bob.id());
        assertThat(online.getBoolean("is_online")).isTrue();
        bobSocket.leave("user:" + bob.id());
      }
      assertThat(annSocket.await(topic, "member_offline").getBoolean("is_online")).isFalse();
    }
  }

  @Test
  void disbandsThePartyOfADeletedLeader() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    befriend(ann, bob);
    befriend(ann, eve);
    long id = create(ann);
    join(ann, id, bob);
    invite(ann, eve);
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    assertThat(bob.get(PARTIES + "/me").status()).isEqualTo(404);
    assertThat(list(eve.get(PARTIES + "/invitations"))).isEmpty();
    assertThat(titles(eve)).isEmpty();
  }

  @Test
  void repeatsTheAnswerToARepeatedIdempotencyKey() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    Response created = ann.post(PARTIES, "{}", "idempotency-key", "one");
    assertThat(ann.post(PARTIES, "{}", "idempotency-key", "one").toString())
        .isEqualTo(created.toString());
    long id = created.body().getLong("id");
    invite(ann, bob);
    String answer = JsonObject.of("party_id", id).encode();
    for (int i = 0; i < 2; i++) {
      Response accepted = bob.post(PARTIES + "/invite/accept", answer, "idempotency-key", "accept");
      assertThat(memberIds(accepted.body())).containsExactly(ann.id(), bob.id());
    }
    for (int i = 0; i < 2; i++) {
      assertThat(ann.post(PARTIES + "/kick", target(bob), "idempotency-key", "kick").toString())
          .isEqualTo(OK);
      assertThat(ann.post(PARTIES + "/leave", "{}", "idempotency-key", "leave").toString())
          .isEqualTo(OK);
    }
  }

  @Test
  void showsNoMembersInARepeatedAnswerToAPlayerWhoHasLeft() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    long id = create(ann);
    invite(ann, bob);
    String answer = JsonObject.of("party_id", id).encode();
    bob.post(PARTIES + "/invite/accept", answer, "idempotency-key", "accept");
    ann.post(PARTIES + "/kick", target(bob));
    Guest eve = api.guest();
    befriend(ann, eve);
    join(ann, id, eve);

    Response repeated = bob.post(PARTIES + "/invite/accept", answer, "idempotency-key", "accept");
    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.body().getLong("id")).isEqualTo(id);
    assertThat(memberIds(repeated.body())).isEmpty();
  }

  @Test
  void entersANewLobbyAsOne() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = api.guest();
    assertThat(ann.post(PARTIES + "/create_lobby", "{}").toString())
        .isEqualTo("400 {\"error\":\"not_in_party\"}");
    befriend(ann, bob);
    long party = create(ann);
    join(ann, party, bob);
    assertThat(bob.post(PARTIES + "/create_lobby", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(bob.post("/api/v1/lobbies", "{}").toString())
        .isEqualTo("403 {\"error\":\"in_party\"}");
    assertThat(bob.join(eve.createLobby("{}")).toString())
        .isEqualTo("403 {\"error\":\"in_party\"}");
    assertThat(bob.post("/api/v1/lobbies/quick_join", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(ann.post(PARTIES + "/create_lobby", "{\"max_users\":1}").toString())
        .isEqualTo("403 {\"error\":\"lobby_too_small_for_party\"}");
    assertThat(ann.post("/api/v1/lobbies", "{\"max_users\":1}").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(ann.post(PARTIES + "/create_lobby", "{\"slowdown\":-1}").status()).isEqualTo(422);
    try (PhoenixClient bobSocket = PhoenixClient.connect(api.node().port(), bob.token())) {
      bobSocket.joinAndAwait("user:" + bob.id(), "updated");
      bobSocket.join("lobbies");
      Response created =
          ann.post(PARTIES + "/create_lobby", "{\"title\":\"Den\"}", "idempotency-key", "den");
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.body().containsKey("slowdown")).isFalse();
      assertThat(created.body().getLong("host_id")).isEqualTo(ann.id());
      assertThat(
              ann.post(PARTIES + "/create_lobby", "{\"title\":\"Den\"}", "idempotency-key", "den")
                  .toString())
          .isEqualTo(created.toString());
      long lobby = created.body().getLong("id");
      assertThat(bobSocket.await("user:" + bob.id(), "updated").getLong("lobby_id"))
          .isEqualTo(lobby);
      assertThat(bobSocket.await("lobbies", "lobby_created").getLong("id")).isEqualTo(lobby);
      assertThat(lobbyMembers(ann, lobby)).containsExactly(ann.id(), bob.id());
      assertThat(ann.post(PARTIES + "/create_lobby", "{}").toString())
          .isEqualTo("409 {\"error\":\"member_in_lobby\"}");
      assertThat(ann.post("/api/v1/lobbies", "{}").toString())
          .isEqualTo("409 {\"error\":\"member_in_lobby\"}");
      assertThat(ann.post("/api/v1/lobbies/quick_join", "{}").toString())
          .isEqualTo("409 {\"error\":\"member_in_lobby\"}");
      bob.leave();
      assertThat(ann.get(PARTIES + "/me").body().getJsonArray("members")).hasSize(2);
      eve.leave();
      assertThat(
              bobSocket.drain().stream()
                  .filter(frame -> frame.topic().equals("lobbies"))
                  .filter(frame -> frame.event().equals("lobby_membership_changed")))
          .as("only of leaving")
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void joinsALobbyAsOneOrNotAtAll() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest host = api.guest();
    befriend(ann, bob);
    long party = create(ann);
    join(ann, party, bob);
    assertThat(ann.post(PARTIES + "/join_lobby/x", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(host.post(PARTIES + "/join_lobby/99999999", "{}").toString())
        .isEqualTo("400 {\"error\":\"not_in_party\"}");
    assertThat(bob.post(PARTIES + "/join_lobby/99999999", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_leader\"}");
    assertThat(ann.post(PARTIES + "/join_lobby/99999999", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    long lobby = host.createLobby("{\"max_users\":2,\"password\":\"secret\"}");
    String path = PARTIES + "/join_lobby/" + lobby;
    assertThat(ann.post(path, "{}").toString()).isEqualTo("403 {\"error\":\"password_required\"}");
    assertThat(ann.post(path, "{\"password\":\"wrong\"}").toString())
        .isEqualTo("403 {\"error\":\"invalid_password\"}");
    assertThat(ann.post(path, "{\"password\":\"secret\"}").toString())
        .isEqualTo("403 {\"error\":\"not_enough_space\"}");
    assertThat(lobbyMembers(host, lobby)).containsExactly(host.id());
    host.patch("/api/v1/lobbies", "{\"max_users\":3,\"is_locked\":true}");
    assertThat(ann.post(path, "{\"password\":\"secret\"}").toString())
        .isEqualTo("403 {\"error\":\"locked\"}");
    host.patch("/api/v1/lobbies", "{\"is_locked\":false}");
    try (PhoenixClient hostSocket = PhoenixClient.connect(api.node().port(), host.token())) {
      hostSocket.joinAndAwait("lobby:" + lobby, "updated");
      Response joined = ann.post(path, "{\"password\":\"secret\"}");
      assertThat(joined.status()).isEqualTo(200);
      assertThat(joined.body().containsKey("slowdown")).isFalse();
      for (Guest member : List.of(ann, bob)) {
        assertThat(hostSocket.await("lobby:" + lobby, "user_joined").getLong("user_id"))
            .isEqualTo(member.id());
      }
      assertThat(hostSocket.drain()).as("no member_updated").isEmpty();
    }
    assertThat(lobbyMembers(host, lobby)).containsExactly(ann.id(), bob.id(), host.id());
    assertThat(ann.post(path, "{}").toString()).isEqualTo("409 {\"error\":\"member_in_lobby\"}");
    assertThat(ann.join(lobby).toString()).isEqualTo("409 {\"error\":\"member_in_lobby\"}");
  }

  @Test
  void quickJoinsWhereThereIsRoomForAll() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest host = api.guest();
    befriend(ann, bob);
    join(ann, create(ann), bob);
    String mode = "{\"metadata\":{\"mode\":\"" + ann.id() + "\"}";
    host.createLobby(mode + ",\"max_users\":2}");
    assertThat(ann.post("/api/v1/lobbies/quick_join", mode + ",\"max_users\":1}").toString())
        .isEqualTo("403 {\"error\":\"lobby_too_small_for_party\"}");
    Response created = ann.post("/api/v1/lobbies/quick_join", mode + "}");
    assertThat(created.body().getInteger("max_users")).isEqualTo(8);
    long lobby = created.body().getLong("id");
    assertThat(lobbyMembers(ann, lobby)).containsExactly(ann.id(), bob.id());

    Guest eve = api.guest();
    Guest joe = api.guest();
    befriend(eve, joe);
    join(eve, create(eve), joe);
    assertThat(eve.post("/api/v1/lobbies/quick_join", mode + "}").body().getLong("id"))
        .isEqualTo(lobby);
    assertThat(lobbyMembers(ann, lobby)).hasSize(4);
  }

  private static List<Long> lobbyMembers(Guest viewer, long lobby) {
    return memberIds(viewer.get("/api/v1/lobbies/" + lobby).body());
  }

  private static JsonObject notification(PhoenixClient client, String title) {
    return client
        .await(
            frame ->
                frame.event().equals("notification")
                    && frame.payload().getString("title").equals(title))
        .payload();
  }

  private static String reason(PhoenixClient client, String topic) {
    return client.join(topic).response().getString("reason");
  }

  private static List<Long> memberIds(JsonObject party) {
    JsonArray members = party.getJsonArray("members");
    return IntStream.range(0, members.size())
        .mapToObj(i -> members.getJsonObject(i).getLong("id"))
        .toList();
  }

  private static List<String> titles(Guest player) {
    JsonArray all = player.get("/api/v1/notifications").body().getJsonArray("data");
    return IntStream.range(0, all.size())
        .mapToObj(i -> all.getJsonObject(i).getString("title"))
        .filter(title -> title.contains("Party"))
        .toList();
  }

  private static JsonArray list(Response response) {
    assertThat(response.status()).isEqualTo(200);
    return new JsonArray(response.response().body());
  }

  private static long create(Guest leader) {
    return leader.post(PARTIES, "{}").body().getLong("id");
  }

  private static Response invite(Guest leader, Guest player) {
    return leader.post(PARTIES + "/invite", target(player));
  }

  private static Response accept(Guest player, long party) {
    return player.post(PARTIES + "/invite/accept", JsonObject.of("party_id", party).encode());
  }

  private static void join(Guest leader, long party, Guest player) {
    invite(leader, player);
    assertThat(accept(player, party).status()).isEqualTo(200);
  }

  private static void befriend(Guest one, Guest other) {
    one.post("/api/v1/friends", target(other));
    other.post("/api/v1/friends", target(one));
  }

  private static String target(Guest player) {
    return JsonObject.of("target_user_id", player.id()).encode();
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
