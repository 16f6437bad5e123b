package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.ListDownloads;
import dev.rookery.edge.ListExport;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Downloads of the lists of the console, and actions on all rows that match. */
final class ConsoleListsTest {
  private static final String FORMULA = "=1+1";
  private static final Pattern JOB = Pattern.compile("/admin/bulk/(\\d+)");

  /** Entries of the server, as the API would store them one after another. */
  private static final String MANY_ENTRIES =
      """
      INSERT INTO storage_object
        (player_id, collection, object_key, lobby_id, value, metadata, version, bytes,
         read_access, write_access, created_ms, updated_ms)
      WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < %d)
      SELECT 0, 'kv', 'many-' || i, 0, '{"v":"v"}', '{}', 'v', 10, 2, 0, 1, 1 FROM number
      """;

  private static final List<Site> SITES = new ArrayList<>();

  private record Site(
      Databases.TestDatabase stored, TestNode node, ConsoleBrowser admin, RestPlayer owner) {
    @Override
    public String toString() {
      return stored.kind();
    }
  }

  static Stream<Site> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() throws Exception {
    for (var database : Databases.locations().toList()) {
      TestNode node = TestNode.start(database, Map.of("LIMIT_LOGIN_MAX", "100000"));
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      SITES.add(new Site(database, node, admin, owner));
    }
  }

  @AfterAll
  static void stop() {
    SITES.forEach(site -> site.node().close());
  }

  private static RestPlayer player(Site site, String name) throws Exception {
    RestPlayer player =
        RestPlayer.signIn(
            TestNode.client(), URI.create("http://127.0.0.1:" + site.node().port()), name);
    assertThat(
            player
                .send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", name))
                .ok())
        .isTrue();
    return player;
  }

  private static List<RestPlayer> players(Site site, String prefix, int count) throws Exception {
    var players = new ArrayList<RestPlayer>();
    for (int i = 0; i < count; i++) {
      players.add(player(site, prefix + i));
    }
    return players;
  }

  private static JsonObject notification(Site site, RestPlayer to, String title) {
    return JsonObject.of(
        "sender_id", site.owner().id(), "recipient_id", to.id(), "title", title, "content", "c");
  }

