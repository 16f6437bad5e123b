package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.ListDownloads;
import dev.rookery.console.RoleTemplate;
import dev.rookery.edge.ListExport;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Downloads of the lists of the console, and searches under names. */
final class ConsoleListsTest {
  private static final String FORMULA = "=1+1";

  /** Entries of the server, as the API would store them one after another. */
  private static final String MANY_ENTRIES =
      """
      INSERT INTO storage_object
        (player_id, collection, object_key, lobby_id, value, metadata, version, bytes,
         read_access, write_access, created_ms, updated_ms)
      WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < %d)
      SELECT 0, 'kv', 'many-' || i, 0, '{"v":"v"}', '{}', 'v', 10, 2, 0, 1, 1 FROM number
      """;

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
  void exportsEveryListWithItsRows(ConsoleSite site) throws Exception {
    RestPlayer eve = site.namedPlayer("exporteve");
    long lobby = ConsoleSite.id(eve.post("/api/v1/lobbies", JsonObject.of("title", FORMULA)));
    assertThat(
            eve.post(
                    "/api/v1/chat/messages",
                    JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", FORMULA))
                .ok())
        .isTrue();
    ConsoleSite.id(eve.post("/api/v1/groups", JsonObject.of("title", FORMULA)));
    RestPlayer leader = site.namedPlayer("exportleader");
    ConsoleSite.id(leader.post("/api/v1/parties", new JsonObject()));
    long board =
        ConsoleSite.id(
            site.owner()
                .post(
                    "/api/v1/admin/leaderboards",
                    JsonObject.of("slug", "exported", "title", FORMULA)));
    assertThat(
            site.owner()
                .post(
                    "/api/v1/admin/leaderboards/" + board + "/records",
                    JsonObject.of("user_id", eve.id(), "score", 7))
                .ok())
        .isTrue();
    ConsoleSite.id(
        site.owner()
            .post(
                "/api/v1/admin/achievements", JsonObject.of("slug", "exported", "title", FORMULA)));
    assertThat(
            site.owner().post("/api/v1/admin/notifications", site.notification(eve, FORMULA)).ok())
        .isTrue();
    site.putEntry(FORMULA, "exported");
    for (String path :
        List.of(
            "/admin/users",
            "/admin/sessions",
            "/admin/lobbies",
            "/admin/groups",
            "/admin/parties",
            "/admin/leaderboards",
            "/admin/leaderboards/" + board + "/records",
            "/admin/achievements",
            "/admin/kv",
            "/admin/notifications",
            "/admin/chat",
            "/admin/audit")) {
      HttpResponse<String> csv = site.admin().get(path + "/export?format=csv");
      assertThat(csv.statusCode()).as(path).isEqualTo(200);
      assertThat(csv.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
      assertThat(csv.body().lines()).as(path).hasSizeGreaterThan(1);
      assertThat(csv.body()).as(path).doesNotContain("," + FORMULA);
      HttpResponse<String> lines = site.admin().get(path + "/export?format=ndjson");
      List<JsonObject> rows = lines.body().lines().map(JsonObject::new).toList();
      assertThat(rows).as(path).isNotEmpty();
      assertThat(csv.body().lines().findFirst().orElseThrow())
          .as(path)
          .isEqualTo(String.join(",", rows.getFirst().fieldNames()));
    }
    assertThat(site.admin().get("/admin/chat/export?format=csv").body()).contains("'" + FORMULA);
    assertThat(site.admin().get("/admin/lobbies/export?q=is:locked").body().lines()).hasSize(1);
    Eventually.holds(() -> site.audited("console_exported_lobbies").contains("\"rows\":1"));
    assertThat(site.audited("console_export_lobbies")).contains("is:locked");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void exportsMoreRowsThanOnePartInTheOrderOfTheList(ConsoleSite site) throws Exception {
    int entries = 2 * ListExport.PAGE + 3;
    assertThat(site.stored().update(MANY_ENTRIES.formatted(entries))).isEqualTo(entries);
    List<Long> ids = entryIds(site, "many-");
    assertThat(ids).hasSize(entries).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    String all = ListJobs.job(site, site.admin(), "/admin/kv", "delete?q=many-");
    assertThat(ListJobs.results(site.admin(), all))
        .extracting(row -> row.getLong("id"))
        .containsExactlyElementsOf(ids);

    // More than a job reads at a time: 1, 10 to 19, 100 to 199, and those from 1000.
    List<Long> some = entryIds(site, "many-1");
    assertThat(some).hasSize(111 + entries - 999);
    String job = ListJobs.job(site, site.admin(), "/admin/kv", "delete?q=many-1");
    ListJobs.startJob(site.admin(), job, "kv.delete", Integer.toString(some.size()));
    Eventually.holds(() -> ListJobs.state(site.admin(), job).equals("done"));
    assertThat(ListJobs.results(site.admin(), job))
        .allMatch(row -> row.getString("result").equals("done"))
        .extracting(row -> row.getLong("id"))
        .containsExactlyElementsOf(some);

    for (String title : List.of("zz sorted", "mm sorted", "aa sorted")) {
      RestPlayer creator = site.namedPlayer(title.replace(' ', '-'));
      ConsoleSite.id(creator.post("/api/v1/groups", JsonObject.of("title", title)));
    }
    for (String sort : List.of("title", "-title", "size", "-size", "updated", "created", "")) {
      List<String> listed = titles(site, sort);
      assertThat(listed).as(sort).contains("zz sorted", "mm sorted", "aa sorted");
      if (sort.endsWith("title")) {
        assertThat(listed.indexOf("aa sorted") < listed.indexOf("mm sorted"))
            .isEqualTo(sort.equals("title"));
      }
    }
  }

  private static List<Long> entryIds(ConsoleSite site, String search) {
    return site.admin()
        .get("/admin/kv/export?format=ndjson&q=" + search)
        .body()
        .lines()
        .map(line -> new JsonObject(line).getLong("id"))
        .toList();
  }

  private static List<String> titles(ConsoleSite site, String sort) {
    return site.admin()
        .get("/admin/groups/export?format=ndjson&sort=" + sort)
        .body()
        .lines()
        .map(line -> new JsonObject(line).getString("title"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void refusesExportsWithoutTheirPermissions(ConsoleSite site) throws Exception {
    var moderator = site.withRole(RoleTemplate.MODERATOR);
    assertThat(moderator.get("/admin/lobbies/export").statusCode()).isEqualTo(403);
    assertThat(moderator.get("/admin/lobbies").body()).doesNotContain("/admin/lobbies/export");
    var analyst = site.withRole(RoleTemplate.ANALYST);
    assertThat(analyst.get("/admin/chat/export").statusCode()).isEqualTo(403);
    HttpResponse<String> sessions = analyst.get("/admin/sessions/export?format=csv");
    assertThat(sessions.statusCode()).isEqualTo(200);
    assertThat(sessions.body()).doesNotContain("address", "email", "127.0.0.1");
    assertThat(site.admin().get("/admin/sessions/export?format=csv").body())
        .contains("address", "127.0.0.1");
    site.namedPlayers("exported", 2);
    String job = ListJobs.job(site, moderator, "/admin/users", "ban?q=exported");
    assertThat(moderator.get(job).body()).contains("Ban 2 players").doesNotContain("/export");
    assertThat(moderator.get(job + "/export").statusCode()).isEqualTo(403);
    assertThat(ListJobs.results(site.admin(), job)).hasSize(2);
    Eventually.holds(() -> site.audited("console_exported_jobs").contains("\"rows\":2"));
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsNoPlaceForClientsThatLeaveBeforeTheirExportBegins(ConsoleSite site) throws Exception {
    byte[] request =
        ("GET /admin/lobbies/export HTTP/1.1\r\nhost: a\r\ncookie: "
                + site.admin().cookieHeader()
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 5 * ListDownloads.AT_ONCE; i++) {
      try (var client = new Socket("127.0.0.1", site.node().port())) {
        client.getOutputStream().write(request);
      }
    }
    for (int i = 0; i < 2 * ListDownloads.AT_ONCE; i++) {
      Eventually.holds(() -> site.admin().get("/admin/lobbies/export").statusCode() == 200);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void savesSearchesUnderNames(ConsoleSite site) {
    HttpResponse<String> saved =
        site.admin()
            .submit(
                "/admin/lobbies?q=is:locked",
                "/admin/views",
                "list",
                "/admin/lobbies",
                "q",
                "is:locked",
                "sort",
                "",
                "name",
                "Locked ones",
                "shared",
                "true",
                "_back",
                "/admin/lobbies?q=is:locked");
    assertThat(saved.statusCode()).isEqualTo(303);
    site.admin()
        .submit("/admin/kv", "/admin/views", "list", "/admin/kv", "name", "Mine", "q", "season");
    String link = "href=\"/admin/lobbies?q=is%3Alocked\"";
    assertThat(site.admin().get("/admin/lobbies").body()).contains(link, "Locked ones");
    assertThat(site.admin().get("/admin/search?q=locked").body()).contains(link);
    ConsoleBrowser viewer = site.withRole(RoleTemplate.VIEWER);
    assertThat(viewer.get("/admin/lobbies").body()).contains(link);
    assertThat(viewer.get("/admin/views").body()).contains("Locked ones").doesNotContain("Mine");

    var own =
        Pattern.compile("/admin/views/(\\d+)/delete")
            .matcher(site.admin().get("/admin/views").body());
    assertThat(own.find()).isTrue();
    assertThat(viewer.submit("/admin/views", own.group()).statusCode()).isEqualTo(404);
    assertThat(site.admin().submit("/admin/views", own.group()).statusCode()).isEqualTo(303);
    for (String list : List.of("https://example.com", "/admin/../x", "//example.com")) {
      assertThat(
              site.admin()
                  .submit("/admin/views", "/admin/views", "list", list, "name", "x")
                  .statusCode())
          .isEqualTo(422);
    }
    assertThat(
            site.admin()
                .submit("/admin/views", "/admin/views", "list", "/admin/kv", "name", " ")
                .statusCode())
        .isEqualTo(422);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void sendsATestEmailToTheAdminAlone(ConsoleSite site) {
    HttpResponse<String> page = site.admin().get("/admin/email");
    assertThat(page.body()).contains("Send a test to me", "mail.");
    assertThat(site.admin().submit("/admin/email", "/admin/email/test").statusCode())
        .isEqualTo(303);
    assertThat(site.audited("admin_test_email")).contains("admin_test_email");
    ConsoleBrowser viewer = site.withRole(RoleTemplate.VIEWER);
    assertThat(viewer.get("/admin/email").body()).doesNotContain("Send a test to me");
    assertThat(viewer.submit("/admin/users", "/admin/email/test").statusCode()).isEqualTo(403);
  }
}
