package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What the console can edit, over the API: parties, members, addresses, views, loggers. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminEditRoutesTest {
  private static final String ADMIN = "/api/v1/admin";
  private static final String VIEWS = ADMIN + "/views";

  private static TestApi api;
  private static Guest admin;

  private static final String KV = "{\"key\":\"twice\",\"data\":{}}";

  // JUnit passes the database to the constructor as well.
  AdminEditRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void editsParties() {
    Guest ann = api.guest();
    String parties = ADMIN + "/parties";
    String opening = JsonObject.of("leader_id", ann.id(), "max_size", 3).encode();
    Response made = admin.call("POST", parties, opening, "idempotency-key", "once");
    assertThat(made.status()).isEqualTo(201);
    long id = made.body().getLong("id");
    assertThat(admin.call("POST", parties, opening, "idempotency-key", "once").body().getLong("id"))
        .isEqualTo(id);
    assertThat(admin.post(parties, opening).error()).isEqualTo("already_in_party");
    assertThat(admin.post(parties, "{}").status()).isEqualTo(422);

    String party = parties + "/" + id;
    String read = admin.get(party).response().headers().firstValue("etag").orElseThrow();
    Response changed = admin.call("PATCH", party, "{\"max_size\":5}", "if-match", read);
    assertThat(changed.body().getInteger("max_size")).isEqualTo(5);
    assertThat(admin.call("PATCH", party, "{\"max_size\":6}", "if-match", read).toString())
        .isEqualTo("412 {\"error\":\"revision_conflict\"}");
    assertThat(admin.get(parties).body().getJsonArray("data").stream())
        .anySatisfy(one -> assertThat(((JsonObject) one).getLong("id")).isEqualTo(id));
    assertThat(admin.delete(party + "/members/" + ann.id()).error())
        .isEqualTo("cannot_kick_leader");
    assertThat(admin.delete(party).status()).isEqualTo(200);
    assertThat(admin.get(party).status()).isEqualTo(404);
  }

  @Test
  void makesNothingTwiceForOneIdempotencyKey() {
    Guest ann = api.guest();
    Map<String, String> creations =
        Map.of(
            "/lobbies",
            "{\"title\":\"Twice\"}",
            "/leaderboards",
            "{\"slug\":\"twice\",\"title\":\"Twice\"}",
            "/test_players",
            "{}",
            "/users/" + ann.id() + "/notes",
            "{\"content\":\"Twice\"}",
            "/chat/filters",
            "{\"pattern\":\"twice\",\"action\":\"flag\"}");
    creations.forEach(
        (path, body) -> {
          String key = "key of " + path;
          Response made = admin.call("POST", ADMIN + path, body, "idempotency-key", key);
          assertThat(made.data().getLong("id")).as(made.toString()).isNotNull();
          assertThat(admin.call("POST", ADMIN + path, body, "idempotency-key", key).toString())
              .isEqualTo(made.toString());
          assertThat(admin.post(ADMIN + path, body).data().getLong("id"))
              .isNotEqualTo(made.data().getLong("id"));
          assertThat(
                  admin.call("POST", ADMIN + "/kv/entries", KV, "idempotency-key", key).toString())
              .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
        });
  }

  @Test
  void changesMembersOfGroups() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long group =
        ann.post("/api/v1/groups", JsonObject.of("title", "Crew " + ann.id()).encode())
            .body()
            .getLong("id");
    bob.post("/api/v1/groups/" + group + "/join", "{}");
    String members = ADMIN + "/groups/" + group + "/members";
    assertThat(admin.get(members).body().getJsonArray("data")).hasSize(2);
    String ofBob = members + "/" + bob.id();
    String ofAnn = members + "/" + ann.id();

    assertThat(admin.call("PUT", ofAnn, "{\"role\":\"member\"}").error())
        .isEqualTo("the_only_admin");
    assertThat(admin.call("PUT", ofBob, "{\"role\":\"admin\"}").status()).isEqualTo(200);
    assertThat(admin.call("PUT", ofBob, "{\"role\":\"admin\"}").error()).isEqualTo("already_admin");
    assertThat(admin.call("PUT", ofAnn, "{\"role\":\"member\"}").status()).isEqualTo(200);
    assertThat(admin.call("PUT", ofAnn, "{\"role\":\"king\"}").status()).isEqualTo(422);
    assertThat(admin.call("PUT", members + "/999999", "{\"role\":\"admin\"}").error())
        .isEqualTo("not_member");
    assertThat(admin.delete(ofBob).status()).isEqualTo(200);
    assertThat(admin.delete(ofBob).error()).isEqualTo("not_member");
    assertThat(admin.get(members).body().getJsonArray("data")).hasSize(1);
  }

  @Test
  void createsLobbiesAndMovesTheirMembers() {
    Guest ann = api.guest();
    String lobbies = ADMIN + "/lobbies";
    JsonObject made = admin.post(lobbies, "{\"title\":\"Meeting\",\"max_users\":2}").data();
    assertThat(made.getBoolean("hostless")).isTrue();
    long other = admin.post(lobbies, "{}").data().getLong("id");
    String member = lobbies + "/" + made.getLong("id") + "/members/" + ann.id();
    assertThat(admin.call("PUT", member, null).status()).isEqualTo(200);
    assertThat(admin.call("PUT", member, null).status()).isEqualTo(200);
    assertThat(admin.call("PUT", lobbies + "/" + other + "/members/" + ann.id(), null).status())
        .isEqualTo(409);
    assertThat(admin.delete(lobbies + "/" + other + "/members/" + ann.id()).error())
        .isEqualTo("target_not_in_lobby");
    assertThat(admin.delete(member).status()).isEqualTo(200);
    assertThat(admin.delete(member).error()).isEqualTo("target_not_in_lobby");
  }

  @Test
  void setsAddressesAndRemovesSignInMethods() {
    Guest ann = api.guest();
    String user = ADMIN + "/users/" + ann.id();
    String address = "ann" + ann.id() + "@example.com";
    String email = JsonObject.of("email", address).encode();
    assertThat(admin.call("PUT", user + "/email", email).status()).isEqualTo(200);
    assertThat(admin.get(user).data().getString("email")).isEqualTo(address);
    assertThat(admin.call("PUT", user + "/email", "{\"email\":\"none\"}").status()).isEqualTo(422);
    assertThat(admin.call("PUT", ADMIN + "/users/" + admin.id() + "/email", email).error())
        .isEqualTo("cannot_change_own_email");
    assertThat(admin.delete(user + "/sign_in_methods/fax").status()).isEqualTo(404);
    assertThat(admin.delete(user + "/sign_in_methods/google").status()).isIn(404, 409);

    // To change an address is to see it.
    Guest support = api.guest();
    admin.call("PUT", ADMIN + "/roles/editors", "{\"permissions\":[\"players.edit\"]}");
    admin.call("PUT", ADMIN + "/admins/" + support.id(), "{\"role\":\"editors\"}");
    Eventually.holds(
        () ->
            "players.personal"
                .equals(
                    support.call("PUT", user + "/email", email).body().getString("permission")));
    assertThat(admin.delete(ADMIN + "/admins/" + support.id()).status()).isEqualTo(200);
    assertThat(admin.delete(ADMIN + "/roles/editors").status()).isEqualTo(200);
  }

  @Test
  void keepsViewsForTheAdminOrForAll() {
    Guest viewer = api.guest();
    Guest player = api.guest();
    admin.call("PUT", ADMIN + "/admins/" + viewer.id(), "{\"role\":\"viewer\"}");
    Eventually.holds(() -> viewer.get(VIEWS).status() == 200);
    assertThat(player.get(VIEWS).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");

    String banned = "{\"list\":\"users\",\"name\":\"Banned\",\"q\":\"is:banned\",\"sort\":\"-id\"}";
    JsonObject view = admin.post(VIEWS, banned).data();
    assertThat(view.getString("href")).isEqualTo("/admin/users?q=is%3Abanned&sort=-id");
    assertThat(admin.post(VIEWS, banned).data().getLong("id")).isEqualTo(view.getLong("id"));
    assertThat(viewer.get(VIEWS).body().getJsonArray("data")).isEmpty();
    long second = admin.post(VIEWS, "{\"list\":\"users\",\"name\":\"Other\"}").data().getLong("id");

    String path = VIEWS + "/" + view.getLong("id");
    assertThat(admin.patch(path, "{\"name\":\"Other\"}").error()).isEqualTo("view_name_taken");
    JsonObject changed = admin.patch(path, "{\"name\":\"Barred\",\"shared\":true}").data();
    assertThat(changed.getString("name")).isEqualTo("Barred");
    assertThat(changed.getBoolean("shared")).isTrue();
    assertThat(viewer.get(VIEWS + "?list=users").body().getJsonArray("data")).hasSize(1);
    assertThat(viewer.patch(path, "{\"name\":\"Mine\"}").error()).isEqualTo("view_not_found");
    assertThat(viewer.delete(path).error()).isEqualTo("view_not_found");
    assertThat(admin.post(VIEWS, "{\"list\":\"../x\",\"name\":\"x\"}").status()).isEqualTo(422);
    assertThat(admin.delete(path).status()).isEqualTo(200);
    assertThat(admin.delete(VIEWS + "/" + second).status()).isEqualTo(200);
    assertThat(audited("admin_change_view")).contains("done").contains("view_name_taken");
    admin.delete(ADMIN + "/admins/" + viewer.id());
  }

  @Test
  void setsLevelsOfLoggersAndForgetsLimitedClients() {
    String logger = ADMIN + "/logs/levels/dev.rookery.nothing";
    Response set = admin.call("PUT", logger, "{\"level\":\"warn\"}");
    assertThat(set.body().getInteger("for_seconds")).isEqualTo(900);
    assertThat(set.body().getJsonArray("nodes")).hasSize(1);
    assertThat(admin.call("PUT", logger, "{\"level\":\"loud\"}").status()).isEqualTo(422);
    assertThat(admin.call("PUT", ADMIN + "/logs/levels/..x", "{\"level\":\"warn\"}").status())
        .isEqualTo(422);
    assertThat(admin.delete(ADMIN + "/limits?network=192.0.2.0/24").status()).isEqualTo(200);
    assertThat(admin.delete(ADMIN + "/limits").status()).isEqualTo(422);
    assertThat(admin.post(ADMIN + "/email/test", "{}").error()).isEqualTo("no_email");
    assertThat(audited("admin_set_log_level")).contains("done");
    String drain = ADMIN + "/cluster/drain";
    assertThat(admin.post(drain, "{\"node\":\"absent\"}").error()).isEqualTo("not_found");
    String own =
        admin
            .get(ADMIN + "/cluster")
            .body()
            .getJsonArray("data")
            .getJsonObject(0)
            .getString("node");
    assertThat(admin.post(drain, JsonObject.of("node", own).encode()).error())
        .isEqualTo("last_node");
  }

  private static String audited(String action) {
    return admin.get(ADMIN + "/audit?action=" + action).body().encode();
  }
}
