package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about what is played and about the code of games, over HTTP, on both databases. */
final class PlayPagesTest {
  private static final String MATCHES = "/admin/matches";
  private static final String METRICS_TOKEN = "the token of the metrics of this test";
  private static final int STATEMENTS_MAX = 6;
  private static final List<String> STATEMENTS =
      List.of("rookery_store_read_seconds_count", "rookery_store_statement_seconds_count");
  private static final List<Site> SITES = new ArrayList<>();

  private record Site(ConsoleSite console, RoomPlayer host, RoomPlayer guest) {
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

    RestPlayer owner() {
      return console.owner();
    }

    String match() {
      return MATCHES + "/" + host.room();
    }
  }

  static Stream<Site> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() {
    Databases.locations().forEach(database -> SITES.add(createSite(database)));
  }

  private static Site createSite(Databases.TestDatabase database) {
    var console = ConsoleSite.start(database, Map.of("METRICS_TOKEN", METRICS_TOKEN));
    TestNode node = console.node();
    RoomPlayer host = RoomPlayer.signIn(node, "host");
    RoomPlayer guest = RoomPlayer.signIn(node, "guest");
    RoomPlayer.start(node, host, node, guest);
    host.place(0, 0, "client_1").receive("batch_applied");
    guest.receive("batch_applied");
    guest.place(1, 1, "client_1").receive("batch_applied");
    return new Site(console, host, guest);
  }

  @AfterAll
  static void stop() {
    SITES.forEach(
        site -> {
          site.host().close();
          site.guest().close();
          site.console().stop();
        });
  }

  private static List<Registered> routes() {
    var console =
        new ConsoleRouter(
            null,
            null,
            null,
            null,
            new ConsoleSettings("Game", "node", "1", false, null, false, "secret"));
    var live = new LiveViews(null, new SimpleMeterRegistry());
    PlaySections.of(null, new Changes(null), InstantSource.system(), live, 1 << 20)
        .forEach(section -> section.register(console));
    return console.routes();
  }

