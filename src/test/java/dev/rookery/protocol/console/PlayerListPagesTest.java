package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of players, and the page of one: search, edit, ban, delete. */
final class PlayerListPagesTest {
  private static final String HOSTILE = "\"><b>Eve</b> =1+1";
  private static final int PLAYERS = 60;
  private static final List<Site> SITES = new ArrayList<>();

  /** A node with players, one of whom has a hostile name and a lobby. */
  private record Site(ConsoleSite console, RestPlayer eve, long lobby) {
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
    for (ConsoleSite console : ConsoleSite.startAll(Map.of())) {
      for (int i = 0; i < PLAYERS; i++) {
        console.player("player " + i);
      }
      RestPlayer eve = console.namedPlayer("eve", HOSTILE);
      long lobby = ConsoleSite.id(eve.post("/api/v1/lobbies", JsonObject.of("title", HOSTILE)));
      SITES.add(new Site(console, eve, lobby));
    }
  }

  @AfterAll
  static void stop() {
    SITES.forEach(site -> site.console().stop());
  }

  @ParameterizedTest
  @MethodSource("sites")
  void pagesThroughPlayersForwardsAndBackwards(Site site) {
    var seen = new ArrayList<String>();
    String path = "/admin/users?size=25&sort=id";
    String first = "";
    while (!path.isEmpty()) {
      String page = site.admin().get(path).body();
      List<String> ids = ConsoleSite.findAll(page, "<tr role=\"row\" id=\"list-(\\d+)\"");
      first = first.isEmpty() ? String.join(",", ids) : first;
      seen.addAll(ids);
      path = link(page, "next");
      if (path.isEmpty()) {
        String back = site.admin().get(link(page, "prev")).body();
        String start = site.admin().get(link(back, "prev")).body();
        assertThat(
                String.join(",", ConsoleSite.findAll(start, "<tr role=\"row\" id=\"list-(\\d+)\"")))
            .isEqualTo(first);
        assertThat(link(start, "prev")).isEmpty();
      }
    }
    assertThat(seen).hasSizeGreaterThan(PLAYERS).doesNotHaveDuplicates();
  }

  private static String link(String page, String rel) {
    List<String> found = ConsoleSite.findAll(page, "rel=\"" + rel + "\" href=\"([^\"]+)\"");
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
    RestPlayer bob = site.console().player("bob");
    String player = "/admin/users/" + bob.id();
    String form = site.admin().get(player + "/edit").body();
    String revision = ConsoleSite.findAll(form, "name=\"_revision\" value=\"(\\d+)\"").getFirst();

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

    String now =
        ConsoleSite.findAll(conflict.body(), "name=\"_revision\" value=\"(\\d+)\"").getFirst();
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
    RestPlayer mallory = site.console().player("mallory");
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
    String access = ConsoleSite.findAll(token.body(), ">(ey[^<]+)</pre>").getFirst();
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
    RestPlayer trudy = site.console().player("trudy");
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

    RestPlayer victor = site.console().player("victor");
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
    RestPlayer walter = site.console().player("walter");
    String list = site.admin().get("/admin/sessions?q=player:" + walter.id()).body();
    String session = ConsoleSite.findAll(list, "id=\"list-(\\d+)\"").getFirst();

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
}
