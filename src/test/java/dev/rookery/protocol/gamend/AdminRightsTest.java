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
              assertThat(operation.permission()).as(operation.id()).isNotNull();
              if (!operation.method().equals(HttpMethod.GET)) {
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
