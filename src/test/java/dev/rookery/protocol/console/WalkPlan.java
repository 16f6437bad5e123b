package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.protocol.console.LinkWalk.LoadedPage;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code walk.mjs} shows in a browser: the pages that there are, found by their links, and for
 * each of them who may open it. One page of each route and tab is enough: {@link RoleWalkTest}
 * opens more of them.
 */
final class WalkPlan {
  private static final String API = "/api/v1/";
  private static final int PAGES_PER_CHOSEN = 8;
  private static final String NAME = "<i>Owls</i> \u05d0\u05d1 with a name of many words";
  private static final ConsoleRouter.Page NOT_CALLED = _ -> Future.failedFuture("not called");

  /** States of pages that only a form leads to. */
  private static final List<String> CONSOLE_STATES =
      List.of(
          "/admin/users?q=is:admin",
          "/admin/search?q=e",
          "/admin/streams?topic=lobby:1&tab=resume&epoch=1&offset=1",
          "/admin/theme?look=dark",
          "/admin/connect?tab=unity&device=try-abcdefghijkl",
          "/admin/explorer/admin_ban_user?lang=java");

  private static final List<String> PLAYER_PAGES =
      List.of(
          "/",
          "/users/settings",
          "/users/settings/friends",
          "/users/settings/groups",
          "/users/settings/notifications",
          "/users/settings/data",
          "/users/settings/delete",
          "/notifications",
          "/chat",
          "/chat/friend/:id/report",
          "/chat/friend/:id",
          "/chat/group/:id",
          "/chat/lobby/:id",
          "/groups",
          "/groups/:id",
          "/achievements",
          "/leaderboards",
          "/leaderboards/:slug",
          "/leaderboards/:slug/:id",
          "/play",
          "/play/lobbies",
          "/play/lobbies/:id",
          "/play/:game",
          "/play/:game/:room",
          "/blog",
          "/blog/:slug",
          "/changelog",
          "/roadmap",
          "/privacy",
          "/terms",
          "/data-deletion");

  private static final List<String> SIGNED_OUT_PAGES =
      List.of(
          "/",
          "/users/log-in",
          "/users/log-in/code",
          "/users/register",
          "/users/reset-password",
          "/users/reset-password/code",
          "/users/confirm/code",
          "/users/settings/confirm-email/code",
          "/leaderboards",
          "/play/lobbies",
          "/admin/sign-in",
          "/dev/mailbox");

  private static final List<String> FACTOR_PAGES = List.of("/admin/factor", "/admin/step-up");

  private static final String THEME =
      """
      {"title": "Tide & Sail", "tagline": "Race on the wind", "changelog": "changes.md",
       "roadmap": "plans.md", "blog": "posts",
       "nav_links": [{"label": "More", "items": [{"label": "Wiki", "href": "/docs"}]}],
       "useful_links": [{"title": "Play now", "url": "/play"}],
       "features": [{"title": "Wind", "description": "It <blows>."}]}
      """;

  /** The console, other parts of the server, files, and pages in other languages. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("/(?:admin|auth|docs|api|blog/feed[.]xml|[a-z]{2}(?:-[A-Z]{2})?)\\b.*");

  private static final Pattern TAB = Pattern.compile("(?:^|&)(tab=[^&]*)");

  private final @Nullable Random chosen;
  private final JsonArray visitors = new JsonArray();
  private final JsonArray pages = new JsonArray();

  /** The settings of a node whose player pages have what a theme can give them. */
  static Map<String, String> settings(Path folder) throws IOException {
    Path theme = Files.createDirectory(folder.resolve("theme"));
    Files.writeString(theme.resolve("config.en.json"), THEME);
    Files.writeString(theme.resolve("changes.md"), "# What is new\n\n## 1.1\n\n- a *boat*\n");
    Files.writeString(theme.resolve("plans.md"), "# Plans\n\n| what | when |\n|---|---|\n|a|b|\n");
    Path posts = Files.createDirectory(theme.resolve("posts"));
    Files.writeString(posts.resolve("2026-11-02-first.md"), "# First & last\n\n`code`\n");
    var settings = new HashMap<>(ConsoleContents.settings(folder));
    settings.put("THEME_CONFIG", theme.resolve("config.json").toString());
    settings.put("MAILBOX_PREVIEW_ENABLED", "true");
    // The clients say nothing while the browser shows what they did.
    settings.put("ROOKERY_SOCKETS_IDLE_TIMEOUT", "10m");
    return settings;
  }

  private WalkPlan(@Nullable Random chosen) {
    this.chosen = chosen;
  }

  /**
   * The five roles of the release, a player, and somebody who is not signed in.
   *
   * @param chosen chooses a share of the pages; null for all of them, which takes minutes
   */
  static String of(ConsoleSite site, ConsoleContents contents, @Nullable Random chosen)
      throws Exception {
    var plan = new WalkPlan(chosen);
    plan.addConsole(site, contents);
    Player player = player(site);
    plan.addPlayerPages(player);
    List<Integer> nobody = List.of(plan.visitor("nobody", ""));
    plan.add(SIGNED_OUT_PAGES, nobody);
    plan.add(List.of(player.lobby()), nobody);
    return JsonObject.of("visitors", plan.visitors, "pages", plan.pages).encode();
  }

  /** An admin with one of the roles, by the number of the visitor. */
  private record Admin(int number, RoleTemplate role, ConsoleBrowser browser) {
    /** What has no permission of its own may belong to some admins, such as a saved view. */
    boolean mayOpen(Registered route, String path) {
      return route.access() instanceof Access.Needs(var permission)
          ? role.may(permission)
          : browser.get(path).statusCode() == 200;
    }
  }

