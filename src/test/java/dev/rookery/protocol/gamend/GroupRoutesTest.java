package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests groups over HTTP: every route, its refusals, and who sees hidden groups. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class GroupRoutesTest {
  private static final String GROUPS = "/api/v1/groups";
  private static final String OK = "200 {}";
  private static final String NOT_FOUND = "404 {\"error\":\"not_found\"}";
  private static final String NOT_ADMIN = "403 {\"error\":\"not_admin\"}";
  private static final AtomicInteger TITLES = new AtomicInteger();

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  GroupRoutesTest(Databases.TestDatabase database) {}

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
  void createsShowsAndUpdatesAGroup() {
    Guest ann = named("Ann");
    String title = title();
    Response created =
        ann.post(
            GROUPS,
            JsonObject.of(
                    "title", title, "description", "We raid", "metadata", JsonObject.of("tag", "x"))
                .encode());
    assertThat(created.status()).isEqualTo(201);
    JsonObject group = created.body();
    long id = group.getLong("id");
    assertThat(group.copy().putNull("inserted_at").putNull("updated_at"))
        .isEqualTo(
            new JsonObject()
                .put("id", id)
                .put("title", title)
                .put("description", "We raid")
                .put("type", "public")
                .put("max_members", 100)
                .put("metadata", JsonObject.of("tag", "x"))
                .put("creator_id", ann.id())
                .put("creator_name", "Ann")
                .put("member_count", 1)
                .put("slowdown", 0)
                .putNull("inserted_at")
                .putNull("updated_at"));
    assertThat(api.get(path(id)).body()).isEqualTo(group);
    Response changed =
        ann.patch(path(id), "{\"description\":\"\",\"max_members\":\"7\",\"type\":\"private\"}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().getString("description")).isEmpty();
    assertThat(changed.body().getInteger("max_members")).isEqualTo(7);
    assertThat(changed.body().getString("type")).isEqualTo("private");
    assertThat(changed.body().getString("title")).isEqualTo(title);

    JsonObject member = api.get(path(id) + "/members").body().getJsonArray("data").getJsonObject(0);
    assertThat(member.getString("role")).isEqualTo("admin");
    assertThat(member.getString("display_name")).isEqualTo("Ann");
    assertThat(member.getBoolean("is_online")).isFalse();
  }

  @Test
  void refusesInvalidSettings() {
    Guest ann = api.guest();
    assertThat(ann.post(GROUPS, "{}").toString())
        .isEqualTo("409 {\"error\":{\"title\":[\"can't be blank\"]}}");
    String title = title();
    create(ann, title, "public");
    assertThat(api.guest().post(GROUPS, JsonObject.of("title", title).encode()).toString())
        .isEqualTo("409 {\"error\":{\"title\":[\"has already been taken\"]}}");
    long id = create(ann, title(), "public");
    assertThat(ann.patch(path(id), JsonObject.of("title", title).encode()).toString())
        .isEqualTo("422 {\"error\":{\"title\":[\"has already been taken\"]}}");
    for (String body :
        List.of(
            "{\"type\":\"secret\"}",
            "{\"max_members\":0}",
            "{\"max_members\":10001}",
            "{\"max_members\":\"many\"}",
            "{\"slowdown\":3601}",
            "{\"metadata\":\"text\"}",
            "{\"title\":\"" + "x".repeat(81) + "\"}",
            "{\"description\":\"" + "x".repeat(501) + "\"}")) {
      assertThat(ann.patch(path(id), body).status()).as(body).isEqualTo(422);
    }
    Guest bob = api.guest();
    assertThat(bob.patch(path(id), "{}").toString()).isEqualTo(NOT_ADMIN);
    assertThat(bob.patch(path(99_999_999), "{}").toString()).isEqualTo(NOT_ADMIN);
    join(bob, id);
    assertThat(bob.patch(path(id), "{}").toString()).isEqualTo(NOT_ADMIN);
    assertThat(ann.patch(path(id), "{\"max_members\":1}").toString())
        .isEqualTo("422 {\"error\":\"max_members_too_low\"}");
    assertThat(api.call("POST", GROUPS, "{}").status()).isEqualTo(401);
  }

  @Test
  void joinsAndLeavesAPublicGroup() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long id = create(ann, title(), "public");
    Response joined = bob.post(path(id) + "/join", "{}", "idempotency-key", "j");
    assertThat(joined.status()).isEqualTo(200);
    assertThat(joined.body().getString("role")).isEqualTo("member");
    assertThat(joined.body().getString("last_seen_at")).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(join(bob, id).body()).as("no second membership").isEqualTo(joined.body());
    assertThat(memberCount(id)).isEqualTo(2);
    assertThat(join(bob, 99_999_999).toString()).isEqualTo(NOT_FOUND);
    assertThat(bob.post(GROUPS + "/x/join", "{}").toString()).isEqualTo(NOT_FOUND);

    assertThat(bob.post(path(id) + "/leave", null, "idempotency-key", "l").toString())
        .isEqualTo(OK);
    assertThat(bob.post(path(id) + "/leave", null, "idempotency-key", "l").toString())
        .as("the same answer")
        .isEqualTo(OK);
    assertThat(bob.post(path(id) + "/leave", null).toString())
        .isEqualTo("400 {\"error\":\"not_member\"}");
    assertThat(bob.post(path(id) + "/join", "{}", "idempotency-key", "j").body())
        .as("the same answer, and no effect")
        .isEqualTo(joined.body());
    assertThat(memberCount(id)).isEqualTo(1);
    ann.patch(path(id), "{\"max_members\":1}");
    assertThat(join(bob, id).toString()).isEqualTo("403 {\"error\":\"full\"}");
  }

  @Test
  void passesTheGroupOnWhenItsLastAdminLeaves() {
    Guest ann = api.guest();
    Guest bob = named("Bob");
    Guest eve = api.guest();
    long id = create(ann, title(), "public");
    join(bob, id);
    join(eve, id);
    assertThat(ann.post(path(id) + "/leave", null).toString()).isEqualTo(OK);
    Response group = api.get(path(id));
    assertThat(group.body().getLong("creator_id")).isEqualTo(bob.id());
    assertThat(group.body().getString("creator_name")).isEqualTo("Bob");
    assertThat(roles(id)).containsExactly(bob.id() + " admin", eve.id() + " member");

    bob.post(path(id) + "/promote", target(eve));
    bob.post(path(id) + "/leave", null);
    assertThat(api.get(path(id)).body().getLong("creator_id")).isEqualTo(eve.id());
    assertThat(roles(id)).containsExactly(eve.id() + " admin");
    assertThat(eve.post(path(id) + "/leave", null).toString()).isEqualTo(OK);
    assertThat(api.get(path(id)).toString()).isEqualTo(NOT_FOUND);
    assertThat(eve.post(path(id) + "/leave", null).toString())
        .isEqualTo("400 {\"error\":\"not_member\"}");
  }

  @Test
  void promotesDemotesAndKicks() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long id = create(ann, title(), "public");
    join(bob, id);
    for (String action : List.of("promote", "demote", "kick")) {
      String path = path(id) + "/" + action;
      for (String body : List.of("{}", "{\"target_user_id\":\"x\"}")) {
        assertThat(ann.post(path, body).toString())
            .isEqualTo("400 {\"error\":\"missing_target_user_id\"}");
      }
      assertThat(bob.post(path, target(ann)).toString()).isEqualTo(NOT_ADMIN);
      assertThat(ann.post(path(99_999_999) + "/" + action, target(bob)).toString())
          .isEqualTo(NOT_ADMIN);
      assertThat(ann.post(path, target(ann)).toString())
          .isEqualTo("403 {\"error\":\"cannot_" + action + "_self\"}");
      assertThat(ann.post(path, target(eve)).toString())
          .isEqualTo("404 {\"error\":\"not_member\"}");
    }
    assertThat(ann.post(path(id) + "/demote", target(bob)).toString())
        .isEqualTo("403 {\"error\":\"already_member\"}");
    Response promoted =
        ann.post(path(id) + "/promote", "{\"target_user_id\":\"" + bob.id() + "\"}");
    assertThat(promoted.body().getString("role")).isEqualTo("admin");
    assertThat(ann.post(path(id) + "/promote", target(bob)).toString())
        .isEqualTo("403 {\"error\":\"already_admin\"}");
    Response demoted = bob.post(path(id) + "/demote", target(ann));
    assertThat(demoted.body().getString("role")).isEqualTo("member");
    assertThat(bob.post(path(id) + "/kick", target(ann)).toString()).isEqualTo(OK);
    assertThat(roles(id)).containsExactly(bob.id() + " admin");
    assertThat(titles(ann)).containsExactly("Demoted From Admin", "Removed From Group");
    assertThat(titles(bob)).containsExactly("Promoted To Admin");
    assertThat(join(ann, id).status()).as("who was kicked may come back").isEqualTo(200);
  }

  @Test
  void admitsToAPrivateGroupByRequest() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = api.guest();
    long id = create(ann, title(), "private");
    Response asked = join(bob, id);
    assertThat(asked.status()).isEqualTo(201);
    assertThat(asked.body().getString("status")).isEqualTo("pending");
    assertThat(asked.body().getString("display_name")).isEmpty();
    long request = asked.body().getLong("id");
    assertThat(join(bob, id).body()).isEqualTo(asked.body());
    assertThat(titles(ann)).containsExactly("New Group Join Request");
    assertThat(notifications(ann).getJsonObject(0).getJsonObject("metadata"))
        .isEqualTo(
            new JsonObject()
                .put("type", "group_join_request")
                .put("group_id", id)
                .put("group_name", api.get(path(id)).body().getString("title"))
                .put("user_id", bob.id())
                .put("user_name", "Bob"));

    String requests = path(id) + "/join_requests";
    assertThat(bob.get(requests).toString()).isEqualTo(NOT_ADMIN);
    JsonObject listed = ann.get(requests).body().getJsonArray("data").getJsonObject(0);
    assertThat(listed.getLong("id")).isEqualTo(request);
    assertThat(listed.getString("display_name")).isEqualTo("Bob");

    String one = requests + "/" + request;
    assertThat(bob.post(one + "/approve", "{}").toString()).isEqualTo(NOT_ADMIN);
    assertThat(eve.delete(one).toString()).isEqualTo("403 {\"error\":\"not_owner\"}");
    assertThat(ann.post(requests + "/99999999/approve", "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(ann.post(requests + "/x/approve", "{}").toString()).isEqualTo(NOT_FOUND);
    Response rejected = ann.post(one + "/reject", "{}");
    assertThat(rejected.body().getString("status")).isEqualTo("rejected");
    assertThat(ann.post(one + "/approve", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_pending\"}");
    assertThat(bob.delete(one).toString()).isEqualTo("403 {\"error\":\"not_pending\"}");

    assertThat(join(bob, id).body().getLong("id")).as("the same request").isEqualTo(request);
    Response cancelled = bob.delete(one);
    assertThat(cancelled.body().getString("status")).isEqualTo("pending");
    assertThat(bob.delete(one).toString()).isEqualTo(NOT_FOUND);

    long again = join(bob, id).body().getLong("id");
    ann.patch(path(id), "{\"max_members\":1}");
    assertThat(ann.post(requests + "/" + again + "/approve", "{}").toString())
        .isEqualTo("403 {\"error\":\"full\"}");
    ann.patch(path(id), "{\"max_members\":5}");
    Response approved = ann.post(requests + "/" + again + "/approve", "{}");
    assertThat(approved.status()).isEqualTo(200);
    assertThat(approved.body().getString("role")).isEqualTo("member");
    assertThat(titles(bob))
        .containsExactly("Group Join Request Declined", "Group Join Request Approved");
    assertThat(ann.post(requests + "/" + again + "/reject", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_pending\"}");
    assertThat(join(bob, id).toString()).isEqualTo("403 {\"error\":\"already_member\"}");
  }

  @Test
  void invitesAreAcceptedDeclinedAndCancelled() {
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    long id = create(ann, title(), "private");
    assertThat(invite(bob, id, ann).toString()).isEqualTo(NOT_ADMIN);
    assertThat(invite(ann, 99_999_999, bob).toString()).isEqualTo(NOT_FOUND);
    assertThat(invite(ann, id, ann).toString()).isEqualTo("403 {\"error\":\"already_member\"}");
    assertThat(ann.post(path(id) + "/invite", "{\"target_user_id\":99999999}").toString())
        .isEqualTo("404 {\"error\":\"user_not_found\"}");
    assertThat(invite(ann, id, bob).toString()).isEqualTo("200 {\"status\":\"invited\"}");
    long first = received(bob).getLong("id");
    invite(ann, id, bob);
    JsonObject received = received(bob);
    long invite = received.getLong("id");
    assertThat(invite).as("a new invite").isNotEqualTo(first);
    assertThat(received.getString("sender_name")).isEqualTo("Ann");
    assertThat(received.getString("recipient_name")).isEqualTo("Bob");
    assertThat(received.getString("status")).isEqualTo("pending");
    assertThat(ann.get(GROUPS + "/sent_invitations").body().getJsonArray("data").getJsonObject(0))
        .isEqualTo(received);
    assertThat(titles(bob)).containsExactly("New Group Invite");

    Guest eve = api.guest();
    assertThat(eve.post(invitation(invite, "accept"), "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(eve.delete(GROUPS + "/sent_invitations/" + invite).toString())
        .isEqualTo("403 {\"error\":\"not_owner\"}");
    assertThat(ann.delete(GROUPS + "/sent_invitations/" + invite).toString())
        .isEqualTo("200 {\"status\":\"cancelled\"}");
    assertThat(titles(bob)).as("the notification is retracted").isEmpty();
    assertThat(bob.post(invitation(invite, "accept"), "{}").toString()).isEqualTo(NOT_FOUND);

    invite(ann, id, bob);
    long declined = received(bob).getLong("id");
    assertThat(bob.post(invitation(declined, "decline"), "{}").toString())
        .isEqualTo("200 {\"status\":\"declined\"}");
    assertThat(bob.post(invitation(declined, "decline"), "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(titles(bob)).isEmpty();

    invite(ann, id, bob);
    long last = received(bob).getLong("id");
    ann.patch(path(id), "{\"max_members\":1}");
    assertThat(bob.post(invitation(last, "accept"), "{}").toString())
        .isEqualTo("403 {\"error\":\"full\"}");
    assertThat(bob.post(invitation(last, "accept"), "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(titles(ann)).containsExactly("Group Invite Declined");
    assertThat(notifications(ann).getJsonObject(0).getJsonObject("metadata").getString("reason"))
        .isEqualTo("full");
    ann.patch(path(id), "{\"max_members\":9}");
    invite(ann, id, bob);
    long accepted = received(bob).getLong("id");
    Response joined = bob.post(invitation(accepted, "accept"), "{}", "idempotency-key", "accept");
    assertThat(joined.body().getString("role")).isEqualTo("member");
    assertThat(bob.post(invitation(accepted, "accept"), "{}", "idempotency-key", "accept").body())
        .isEqualTo(joined.body());
    assertThat(titles(ann)).containsExactly("Group Invite Declined", "Group Invite Accepted");
    assertThat(titles(bob)).as("it stays").containsExactly("New Group Invite");
  }

  @Test
  void anInviteApprovesAPendingRequest() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long id = create(ann, title(), "private");
    join(bob, id);
    assertThat(invite(ann, id, bob).toString()).isEqualTo("200 {\"status\":\"request_approved\"}");
    assertThat(memberCount(id)).isEqualTo(2);
  }

  @Test
  void aBlockedPlayerIsNotInvited() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long id = create(ann, title(), "public");
    ann.post("/api/v1/friends", target(bob));
    long request =
        bob.get("/api/v1/me/friend-requests")
            .body()
            .getJsonArray("incoming")
            .getJsonObject(0)
            .getLong("id");
    bob.post("/api/v1/friends/" + request + "/block", "{}");
    assertThat(invite(ann, id, bob).toString()).isEqualTo("403 {\"error\":\"blocked\"}");
  }

  @Test
  void aHiddenGroupExistsForItsMembersAlone() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    String title = title();
    long id = create(ann, title, "hidden");
    for (String path : List.of(path(id), path(id) + "/members")) {
      assertThat(api.get(path).toString()).isEqualTo(NOT_FOUND);
      assertThat(eve.get(path).toString()).isEqualTo(NOT_FOUND);
      assertThat(ann.get(path).status()).isEqualTo(200);
    }
    String search = GROUPS + "?title=" + title.replace(" ", "%20");
    assertThat(ann.get(search).body().getJsonArray("data")).isEmpty();
    assertThat(ann.get(search + "&type=hidden").body().getJsonArray("data")).isEmpty();
    assertThat(join(eve, id).toString()).isEqualTo(NOT_FOUND);
    assertThat(join(ann, id).toString()).isEqualTo("403 {\"error\":\"not_joinable\"}");
    assertThat(invite(eve, id, bob).toString()).isEqualTo(NOT_FOUND);
    assertThat(eve.post(path(id) + "/notify", "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(eve.patch(path(id), "{}").toString()).isEqualTo(NOT_ADMIN);
    assertThat(eve.get(path(id) + "/join_requests").toString()).isEqualTo(NOT_ADMIN);
    invite(ann, id, bob);
    long invite = received(bob).getLong("id");
    assertThat(eve.delete(GROUPS + "/sent_invitations/" + invite).toString()).isEqualTo(NOT_FOUND);
    long membership =
        ann.get(path(id) + "/members").body().getJsonArray("data").getJsonObject(0).getLong("id");
    String request = path(id) + "/join_requests/" + membership;
    assertThat(eve.post(request + "/approve", "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(eve.delete(request).toString()).isEqualTo(NOT_FOUND);
    bob.post(invitation(invite, "accept"), "{}");
    assertThat(bob.get(path(id)).status()).isEqualTo(200);
    JsonArray mine = bob.get(GROUPS + "/me").body().getJsonArray("data");
    assertThat(mine.getJsonObject(0).getLong("id")).isEqualTo(id);
  }

  @Test
  void listsGroupsByFiltersAndOrders() {
    Guest ann = api.guest();
    String prefix = "Filter " + TITLES.incrementAndGet();
    var ids = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      JsonObject body =
          JsonObject.of(
              "title",
              prefix + " " + (char) ('c' - i),
              "max_members",
              10 + i,
              "type",
              i == 2 ? "private" : "public");
      if (i > 0) {
        body.put("metadata", JsonObject.of("mode", "duel " + i));
      }
      ids.add(ann.post(GROUPS, body.encode()).body().getLong("id"));
    }
    String search = "?title=" + prefix.toUpperCase(Locale.ROOT).replace(" ", "%20");
    assertThat(listed(search)).containsExactly(ids.get(2), ids.get(1), ids.get(0));
    assertThat(listed(search + "&sort_by=inserted_at_asc")).isEqualTo(ids);
    assertThat(listed(search + "&sort_by=title"))
        .containsExactly(ids.get(2), ids.get(1), ids.get(0));
    assertThat(listed(search + "&sort_by=title_desc")).isEqualTo(ids);
    assertThat(listed(search + "&sort_by=max_members_asc")).isEqualTo(ids);
    assertThat(listed(search + "&sort_by=max_members").getFirst()).isEqualTo(ids.get(2));
    ann.patch(path(ids.get(0)), "{\"slowdown\":1}");
    assertThat(listed(search + "&sort_by=updated_at")).hasSize(3);
    assertThat(listed(search + "&sort_by=junk")).hasSize(3);
    assertThat(listed(search + "&type=private")).containsExactly(ids.get(2));
    assertThat(listed(search + "&type=junk")).hasSize(3);
    assertThat(listed(search + "&min_members=11&max_members=11")).containsExactly(ids.get(1));
    assertThat(listed(search + "&min_members=junk")).hasSize(3);
    assertThat(listed(search + "&metadata_key=mode")).containsExactly(ids.get(2), ids.get(1));
    assertThat(listed(search + "&metadata_key=mode&metadata_value=el%202"))
        .containsExactly(ids.get(2));
    JsonObject page = api.get(GROUPS + search + "&page=2&page_size=2").body();
    assertThat(page.getJsonObject("meta"))
        .isEqualTo(
            new JsonObject(
                """
                {"page":2,"page_size":2,"count":1,"total_count":3,"total_pages":2,"has_more":false}
                """));
    assertThat(page.getJsonArray("data").getJsonObject(0).getLong("id")).isEqualTo(ids.get(0));
    JsonObject behind = api.get(GROUPS + search + "&page=9&page_size=2").body();
    assertThat(behind.getJsonArray("data")).isEmpty();
    assertThat(behind.getJsonObject("meta").getInteger("total_count")).isEqualTo(3);
  }

  @Test
  void limitsGroupsOfAPlayer() {
    Guest ann = api.guest();
    for (int i = 0; i < 20; i++) {
      create(ann, title(), "public");
    }
    assertThat(ann.post(GROUPS, JsonObject.of("title", title()).encode()).toString())
        .isEqualTo("409 {\"error\":\"too_many_groups_created\"}");
    Guest bob = api.guest();
    Guest eve = api.guest();
    List<Long> all = listedOf(ann);
    for (int i = 0; i < 20; i++) {
      join(bob, all.get(i));
      join(eve, create(bob, title(), "public"));
    }
    Guest dan = api.guest();
    for (int i = 0; i < 10; i++) {
      join(bob, create(dan, title(), "public"));
    }
    long more = create(dan, title(), "public");
    assertThat(join(bob, more).toString()).isEqualTo("403 {\"error\":\"too_many_groups\"}");
    invite(dan, more, bob);
    assertThat(bob.post(invitation(received(bob).getLong("id"), "accept"), "{}").toString())
        .isEqualTo("403 {\"error\":\"too_many_groups\"}");
    assertThat(join(eve, more).status()).isEqualTo(200);
  }

  @Test
  void notifiesAllOtherMembers() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long id = create(ann, title(), "public");
    String notify = path(id) + "/notify";
    assertThat(ann.post(notify, "{}").toString()).isEqualTo("200 {\"sent\":0}");
    join(bob, id);
    join(eve, id);
    assertThat(bob.post(notify, "{\"content\":\"Raid!\",\"metadata\":{\"at\":8}}").toString())
        .isEqualTo("200 {\"sent\":2}");
    for (Guest member : List.of(ann, eve)) {
      Eventually.holds(() -> titles(member).equals(List.of("Group Notification")));
      JsonObject notification = notifications(member).getJsonObject(0);
      assertThat(notification.getString("content")).isEqualTo("Raid!");
      assertThat(notification.getLong("sender_id")).isEqualTo(bob.id());
      assertThat(notification.getJsonObject("metadata"))
          .isEqualTo(
              JsonObject.of(
                  "at",
                  8,
                  "group_id",
                  id,
                  "group_name",
                  api.get(path(id)).body().getString("title")));
    }
    assertThat(titles(bob)).isEmpty();
    String tooLong = JsonObject.of("title", "x".repeat(256)).encode();
    assertThat(bob.post(notify, tooLong).toString()).isEqualTo("200 {\"sent\":0}");
    assertThat(api.guest().post(notify, "{}").toString())
        .isEqualTo("403 {\"error\":\"not_member\"}");
    assertThat(ann.post(path(99_999_999) + "/notify", "{}").toString()).isEqualTo(NOT_FOUND);
  }

  @Test
  void adminsManageAllGroups() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    String title = title();
    long id = create(ann, title, "hidden");
    assertThat(ann.get("/api/v1/admin/groups").toString())
        .isEqualTo("403 {\"error\":\"forbidden\"}");
    String search = "/api/v1/admin/groups?title=" + title.replace(" ", "%20");
    JsonObject listed =
        admin.get(search + "&type=hidden").body().getJsonArray("data").getJsonObject(0);
    assertThat(listed.getLong("id")).isEqualTo(id);
    String path = "/api/v1/admin/groups/" + id;
    assertThat(admin.patch(path, "{\"type\":\"public\"}").body().getString("type"))
        .isEqualTo("public");
    join(bob, id);
    assertThat(admin.patch(path, "{\"max_members\":1}").body().getInteger("max_members"))
        .isEqualTo(1);
    assertThat(admin.patch(path, "{\"max_members\":-1}").status()).isEqualTo(422);
    assertThat(admin.patch("/api/v1/admin/groups/x", "{}").toString()).isEqualTo(NOT_FOUND);
    assertThat(admin.delete("/api/v1/admin/groups/x").toString()).isEqualTo(NOT_FOUND);
    assertThat(admin.delete(path).toString()).isEqualTo(OK);
    assertThat(admin.delete(path).toString())
        .isEqualTo("404 {\"errors\":{\"detail\":\"Not Found\"}}");
    assertThat(bob.get(GROUPS + "/me").body().getJsonArray("data")).isEmpty();
    assertThat(create(bob, title, "public")).as("the title is free").isNotEqualTo(id);
  }

  @Test
  void aDeletedPlayerLeavesTheirGroups() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long id = create(ann, title(), "public");
    long alone = create(ann, title(), "public");
    long asked = create(bob, title(), "private");
    join(bob, id);
    join(ann, asked);
    invite(ann, id, eve);
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    assertThat(roles(id)).containsExactly(bob.id() + " admin");
    assertThat(api.get(path(id)).body().getLong("creator_id")).isEqualTo(bob.id());
    assertThat(api.get(path(alone)).toString()).isEqualTo(NOT_FOUND);
    assertThat(bob.get(path(asked) + "/join_requests").body().getJsonArray("data")).isEmpty();
    assertThat(eve.get(GROUPS + "/invitations").body().getJsonArray("data")).isEmpty();
  }

  @Test
  void exportsGroupsAndInvites() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long id = create(ann, title(), "public");
    invite(ann, id, bob);
    JsonObject export = ann.get("/api/v1/me/export").body();
    assertThat(export.getJsonArray("groups").getJsonObject(0).getString("role")).isEqualTo("owner");
    assertThat(export.getJsonArray("group_invites").getJsonObject(0).getLong("recipient_id"))
        .isEqualTo(bob.id());
  }

  private static String path(long id) {
    return GROUPS + "/" + id;
  }

  private static String invitation(long invite, String action) {
    return GROUPS + "/invitations/" + invite + "/" + action;
  }

  private static String title() {
    return "Guild number " + TITLES.incrementAndGet();
  }

  private static long create(Guest player, String title, String type) {
    Response created = player.post(GROUPS, JsonObject.of("title", title, "type", type).encode());
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.body().getLong("id");
  }

  private static Response join(Guest player, long group) {
    return player.post(path(group) + "/join", "{}");
  }

  private static Response invite(Guest player, long group, Guest target) {
    return player.post(path(group) + "/invite", target(target));
  }

  private static String target(Guest player) {
    return JsonObject.of("target_user_id", player.id()).encode();
  }

  private static int memberCount(long group) {
    return api.get(path(group)).body().getInteger("member_count");
  }

  private static List<String> roles(long group) {
    return objects(api.get(path(group) + "/members").body().getJsonArray("data")).stream()
        .map(member -> member.getLong("user_id") + " " + member.getString("role"))
        .toList();
  }

  private static JsonObject received(Guest player) {
    return player.get(GROUPS + "/invitations").body().getJsonArray("data").getJsonObject(0);
  }

  private static List<Long> listed(String query) {
    return ids(api.get(GROUPS + query).body());
  }

  private static List<Long> listedOf(Guest player) {
    return ids(player.get(GROUPS + "/me?page_size=100").body());
  }

  private static List<Long> ids(JsonObject page) {
    return objects(page.getJsonArray("data")).stream().map(group -> group.getLong("id")).toList();
  }

  private static JsonArray notifications(Guest player) {
    return player.get("/api/v1/notifications").body().getJsonArray("data");
  }

  private static List<String> titles(Guest player) {
    return objects(notifications(player)).stream()
        .map(notification -> notification.getString("title"))
        .toList();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
