package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The pages of the console over HTTP, on both databases. */
final class ConsolePagesTest {
  private static final String HOSTILE = "\"><b>Eve</b> =1+1";
  private static final int PLAYERS = 60;
  private static final String METRICS_TOKEN = "the token of the metrics of this test";
  private static final int STATEMENTS_MAX = 6;
  private static final Pattern READS =
      Pattern.compile("rookery_store_(?:lane_)?read_seconds_count(?:\\{[^}]*})? ([0-9.E+]+)");
  private static final Pattern STATEMENTS =
      Pattern.compile("rookery_store_statement_seconds_count(?:\\{[^}]*})? ([0-9.E+]+)");

  /** What every admin may see and do, whatever their permissions. */
  private static final Set<String> FOR_ALL =
      Set.of(
          "/admin/appearance",
          "/admin/end-session",
          "/admin/search",
          "/admin/bulk",
          "/admin/bulk/:job",
          "/admin/bulk/:job/cancel",
          "/admin/views",
          "/admin/views/:id",
          "/admin/views/:id/delete");

  private static final List<String> LISTS =
      List.of(
          "/admin/users",
          "/admin/sessions",
          "/admin/friends",
          "/admin/groups",
          "/admin/parties",
          "/admin/lobbies",
          "/admin/leaderboards",
          "/admin/achievements",
          "/admin/kv",
          "/admin/notifications",
          "/admin/notifications/broadcasts",
          "/admin/chat",
          "/admin/chat/queue",
          "/admin/chat/mutes",
          "/admin/bulk",
          "/admin/views",
          "/admin/email",
          "/admin/search");

  private static final List<Site> SITES = new ArrayList<>();

  /** A node with data of every kind. */
  private record Site(
      String database,
      TestNode node,
      ConsoleBrowser admin,
      RestPlayer owner,
      RestPlayer eve,
      long lobby,
      long group,
      long party) {
    @Override
    public String toString() {
      return database;
    }

    String player() {
      return "/admin/users/" + eve.id();
    }
  }

  static Stream<Site> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() throws Exception {
    for (var database : Databases.locations().toList()) {
      SITES.add(createSite(database));
    }
  }

  private static Site createSite(Databases.TestDatabase database) throws Exception {
    TestNode node = TestNode.start(database, Map.of("METRICS_TOKEN", METRICS_TOKEN));
    ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
    for (int i = 0; i < PLAYERS; i++) {
      signIn(node, "player " + i);
    }
    RestPlayer eve = signIn(node, "eve");
    assertThat(
            eve.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", HOSTILE))
                .ok())
        .isTrue();
    long lobby = id(eve.post("/api/v1/lobbies", JsonObject.of("title", HOSTILE)));
    long group = id(eve.post("/api/v1/groups", JsonObject.of("title", HOSTILE)));
    RestPlayer leader = signIn(node, "player 1");
    long party = id(leader.post("/api/v1/parties", new JsonObject()));
    RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
    return new Site(database.toString(), node, admin, owner, eve, lobby, group, party);
  }

  private static RestPlayer signIn(TestNode node, String device) throws Exception {
    return RestPlayer.signIn(
        TestNode.client(), URI.create("http://127.0.0.1:" + node.port()), device);
  }

  private static long id(RestPlayer.Response created) {
    assertThat(created.ok()).as(created.toString()).isTrue();
    JsonObject body = created.body();
    return body.containsKey("id") ? body.getLong("id") : body.getJsonObject("data").getLong("id");
  }

  @AfterAll
  static void stop() {
    SITES.forEach(site -> site.node().close());
  }

  private static List<String> allPages(Site site) {
    var pages = new ArrayList<>(LISTS);
    String player = site.player();
    pages.addAll(
        List.of(
            player,
            player + "/edit",
            player + "/ban",
            player + "/sessions",
            player + "/friends",
            player + "/groups",
            player + "/chat",
            player + "/notifications",
            player + "/achievements",
            player + "/data",
            player + "/timeline",
            player + "/notes",
            player + "/connections",
            player + "/view-as",
            player + "/log",
            "/admin/test-players",
            "/admin/lobbies/new",
            "/admin/lobbies/" + site.lobby(),
            "/admin/lobbies/" + site.lobby() + "/edit",
            "/admin/groups/" + site.group(),
            "/admin/groups/" + site.group() + "/edit",
            "/admin/parties/new",
            "/admin/parties/" + site.party(),
            "/admin/parties/" + site.party() + "/edit",
            "/admin/leaderboards/new",
            "/admin/achievements/new",
            "/admin/kv/new",
            "/admin/translations",
            "/admin/translations/ar",
            "/admin/notifications/broadcasts/new",
            "/admin/chat/filter",
            "/admin/chat/filter/new",
            "/admin/notifications/new"));
    return pages;
  }