  private static void putEntry(Site site, String key, String value) {
    HttpResponse<String> put =
        site.node()
            .send(
                "POST",
                "/api/v1/admin/kv/entries",
                JsonObject.of("key", key, "value", JsonObject.of("v", value)).encode(),
                "authorization",
                "Bearer " + site.owner().token());
    assertThat(put.statusCode()).as(put.body()).isBetween(200, 201);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void exportsEveryListWithItsRows(Site site) throws Exception {
    RestPlayer eve = player(site, "exporteve");
    long lobby = id(eve.post("/api/v1/lobbies", JsonObject.of("title", FORMULA)));
    assertThat(
            eve.post(
                    "/api/v1/chat/messages",
                    JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", FORMULA))
                .ok())
        .isTrue();
    id(eve.post("/api/v1/groups", JsonObject.of("title", FORMULA)));
    RestPlayer leader = player(site, "exportleader");
    id(leader.post("/api/v1/parties", new JsonObject()));
    long board =
        id(
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
    id(
        site.owner()
            .post(
                "/api/v1/admin/achievements", JsonObject.of("slug", "exported", "title", FORMULA)));
    assertThat(
            site.owner().post("/api/v1/admin/notifications", notification(site, eve, FORMULA)).ok())
        .isTrue();
    putEntry(site, FORMULA, "exported");
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
    Eventually.holds(
        () ->
            audited(site, "console_exported_lobbies").stream()
                .anyMatch(entry -> entry.encode().contains("\"rows\":1")));
    assertThat(audited(site, "console_export_lobbies").toString()).contains("is:locked");
  }

  private static long id(RestPlayer.Response created) {
    assertThat(created.ok()).as(created.toString()).isTrue();
    JsonObject body = created.body();
    return body.containsKey("id") ? body.getLong("id") : body.getJsonObject("data").getLong("id");
  }

  private static List<JsonObject> audited(Site site, String action) {
    try {
      JsonArray entries =
          site.owner().get("/api/v1/admin/audit?action=" + action).body().getJsonArray("data");
      return entries.stream().map(JsonObject.class::cast).toList();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void exportsMoreRowsThanOnePartInTheOrderOfTheList(Site site) throws Exception {
    int entries = 2 * ListExport.PAGE + 3;
    assertThat(site.stored().update(MANY_ENTRIES.formatted(entries))).isEqualTo(entries);
    List<Long> ids =
        site.admin()
            .get("/admin/kv/export?format=ndjson&q=many-")
            .body()
            .lines()
            .map(line -> new JsonObject(line).getLong("id"))
            .toList();
    assertThat(ids).hasSize(entries).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    String job = job(site, site.admin(), "/admin/kv", "delete?q=many-");
    startJob(site.admin(), job, "kv.delete", Integer.toString(entries));
    Eventually.holds(() -> state(site.admin(), job).equals("done"));
    assertThat(results(site.admin(), job))
        .hasSize(entries)
        .allMatch(row -> row.getString("result").equals("done"))
        .extracting(row -> row.getLong("id"))
        .containsExactlyElementsOf(ids);

    for (String title : List.of("zz sorted", "mm sorted", "aa sorted")) {
      RestPlayer creator = player(site, title.replace(' ', '-'));
      id(creator.post("/api/v1/groups", JsonObject.of("title", title)));
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

  private static List<String> titles(Site site, String sort) {
    return site.admin()
        .get("/admin/groups/export?format=ndjson&sort=" + sort)
        .body()
        .lines()
        .map(line -> new JsonObject(line).getString("title"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void refusesExportsWithoutTheirPermissions(Site site) throws Exception {
    var moderator = withRole(site, "moderator");
    assertThat(moderator.get("/admin/lobbies/export").statusCode()).isEqualTo(403);
    assertThat(moderator.get("/admin/lobbies").body()).doesNotContain("/admin/lobbies/export");
    var analyst = withRole(site, "analyst");
    assertThat(analyst.get("/admin/chat/export").statusCode()).isEqualTo(403);
    HttpResponse<String> sessions = analyst.get("/admin/sessions/export?format=csv");
    assertThat(sessions.statusCode()).isEqualTo(200);
    assertThat(sessions.body()).doesNotContain("address", "email", "127.0.0.1");
    assertThat(site.admin().get("/admin/sessions/export?format=csv").body())
        .contains("address", "127.0.0.1");
    players(site, "exported", 2);
    String job = job(site, moderator, "/admin/users", "ban?q=exported");
    assertThat(moderator.get(job).body()).contains("Ban 2 players").doesNotContain("/export");
    assertThat(moderator.get(job + "/export").statusCode()).isEqualTo(403);
    assertThat(results(site.admin(), job)).hasSize(2);
    Eventually.holds(
        () ->
            audited(site, "console_exported_jobs").stream()
                .anyMatch(entry -> entry.encode().contains("\"rows\":2")));
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsNoPlaceForClientsThatLeaveBeforeTheirExportBegins(Site site) throws Exception {
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

  private static ConsoleBrowser withRole(Site site, String role) {
    var browser = new ConsoleBrowser(site.node());
    String email = role + System.nanoTime() + "@example.com";
    browser.register(email);
    RestPlayer player = ConsoleBrowser.signInToApi(site.node(), email);
    site.node()
        .send(
            "PUT",
            "/api/v1/admin/admins/" + player.id(),
            JsonObject.of("role", role).encode(),
            "authorization",
            "Bearer " + site.owner().token());
    return browser.openConsole();
  }

  /** Begins a job on all rows that match, and waits until they are counted. */
  private static String job(Site site, ConsoleBrowser admin, String list, String action) {
    HttpResponse<String> begun = admin.submit("/admin/users", list + "/all-" + action);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
    String path = begun.headers().firstValue("location").orElseThrow();
    assertThat(path).matches(JOB);
    Eventually.holds(() -> state(admin, path).equals("ready"));
    return path;
  }

  private static String state(ConsoleBrowser admin, String job) {
    var state = Pattern.compile("class=\"badge ?[a-z]*\">(\\w+)<").matcher(admin.get(job).body());
    return state.find() ? state.group(1) : "";
  }

  private static HttpResponse<String> startJob(
      ConsoleBrowser admin, String job, String action, String total, String... fields) {
    HttpResponse<String> asked = admin.submit(job, job + "/" + action, fields);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    return admin.confirm(asked, "_typed", total, "_reason", "a test");
  }

  private static List<JsonObject> results(ConsoleBrowser admin, String job) {
    return admin.get(job + "/export?format=ndjson").body().lines().map(JsonObject::new).toList();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void bansAllThatMatchAndNobodyWhoCameLater(Site site) throws Exception {
    List<RestPlayer> rude = players(site, "rude", 25);
    String job = job(site, site.admin(), "/admin/users", "ban?q=rude");
    assertThat(site.admin().get(job).body()).contains("Ban 25 players");
    RestPlayer later = player(site, "rude-later");

    HttpResponse<String> blank =
        site.admin().submit(job, job + "/users.ban", "reason", "", "hours", "1");
    assertThat(blank.statusCode()).isEqualTo(422);
    assertThat(startJob(site.admin(), job, "users.ban", "24", "reason", "rude").statusCode())
        .isEqualTo(422);
    assertThat(startJob(site.admin(), job, "users.ban", "25", "reason", "rude").statusCode())
        .isEqualTo(303);
    Eventually.holds(() -> state(site.admin(), job).equals("done"));

    assertThat(results(site.admin(), job))
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
    assertThat(audited(site, "console_start_job").toString())
        .contains("\"jobs/" + id + "\"", "users.ban", "a test");
    // A job is started once.
    assertThat(site.admin().submit(job, job + "/users.ban", "reason", "again").statusCode())
        .isEqualTo(409);
  }

  private static String get(Site site, String path) {
    return site.node().get(path, "authorization", "Bearer " + site.owner().token()).body();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void tellsWhatWasRefusedAndWhatVanished(Site site) throws Exception {
    long gone = player(site, "mixed-gone").id();
    long kept = player(site, "mixed-kept").id();
    String job = job(site, site.admin(), "/admin/users", "unban?q=mixed-");
    assertThat(site.owner().send("DELETE", "/api/v1/admin/users/" + gone, null).ok()).isTrue();
    assertThat(startJob(site.admin(), job, "users.unban", "2").statusCode()).isEqualTo(303);
    Eventually.holds(() -> state(site.admin(), job).equals("done"));
    assertThat(results(site.admin(), job))
        .extracting(row -> row.getLong("id") + " " + row.getString("result"))
        .containsExactlyInAnyOrder(gone + " vanished", kept + " done");
    assertThat(site.admin().get(job + "?result=vanished").body()).contains(Long.toString(gone));

    String own = job(site, site.admin(), "/admin/users", "ban?q=" + site.owner().id());
    startJob(site.admin(), own, "users.ban", "1", "reason", "me");
    Eventually.holds(() -> state(site.admin(), own).equals("done"));
    assertThat(results(site.admin(), own).getFirst().getString("code"))
        .isEqualTo("cannot_ban_self");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void delaysDeletionSoThatItCanBeCancelledAndAllowsOneJobOfAList(Site site) throws Exception {
    RestPlayer saved = player(site, "nearly-deleted");
    String job = job(site, site.admin(), "/admin/users", "delete?q=nearly-deleted");
    assertThat(startJob(site.admin(), job, "users.delete", "1").statusCode()).isEqualTo(303);
    assertThat(state(site.admin(), job)).isEqualTo("running");

    assertThat(
            site.admin()
                .submit("/admin/users", "/admin/users/all-unban?q=nearly-deleted")
                .statusCode())
        .isEqualTo(409);
    String other = job(site, site.admin(), "/admin/lobbies", "close");
    assertThat(site.admin().submit(job, job + "/cancel").statusCode()).isEqualTo(303);
    assertThat(site.admin().submit(other, other + "/cancel").statusCode()).isEqualTo(303);
    assertThat(state(site.admin(), job)).isEqualTo("cancelled");
    assertThat(audited(site, "console_cancel_job").toString())
        .contains("\"jobs/" + job.substring(job.lastIndexOf('/') + 1) + "\"");
    assertThat(saved.get("/api/v1/me").ok()).isTrue();
    assertThat(results(site.admin(), job).getFirst().getString("result")).isEqualTo("pending");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsJobsToTheirAdminsAndKeepsActionsFromThoseWhoMayNotDoThem(Site site) throws Exception {
    ConsoleBrowser moderator = withRole(site, "moderator");
    assertThat(moderator.submit("/admin/users", "/admin/users/all-delete").statusCode())
        .isEqualTo(403);
    assertThat(moderator.get("/admin/users").body())
        .contains("/admin/users/all-ban")
        .doesNotContain("/admin/users/all-delete");
    player(site, "watched");
    String job = job(site, site.admin(), "/admin/users", "sign-out?q=watched");
    assertThat(moderator.get(job).statusCode()).isEqualTo(404);
    assertThat(moderator.submit("/admin/users", job + "/cancel").statusCode()).isEqualTo(404);
    assertThat(moderator.submit("/admin/users", job + "/users.sign-out").statusCode())
        .isEqualTo(404);
    startJob(site.admin(), job, "users.sign-out", "1");
    Eventually.holds(() -> state(site.admin(), job).equals("done"));
    assertThat(site.admin().get("/admin/bulk").body()).contains("Sign out 1 players");

    String personal = job(site, site.admin(), "/admin/users", "unban?q=owner@example.com");
    assertThat(withRole(site, "analyst").get(personal).body())
        .contains("Unban 1 players")
        .doesNotContain("owner@example.com");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void doesWhatTheOtherListsOffer(Site site) throws Exception {
    RestPlayer ann = player(site, "offers-ann");
    site.owner().post("/api/v1/admin/notifications", notification(site, ann, "offered"));
    long lobby = id(ann.post("/api/v1/lobbies", JsonObject.of("title", "offered")));
    ann.post(
        "/api/v1/chat/messages",
        JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", "offered"));
    id(ann.post("/api/v1/groups", JsonObject.of("title", "offered group")));
    putEntry(site, "offered", "v");
    for (String offer :
        List.of(
            "chat delete", "lobbies close", "groups delete", "notifications delete", "kv delete")) {
      String list = offer.substring(0, offer.indexOf(' '));
      String name = offer.substring(offer.indexOf(' ') + 1);
      String job = job(site, site.admin(), "/admin/" + list, name + "?q=offered");
      assertThat(startJob(site.admin(), job, list + "." + name, "1").statusCode())
          .as(offer)
          .isEqualTo(303);
      Eventually.holds(() -> state(site.admin(), job).equals("done"));
      assertThat(results(site.admin(), job).getFirst().getString("result"))
          .as(offer)
          .isEqualTo("done");
      assertThat(site.admin().get("/admin/" + list + "/export?format=ndjson&q=offered").body())
          .as(offer)
          .isEmpty();
    }
    String notify = job(site, site.admin(), "/admin/users", "notify?q=offers-ann");
    startJob(site.admin(), notify, "users.notify", "1", "title", "Hello", "content", "all");
    // It begins after a minute, and can be cancelled until then.
    assertThat(site.admin().get(notify).body()).contains("Begins");
    assertThat(site.admin().submit(notify, notify + "/cancel").statusCode()).isEqualTo(303);
    assertThat(state(site.admin(), notify)).isEqualTo("cancelled");
    assertThat(ann.get("/api/v1/notifications").body().encode()).doesNotContain("Hello");

    String end = job(site, site.admin(), "/admin/sessions", "end?q=player:" + ann.id());
    startJob(site.admin(), end, "sessions.end", "1");
    Eventually.holds(() -> state(site.admin(), end).equals("done"));
    assertThat(ann.get("/api/v1/me").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void savesSearchesUnderNames(Site site) {
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
    ConsoleBrowser viewer = withRole(site, "viewer");
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
  void keepsNotesAboutPlayersAndTellsWhatHappenedToThem(Site site) throws Exception {
    RestPlayer eve = player(site, "noted-eve");
    String page = "/admin/users/" + eve.id() + "/notes";
    String api = "/api/v1/admin/users/" + eve.id();
    assertThat(site.admin().submit(page, page, "content", "<b>watch</b> this one").statusCode())
        .isEqualTo(303);
    assertThat(site.admin().submit(page, page, "content", " ").statusCode()).isEqualTo(422);
    RestPlayer.Response added =
        site.owner().post(api + "/notes", JsonObject.of("content", "by the API"));
    assertThat(added.status()).isEqualTo(201);
    assertThat(site.admin().get(page).body())
        .contains("&lt;b&gt;watch&lt;/b&gt; this one", "by the API");
    JsonObject first = site.owner().get(api + "/notes?limit=1").body();
    assertThat(first.getJsonArray("data").getJsonObject(0).getString("content"))
        .isEqualTo("by the API");
    String next = first.getJsonObject("meta").getString("next");
    assertThat(
            site.owner()
                .get(api + "/notes?limit=1&after=" + next)
                .body()
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("content"))
        .contains("watch");
    assertThat(withRole(site, "viewer").get(page).statusCode()).isEqualTo(403);
    assertThat(audited(site, "admin_add_user_note").toString()).doesNotContain("by the API");
    long id = added.body().getJsonObject("data").getLong("id");
    assertThat(site.owner().send("DELETE", api + "/notes/" + id, null).ok()).isTrue();
    assertThat(site.owner().send("DELETE", api + "/notes/" + id, null).status()).isEqualTo(404);

    site.owner().post("/api/v1/admin/notifications", notification(site, eve, "about the timeline"));
    for (int i = 0; i < 4; i++) {
      site.owner().send("PATCH", api, JsonObject.of("metadata", JsonObject.of("turn", i)));
    }
    var seen = new ArrayList<String>();
    String after = "";
    do {
      JsonObject part = site.owner().get(api + "/timeline?limit=2&after=" + after).body();
      part.getJsonArray("data").stream()
          .map(JsonObject.class::cast)
          .forEach(entry -> seen.add(entry.getString("at") + entry.getString("text")));
      after = part.getJsonObject("meta").getString("next");
    } while (!after.isEmpty());
    JsonArray whole = site.owner().get(api + "/timeline?limit=100").body().getJsonArray("data");
    assertThat(seen)
        .hasSize(whole.size())
        .isSortedAccordingTo((a, b) -> b.substring(0, 20).compareTo(a.substring(0, 20)));
    assertThat(whole.encode())
        .contains(
            "signed in with device",
            "about the timeline",
            "admin_update_user by admin " + site.owner().id(),
            "127.0.0.1");
    assertThat(site.admin().get("/admin/users/" + eve.id() + "/timeline").body())
        .contains("signed in with device", "127.0.0.1");
    assertThat(withRole(site, "moderator").get("/admin/users/" + eve.id() + "/timeline").body())
        .contains("signed in with device")
        .doesNotContain("127.0.0.1", "admin_update_user by");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void setsAddressesOfPlayersAndPasswordsOfLobbies(Site site) throws Exception {
    RestPlayer eve = player(site, "addressed-eve");
    String page = "/admin/users/" + eve.id();
    String address = "eve@example.com";
    HttpResponse<String> asked =
        site.admin().submit(page + "/edit", page + "/email", "email", address);
    assertThat(site.admin().confirm(asked).statusCode()).isEqualTo(303);
    assertThat(site.admin().get(page).body()).contains(address);
    HttpResponse<String> taken =
        site.admin().submit(page + "/edit", page + "/email", "email", "owner@example.com");
    assertThat(site.admin().confirm(taken).body()).contains("Another player has this address");
    assertThat(
            site.admin()
                .confirm(site.admin().submit(page + "/edit", page + "/email", "email", "no"))
                .statusCode())
        .isEqualTo(422);
    assertThat(audited(site, "admin_set_user_email").toString()).doesNotContain(address);
    ConsoleBrowser admin = withRole(site, "admin");
    String owner = "/admin/users/" + site.owner().id();
    HttpResponse<String> above =
        admin.submit(owner + "/edit", owner + "/email", "email", "taken.over@example.com");
    assertThat(admin.confirm(above).statusCode()).isEqualTo(403);
    HttpResponse<String> own =
        site.admin().submit(owner + "/edit", owner + "/email", "email", "own@example.com");
    assertThat(site.admin().confirm(own).body()).contains("/users/settings");
    assertThat(site.admin().get(owner).body()).doesNotContain("own@example.com");

    long lobby = id(eve.post("/api/v1/lobbies", JsonObject.of("title", "secret")));
    String edit = "/admin/lobbies/" + lobby;
    assertThat(
            site.admin()
                .submit(edit + "/edit", edit + "/password", "password", "sesame street")
                .statusCode())
        .isEqualTo(303);
    assertThat(site.admin().get(edit).body()).contains("protected");
    RestPlayer guest = player(site, "addressed-guest");
    String join = "/api/v1/lobbies/" + lobby + "/join";
    assertThat(guest.post(join, new JsonObject()).status()).isEqualTo(403);
    assertThat(guest.post(join, JsonObject.of("password", "sesame street")).ok()).isTrue();
    assertThat(audited(site, "admin_update_lobby").toString()).doesNotContain("sesame");
    site.admin().submit(edit + "/edit", edit + "/password", "password", "");
    assertThat(site.admin().get(edit).body()).doesNotContain("protected");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void sendsATestEmailToTheAdminAlone(Site site) {
    HttpResponse<String> page = site.admin().get("/admin/email");
    assertThat(page.body()).contains("Send a test to me", "mail.");
    assertThat(site.admin().submit("/admin/email", "/admin/email/test").statusCode())
        .isEqualTo(303);
    assertThat(audited(site, "admin_test_email")).isNotEmpty();
    ConsoleBrowser viewer = withRole(site, "viewer");
    assertThat(viewer.get("/admin/email").body()).doesNotContain("Send a test to me");
    assertThat(viewer.submit("/admin/users", "/admin/email/test").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsWhatTheApiAnswersToAPlayerAndChangesNothing(Site site) throws Exception {
    RestPlayer eve = player(site, "viewed-eve");
    String page = "/admin/users/" + eve.id() + "/view-as";
    assertThat(site.admin().get(page).body()).contains(page + "/answer?path=%2Fapi%2Fv1%2Fme");
    for (String path :
        List.of(
            "/api/v1/me",
            "/api/v1/lobbies?page_size=3",
            "/api/v1/me/friends",
            "/api/v1/groups/me")) {
      HttpResponse<String> answer = site.admin().get(page + "/answer?path=" + encoded(path));
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(new JsonObject(answer.body())).as(path).isEqualTo(eve.get(path).body());
    }
    String api = "/api/v1/admin/users/" + eve.id() + "/view_as?path=";
    assertThat(site.owner().get(api + encoded("/api/v1/me")).body())
        .isEqualTo(eve.get("/api/v1/me").body());
    assertThat(site.owner().get(api + encoded("/api/v1/me/sessions")).status()).isEqualTo(200);
    var once =
        Pattern.compile("requests_seconds_count\\{[^}]*route=\"/api/v1/me/sessions\"[^}]*} 1\\b");
    Eventually.holds(() -> once.matcher(site.node().get("/metrics").body()).find());
    String paged = "/api/v1/groups?page=2&page_size=4";
    assertThat(site.owner().get(api + encoded(paged)).body()).isEqualTo(eve.get(paged).body());
    for (String path :
        List.of(
            "/api/v1/admin/users",
            "/api/v1//admin/users",
            "/api/v1/me/export",
            "/admin",
            "https://example.com",
            "/api/v1/../../admin")) {
      assertThat(site.admin().get(page + "/answer?path=" + encoded(path)).statusCode())
          .as(path)
          .isEqualTo(422);
      assertThat(site.owner().get(api + encoded(path)).status()).as(path).isEqualTo(422);
    }
    assertThat(audited(site, "admin_view_as_user").toString())
        .contains("users/" + eve.id(), "/api/v1/me");
    ConsoleBrowser viewer = withRole(site, "viewer");
    assertThat(viewer.get(page + "/answer?path=%2Fapi%2Fv1%2Fme").statusCode()).isEqualTo(403);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsAndClosesTheSocketsOfAPlayer(Site site) throws Exception {
    RestPlayer eve = player(site, "socket-eve");
    String page = "/admin/users/" + eve.id() + "/connections";
    assertThat(site.admin().get(page).body()).contains("No socket of this player is open");
    try (var first = PhoenixClient.connect(site.node().port(), eve.token());
        var second = PhoenixClient.connect(site.node().port(), eve.token())) {
      assertThat(first.join("user:" + eve.id()).isOk()).isTrue();
      assertThat(second.join("lobbies").isOk()).isTrue();
      String shown = site.admin().get(page).body();
      assertThat(shown).contains("user:" + eve.id(), "lobbies", "/socket/websocket");
      JsonObject listed =
          site.owner().get("/api/v1/admin/users/" + eve.id() + "/connections").body();
      assertThat(listed.getJsonArray("data")).hasSize(2);
      JsonObject one =
          listed.getJsonArray("data").stream()
              .map(JsonObject.class::cast)
              .filter(socket -> socket.getJsonArray("topics").contains("lobbies"))
              .findFirst()
              .orElseThrow();
      // One is closed on the page, and the other through the API.
      String close =
          Pattern.compile(page + "/[^/\"]+/(\\d+)/close")
              .matcher(shown)
              .results()
              .filter(path -> Long.parseLong(path.group(1)) != one.getLong("id"))
              .map(MatchResult::group)
              .findFirst()
              .orElseThrow();
      HttpResponse<String> asked = site.admin().submit(page, close);
      assertThat(site.admin().confirm(asked).statusCode()).isEqualTo(303);
      JsonObject disconnect =
          JsonObject.of("node", one.getString("node"), "connection_id", one.getLong("id"));
      String api = "/api/v1/admin/users/" + eve.id() + "/actions/disconnect";
      assertThat(site.owner().post(api, disconnect).ok()).isTrue();
      Eventually.holds(
          () -> site.admin().get(page).body().contains("No socket of this player is open"));
      assertThat(site.owner().post(api, disconnect).status()).isEqualTo(404);
      assertThat(
              site.owner()
                  .post(
                      api,
                      JsonObject.of("node", "no-such-node", "connection_id", one.getLong("id")))
                  .status())
          .isEqualTo(404);
    }
    assertThat(audited(site, "admin_disconnect_user")).isNotEmpty();
  }
}
