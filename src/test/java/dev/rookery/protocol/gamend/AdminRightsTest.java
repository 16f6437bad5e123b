package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.Permission;
import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route of admins has one permission, and every change by them an entry in the audit log. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminRightsTest {
  // JUnit passes the database to the constructor as well.
  AdminRightsTest(Databases.TestDatabase database) {}

  private static final String USERS = "/api/v1/admin/users/";
  private static final String OF_ALL_ADMINS = "/api/v1/admin/(views|bulk).*";
  private static final String KEYS = "/api/v1/admin/keys";

  private static TestApi api;
  private static Guest admin;

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
  void declaresOnePermissionForEachRouteOfAdmins() {
    List<Operation> operations = ApiDocument.shared().operations();
    assertThat(operations)
        .filteredOn(operation -> operation.path().startsWith("/api/v1/admin/"))
        .isNotEmpty()
        .allSatisfy(
            operation -> {
              assertThat(operation.access()).as(operation.id()).isEqualTo(Operation.Access.ADMIN);
              if (operation.permission() == null) {
                assertThat(operation.path()).matches(OF_ALL_ADMINS);
              } else if (!operation.method().equals(HttpMethod.GET)) {
                assertThat(operation.permission().isRead()).as(operation.id()).isFalse();
              }
            });
    assertThat(operations)
        .filteredOn(operation -> !operation.path().startsWith("/api/v1/admin/"))
        .allSatisfy(operation -> assertThat(operation.permission()).as(operation.id()).isNull());
  }

  @Test
  void recordsEveryChangeThatAnAdminAsksFor() {
    var expected = new ArrayList<String>();
    for (Operation operation : ApiDocument.shared().operations()) {
      if (operation.isAudited()) {
        String path = operation.path().replaceAll(":(id|user_id|record_id)", "999999");
        path = path.replaceAll(":\\w+", "absent");
        api.node().send(operation.method().name(), path, "{}", "authorization", bearer(admin));
        expected.add(operation.id());
      }
    }
    assertThat(expected).hasSizeGreaterThan(40);
    assertThat(entries("")).extracting(entry -> entry.getString("action")).containsAll(expected);
  }

  @Test
  void recordsWhoChangedWhatWithTheChange() {
    Guest ann = api.guest();
    admin.patch(USERS + ann.id(), "{\"display_name\":\"Ann\",\"metadata\":{\"a\":1}}");
    assertThat(entries("&target=users/" + ann.id()))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getString("action")).isEqualTo("admin_update_user");
              assertThat(entry.getString("result")).isEqualTo("done");
              assertThat(entry.getLong("user_id")).isEqualTo(admin.id());
              assertThat(entry.getString("permission")).isEqualTo("players.edit");
              assertThat(entry.getJsonObject("details"))
                  .isEqualTo(
                      new JsonObject()
                          .put("id", ann.id())
                          .put("display_name", "***")
                          .put("metadata", "{\"a\":1}"));
            });
    admin.call("DELETE", USERS + "888888", null);
    assertThat(entries("&action=admin_delete_user&target=users/888888&done=false"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.getString("result")).isEqualTo("not_found"));
  }

  @Test
  void recordsOneEntryForAChangeOfManySteps() {
    Guest ann = api.guest();
    ann.createLobby("{\"title\":\"left behind\"}");
    String target = "users/" + ann.id();
    assertThat(admin.call("PUT", USERS + ann.id() + "/ban", "{\"reason\":\"spam\"}").status())
        .isEqualTo(200);
    assertThat(admin.delete(USERS + ann.id()).status()).isEqualTo(200);
    assertThat(entries("&target=" + target + "/ban"))
        .extracting(entry -> entry.getString("result"))
        .containsExactly("done");
    assertThat(entries("&target=" + target))
        .extracting(entry -> entry.getString("action") + " " + entry.getString("result"))
        .containsExactly("admin_delete_user done");
  }

  @Test
  void letsRolesDoWhatTheirPermissionsSay() {
    Guest viewer = api.guest();
    Guest moderator = api.guest();
    Guest player = api.guest();
    grant(viewer, "viewer");
    grant(moderator, "moderator");
    Eventually.holds(() -> viewer.get(USERS + player.id()).status() == 200);
    Eventually.holds(() -> moderator.get(USERS + player.id()).status() == 200);

    var refused = viewer.call("PUT", USERS + player.id() + "/ban", "{\"reason\":\"spam\"}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body().getString("permission")).isEqualTo(Permission.PLAYERS_BAN.text());
    assertThat(viewer.get("/api/v1/admin/chat").status()).isEqualTo(403);
    assertThat(entries("&action=admin_ban_user&user_id=" + viewer.id()))
        .singleElement()
        .satisfies(entry -> assertThat(entry.getString("result")).isEqualTo("forbidden"));
    assertThat(player.get("/api/v1/admin/users").toString())
        .isEqualTo("403 {\"error\":\"forbidden\"}");

    assertThat(ban(moderator, player.id(), "{\"reason\":\"spam\"}"))
        .isEqualTo("403 {\"error\":\"ban_too_long\"}");
    assertThat(ban(moderator, admin.id(), untilTomorrow()))
        .isEqualTo("403 {\"error\":\"role_not_grantable\"}");
    assertThat(ban(moderator, player.id(), untilTomorrow())).startsWith("200");
    assertThat(moderator.patch(USERS + player.id(), "{\"is_admin\":true}").status()).isEqualTo(403);
  }

  @Test
  void viewsAsAPlayerOnlyWithWhatThatShows() {
    Guest support = api.guest();
    Guest player = api.guest();
    String role = "/api/v1/admin/roles/view-support";
    String path = USERS + player.id() + "/view_as?path=/api/v1/me";
    var permissions = new ArrayList<>(List.of("players.view_as"));
    for (String missing : List.of("players.personal", "chat.read")) {
      admin.call("PUT", role, new JsonObject().put("permissions", permissions).encode());
      if (permissions.size() == 1) {
        grant(support, "view-support");
      }
      Eventually.holds(() -> missing.equals(support.get(path).body().getString("permission")));
      permissions.add(missing);
    }
    admin.call("PUT", role, new JsonObject().put("permissions", permissions).encode());
    Eventually.holds(() -> support.get(path).status() == 200);
    assertThat(admin.delete("/api/v1/admin/admins/" + support.id()).status()).isEqualTo(200);
    assertThat(admin.delete(role).status()).isEqualTo(200);
  }

  @Test
  void keepsModeratorsFromLiftingBansOfAdmins() {
    Guest moderator = api.guest();
    Guest other = api.guest();
    Guest player = api.guest();
    grant(moderator, "moderator");
    grant(other, "admin");
    assertThat(ban(admin, other.id(), untilTomorrow())).startsWith("200");
    assertThat(ban(admin, player.id(), untilTomorrow())).startsWith("200");
    Eventually.holds(() -> moderator.get(USERS + player.id()).status() == 200);
    assertThat(moderator.delete(USERS + other.id() + "/ban").toString())
        .isEqualTo("403 {\"error\":\"role_not_grantable\"}");
    assertThat(moderator.delete(USERS + player.id() + "/ban").status()).isEqualTo(200);
    assertThat(admin.delete(USERS + other.id() + "/ban").status()).isEqualTo(200);
  }

  @Test
  void keepsModeratorsFromEndingSessionsOfAdmins() {
    Guest moderator = api.guest();
    Guest player = api.guest();
    grant(moderator, "moderator");
    Eventually.holds(() -> moderator.get(USERS + player.id() + "/sessions").status() == 200);
    assertThat(moderator.delete(session(admin)).toString())
        .isEqualTo("403 {\"error\":\"role_not_grantable\"}");
    assertThat(moderator.delete(session(player)).status()).isEqualTo(200);
  }

  private static String session(Guest guest) {
    var sessions = admin.get(USERS + guest.id() + "/sessions").body().getJsonArray("data");
    return "/api/v1/admin/sessions/" + sessions.getJsonObject(0).getLong("id");
  }

  @Test
  void letsAnAccessKeyDoWhatItWasGiven() {
    Guest player = api.guest();
    String path = USERS + player.id();
    JsonObject created = createKey("players.read", "players.ban", "players.delete");
    Guest key = new Guest(api, admin.id(), created.getString("secret"), "");
    assertThat(created.getString("secret")).startsWith("rk_");
    assertThat(key.get(path).status()).isEqualTo(200);
    assertThat(ban(key, player.id(), untilTomorrow())).startsWith("200");
    assertThat(entries("&action=admin_ban_user&target=users/" + player.id() + "/ban"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getString("actor")).isEqualTo("key");
              assertThat(entry.getString("key_id")).isEqualTo(created.getString("id"));
              assertThat(entry.getLong("user_id")).isEqualTo(admin.id());
            });
    // It has no permission for long bans, and those that it has do not cover those of an admin.
    assertThat(ban(key, player.id(), "{\"reason\":\"spam\"}"))
        .isEqualTo("403 {\"error\":\"ban_too_long\"}");
    Guest viewer = api.guest();
    grant(viewer, "viewer");
    assertThat(ban(key, viewer.id(), untilTomorrow()))
        .isEqualTo("403 {\"error\":\"role_not_grantable\"}");
    assertThat(key.get("/api/v1/admin/chat").body().getString("permission")).isEqualTo("chat.read");
    assertThat(key.delete(path).error()).isEqualTo("access_key_not_dangerous");
    assertThat(key.get("/api/v1/me").error()).isEqualTo("access_key_not_allowed");
    assertThat(key.get("/api/v1/lobbies").status()).isIn(200, 401);

    assertThat(admin.delete("/api/v1/admin/keys/" + created.getString("id")).status())
        .isEqualTo(200);
    Eventually.holds(() -> key.get(path).status() == 401);
  }

  @Test
  void acceptsAnAccessKeyFromItsNetworksAlone() {
    Guest player = api.guest();
    String path = USERS + player.id();
    Guest elsewhere = key(newKey("players.read").put("networks", List.of("203.0.113.0/24")));
    assertThat(elsewhere.get(path).error()).isEqualTo("access_key_address");
    Guest here =
        key(newKey("players.read").put("networks", List.of("203.0.113.0/24", "127.0.0.0/8")));
    assertThat(here.get(path).status()).isEqualTo(200);
    Guest dangerous = key(newKey("players.delete").put("dangerous", true));
    assertThat(dangerous.delete(path).status()).isEqualTo(200);
    assertThat(admin.post(KEYS, newKey("keys.edit").encode()).status()).isEqualTo(422);
    assertThat(admin.post(KEYS, newKey("no.such").encode()).status()).isEqualTo(422);
  }

  @Test
  void rotatesAnAccessKeyAndListsItsUse() {
    JsonObject created = createKey("players.read");
    Guest earlier = new Guest(api, admin.id(), created.getString("secret"), "");
    String id = created.getString("id");
    JsonObject rotated =
        admin
            .post(
                KEYS + "/" + id + "/rotate",
                JsonObject.of("expires", inDays(30), "overlap_seconds", 3_600).encode())
            .data();
    Guest later = new Guest(api, admin.id(), rotated.getString("secret"), "");
    assertThat(earlier.get("/api/v1/admin/users").status()).isEqualTo(200);
    assertThat(later.get("/api/v1/admin/users").status()).isEqualTo(200);
    Eventually.holds(
        () ->
            admin.get(KEYS).body().getJsonArray("data").stream()
                .map(JsonObject.class::cast)
                .anyMatch(
                    key -> key.getString("id").equals(id) && key.getLong("calls_today") == 2));
  }

  @Test
  void managesRolesAndInvitations() {
    Guest ann = api.guest();
    String path = "/api/v1/admin/roles/support";
    String definition = "{\"permissions\":[\"players.read\"],\"revision\":0}";
    assertThat(admin.call("PUT", path, definition).data().getLong("revision")).isEqualTo(1);
    assertThat(admin.call("PUT", path, definition).error()).isEqualTo("revision_conflict");
    grant(ann, "support");
    Eventually.holds(() -> ann.get("/api/v1/admin/users").status() == 200);
    assertThat(admin.delete(path).error()).isEqualTo("role_in_use");
    admin.call("PUT", path, "{\"permissions\":[\"kv.read\"]}");
    Eventually.holds(() -> ann.get("/api/v1/admin/users").status() == 403);
    assertThat(admin.delete("/api/v1/admin/admins/" + ann.id()).status()).isEqualTo(200);
    assertThat(admin.delete(path).status()).isEqualTo(200);
    assertThat(admin.get("/api/v1/admin/roles").body().getJsonArray("data")).hasSize(5);

    String invites = "/api/v1/admin/invites";
    JsonObject invite = admin.post(invites, "{\"role\":\"viewer\"}").data();
    assertThat(invite.getString("url")).contains("/admin/invite/");
    assertThat(admin.get(invites).body().getJsonArray("data")).hasSize(1);
    assertThat(admin.delete(invites + "/" + invite.getString("id")).status()).isEqualTo(200);
    assertThat(admin.delete(invites + "/" + invite.getString("id")).status()).isEqualTo(404);
    assertThat(admin.post(invites, "{\"role\":\"nothing\"}").status()).isEqualTo(422);
  }

  @Test
  void wantsASecondFactorForDangerousActionsWhereItIsRequired() {
    var required = Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required");
    try (var strict = TestApi.start(Databases.sqlite(), required)) {
      Guest first = strict.guest();
      Guest player = strict.guest();
      String path = USERS + player.id();
      assertThat(first.delete(path).error()).isEqualTo("admin_factor_required");
      assertThat(first.call("DELETE", path, null, "x-admin-code", "123456").error())
          .isEqualTo("admin_factor_required");
      assertThat(first.call("POST", path, "{\"_method\":\"DELETE\"}").error())
          .isEqualTo("admin_factor_required");
      // Also by the flag of a route that needs none otherwise.
      assertThat(first.patch(path, "{\"is_admin\":true}").error())
          .isEqualTo("admin_factor_required");
      String unchanged = "{\"display_name\":\"Ann\",\"is_admin\":false}";
      assertThat(first.patch(path, unchanged).data().getBoolean("is_admin")).isFalse();
      // What is not dangerous goes on.
      assertThat(ban(first, player.id(), "{\"reason\":\"spam\"}")).startsWith("200");
      assertThat(first.get(path).status()).isEqualTo(200);
      var paths = strict.get("/api/openapi").body().getJsonObject("paths");
      JsonObject user = paths.getJsonObject("/api/v1/admin/users/{id}");
      assertThat(user.getJsonObject("delete").getBoolean("x-step-up")).isTrue();
      assertThat(user.getJsonObject("get").containsKey("x-step-up")).isFalse();
    }
  }

  private static JsonObject newKey(String... permissions) {
    return new JsonObject()
        .put("name", "test")
        .put("permissions", List.of(permissions))
        .put("expires", inDays(30));
  }

  private static JsonObject createKey(String... permissions) {
    return admin.post(KEYS, newKey(permissions).encode()).data();
  }

  private static Guest key(JsonObject definition) {
    String secret = admin.post(KEYS, definition.encode()).data().getString("secret");
    return new Guest(api, admin.id(), secret, "");
  }

  private static String inDays(int days) {
    return Instant.now().plus(Duration.ofDays(days)).toString();
  }

  @Test
  void findsPlayersByEmailForThoseWhoMayReadIt() {
    api.post(
        "/api/v1/register",
        "{\"email\":\"looked.for@example.com\",\"password\":\"correct horse 7\"}");
    Guest viewer = api.guest();
    grant(viewer, "viewer");
    String search = "/api/v1/admin/users?q=looked.for@example.com";
    Eventually.holds(() -> viewer.get(search).status() == 200);
    assertThat(viewer.get(search).body().getJsonArray("data")).isEmpty();
    assertThat(admin.get(search).body().getJsonArray("data")).hasSize(1);
  }

  @Test
  void listsRolesAndPagesOfTheLog() {
    Guest ann = api.guest();
    grant(ann, "analyst");
    var admins = admin.get("/api/v1/admin/admins").body().getJsonArray("data");
    assertThat(admins.stream().map(JsonObject.class::cast))
        .filteredOn(one -> one.getLong("user_id") == ann.id())
        .singleElement()
        .satisfies(one -> assertThat(one.getLong("granted_by")).isEqualTo(admin.id()));
    assertThat(admin.call("PUT", "/api/v1/admin/admins/" + ann.id(), "{}").status()).isEqualTo(422);
    assertThat(admin.delete("/api/v1/admin/admins/" + ann.id()).status()).isEqualTo(200);
    assertThat(entries("&action=admin_remove_role&target=admins/" + ann.id()))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.getJsonObject("details").getJsonObject("before"))
                    .isEqualTo(JsonObject.of("role", "analyst")));
    assertThat(admin.delete("/api/v1/admin/admins/" + admin.id()).toString())
        .isEqualTo("409 {\"error\":\"cannot_demote_self\"}");

    var first = admin.get("/api/v1/admin/audit?page_size=2").body();
    var second =
        admin.get("/api/v1/admin/audit?page_size=1&cursor=" + first.getString("cursor")).body();
    assertThat(first.getJsonArray("data")).hasSize(2);
    assertThat(second.getJsonArray("data")).hasSize(1);
    assertThat(first.getJsonArray("data"))
        .doesNotContain(second.getJsonArray("data").getJsonObject(0));
    assertThat(admin.get("/api/v1/admin/audit?cursor=x").toString())
        .isEqualTo("400 {\"error\":\"invalid_cursor\"}");
  }

  @Test
  void givesAndTakesTheRoleOfAnAdminByItsFlag() {
    Guest ann = api.guest();
    assertThat(ann.get("/api/v1/admin/cluster").status()).isEqualTo(403);
    assertThat(admin.patch(USERS + ann.id(), "{\"is_admin\":true}").data().getBoolean("is_admin"))
        .isTrue();
    Eventually.holds(() -> ann.get("/api/v1/admin/cluster").status() == 200);
    assertThat(admin.patch(USERS + ann.id(), "{\"is_admin\":false}").data().getBoolean("is_admin"))
        .isFalse();
    Eventually.holds(() -> ann.get("/api/v1/admin/cluster").status() == 403);
  }

  private static String ban(Guest by, long player, String json) {
    return by.call("PUT", USERS + player + "/ban", json).toString();
  }

  private static String untilTomorrow() {
    String until = Instant.now().plus(Duration.ofDays(1)).toString();
    return JsonObject.of("reason", "spam", "until", until).encode();
  }

  private static String bearer(Guest guest) {
    return "Bearer " + guest.token();
  }

  private static void grant(Guest guest, String role) {
    assertThat(
            admin
                .call(
                    "PUT",
                    "/api/v1/admin/admins/" + guest.id(),
                    JsonObject.of("role", role).encode())
                .status())
        .isEqualTo(200);
  }

  private static List<JsonObject> entries(String query) {
    var body = admin.get("/api/v1/admin/audit?page_size=500" + query).body();
    return body.getJsonArray("data").stream().map(JsonObject.class::cast).toList();
  }
}