  @Test
  void everyRouteHasOnePermission() {
    var seen = new ArrayList<String>();
    for (Registered route : routes()) {
      seen.add(route.method() + " " + route.path());
      assertThat(route.access()).isInstanceOf(Access.Needs.class);
      if (route.access() instanceof Access.Needs(var permission)) {
        boolean form = route.method() == HttpMethod.POST;
        assertThat(form && permission.isRead()).as(route.path()).isFalse();
      }
    }
    assertThat(seen).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void refusesEachRouteWithoutItsPermissionAndForgedForms(Site site) throws Exception {
    ConsoleBrowser moderator = site.console().withRole(RoleTemplate.MODERATOR);
    String token = ConsoleBrowser.csrfToken(moderator.get(MATCHES).body());
    String own = ConsoleBrowser.csrfToken(site.admin().get(MATCHES).body());
    for (Registered route : routes()) {
      String path = route.path().replaceAll(":\\w+", "1");
      boolean form = route.method() == HttpMethod.POST;
      if (route.access() instanceof Access.Needs(var permission)
          && !RoleTemplate.MODERATOR.may(permission)) {
        var answer = form ? moderator.post(path, token, "_confirmed", "yes") : moderator.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(403);
        assertThat(answer.body()).as(path).contains("permission " + permission.text());
      }
      if (form && route.uploadBytesMax() == 0) {
        assertThat(site.admin().post(path, "forged").statusCode()).as(path).isEqualTo(403);
        assertThat(
                site.admin().post(path, own, List.of("sec-fetch-site", "cross-site")).statusCode())
            .as(path)
            .isEqualTo(403);
      }
    }
  }

  static void assertSafe(String path, HttpResponse<String> page) {
    assertThat(page.statusCode()).as(path + page.body()).isEqualTo(200);
    assertThat(page.body())
        .as(path)
        .contains("<h1>")
        .doesNotContain("<style", " style=", "javascript:", "onclick=");
    assertThat(page.body().length()).as(path).isLessThan(60 << 10);
    assertThat(
            Pattern.compile("\\sid=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .map(found -> found.group(1)))
        .as(path)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void findsRooms(Site site) {
    String row = "id=\"list-" + site.host().room() + "\"";
    for (String query :
        List.of(
            "",
            "state:active",
            "game:tic-tac-toe",
            "node:single",
            "player:" + site.guest().user(),
            site.host().room())) {
      var page = site.admin().get(MATCHES + "?q=" + query);
      assertSafe(query, page);
      assertThat(page.body()).as(query).contains(row, "2 of 2");
    }
    for (String query : List.of("state:closed", "game:none", "node:other", "player:0", "none")) {
      var page = site.admin().get(MATCHES + "?q=" + query);
      assertThat(page.body()).as(query).contains("No room matches").doesNotContain(row);
    }
    assertThat(site.admin().get(MATCHES + "?q=version:1").body()).contains("add “game:”");
    assertThat(site.admin().get(MATCHES + "?q=player:ann").statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void pagesThroughRooms(Site site) throws Exception {
    for (int i = 0; i < 30; i++) {
      String opened =
          site.node()
              .post(
                  "/api/dev/rooms",
                  "{}",
                  "authorization",
                  "Bearer " + RoomPlayer.signIn(site.node(), "many").accessToken())
              .body();
      assertThat(opened).contains("roomID");
    }
    var next = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
    var rows = Pattern.compile("<tr role=\"row\" id=\"list-([^\"]+)\"");
    var seen = new ArrayList<String>();
    String path = MATCHES + "?size=25";
    while (!path.isEmpty()) {
      String page = site.admin().get(path).body();
      rows.matcher(page).results().forEach(found -> seen.add(found.group(1)));
      var link = next.matcher(page);
      path = link.find() ? ConsoleBrowser.unescaped(link.group(1)) : "";
    }
    assertThat(seen).hasSizeGreaterThan(30).doesNotHaveDuplicates().contains(site.host().room());
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsTheMatchAtAnyRevision(Site site) throws Exception {
    var now = site.admin().get(site.match());
    assertSafe(site.match(), now);
    assertThat(now.body())
        .contains("data-live=\"match?room=" + site.host().room() + "\"")
        .contains("max=\"2\"", "placeMark", "What spectators see", "from the beginning of the log")
        .doesNotContain("&quot;col&quot;");
    var past = site.admin().get(site.match() + "?at=1");
    assertThat(past.body()).contains("Revision 1</h2>", "Changed by this step", "<ins>");
    assertThat(ConsoleSite.location(site.admin().get(site.match() + "?at=1&go=previous")))
        .endsWith("?at=0");
    assertThat(ConsoleSite.location(site.admin().get(site.match() + "?at=2&go=next")))
        .endsWith("?at=2");
    assertThat(ConsoleSite.location(site.admin().get(site.match() + "?at=1&go=last")))
        .doesNotContain("at=");
    var part = site.admin().get(site.match() + "?at=1", "x-part", "moment");
    assertThat(part.body()).contains("id=\"moment\"").doesNotContain("<html");
    assertThat(site.admin().get(site.match() + "?at=99").statusCode()).isEqualTo(404);
    assertThat(site.admin().get(MATCHES + "/none").statusCode()).isEqualTo(404);

    ConsoleBrowser moderator = site.console().withRole(RoleTemplate.MODERATOR);
    assertThat(moderator.get(site.match()).body())
        .contains("What spectators see")
        .doesNotContain("/secret", "/fork", "/close");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsWhatIsWatchedUpToDate(Site site) {
    ConsoleBrowser admin = site.admin();
    try (var socket =
        PhoenixClient.open(
            site.node().port(),
            LiveConsoleTest.path(LiveConsoleTest.ticket(admin)),
            LiveConsoleTest.origin(),
            LiveConsoleTest.cookies(admin))) {
      String match = "console:match?room=" + site.host().room();
      assertThat(socket.join(match).isOk()).isTrue();
      JsonObject now = socket.await(match, "live");
      assertThat(now.getJsonObject("values").getString("revision")).isEqualTo("2");
      assertThat(now.getJsonObject("parts").getString("moment")).isEqualTo("2");
      String fixed = match + "&at=fixed";
      assertThat(socket.join(fixed).isOk()).isTrue();
      assertThat(socket.await(fixed, "live").containsKey("parts")).isFalse();

      String page = admin.get(MATCHES + "?q=state:active").body();
      var region = Pattern.compile("data-live=\"(matches[^\"]*)\"").matcher(page);
      assertThat(region.find()).isTrue();
      String list = "console:" + ConsoleBrowser.unescaped(region.group(1));
      assertThat(socket.join(list).isOk()).isTrue();
      assertThat(page)
          .contains(
              "data-part-version=\""
                  + socket.await(list, "live").getJsonObject("parts").getString("list")
                  + "\"");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsViewsOfSeatsAndRecordsWhoReadThem(Site site) throws Exception {
    String secret = site.match() + "/secret";
    var page = site.admin().get(secret + "?at=2&seat=1");
    assertSafe(secret, page);
    assertThat(page.body())
        .contains("What player 1 sees", "myMark", "&quot;col&quot;")
        .doesNotContain("data-live");
    assertThat(ConsoleSite.location(site.admin().get(secret + "?at=2&seat=1&go=first")))
        .endsWith("?at=0&seat=1");
    assertThat(site.console().audited("admin_match_at"))
        .contains("matches/" + site.host().room(), "\"permission\":\"matches.secret\"");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void noPageCostsMoreThanItsStatements(Site site) {
    for (String path :
        List.of(
            MATCHES,
            site.match(),
            site.match() + "?at=1",
            site.match() + "/room",
            "/admin/matchmaking",
            "/admin/extensions",
            "/admin/games",
            "/admin/scripts",
            "/admin/scripts/create_lobby",
            "/admin/jobs")) {
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
    return site.node().metrics(STATEMENTS, "authorization", "Bearer " + METRICS_TOKEN);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsTheRoom(Site site) {
    var page = site.admin().get(site.match() + "/room");
    assertSafe("room", page);
    assertThat(page.body())
        .contains("/admin/users/" + site.host().user(), "connected", "single, epoch 1");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void forksEndsResetsAndClosesAMatch(Site site) throws Exception {
    var asked = site.admin().submit(site.match(), site.match() + "/fork", "revision", "1");
    assertThat(asked.body()).contains("Fork from revision 1?");
    String forked = ConsoleSite.location(site.admin().confirm(asked)).split("\\?")[0];
    assertThat(forked).startsWith(MATCHES + "/room_").isNotEqualTo(site.match());
    assertThat(site.console().audited("admin_fork_match"))
        .contains("matches/" + site.host().room());
    assertThat(site.admin().get(forked).body()).contains("max=\"1\"");
    assertThat(site.admin().get(forked + "/room").body()).contains("Goes on from");

    confirmed(site, forked, "/reset", "admin_reset_match");
    assertThat(site.admin().get(forked).body()).contains("max=\"0\"");
    confirmed(site, forked, "/end", "admin_end_match");
    assertThat(site.admin().get(forked + "/room").body()).contains(">lobby<");
    confirmed(site, forked, "/close", "admin_close_match");
    assertThat(site.admin().get(forked + "/room").body()).contains(">closed<");

    String api = "/api/v1/admin/matches/" + forked.substring(MATCHES.length() + 1);
    assertThat(site.owner().get(api).body().getJsonObject("data").getString("phase"))
        .isEqualTo("closed");
    assertThat(site.owner().post(api + "/reset", new JsonObject()).status()).isEqualTo(409);
    assertThat(site.owner().post("/api/v1/admin/matches/none/end", new JsonObject()).status())
        .isEqualTo(404);
  }

  private static void confirmed(Site site, String match, String action, String audited)
      throws Exception {
    var asked = site.admin().submit(match + "/room", match + action);
    assertThat(site.admin().confirm(asked, "_typed", "no", "_reason", "test").statusCode())
        .isEqualTo(422);
    ConsoleSite.location(
        site.admin().confirm(asked, "_typed", "tic-tac-toe", "_reason", "a test of it"));
    assertThat(site.console().audited(audited)).contains("a test of it", "done");
  }
}