  @ParameterizedTest
  @MethodSource("sites")
  void everyPageIsSafeAndSmall(Site site) {
    for (String path : allPages(site)) {
      HttpResponse<String> page = site.admin().get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertSafe(path, page);
      assertSmall(path, page.body());
    }
  }

  private static void assertSafe(String path, HttpResponse<String> page) {
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertThat(policy)
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "*", "http:");
    assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(page.headers().firstValue("cross-origin-opener-policy")).contains("same-origin");
    String body = page.body();
    assertThat(body)
        .as(path)
        .contains("<html lang=\"en\"", "<main id=\"main\"")
        .doesNotContain("<style", " style=", "javascript:", "<b>Eve");
    assertThat(findAll(body, "<script([^>]*)>"))
        .as(path)
        .allMatch(script -> script.contains("src=\"/admin/assets/"));
    assertThat(findAll(body, "<h1>")).as(path).hasSize(1);
    assertThat(findAll(body, "\\sid=\"([^\"]+)\"")).as(path).doesNotHaveDuplicates();
    assertThat(findAll(body, "(<form[^>]*method=\"post\")"))
        .as(path)
        .hasSameSizeAs(findAll(body, "(name=\"_csrf_token\")"));
  }

  private static List<String> findAll(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.groupCount() == 0 ? found.group() : found.group(1))
        .toList();
  }

  private static void assertSmall(String path, String page) {
    assertThat(page.length()).as(path).isLessThan(60 << 10);
    assertThat(compressed(page)).as(path).isLessThan(12 << 10);
    assertThat(findAll(page, "<[a-z]").size()).as(path).isLessThan(1_500);
  }

  private static int compressed(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.size();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void noPageCostsMoreThanItsStatements(Site site) {
    for (String path : allPages(site)) {
      double least = Double.MAX_VALUE;
      // The least of many, because the node works for itself, too.
      for (int i = 0; i < 100 && least > STATEMENTS_MAX; i++) {
        double before = statements(site);
        site.admin().get(path);
        least = Math.min(least, statements(site) - before);
      }
      assertThat(least).as(path).isLessThanOrEqualTo(STATEMENTS_MAX);
    }
  }

  private static double statements(Site site) {
    String metrics = site.node().get("/metrics", "authorization", "Bearer " + METRICS_TOKEN).body();
    return sum(READS, metrics) + sum(STATEMENTS, metrics);
  }

  private static double sum(Pattern series, String metrics) {
    return series
        .matcher(metrics)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  /** All routes as they are registered; nothing is asked of the bus for that. */
  private static List<Registered> routes() {
    var settings = new ConsoleSettings("Game", "node", "1", false, null, false, "secret");
    return new Console(
            null, null, null, null, settings, DomainSections.of(null, InstantSource.system()))
        .routes();
  }

  @Test
  void everyRouteHasOnePermission() {
    var seen = new ArrayList<String>();
    for (Registered route : routes()) {
      seen.add(route.method() + " " + route.path());
      if (route.access() instanceof Access.Needs(var permission)) {
        boolean form = route.method() == HttpMethod.POST;
        assertThat(form && permission.isRead()).as(route.path()).isFalse();
      } else {
        assertThat(FOR_ALL).contains(route.path());
      }
    }
    assertThat(seen).hasSizeGreaterThan(70).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void refusesEachRouteWithoutItsPermissionAndNamesIt(Site site) throws Exception {
    ConsoleBrowser moderator = withRole(site, RoleTemplate.MODERATOR);
    String token = ConsoleBrowser.csrfToken(moderator.get("/admin/users").body());
    int refused = 0;
    for (Registered route : routes()) {
      if (route.access() instanceof Access.Needs(var permission)
          && !RoleTemplate.MODERATOR.may(permission)) {
        String path = route.path().replaceAll(":\\w+", "1");
        HttpResponse<String> answer =
            route.method() == HttpMethod.POST
                ? moderator.post(path, token, "_confirmed", "yes")
                : moderator.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(403);
        assertThat(answer.body()).as(path).contains("permission " + permission.text());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(30);
    assertThat(moderator.get("/admin/users").body())
        .contains("href=\"/admin/lobbies\"")
        .doesNotContain("href=\"/admin/kv\"", "owner@example.com", "/admin/users/export");
    assertThat(audited(site, "console_refused")).contains("missing_permission");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsModeratorsFromOwnersAndLongBans(Site site) throws Exception {
    ConsoleBrowser moderator = withRole(site, RoleTemplate.MODERATOR);
    String eve = site.player() + "/ban";
    assertThat(moderator.submit(eve, eve, "reason", "spam", "hours", "").body())
        .contains("at most 720");
    HttpResponse<String> owner = moderator.submit("/admin/users/1", "/admin/users/1/end-sessions");
    HttpResponse<String> refused = moderator.confirm(owner);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("permissions that you lack");
    assertThat(site.admin().get("/admin/users").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void writesWhatIsDoneAndReadIntoTheAuditLog(Site site) throws Exception {
    RestPlayer oscar = signIn(site.node(), "oscar");
    String player = "/admin/users/" + oscar.id();
    HttpResponse<String> asked = site.admin().submit(player, player + "/delete");
    site.admin().confirm(asked, "_typed", "Player " + oscar.id(), "_reason", "as Oscar asked");
    assertThat(audited(site, "admin_delete_user")).contains("as Oscar asked", "console", "done");
    site.admin().get(site.player() + "/chat");
    assertThat(audited(site, "console_read_chat")).contains("users/" + site.eve().id());
    site.admin().get("/admin/users/export?format=csv&q=is:banned");
    assertThat(audited(site, "console_export_players")).contains("is:banned");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void hidesAddressesFromRolesWithoutPersonalData(Site site) throws Exception {
    String address = "192.0.2.77";
    String network = HexFormat.of().formatHex(address.getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> asked =
        site.admin().submit("/admin/limits", "/admin/limits/" + network + "/forget");
    assertThat(site.admin().confirm(asked).statusCode()).isEqualTo(303);
    LoggerFactory.getLogger(ConsolePagesTest.class).warn("client {} came too often", address);
    String lines = "/admin/logs?text=came+too+often";
    Eventually.holds(() -> site.admin().get(lines).body().contains(address));

    var analyst = new ConsoleBrowser(site.node());
    RestPlayer api = grant(site, RoleTemplate.ANALYST, analyst);
    analyst.openConsole();
    for (String path :
        List.of(
            "/admin",
            "/admin/audit",
            "/admin/audit/export?format=csv",
            lines,
            "/admin/logs/download")) {
      assertThat(site.admin().get(path).body()).as(path).contains(address);
      HttpResponse<String> page = analyst.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body()).as(path).doesNotContain(address);
    }
    assertThat(analyst.get(lines).body()).contains("client [address] came too often");
    // Nor is it found by searching for it.
    assertThat(analyst.get("/admin/logs?text=192.0.2.7").body()).doesNotContain("too often");
    assertThat(analyst.get("/admin/audit?q=target%3Alimits%2F" + address).body())
        .doesNotContain("admin_forget_limited");
    String listed = "/api/v1/admin/audit?action=admin_forget_limited";
    assertThat(api.get(listed).body().encode()).contains("limits/hidden").doesNotContain(address);
    assertThat(site.owner().get(listed).body().encode()).contains("limits/" + address);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsWhatIsSearchedForOutOfTheAuditLog(Site site) throws Exception {
    site.admin().get("/admin/users/export?format=csv&q=eve%40example.com+is:banned");
    assertThat(audited(site, "console_export_players"))
        .contains("*** is:banned")
        .doesNotContain("eve@example.com");
  }

  private static String audited(Site site, String action) throws Exception {
    return site.owner().get("/api/v1/admin/audit?action=" + action).body().encode();
  }

  /** A browser with the console, whose player has got the role from the owner. */
  private static ConsoleBrowser withRole(Site site, RoleTemplate role) throws Exception {
    var browser = new ConsoleBrowser(site.node());
    grant(site, role, browser);
    return browser.openConsole();
  }

  /** Registers a player with the browser, has the owner give them the role, and signs in. */
  private static RestPlayer grant(Site site, RoleTemplate role, ConsoleBrowser browser)
      throws Exception {
    String email = role.name() + SITES.size() + System.nanoTime() + "@example.com";
    browser.register(email);
    RestPlayer player = ConsoleBrowser.signInToApi(site.node(), email);
    assertThat(
            site.owner()
                .send(
                    "PUT",
                    "/api/v1/admin/admins/" + player.id(),
                    JsonObject.of("role", role.name()))
                .ok())
        .isTrue();
    return player;
  }

  @ParameterizedTest
  @MethodSource("sites")
  void sendsStrangersToTheSignIn(Site site) {
    var stranger = new ConsoleBrowser(site.node());
    for (String path : List.of("/admin/users", "/admin/no-such-page")) {
      HttpResponse<String> answer = stranger.get(path);
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(answer.headers().firstValue("location").orElseThrow())
          .startsWith("/admin/sign-in?return_to=%2Fadmin%2F");
    }
    assertThat(stranger.get("/admin/users", "x-part", "list").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void explainsUnknownPagesAndThings(Site site) {
    for (String path :
        List.of(
            "/admin/no-such-page",
            "/admin/users/999999999",
            "/admin/users/abc",
            "/admin/lobbies/999999999")) {
      HttpResponse<String> page = site.admin().get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(404);
      assertThat(page.body()).as(path).contains("<h1><bdi>Not found</bdi></h1>", "request <code>");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void refusesFormsWithoutTokenAndFromOtherSites(Site site) {
    String action = site.player() + "/end-sessions";
    String token = ConsoleBrowser.csrfToken(site.admin().get("/admin/users").body());

    assertThat(site.admin().post(action, "forged", "_confirmed", "yes").statusCode())
        .isEqualTo(403);
    assertThat(
            site.admin()
                .post(action, token, List.of("sec-fetch-site", "cross-site"), "_confirmed", "yes")
                .statusCode())
        .isEqualTo(403);
    HttpResponse<String> asked = site.admin().post(action, token);
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.body()).contains("End all sessions?");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void pagesThroughPlayersForwardsAndBackwards(Site site) {
    var seen = new ArrayList<String>();
    String path = "/admin/users?size=25&sort=id";
    String first = "";
    while (!path.isEmpty()) {
      String page = site.admin().get(path).body();
      List<String> ids = findAll(page, "<tr role=\"row\" id=\"list-(\\d+)\"");
      first = first.isEmpty() ? String.join(",", ids) : first;
      seen.addAll(ids);
      path = link(page, "next");
      if (path.isEmpty()) {
        String back = site.admin().get(link(page, "prev")).body();
        String start = site.admin().get(link(back, "prev")).body();
        assertThat(String.join(",", findAll(start, "<tr role=\"row\" id=\"list-(\\d+)\"")))
            .isEqualTo(first);
        assertThat(link(start, "prev")).isEmpty();
      }
    }
    assertThat(seen).hasSizeGreaterThan(PLAYERS).doesNotHaveDuplicates();
  }

  private static String link(String page, String rel) {
    List<String> found = findAll(page, "rel=\"" + rel + "\" href=\"([^\"]+)\"");
    return found.isEmpty() ? "" : ConsoleBrowser.unescaped(found.getFirst());
  }

  @ParameterizedTest
  @MethodSource("sites")
  void findsPlayersByWordsKeysAndOrder(Site site) {
    String eve = "list-" + site.eve().id() + "\"";
    for (String query :
        List.of(
            "q=%22%5C%22%3E%3Cb%22".replace("%5C%22", ""),
            "q=" + site.eve().id(),
            "q=lobby:" + site.lobby(),
            "q=-is:banned+lobby:" + site.lobby(),
            "q=created:%3E2000-01-01+lobby:" + site.lobby(),
            "sort=-name&size=25",
            "sort=-id&size=25")) {
      HttpResponse<String> page = site.admin().get("/admin/users?" + query);
      assertThat(page.statusCode()).as(query).isEqualTo(200);
      if (query.contains("lobby") || query.startsWith("q=" + site.eve().id())) {
        assertThat(page.body()).as(query).contains(eve);
      }
    }
    assertThat(site.admin().get("/admin/users?q=is:admin").body())
        .contains("1 row")
        .doesNotContain(eve);
    assertThat(site.admin().get("/admin/users?q=owner@example.com").body()).contains("1 row");
    assertThat(site.admin().get("/admin/users?q=is:online").statusCode()).isEqualTo(200);
    assertThat(site.admin().get("/admin/users?q=provider:discord").body())
        .contains("No player matches");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void namesTheWordOfASearchThatIsWrong(Site site) {
    HttpResponse<String> page = site.admin().get("/admin/users?q=nokey:1");

    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body()).contains("there is no filter key “nokey”", "aria-invalid=\"true\"");
    assertThat(site.admin().get("/admin/users?q=created:soon").statusCode()).isEqualTo(422);
    assertThat(site.admin().get("/admin/users?sort=email").statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void answersOneBlockToAScript(Site site) {
    HttpResponse<String> part = site.admin().get("/admin/users?size=25", "x-part", "list");

    assertThat(part.statusCode()).isEqualTo(200);
    assertThat(part.body().strip()).startsWith("<section id=\"list\"").endsWith("</section>");
    assertThat(part.headers().firstValue("vary").orElseThrow()).contains("x-part");
    assertThat(site.admin().get("/admin/users", "x-part", "nosuch").statusCode()).isEqualTo(404);
    assertThat(site.admin().get("/admin/users", "x-part", "../x").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void exportsPlayersWithoutFormulas(Site site) {
    HttpResponse<String> csv =
        site.admin().get("/admin/users/export?format=csv&q=lobby:" + site.lobby());

    assertThat(csv.headers().firstValue("content-disposition").orElseThrow())
        .contains("players.csv");
    assertThat(csv.body()).startsWith("id,uuid,display_name").contains("\"\"\"><b>Eve</b> =1+1\"");
    HttpResponse<String> json = site.admin().get("/admin/users/export?format=ndjson");
    assertThat(json.body().lines().map(JsonObject::new)).hasSizeGreaterThan(PLAYERS);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void editsAPlayerAndShowsAConflict(Site site) throws Exception {
    RestPlayer bob = signIn(site.node(), "bob");
    String player = "/admin/users/" + bob.id();
    String form = site.admin().get(player + "/edit").body();
    String revision = findAll(form, "name=\"_revision\" value=\"(\\d+)\"").getFirst();

    HttpResponse<String> saved =
        site.admin()
            .submit(
                player + "/edit",
                player + "/edit",
                "_revision",
                revision,
                "_read.display_name",
                "",
                "display_name",
                "Bob",
                "metadata",
                "{\"a\": 1}",
                "_read.metadata",
                "");
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
    String page = site.admin().get(saved.headers().firstValue("location").orElseThrow()).body();
    assertThat(page).contains("The player was saved.", "<bdi>Bob</bdi>", "&quot;a&quot;");

    HttpResponse<String> conflict =
        site.admin()
            .submit(
                player + "/edit",
                player + "/edit",
                "_revision",
                revision,
                "_read.display_name",
                "",
                "display_name",
                "Robert");
    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(conflict.body()).contains("Nothing was overwritten", "Robert", "Bob");
    assertThat(site.admin().get(player).body()).contains("<bdi>Bob</bdi>");

    String now = findAll(conflict.body(), "name=\"_revision\" value=\"(\\d+)\"").getFirst();
    HttpResponse<String> merged =
        site.admin()
            .post(
                player + "/edit",
                ConsoleBrowser.csrfToken(conflict.body()),
                "_revision",
                now,
                "_read.display_name",
                "Bob",
                "_theirs.display_name",
                "Bob",
                "_mine.display_name",
                "Robert",
                "_keep.display_name",
                "mine");
    assertThat(merged.statusCode()).isEqualTo(303);
    assertThat(site.admin().get(player).body()).contains("<bdi>Robert</bdi>");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsErrorsAtTheFieldsOfARefusedForm(Site site) {
    String path = site.player() + "/edit";
    HttpResponse<String> refused = site.admin().submit(path, path, "metadata", "{broken");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("Nothing was saved.", "is not a JSON object", "{broken", "f-metadata-error");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void bansAndUnbansAPlayerAfterConfirmation(Site site) throws Exception {
    RestPlayer mallory = signIn(site.node(), "mallory");
    String player = "/admin/users/" + mallory.id();
    HttpResponse<String> asked =
        site.admin().submit(player + "/ban", player + "/ban", "reason", "spam", "hours", "2");
    assertThat(asked.body()).contains("cannot sign in for 2 hours");
    assertThat(mallory.get("/api/v1/me").ok()).isTrue();

    assertThat(site.admin().confirm(asked).statusCode()).isEqualTo(303);
    assertThat(site.admin().get(player).body()).contains("banned", "spam");
    assertThat(site.admin().get(player + "/log").body()).contains("admin_ban_user", "done");
    assertThat(site.admin().get("/admin/users?q=is:banned").body())
        .contains("list-" + mallory.id() + "\"");

    HttpResponse<String> unban = site.admin().submit(player, player + "/unban");
    assertThat(site.admin().confirm(unban).statusCode()).isEqualTo(303);
    assertThat(site.admin().get(player).body()).doesNotContain("spam");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void actsAsATestPlayerAndAsNobodyElse(Site site) {
    String form = "/admin/test-players";
    HttpResponse<String> created = site.admin().submit(form, form, "display_name", "Tess");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(303);
    String location = created.headers().firstValue("location").orElseThrow();
    String player = location.substring(0, location.indexOf('?'));
    assertThat(site.admin().get(player).body()).contains("test, offline");
    String id = player.substring(player.lastIndexOf('/') + 1);
    assertThat(site.admin().get("/admin/users?q=is:test").body())
        .contains("list-" + id + "\"")
        .doesNotContain("list-" + site.eve().id() + "\"");
    assertThat(site.admin().get("/admin/users?q=-is:test&size=100").body())
        .doesNotContain("list-" + id + "\"")
        .contains("list-" + site.eve().id() + "\"");

    HttpResponse<String> token = site.admin().submit(player, player + "/token");
    String access = findAll(token.body(), ">(ey[^<]+)</pre>").getFirst();
    assertThat(
            site.node().send("GET", "/api/v1/me", null, "authorization", "Bearer " + access).body())
        .contains("\"id\":" + id + ",");
    assertThat(site.admin().get(player + "/log").body()).doesNotContain(access);
    assertThat(site.admin().get("/admin/audit").body())
        .contains("admin_create_test_player", "admin_create_test_token");
    assertThat(numberedTestPlayer(site, form, "2")).isNotEqualTo(Long.parseLong(id));

    HttpResponse<String> refused = site.admin().submit(form, site.player() + "/token");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("no test player");

    HttpResponse<String> remove = site.admin().submit(player, player + "/remove-test");
    assertThat(site.admin().confirm(remove).statusCode()).isEqualTo(303);
    assertThat(site.admin().get(player).statusCode()).isEqualTo(404);
    assertThat(numberedTestPlayer(site, form, "3"))
        .isNotEqualTo(numberedTestPlayer(site, form, "2"));
  }

  private static long numberedTestPlayer(Site site, String form, String number) {
    HttpResponse<String> token =
        site.admin().submit(form, "/admin/test-players/token", "number", number);
    return new JsonObject(token.body()).getLong("user_id");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void deletesAPlayerOnlyWithTheNameAndAReason(Site site) throws Exception {
    RestPlayer trudy = signIn(site.node(), "trudy");
    String player = "/admin/users/" + trudy.id();
    HttpResponse<String> asked = site.admin().submit(player, player + "/delete");
    assertThat(asked.body()).contains("type <bdi><b>Player " + trudy.id() + "</b></bdi>");

    HttpResponse<String> wrong =
        site.admin().confirm(asked, "_typed", "no", "_reason", "asked for it");
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("does not match");
    HttpResponse<String> without = site.admin().confirm(asked, "_typed", "Player " + trudy.id());
    assertThat(without.body()).contains("A reason is required");
    assertThat(site.admin().get(player).statusCode()).isEqualTo(200);

    RestPlayer victor = signIn(site.node(), "victor");
    HttpResponse<String> several =
        site.admin()
            .submit("/admin/users", "/admin/users/delete", "id", Long.toString(victor.id()));
    assertThat(several.body()).contains("Delete 1 players?");
    site.admin().confirm(several, "_typed", "1", "_reason", "asked for it");
    assertThat(site.admin().get("/admin/users/" + victor.id()).statusCode()).isEqualTo(404);

    HttpResponse<String> deleted =
        site.admin().confirm(asked, "_typed", "Player " + trudy.id(), "_reason", "asked for it");
    assertThat(deleted.statusCode()).isEqualTo(303);
    assertThat(site.admin().get(player).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void endsSelectedSessionsAndSaysWhatWasRefused(Site site) throws Exception {
    RestPlayer walter = signIn(site.node(), "walter");
    String list = site.admin().get("/admin/sessions?q=player:" + walter.id()).body();
    String session = findAll(list, "id=\"list-(\\d+)\"").getFirst();

    assertThat(site.admin().submit("/admin/sessions", "/admin/sessions/end").statusCode())
        .isEqualTo(422);
    HttpResponse<String> asked =
        site.admin()
            .submit(
                "/admin/sessions",
                "/admin/sessions/end",
                "id",
                session,
                "id",
                "999999999",
                "_back",
                "/admin/sessions");
    assertThat(asked.body()).contains("End 2 sessions?");
    HttpResponse<String> done = site.admin().confirm(asked, "_typed", "2", "_reason", "test");
    assertThat(done.statusCode()).isEqualTo(409);
    assertThat(done.body()).contains("1 of 2 sessions are done", "999999999:");
    assertThat(walter.get("/api/v1/me").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void managesContentThroughForms(Site site) {
    ConsoleBrowser admin = site.admin();
    String entry =
        location(
            admin.submit(
                "/admin/kv/new",
                "/admin/kv/new",
                "key",
                "season.rewards",
                "value",
                "{\"gold\": 1.0}",
                "_has.player_write",
                "1"));
    assertThat(admin.get(entry).body()).contains("{&quot;gold&quot;: 1.0}");
    assertThat(
            admin
                .submit("/admin/kv/new", "/admin/kv/new", "key", "season.rewards", "value", "{}")
                .body())
        .contains("has already been taken");

    String achievement =
        location(
            admin.submit(
                "/admin/achievements/new",
                "/admin/achievements/new",
                "slug",
                "first_win",
                "title",
                "First win",
                "progress_target",
                "1"));
    String path = achievement.substring(0, achievement.indexOf('?'));
    assertThat(
            admin
                .submit(path, path + "/grant", "user_id", Long.toString(site.eve().id()))
                .statusCode())
        .isEqualTo(303);
    assertThat(admin.get(site.player() + "/achievements").body()).contains("First win");

    String board =
        location(
            admin.submit(
                "/admin/leaderboards/new",
                "/admin/leaderboards/new",
                "slug",
                "weekly",
                "title",
                "Weekly",
                "sort_order",
                "desc",
                "operator",
                "best"));
    String boardPath = board.substring(0, board.indexOf('?'));
    String score = Long.toString(site.eve().id());
    assertThat(
            admin
                .submit(boardPath, boardPath + "/records", "user_id", score, "score", "4711")
                .statusCode())
        .isEqualTo(303);
    assertThat(admin.get(boardPath).body()).contains("4,711");

    HttpResponse<String> notify =
        admin.submit(
            "/admin/notifications/new",
            "/admin/notifications/new",
            "recipient_id",
            score,
            "title",
            "Welcome");
    assertThat(admin.confirm(notify).statusCode()).isEqualTo(303);
    assertThat(admin.get("/admin/notifications").body()).contains("Welcome");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsRulesOfTheFilter(Site site) {
    ConsoleBrowser admin = site.admin();
    String list = "/admin/chat/filter";
    String form = list + "/new";
    assertThat(admin.submit(form, form, "pattern", "*", "action", "mask").statusCode())
        .isEqualTo(422);
    assertThat(
            location(
                admin.submit(
                    form,
                    form,
                    "pattern",
                    "zap*",
                    "action",
                    "mask",
                    "kind.lobby",
                    "true",
                    "_has.kind.lobby",
                    "1")))
        .contains("rule-saved");
    var link =
        Pattern.compile("href=\"(/admin/chat/filter/\\d+)\"").matcher(admin.get(list).body());
    assertThat(link.find()).isTrue();
    String rule = link.group(1);

    assertThat(admin.submit(list, list + "/test", "kind", "lobby", "text", "zapper!").body())
        .contains("******!");
    assertThat(admin.submit(list, list + "/test", "kind", "group", "text", "zapper!").body())
        .doesNotContain("******!");
    String stale = "1";
    assertThat(
            admin
                .submit(rule, rule, "_revision", stale, "pattern", "zip", "action", "mask")
                .statusCode())
        .isEqualTo(409);
    HttpResponse<String> delete = admin.submit(list, rule + "/delete");
    assertThat(location(admin.confirm(delete))).contains("rule-deleted");
    assertThat(admin.get(list).body()).contains("There is no rule.");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void endsFriendshipsAndLiftsBlocks(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    RestPlayer asks = signIn(site.node(), "player asks");
    RestPlayer asked = signIn(site.node(), "player asked");
    asks.post("/api/v1/friends", JsonObject.of("target_user_id", asked.id()));
    String path = "/admin/friends?q=player:" + asks.id();
    var link =
        Pattern.compile("formaction=\"(/admin/friends/(\\d+)/remove)\"")
            .matcher(admin.get(path + "+state:pending").body());
    assertThat(link.find()).isTrue();
    asked.post("/api/v1/friends/" + link.group(2) + "/block", new JsonObject());
    assertThat(admin.get(path + "+state:pending").body()).contains("No friendships");
    assertThat(admin.get(path + "+created:%3E2020-01-01").body()).contains("blocked by the second");
    assertThat(admin.get("/admin/friends?q=state:blocked").body()).contains(link.group(1));
    assertThat(admin.get("/admin/friends?q=created:yesterday").statusCode()).isEqualTo(422);

    HttpResponse<String> question = admin.submit(path, link.group(1));
    assertThat(location(admin.confirm(question))).contains("friendship-removed");

    assertThat(admin.get(path).body()).contains("No friendships");
    assertThat(asks.post("/api/v1/friends", JsonObject.of("target_user_id", asked.id())).ok())
        .isTrue();
    assertThat(admin.get("/admin/audit?q=action:admin_delete_friendship").body())
        .contains("friendships/" + link.group(2));
  }

  @ParameterizedTest
  @MethodSource("sites")
  void decidesReportsAndMutes(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    RestPlayer rude = signIn(site.node(), "player rude");
    RestPlayer other = signIn(site.node(), "player offended");
    long lobby = id(rude.post("/api/v1/lobbies", JsonObject.of("title", "Rude")));
    other.post("/api/v1/lobbies/" + lobby + "/join", new JsonObject());
    JsonObject message =
        JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", "<i>rude</i>");
    long id = id(rude.post("/api/v1/chat/messages", message));
    other.post(
        "/api/v1/chat/messages/" + id + "/report",
        JsonObject.of("reason", "hate", "text", "<u>see</u>"));

    String queue = admin.get("/admin/chat/queue?q=player:" + rude.id()).body();

    var link = Pattern.compile("href=\"(/admin/chat/queue/\\d+)\"").matcher(queue);
    assertThat(link.find()).as(queue).isTrue();
    String page = link.group(1);
    assertThat(admin.get(page).body())
        .contains("&lt;i&gt;rude&lt;/i&gt;")
        .contains("&lt;u&gt;see&lt;/u&gt;")
        .contains("reported")
        .doesNotContain("<i>rude</i>");
    assertThat(admin.submit(page, page + "/mute", "time", "1 day", "reason", "").statusCode())
        .isEqualTo(422);
    HttpResponse<String> question =
        admin.submit(page, page + "/mute", "time", "1 day", "reason", "hate");
    assertThat(location(admin.confirm(question))).startsWith("/admin/chat/queue?done=");
    assertThat(rude.post("/api/v1/chat/messages", message).status()).isEqualTo(403);
    assertThat(admin.get("/admin/chat/queue?q=player:" + rude.id()).body()).doesNotContain(page);
    String mutes = admin.get("/admin/chat/mutes").body();
    assertThat(mutes).contains("/admin/users/" + rude.id());
    HttpResponse<String> lift =
        admin.submit("/admin/chat/mutes", "/admin/chat/mutes/" + rude.id() + "/lift");
    assertThat(location(admin.confirm(lift))).contains("player-unmuted");
    assertThat(rude.post("/api/v1/chat/messages", message).ok()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void sendsToManyPlayersAndOffersToCancelOnEveryPage(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    String form = "/admin/notifications/broadcasts/new";
    String title = "Server <b>maintenance</b>";
    assertThat(admin.submit(form, form, "audience", "players", "title", title).statusCode())
        .isEqualTo(422);

    HttpResponse<String> question =
        admin.submit(
            form,
            form,
            "audience",
            "online",
            "title",
            title,
            "variants",
            "{\"de\": {\"title\": \"Wartung\"}}");

    assertThat(question.body()).contains("Wartung").doesNotContain(title);
    HttpResponse<String> sent =
        admin.confirm(question, "_typed", "online", "_reason", "the page of the test");
    String page = location(sent);
    page = page.substring(0, page.indexOf('?'));
    assertThat(admin.get(page).body()).contains("waiting");
    String anywhere = admin.get("/admin/lobbies").body();
    assertThat(anywhere).contains(page + "/cancel");
    assertThat(
            admin
                .post(
                    page + "/cancel", ConsoleBrowser.csrfToken(anywhere), "_back", "/admin/lobbies")
                .headers()
                .firstValue("location"))
        .contains("/admin/lobbies?done=broadcast-cancelled");
    assertThat(admin.get("/admin/lobbies").body()).doesNotContain(page + "/cancel");
    assertThat(admin.get("/admin/notifications/broadcasts").body()).contains("cancelled");
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("location").orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void changesLobbiesGroupsAndParties(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    RestPlayer host = signIn(site.node(), "player 2");
    long lobby = id(host.post("/api/v1/lobbies", JsonObject.of("title", "Friday")));
    String path = "/admin/lobbies/" + lobby;
    assertThat(
            admin
                .submit(
                    path + "/edit", path + "/edit", "title", "Saturday", "_read.title", "Friday")
                .statusCode())
        .isEqualTo(303);
    assertThat(admin.get(path).body()).contains("Saturday");
    HttpResponse<String> remove = admin.submit(path, path + "/members/" + host.id() + "/remove");
    assertThat(admin.confirm(remove).statusCode()).isEqualTo(303);

    String group = "/admin/groups/" + site.group();
    assertThat(
            admin
                .submit(
                    group + "/edit",
                    group + "/edit",
                    "description",
                    "Changed here",
                    "_read.description",
                    "")
                .statusCode())
        .isEqualTo(303);
    assertThat(admin.get(group).body()).contains("Changed here");

    RestPlayer leader = signIn(site.node(), "player 3");
    long party = id(leader.post("/api/v1/parties", new JsonObject()));
    HttpResponse<String> disband =
        admin.submit("/admin/parties/" + party, "/admin/parties/" + party + "/disband");
    assertThat(admin.confirm(disband).statusCode()).isEqualTo(303);
    assertThat(admin.get("/admin/parties/" + party).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void findsPagesPlayersAndLobbies(Site site) {
    assertThat(site.admin().get("/admin/search?q=lobb").body()).contains("href=\"/admin/lobbies\"");
    assertThat(site.admin().get("/admin/search?q=" + site.eve().id()).body())
        .contains("href=\"" + site.player() + "\"");
    assertThat(site.admin().get("/admin/search?q=%23" + site.lobby()).body())
        .contains("href=\"/admin/lobbies/" + site.lobby() + "\"");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsTheChosenColours(Site site) {
    assertThat(
            site.admin()
                .submit(
                    "/admin/users",
                    "/admin/appearance",
                    "theme",
                    "dark",
                    "_back",
                    "/admin/users?size=25")
                .headers()
                .firstValue("location"))
        .contains("/admin/users?size=25");
    assertThat(site.admin().get("/admin/users").body()).contains("class=\"theme-dark\"");
    HttpResponse<String> elsewhere =
        site.admin()
            .submit(
                "/admin/users", "/admin/appearance", "theme", "system", "_back", "//evil.example");
    assertThat(elsewhere.headers().firstValue("location")).contains("/admin");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void servesImmutableAssets(Site site) {
    String page = site.admin().get("/admin/users").body();
    String sheet = findAll(page, "<link rel=\"stylesheet\" href=\"([^\"]+)\"").getFirst();
    HttpResponse<String> css = site.node().get(sheet);

    assertThat(css.statusCode()).isEqualTo(200);
    assertThat(css.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    assertThat(css.headers().firstValue("content-type").orElseThrow()).startsWith("text/css");
    assertThat(site.node().get("/admin/players?q=a").headers().firstValue("location"))
        .contains("/admin/users?q=a");
  }
}
