package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.protocol.kamon.RelayClient;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
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
  private static final Pattern STATEMENTS =
      Pattern.compile("rookery_store_(?:read|statement)_seconds_count(?:\\{[^}]*})? ([0-9.E+]+)");
  private static final List<Site> SITES = new ArrayList<>();

  private record Site(
      String database,
      TestNode node,
      ConsoleBrowser admin,
      RestPlayer owner,
      RoomPlayer host,
      RoomPlayer guest) {
    @Override
    public String toString() {
      return database;
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
    TestNode node = TestNode.start(database, Map.of("METRICS_TOKEN", METRICS_TOKEN));
    ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
    RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
    RoomPlayer host = RoomPlayer.signIn(node, "host");
    RoomPlayer guest = RoomPlayer.signIn(node, "guest");
    RoomPlayer.start(node, host, node, guest);
    host.place(0, 0, "client_1").receive("batch_applied");
    guest.receive("batch_applied");
    guest.place(1, 1, "client_1").receive("batch_applied");
    return new Site(database.toString(), node, admin, owner, host, guest);
  }

  @AfterAll
  static void stop() {
    SITES.forEach(
        site -> {
          site.host().close();
          site.guest().close();
          site.node().close();
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

  private static ConsoleBrowser withRole(Site site, RoleTemplate role) throws Exception {
    var browser = new ConsoleBrowser(site.node());
    String email = role.name() + System.nanoTime() + "@example.com";
    browser.register(email);
    long player = ConsoleBrowser.signInToApi(site.node(), email).id();
    assertThat(
            site.owner()
                .send("PUT", "/api/v1/admin/admins/" + player, JsonObject.of("role", role.name()))
                .ok())
        .isTrue();
    return browser.openConsole();
  }

  private static String audited(Site site, String action) throws Exception {
    return site.owner().get("/api/v1/admin/audit?action=" + action).body().encode();
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("location").orElseThrow();
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
    ConsoleBrowser moderator = withRole(site, RoleTemplate.MODERATOR);
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

  private static void assertSafe(String path, HttpResponse<String> page) {
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
    assertThat(location(site.admin().get(site.match() + "?at=1&go=previous"))).endsWith("?at=0");
    assertThat(location(site.admin().get(site.match() + "?at=2&go=next"))).endsWith("?at=2");
    assertThat(location(site.admin().get(site.match() + "?at=1&go=last"))).doesNotContain("at=");
    var part = site.admin().get(site.match() + "?at=1", "x-part", "moment");
    assertThat(part.body()).contains("id=\"moment\"").doesNotContain("<html");
    assertThat(site.admin().get(site.match() + "?at=99").statusCode()).isEqualTo(404);
    assertThat(site.admin().get(MATCHES + "/none").statusCode()).isEqualTo(404);

    ConsoleBrowser moderator = withRole(site, RoleTemplate.MODERATOR);
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
    assertThat(location(site.admin().get(secret + "?at=2&seat=1&go=first")))
        .endsWith("?at=0&seat=1");
    assertThat(audited(site, "admin_match_at"))
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
    return STATEMENTS
        .matcher(site.node().get("/metrics", "authorization", "Bearer " + METRICS_TOKEN).body())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
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
    String forked = location(site.admin().confirm(asked)).split("\\?")[0];
    assertThat(forked).startsWith(MATCHES + "/room_").isNotEqualTo(site.match());
    assertThat(audited(site, "admin_fork_match")).contains("matches/" + site.host().room());
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
    location(site.admin().confirm(asked, "_typed", "tic-tac-toe", "_reason", "a test of it"));
    assertThat(audited(site, audited)).contains("a test of it", "done");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void saysWhyATicketIsNotMatchedAndCancelsIt(Site site) throws Exception {
    try (var ann = GameFlowClient.connect(site.node(), "Ann");
        var ben = GameFlowClient.connect(site.node(), "Ben")) {
      ann.send("matchmaking:find", "mode", "quiz", "region", "eu", "size", 2)
          .receive("matchmaking:searching");
      ben.send("matchmaking:find", "mode", "quiz", "region", "us", "size", 2)
          .receive("matchmaking:searching");
      String path = "/admin/matchmaking";
      var list = site.admin().get(path + "?q=region:eu");
      assertSafe(path, list);
      assertThat(list.body()).contains(">Ann<", "quiz").doesNotContain(">Ben<");
      var pools = site.admin().get(path + "/pools");
      assertSafe(path + "/pools", pools);
      assertThat(pools.body()).contains("region%3A%22eu%22");

      var row = Pattern.compile("id=\"list-([0-9a-f-]{36})\"").matcher(list.body());
      assertThat(row.find()).isTrue();
      String ticket = path + "/tickets/" + row.group(1);
      var why = site.admin().get(ticket);
      assertSafe(ticket, why);
      assertThat(why.body())
          .contains("not matched: 1 more compatible players are needed")
          .contains("Rules that refuse", "region", "never");

      var cancel = site.admin().submit(ticket, ticket + "/cancel");
      location(site.admin().confirm(cancel));
      assertThat(ann.receive("matchmaking:error")).isNotNull();
      assertThat(audited(site, "admin_cancel_matchmaking_ticket")).contains(row.group(1));
      assertThat(site.admin().get(ticket).statusCode()).isEqualTo(404);
      simulates(site, path);
    }
  }

  private static void simulates(Site site, String path) throws Exception {
    String simulate = path + "/simulate";
    assertSafe(simulate, site.admin().get(simulate + "?mode=quiz"));
    String[] ticket = {
      "mode", "quiz", "region", "us", "size", "2", "party", "1", "mu", "25", "sigma", "8"
    };
    var matched = site.admin().submit(simulate, simulate, ticket);
    assertThat(matched.body()).contains("matched with", "fits");
    assertThat(audited(site, "admin_simulate_matchmaking")).contains("quiz");
    ticket[5] = "3";
    var odd = site.admin().submit(simulate, simulate, ticket);
    assertThat(odd.statusCode()).isEqualTo(422);
    assertThat(odd.body()).contains("must be even");

    String api = "/api/v1/admin/matchmaking";
    JsonObject report =
        site.owner()
            .post(
                api + "/simulate",
                JsonObject.of("mode", "quiz", "region", "us", "size", 2, "mu", 900, "sigma", 8))
            .body()
            .getJsonObject("data");
    assertThat(report.getJsonArray("matched_with")).isEmpty();
    assertThat(report.getJsonArray("mismatches").getJsonObject(0).getString("criterion"))
        .isEqualTo("skill");
    JsonObject tickets = site.owner().get(api + "/tickets?mode=quiz").body();
    assertThat(tickets.getJsonArray("data")).hasSize(1);
    assertThat(site.owner().get(api + "/pools").body().encode()).contains("quiz");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void listsAndClosesRoomsOfTheRelay(Site site) throws Exception {
    String relay = "/admin/relay";
    try (var socket = RelayClient.register(site.node(), "a-long-name", 1)) {
      Eventually.holds(() -> site.admin().get(relay).body().contains("a-long-name"));
      assertSafe(relay, site.admin().get(relay));
      assertThat(site.admin().get(relay + "?q=other").body()).contains("No rooms");
      hidesNamesOfRoomsOfTheRelay(site, relay);
      String close = relay + "/close?room=a-long-name";
      var asked = site.admin().submit(relay, close);
      location(site.admin().confirm(asked, "_typed", "a-long-name", "_reason", "abuse"));
      assertThat(socket.receiveCloseCode()).isEqualTo(1008);
      assertThat(audited(site, "admin_close_relay_room")).contains("abuse", "done");
      Eventually.holds(() -> site.admin().get(relay).body().contains("No rooms"));
      assertThat(
              site.owner()
                  .post("/api/v1/admin/relay/close", JsonObject.of("room", "none"))
                  .status())
          .isEqualTo(404);
      assertThat(site.owner().get("/api/v1/admin/relay").body().getJsonArray("data")).isEmpty();
    }
  }

  /** Whoever knows the name of a room can take a seat in it. */
  private static void hidesNamesOfRoomsOfTheRelay(Site site, String relay) throws Exception {
    String page = withRole(site, RoleTemplate.VIEWER).get(relay).body();
    assertThat(page)
        .contains("***", "their names need relay.close")
        .doesNotContain("a-long-name", "relay/close");
    RestPlayer viewer =
        RestPlayer.signIn(TestNode.client(), site.node().uri(""), "viewer" + System.nanoTime());
    var role = JsonObject.of("role", RoleTemplate.VIEWER.name());
    assertThat(site.owner().send("PUT", "/api/v1/admin/admins/" + viewer.id(), role).ok()).isTrue();
    for (String prefix : List.of("a-long", "other")) {
      assertThat(viewer.get("/api/v1/admin/relay?prefix=" + prefix).body().getJsonArray("data"))
          .hasSize(1)
          .first()
          .extracting(room -> ((JsonObject) room).getString("room"))
          .isEqualTo("***");
    }
  }
}
