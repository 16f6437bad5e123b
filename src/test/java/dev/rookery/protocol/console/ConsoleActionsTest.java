package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What admins do by the forms of the console, what keeps them from more, and what the audit log
 * tells of it.
 */
final class ConsoleActionsTest {
  private static final List<Site> SITES = new ArrayList<>();

  /** A node with a player who has a group. */
  private record Site(ConsoleSite console, RestPlayer eve, long group) {
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
      RestPlayer eve = console.player("eve");
      long group = ConsoleSite.id(eve.post("/api/v1/groups", JsonObject.of("title", "Friends")));
      SITES.add(new Site(console, eve, group));
    }
  }

  @AfterAll
  static void stop() {
    SITES.forEach(site -> site.console().stop());
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsModeratorsFromOwnersAndLongBans(Site site) throws Exception {
    ConsoleBrowser moderator = site.console().withRole(RoleTemplate.MODERATOR);
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
    RestPlayer oscar = site.console().player("oscar");
    String player = "/admin/users/" + oscar.id();
    HttpResponse<String> asked = site.admin().submit(player, player + "/delete");
    site.admin().confirm(asked, "_typed", "Player " + oscar.id(), "_reason", "as Oscar asked");
    assertThat(site.console().audited("admin_delete_user"))
        .contains("as Oscar asked", "console", "done");
    site.admin().get(site.player() + "/chat");
    assertThat(site.console().audited("console_read_chat")).contains("users/" + site.eve().id());
    site.admin().get("/admin/users/export?format=csv&q=is:banned");
    assertThat(site.console().audited("console_export_players")).contains("is:banned");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void hidesAddressesFromRolesWithoutPersonalData(Site site) throws Exception {
    String address = "192.0.2.77";
    String network = HexFormat.of().formatHex(address.getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> asked =
        site.admin().submit("/admin/limits", "/admin/limits/" + network + "/forget");
    assertThat(site.admin().confirm(asked).statusCode()).isEqualTo(303);
    LoggerFactory.getLogger(ConsoleActionsTest.class).warn("client {} came too often", address);
    String lines = "/admin/logs?text=came+too+often";
    Eventually.holds(() -> site.admin().get(lines).body().contains(address));

    var analyst = new ConsoleBrowser(site.node());
    RestPlayer api = site.console().grant(RoleTemplate.ANALYST, analyst);
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
    assertThat(site.console().audited("console_export_players"))
        .contains("*** is:banned")
        .doesNotContain("eve@example.com");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void managesContentThroughForms(Site site) {
    ConsoleBrowser admin = site.admin();
    String entry =
        ConsoleSite.location(
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
        ConsoleSite.location(
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
        ConsoleSite.location(
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
            ConsoleSite.location(
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
    assertThat(ConsoleSite.location(admin.confirm(delete))).contains("rule-deleted");
    assertThat(admin.get(list).body()).contains("There is no rule.");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void endsFriendshipsAndLiftsBlocks(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    RestPlayer asks = site.console().player("player asks");
    RestPlayer asked = site.console().player("player asked");
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
    assertThat(ConsoleSite.location(admin.confirm(question))).contains("friendship-removed");

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
    RestPlayer rude = site.console().player("player rude");
    RestPlayer other = site.console().player("player offended");
    long lobby = ConsoleSite.id(rude.post("/api/v1/lobbies", JsonObject.of("title", "Rude")));
    other.post("/api/v1/lobbies/" + lobby + "/join", new JsonObject());
    JsonObject message =
        JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", "<i>rude</i>");
    long id = ConsoleSite.id(rude.post("/api/v1/chat/messages", message));
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
    assertThat(ConsoleSite.location(admin.confirm(question))).startsWith("/admin/chat/queue?done=");
    assertThat(rude.post("/api/v1/chat/messages", message).status()).isEqualTo(403);
    assertThat(admin.get("/admin/chat/queue?q=player:" + rude.id()).body()).doesNotContain(page);
    String mutes = admin.get("/admin/chat/mutes").body();
    assertThat(mutes).contains("/admin/users/" + rude.id());
    HttpResponse<String> lift =
        admin.submit("/admin/chat/mutes", "/admin/chat/mutes/" + rude.id() + "/lift");
    assertThat(ConsoleSite.location(admin.confirm(lift))).contains("player-unmuted");
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
    String page = ConsoleSite.location(sent);
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

  @ParameterizedTest
  @MethodSource("sites")
  void changesLobbiesGroupsAndParties(Site site) throws Exception {
    ConsoleBrowser admin = site.admin();
    RestPlayer host = site.console().player("player 2");
    long lobby = ConsoleSite.id(host.post("/api/v1/lobbies", JsonObject.of("title", "Friday")));
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

    RestPlayer leader = site.console().player("player 3");
    long party = ConsoleSite.id(leader.post("/api/v1/parties", new JsonObject()));
    HttpResponse<String> disband =
        admin.submit("/admin/parties/" + party, "/admin/parties/" + party + "/disband");
    assertThat(admin.confirm(disband).statusCode()).isEqualTo(303);
    assertThat(admin.get("/admin/parties/" + party).statusCode()).isEqualTo(404);
  }
}
