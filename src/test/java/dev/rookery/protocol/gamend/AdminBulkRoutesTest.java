package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs on all rows that match a search, and downloads of lists, over the API. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminBulkRoutesTest {
  private static final String ADMIN = "/api/v1/admin";
  private static final String BULK = ADMIN + "/bulk";
  private static final String BAN = BULK + "/users/ban";

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  AdminBulkRoutesTest(Databases.TestDatabase database) {}

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
  void bansAllThatMatch() {
    Guest ann = named("Quux Ann");
    named("Quux Bob");
    Response selected = admin.post(BAN, "{\"q\":\"Quux\"}");
    assertThat(selected.status()).isEqualTo(202);
    String job = "/" + selected.data().getLong("id");
    await(job, "ready");
    assertThat(admin.get(BULK + job).data().getLong("total")).isEqualTo(2);

    assertThat(admin.call("PUT", BAN + job, "{\"total\":2,\"reason\":\"spam\"}").status())
        .isEqualTo(422);
    assertThat(admin.call("PUT", BAN + job, ban(2).put("reason", " ").encode()).status())
        .isEqualTo(422);
    assertThat(admin.call("PUT", BAN + job, ban(3).encode()).error()).isEqualTo("job_not_ready");
    assertThat(admin.call("PUT", BULK + "/users/unban" + job, ban(2).encode()).error())
        .isEqualTo("job_not_found");
    assertThat(admin.call("PUT", BAN + job, ban(2).encode()).status()).isEqualTo(200);
    await(job, "done");
    assertThat(admin.call("PUT", BAN + job, ban(2).encode()).error()).isEqualTo("job_not_ready");

    assertThat(admin.get(ADMIN + "/users/" + ann.id()).data().getJsonObject("ban").encode())
        .contains("spam");
    var rows = admin.get(BULK + job + "/rows?result=done").body();
    assertThat(rows.getJsonArray("data")).hasSize(2);
    assertThat(admin.get(BULK + job + "/rows?page_size=1").body().getLong("after")).isEqualTo(1);
    assertThat(audited("admin_ban_user", ann.id()))
        .contains("\"actor\":\"api\"")
        .contains("Ticket 7");
    assertThat(audited("admin_start_users_ban", null)).contains("job_not_ready", "done");
    assertThat(admin.get(BULK).body().getJsonArray("data")).isNotEmpty();
  }

  @Test
  void selectsNothingForAWrongSearchOrWithoutTheRight() {
    Response wrong = admin.post(BAN, "{\"q\":\"colour:red\"}");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body().getJsonObject("errors").getJsonArray("q").encode())
        .contains("no filter key");
    Guest viewer = api.guest();
    grant(viewer, "viewer");
    Eventually.holds(() -> viewer.get(ADMIN + "/users").status() == 200);
    assertThat(viewer.post(BAN, "{}").body().getString("permission")).isEqualTo("players.ban");
    Response mine = admin.post(BULK + "/groups/delete", "{\"q\":\"absent\"}");
    String job = BULK + "/" + mine.data().getLong("id");
    // The viewer may read all jobs, and end none of others.
    assertThat(viewer.get(job).status()).isEqualTo(200);
    assertThat(viewer.post(job + "/cancel", "{}").error()).isEqualTo("job_not_found");
    assertThat(admin.post(job + "/cancel", "{}").data().getString("state")).isEqualTo("cancelled");
    assertThat(api.guest().get(BULK).status()).isEqualTo(403);
  }

  @Test
  void goesOnOnlyAsLongAsTheAccessKeyMay() {
    Guest ann = named("Zork Ann");
    JsonObject made =
        admin
            .post(
                ADMIN + "/keys",
                new JsonObject()
                    .put("name", "nightly")
                    .put("permissions", List.of("players.read", "players.ban"))
                    .put("expires", Instant.now().plus(Duration.ofDays(30)).toString())
                    .encode())
            .data();
    var key = new Guest(api, admin.id(), made.getString("secret"), "");
    String job = "/" + key.post(BAN, "{\"q\":\"Zork\"}").data().getLong("id");
    await(job, "ready");
    // Longer than the key may ban, so that the row is refused and not the job.
    assertThat(key.call("PUT", BAN + job, ban(1).putNull("hours").encode()).status())
        .isEqualTo(200);
    await(job, "done");
    assertThat(admin.get(BULK + job + "/rows").body().encode()).contains("ban_too_long");
    assertThat(audited("admin_ban_user", ann.id()))
        .contains("\"actor\":\"key\"", made.getString("id"));
    assertThat(key.post(BULK + "/users/delete", "{}").status()).isEqualTo(403);
  }

  @Test
  void downloadsListsWithTheirSearch() {
    named("Plugh Ann");
    named("Plugh Bob");
    String users = ADMIN + "/exports/users?q=Plugh&sort=name";
    HttpResponse<String> csv = admin.get(users, "accept", "text/csv").response();
    assertThat(csv.headers().firstValue("content-type").orElseThrow()).startsWith("text/csv");
    assertThat(csv.headers().firstValue("content-disposition").orElseThrow())
        .contains("players.csv");
    assertThat(csv.body().lines().toList())
        .hasSize(3)
        .satisfies(lines -> assertThat(lines.getFirst()).startsWith("id,uuid,display_name"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("Plugh Ann"));
    String ndjson =
        api.node().get(users + "&format=ndjson", "authorization", "Bearer " + admin.token()).body();
    assertThat(ndjson.lines().map(JsonObject::new))
        .extracting(row -> row.getString("display_name"))
        .containsExactly("Plugh Ann", "Plugh Bob");

    assertThat(admin.get(ADMIN + "/exports/users?q=colour:red").status()).isEqualTo(422);
    assertThat(admin.get(ADMIN + "/exports/nothing").error()).isEqualTo("list_not_found");
    assertThat(admin.get(ADMIN + "/exports/leaderboard_records").status()).isEqualTo(422);
    assertThat(admin.get(ADMIN + "/exports/audit").response().body()).startsWith("at,actor");
    for (String list : List.of("sessions", "groups", "parties", "lobbies", "leaderboards")) {
      assertThat(admin.get(ADMIN + "/exports/" + list).status()).as(list).isEqualTo(200);
    }
    for (String list : List.of("achievements", "kv", "notifications", "chat")) {
      assertThat(admin.get(ADMIN + "/exports/" + list).status()).as(list).isEqualTo(200);
    }
    Eventually.holds(() -> audited("console_exported_players", null).contains("\"rows\":2"));

    Guest analyst = api.guest();
    grant(analyst, "analyst");
    Eventually.holds(() -> analyst.get(users).status() == 200);
    assertThat(analyst.get(users).response().body()).doesNotContain("email");
    assertThat(analyst.get(ADMIN + "/exports/chat").body().getString("permission"))
        .isEqualTo("chat.read");
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    admin.patch(ADMIN + "/users/" + guest.id(), JsonObject.of("display_name", name).encode());
    return guest;
  }

  private static JsonObject ban(int total) {
    return new JsonObject()
        .put("total", total)
        .put("audit_reason", "Ticket 7")
        .put("reason", "spam")
        .put("hours", 2);
  }

  private static void await(String job, String state) {
    Eventually.holds(() -> state.equals(admin.get(BULK + job).data().getString("state")));
  }

  private static String audited(String action, Long user) {
    String target = user == null ? "" : "&target=users/" + user;
    return admin.get(ADMIN + "/audit?action=" + action + target).body().encode();
  }

  private static void grant(Guest guest, String role) {
    admin.call("PUT", ADMIN + "/admins/" + guest.id(), JsonObject.of("role", role).encode());
  }
}
