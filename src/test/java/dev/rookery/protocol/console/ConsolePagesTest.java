package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the console over HTTP, on both databases. */
final class ConsolePagesTest {
  private static final String HOSTILE = "\"><b>Eve</b> =1+1";
  private static final int PLAYERS = 60;
  private static final String METRICS_TOKEN = "the token of the metrics of this test";
  private static final int STATEMENTS_MAX = 6;
  private static final List<String> LANE = List.of("rookery_store_lane_read_seconds_count");
  private static final List<String> STATEMENTS =
      List.of(
          "rookery_store_read_seconds_count",
          LANE.getFirst(),
          "rookery_store_statement_seconds_count");

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
  private record Site(ConsoleSite console, RestPlayer eve, long lobby, long group, long party) {
    @Override
    public String toString() {
      return console.toString();
    }

    TestNode node() {
      return console.node();
    }

    ConsoleBrowser admin() {
      return console.admin();
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
    var console = ConsoleSite.start(database, Map.of("METRICS_TOKEN", METRICS_TOKEN));
    for (int i = 0; i < PLAYERS; i++) {
      console.player("player " + i);
    }
    RestPlayer eve = console.namedPlayer("eve", HOSTILE);
    long lobby = ConsoleSite.id(eve.post("/api/v1/lobbies", JsonObject.of("title", HOSTILE)));
    long group = ConsoleSite.id(eve.post("/api/v1/groups", JsonObject.of("title", HOSTILE)));
    RestPlayer leader = console.player("player 1");
    long party = ConsoleSite.id(leader.post("/api/v1/parties", new JsonObject()));
    return new Site(console, eve, lobby, group, party);
  }

  @AfterAll
  static void stop() {
    SITES.forEach(site -> site.console().stop());
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
    assertThat(ConsoleSite.findAll(body, "<script([^>]*)>"))
        .as(path)
        .allMatch(script -> script.contains("src=\"/admin/assets/"));
    assertThat(ConsoleSite.findAll(body, "<h1>")).as(path).hasSize(1);
    assertThat(ConsoleSite.findAll(body, "\\sid=\"([^\"]+)\"")).as(path).doesNotHaveDuplicates();
    assertThat(ConsoleSite.findAll(body, "(<form[^>]*method=\"post\")"))
        .as(path)
        .hasSameSizeAs(ConsoleSite.findAll(body, "(name=\"_csrf_token\")"));
  }

  private static void assertSmall(String path, String page) {
    assertThat(page.length()).as(path).isLessThan(60 << 10);
    assertThat(compressed(page)).as(path).isLessThan(12 << 10);
    assertThat(ConsoleSite.findAll(page, "<[a-z]").size()).as(path).isLessThan(1_500);
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
  void readsTheListsOfTheApiApartFromTheGame(Site site) throws Exception {
    RestPlayer owner = site.console().owner();
    double before = lane(site);
    assertThat(owner.get("/api/v1/admin/users").ok()).isTrue();
    assertThat(lane(site)).isGreaterThan(before);
  }

  private static double lane(Site site) {
    return site.node().metrics(LANE, "authorization", "Bearer " + METRICS_TOKEN);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void noPageCostsMoreThanItsStatements(Site site) {
    double before = statements(site);
    for (String path : allPages(site)) {
      double least = Double.MAX_VALUE;
      // The least of many, because the node works for itself, too.
      for (int i = 0; i < 100 && least > STATEMENTS_MAX; i++) {
        site.admin().get(path);
        double after = statements(site);
        least = Math.min(least, after - before);
        before = after;
      }
      assertThat(least).as(path).isLessThanOrEqualTo(STATEMENTS_MAX);
    }
  }

  private static double statements(Site site) {
    return site.node().metrics(STATEMENTS, "authorization", "Bearer " + METRICS_TOKEN);
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
    ConsoleBrowser moderator = site.console().withRole(RoleTemplate.MODERATOR);
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
    assertThat(site.console().audited("console_refused")).contains("missing_permission");
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
    assertThat(stranger.get("/admin/users?q=" + "%22".repeat(1_000)).headers().map())
        .containsEntry("location", List.of("/admin/sign-in"));
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
    String sheet =
        ConsoleSite.findAll(page, "<link rel=\"stylesheet\" href=\"([^\"]+)\"").getFirst();
    HttpResponse<String> css = site.node().get(sheet);

    assertThat(css.statusCode()).isEqualTo(200);
    assertThat(css.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    assertThat(css.headers().firstValue("content-type").orElseThrow()).startsWith("text/css");
    assertThat(site.node().get("/admin/players?q=a").headers().firstValue("location"))
        .contains("/admin/users?q=a");
  }
}