  private void addConsole(ConsoleSite site, ConsoleContents contents) {
    var admins = new ArrayList<Admin>();
    for (RoleTemplate role : RoleTemplate.BUILT_IN) {
      ConsoleBrowser browser = role.equals(RoleTemplate.OWNER) ? site.admin() : site.withRole(role);
      admins.add(new Admin(visitor(role.name(), browser.cookieHeader()), role, browser));
    }
    var starts = new ArrayList<>(contents.pages());
    starts.add("/admin");
    var walk = new LinkWalk(ConsoleRoutes.all(), WalkPlan::tab, 1);
    Stream<String> linked =
        walk.run(site.admin(), _ -> true, starts).stream()
            .filter(LoadedPage::isPage)
            .map(LoadedPage::path);
    for (String path : Stream.concat(linked, CONSOLE_STATES.stream()).toList()) {
      Registered route = walk.find(HttpMethod.GET, path).orElseThrow();
      var visitors = admins.stream().filter(admin -> admin.mayOpen(route, path));
      add(List.of(path), visitors.map(Admin::number).toList());
    }
    List<Integer> owner = List.of(admins.getFirst().number());
    add(FACTOR_PAGES, owner);
    add(List.of("/play/tic-tac-toe/" + contents.room() + "/timeline"), owner);
  }

  /**
   * A player of the server.
   *
   * @param lobby the page of a room of theirs whose match has not begun
   * @param match the page of a room in which they play
   */
  private record Player(ConsoleBrowser browser, String lobby, String match) {}

  private void addPlayerPages(Player player) {
    var routes =
        PLAYER_PAGES.stream()
            .map(path -> new Registered(HttpMethod.GET, path, new Access.Everybody(), NOT_CALLED))
            .toList();
    var walk = new LinkWalk(routes, WalkPlan::tab, 1);
    var starts =
        Stream.concat(
                Stream.of("/leaderboards/coins", player.lobby()),
                PLAYER_PAGES.stream().filter(path -> !path.contains(":")))
            .toList();
    List<LoadedPage> loaded = walk.run(player.browser(), _ -> true, starts);
    assertThat(loaded).allMatch(LoadedPage::isPage);
    assertThat(walk.unseen(loaded)).isEmpty();
    assertThat(loaded.stream().flatMap(LoadedPage::links))
        .as("links to pages that this plan does not know")
        .allMatch(
            link ->
                ELSEWHERE.matcher(link).matches() || walk.find(HttpMethod.GET, link).isPresent());
    Stream<String> paths =
        Stream.concat(loaded.stream().map(LoadedPage::path), Stream.of(player.match()));
    add(paths.toList(), List.of(visitor("player", player.browser().cookieHeader())));
  }

  private static String tab(String query) {
    var tab = TAB.matcher(query);
    return tab.find() ? tab.group(1) : "";
  }

  /** Returns the number of the visitor. */
  private int visitor(String name, String cookies) {
    visitors.add(JsonObject.of("name", name, "cookies", cookies));
    return visitors.size() - 1;
  }

  private void add(List<String> paths, List<Integer> visitors) {
    for (String path : paths) {
      if (chosen != null && chosen.nextInt(PAGES_PER_CHOSEN) != 0) {
        continue;
      }
      pages.add(JsonObject.of("path", path, "visitors", visitors));
    }
  }

  /** A player with a friend, a request, a group, a lobby, messages, notifications and rooms. */
  private static Player player(ConsoleSite site) throws Exception {
    String email = "pat@example.com";
    var browser = new ConsoleBrowser(site.node());
    browser.register(email);
    RestPlayer pat = ConsoleBrowser.signInToApi(site.node(), email);
    RestPlayer friend = site.namedPlayer("friend", NAME);
    done(friend.post(API + "friends", target(pat)));
    done(pat.post(API + "friends", target(friend)));
    done(site.namedPlayer("stranger").post(API + "friends", target(pat)));
    long group = ConsoleSite.id(pat.post(API + "groups", JsonObject.of("title", NAME)));
    long lobby = ConsoleSite.id(pat.post(API + "lobbies", JsonObject.of("title", NAME)));
    say(friend, "friend", pat.id());
    say(pat, "friend", friend.id());
    say(pat, "group", group);
    say(pat, "lobby", lobby);
    done(site.owner().post(API + "admin/notifications", site.notification(pat, NAME)));
    try (var waiting = RoomPlayer.of(pat);
        var playing = RoomPlayer.of(pat);
        var guest = RoomPlayer.signIn(site.node(), "guest")) {
      waiting.open(site.node());
      RoomPlayer.start(site.node(), playing, site.node(), guest);
      return new Player(browser, page(waiting), page(playing));
    }
  }

  private static String page(RoomPlayer inRoom) {
    return "/play/tic-tac-toe/" + inRoom.room();
  }

  private static void say(RestPlayer from, String type, long to) throws Exception {
    var message = JsonObject.of("chat_type", type, "chat_ref_id", to, "content", NAME);
    done(from.post(API + "chat/messages", message));
  }

  private static JsonObject target(RestPlayer player) {
    return JsonObject.of("target_user_id", player.id());
  }

  private static void done(RestPlayer.Response answer) {
    assertThat(answer.ok()).as(answer.toString()).isTrue();
  }
}
