package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs of admins on all rows of a list that match. */
final class BulkPagesTest {
  private static final List<ConsoleSite> SITES = new ArrayList<>();

  static Stream<ConsoleSite> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() {
    SITES.addAll(ConsoleSite.startAll(Map.of("LIMIT_LOGIN_MAX", "100000")));
  }

  @AfterAll
  static void stop() {
    SITES.forEach(ConsoleSite::stop);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void bansAllThatMatchAndNobodyWhoCameLater(ConsoleSite site) throws Exception {
    List<RestPlayer> rude = site.namedPlayers("rude", 25);
    String job = ListJobs.job(site, site.admin(), "/admin/users", "ban?q=rude");
    assertThat(site.admin().get(job).body()).contains("Ban 25 players");
    RestPlayer later = site.namedPlayer("rude-later");

    HttpResponse<String> blank =
        site.admin().submit(job, job + "/users.ban", "reason", "", "hours", "1");
    assertThat(blank.statusCode()).isEqualTo(422);
    assertThat(
            ListJobs.startJob(site.admin(), job, "users.ban", "24", "reason", "rude").statusCode())
        .isEqualTo(422);
    assertThat(
            ListJobs.startJob(site.admin(), job, "users.ban", "25", "reason", "rude").statusCode())
        .isEqualTo(303);
    Eventually.holds(() -> ListJobs.state(site.admin(), job).equals("done"));

    assertThat(ListJobs.results(site.admin(), job))
        .hasSize(25)
        .allMatch(row -> row.getString("result").equals("done"));
    for (RestPlayer player : rude) {
      assertThat(player.get("/api/v1/me").ok()).isFalse();
    }
    assertThat(later.get("/api/v1/me").ok()).isTrue();
    String id = job.substring(job.lastIndexOf('/') + 1);
    List<String> entries =
        IntStream.range(0, 25)
            .mapToObj(i -> rude.get(i).id())
            .map(
                player ->
                    get(site, "/api/v1/admin/audit?action=admin_ban_user&target=users/" + player))
            .toList();
    assertThat(entries).allMatch(entry -> entry.contains("\"job\":" + id));
    assertThat(site.audited("console_select_rows")).contains("users.ban");
    assertThat(site.audited("console_start_job"))
        .contains("\"jobs/" + id + "\"", "users.ban", "a test");
    // A job is started once.
    assertThat(site.admin().submit(job, job + "/users.ban", "reason", "again").statusCode())
        .isEqualTo(409);
  }

  private static String get(ConsoleSite site, String path) {
    return site.node().get(path, "authorization", "Bearer " + site.owner().token()).body();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void tellsWhatWasRefusedAndWhatVanished(ConsoleSite site) throws Exception {
    long gone = site.namedPlayer("mixed-gone").id();
    long kept = site.namedPlayer("mixed-kept").id();
    String job = ListJobs.job(site, site.admin(), "/admin/users", "unban?q=mixed-");
    assertThat(site.owner().send("DELETE", "/api/v1/admin/users/" + gone, null).ok()).isTrue();
    assertThat(ListJobs.startJob(site.admin(), job, "users.unban", "2").statusCode())
        .isEqualTo(303);
    Eventually.holds(() -> ListJobs.state(site.admin(), job).equals("done"));
    assertThat(ListJobs.results(site.admin(), job))
        .extracting(row -> row.getLong("id") + " " + row.getString("result"))
        .containsExactlyInAnyOrder(gone + " vanished", kept + " done");
    assertThat(site.admin().get(job + "?result=vanished").body()).contains(Long.toString(gone));

    String own = ListJobs.job(site, site.admin(), "/admin/users", "ban?q=" + site.owner().id());
    ListJobs.startJob(site.admin(), own, "users.ban", "1", "reason", "me");
    Eventually.holds(() -> ListJobs.state(site.admin(), own).equals("done"));
    assertThat(ListJobs.results(site.admin(), own).getFirst().getString("code"))
        .isEqualTo("cannot_ban_self");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void delaysDeletionSoThatItCanBeCancelledAndAllowsOneJobOfAList(ConsoleSite site)
      throws Exception {
    RestPlayer saved = site.namedPlayer("nearly-deleted");
    String job = ListJobs.job(site, site.admin(), "/admin/users", "delete?q=nearly-deleted");
    assertThat(ListJobs.startJob(site.admin(), job, "users.delete", "1").statusCode())
        .isEqualTo(303);
    assertThat(ListJobs.state(site.admin(), job)).isEqualTo("running");

    assertThat(
            site.admin()
                .submit("/admin/users", "/admin/users/all-unban?q=nearly-deleted")
                .statusCode())
        .isEqualTo(409);
    String other = ListJobs.job(site, site.admin(), "/admin/lobbies", "close");
    assertThat(site.admin().submit(job, job + "/cancel").statusCode()).isEqualTo(303);
    assertThat(site.admin().submit(other, other + "/cancel").statusCode()).isEqualTo(303);
    assertThat(ListJobs.state(site.admin(), job)).isEqualTo("cancelled");
    assertThat(site.audited("console_cancel_job"))
        .contains("\"jobs/" + job.substring(job.lastIndexOf('/') + 1) + "\"");
    assertThat(saved.get("/api/v1/me").ok()).isTrue();
    assertThat(ListJobs.results(site.admin(), job).getFirst().getString("result"))
        .isEqualTo("pending");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsJobsToTheirAdminsAndKeepsActionsFromThoseWhoMayNotDoThem(ConsoleSite site)
      throws Exception {
    ConsoleBrowser moderator = site.withRole(RoleTemplate.MODERATOR);
    assertThat(moderator.submit("/admin/users", "/admin/users/all-delete").statusCode())
        .isEqualTo(403);
    assertThat(moderator.get("/admin/users").body())
        .contains("/admin/users/all-ban")
        .doesNotContain("/admin/users/all-delete");
    site.namedPlayer("watched");
    String job = ListJobs.job(site, site.admin(), "/admin/users", "sign-out?q=watched");
    assertThat(moderator.get(job).statusCode()).isEqualTo(404);
    assertThat(moderator.submit("/admin/users", job + "/cancel").statusCode()).isEqualTo(404);
    assertThat(moderator.submit("/admin/users", job + "/users.sign-out").statusCode())
        .isEqualTo(404);
    ListJobs.startJob(site.admin(), job, "users.sign-out", "1");
    Eventually.holds(() -> ListJobs.state(site.admin(), job).equals("done"));
    assertThat(site.admin().get("/admin/bulk").body()).contains("Sign out 1 players");

    String personal = ListJobs.job(site, site.admin(), "/admin/users", "unban?q=owner@example.com");
    assertThat(site.withRole(RoleTemplate.ANALYST).get(personal).body())
        .contains("Unban 1 players")
        .doesNotContain("owner@example.com");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void doesWhatTheOtherListsOffer(ConsoleSite site) throws Exception {
    RestPlayer ann = site.namedPlayer("offers-ann");
    site.owner().post("/api/v1/admin/notifications", site.notification(ann, "offered"));
    long lobby = ConsoleSite.id(ann.post("/api/v1/lobbies", JsonObject.of("title", "offered")));
    ann.post(
        "/api/v1/chat/messages",
        JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", "offered"));
    ConsoleSite.id(ann.post("/api/v1/groups", JsonObject.of("title", "offered group")));
    site.putEntry("offered", "v");
    for (String offer :
        List.of(
            "chat delete", "lobbies close", "groups delete", "notifications delete", "kv delete")) {
      String list = offer.substring(0, offer.indexOf(' '));
      String name = offer.substring(offer.indexOf(' ') + 1);
      String job = ListJobs.job(site, site.admin(), "/admin/" + list, name + "?q=offered");
      assertThat(ListJobs.startJob(site.admin(), job, list + "." + name, "1").statusCode())
          .as(offer)
          .isEqualTo(303);
      Eventually.holds(() -> ListJobs.state(site.admin(), job).equals("done"));
      assertThat(ListJobs.results(site.admin(), job).getFirst().getString("result"))
          .as(offer)
          .isEqualTo("done");
      assertThat(site.admin().get("/admin/" + list + "/export?format=ndjson&q=offered").body())
          .as(offer)
          .isEmpty();
    }
    String notify = ListJobs.job(site, site.admin(), "/admin/users", "notify?q=offers-ann");
    ListJobs.startJob(
        site.admin(), notify, "users.notify", "1", "title", "Hello", "content", "all");
    // It begins after a minute, and can be cancelled until then.
    assertThat(site.admin().get(notify).body()).contains("Begins");
    assertThat(site.admin().submit(notify, notify + "/cancel").statusCode()).isEqualTo(303);
    assertThat(ListJobs.state(site.admin(), notify)).isEqualTo("cancelled");
    assertThat(ann.get("/api/v1/notifications").body().encode()).doesNotContain("Hello");

    String end = ListJobs.job(site, site.admin(), "/admin/sessions", "end?q=player:" + ann.id());
    ListJobs.startJob(site.admin(), end, "sessions.end", "1");
    Eventually.holds(() -> ListJobs.state(site.admin(), end).equals("done"));
    assertThat(ann.get("/api/v1/me").status()).isEqualTo(401);
  }
}
