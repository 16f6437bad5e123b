package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages on which players meet, over HTTP and without script. */
final class PlayerPagesTest {
  private static final String PASSWORD = "correct horse";
  private static final String HOSTILE = "<img src=x onerror=alert(1)> \u202Egnp.exe\u202C";
  private static final List<String> SIGNED_IN =
      List.of(
          "/users/settings",
          "/users/settings/friends",
          "/users/settings/groups",
          "/users/settings/notifications",
          "/users/settings/data",
          "/notifications",
          "/chat");
  private static final List<String> PUBLIC =
      List.of("/groups", "/achievements", "/leaderboards", "/leaderboards?show=ended");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void friendsMeetOnTheirPages(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = register(node, "ann", "Ann " + HOSTILE);
      var bob = register(node, "bob", "Bob");
      String bobId = id(bob);
      for (String path : SIGNED_IN) {
        assertSafe(path, ann.get(path));
        assertThat(location(new TestBrowser(node).get(path)))
            .isEqualTo("/users/log-in?return_to=" + path);
      }

      String friends = "/users/settings/friends";
      assertThat(ann.get(friends + "?q=bo").body())
          .contains("aria-label=\"Add friend: Bob\"")
          .contains("Friends (0 of 500)");
      assertDone("friend-requested", ann.submit(friends, friends, "target", bobId));
      HttpResponse<String> self = ann.submit(friends, friends, "target", id(ann));
      assertThat(self.statusCode()).isEqualTo(422);
      assertThat(self.body()).contains("You cannot be your own friend.");

      HttpResponse<String> asked = bob.get("/notifications");
      assertSafe("notifications with a hostile name", asked);
      assertThat(asked.body()).contains("New Friend Request", "1 stored, 1 unread", "1<span");
      String notification = field(asked.body(), "notification");
      assertThat(bob.get(friends).body()).contains("Requests to you (1)");
      assertDone(
          "friend-accept",
          bob.submit(
              "/notifications",
              "/notifications/answer",
              "notification",
              notification,
              "action",
              "accept"));
      assertThat(bob.get("/notifications").body()).contains("1 stored, 0 unread");
      assertSafe("friends with a hostile name", bob.get(friends));
      assertThat(bob.get(friends).body()).contains("Friends (1 of 500)", "Ann &lt;img src=x");

      chat(node, ann, bob);

      String shown = field(bob.get("/notifications").body(), "up_to");
      assertDone(
          "notifications-deleted",
          bob.submit("/notifications", "/notifications/delete-all", "up_to", shown));
      assertThat(bob.get("/notifications").body()).contains("Nothing here.");
      assertDone(
          "friend-remove",
          bob.submit(
              friends,
              friends + "/answer",
              "friendship",
              field(bob.get(friends).body(), "friendship"),
              "action",
              "remove"));
      assertThat(bob.get(friends).body()).contains("Friends (0 of 500)");
    }
  }

  private static void chat(TestNode node, TestBrowser ann, TestBrowser bob) {
    String toBob = "/chat/friend/" + id(bob);
    String toAnn = "/chat/friend/" + id(ann);
    String form = ann.get(toBob).body();
    String key = field(form, "key");
    String ticket = new JsonObject(bob.submit(toAnn, "/live/ticket").body()).getString("ticket");
    String topic = "page:chat:friend:" + id(ann);
    try (var socket =
        PhoenixClient.open(node.port(), live(ticket), "origin: http://localhost", cookies(bob))) {
      assertThat(status(node, bob, ticket, "origin: http://localhost")).isEqualTo(403);
      assertThat(socket.join(topic).isOk()).isTrue();
      assertThat(socket.join("page:chat:group:999").isOk()).isFalse();
      assertThat(socket.join("user:" + id(bob)).isOk()).isFalse();

      // Twice, as by a second press of the button.
      ann.submit(toBob, toBob, "key", key, "content", HOSTILE);
      ann.submit(toBob, toBob, "key", key, "content", HOSTILE);
      socket.await(topic, "changed");
    }
    HttpResponse<String> read = bob.get(toAnn);
    assertSafe(toAnn, read);
    assertThat(read.body().split("class=\"message", -1)).hasSize(3);
    assertThat(bob.get("/chat").body()).doesNotContain("</div><span class=\"count\">");
    assertThat(bob.get("/chat/group/999").statusCode()).isEqualTo(404);

    String message = field(ann.get(toBob).body(), "message");
    String report = toAnn + "/report?message=" + message;
    assertThat(read.body()).contains(report);
    assertSafe(report, bob.get(report));
    assertThat(ann.get(report.replace(toAnn, toBob)).body()).contains("Report the message");
    HttpResponse<String> reported =
        bob.submit(report, toAnn + "/report", "message", message, "reason", "spam", "text", "x");
    assertThat(reported.statusCode()).as(reported.body()).isEqualTo(303);
    assertThat(
            ann.submit(toBob, toBob + "/report", "message", message, "reason", "spam").statusCode())
        .isEqualTo(422);
    assertThat(ann.get(toBob + "?edit=" + message).body()).contains("Change the message");
    assertThat(bob.submit(toAnn, toAnn + "/delete", "message", message).statusCode())
        .as("another's message")
        .isEqualTo(422);
    ann.submit(toBob, toBob + "/edit", "message", message, "content", "better");
    assertThat(bob.get(toAnn).body()).contains("better", "edited");
    mute(ann, bob, toAnn);
    assertDone("message-deleted", ann.submit(toBob, toBob + "/delete", "message", message));
    assertThat(bob.get(toAnn).body()).contains("There are no messages here yet.");
    HttpResponse<String> empty = ann.submit(toBob, toBob, "content", " ");
    assertThat(empty.statusCode()).isEqualTo(422);
    assertThat(empty.body()).contains("role=\"alert\"");
  }

  private static void mute(TestBrowser ann, TestBrowser bob, String toAnn) {
    assertDone("muted", bob.submit(toAnn, toAnn + "/mute", "hours", "8"));
    assertThat(bob.get(toAnn).body()).contains("You are not notified of this conversation until");
    assertDone("unmuted", bob.submit(toAnn, toAnn + "/unmute"));
    String player = id(ann);
    assertDone("muted", bob.submit(toAnn, toAnn + "/mute-player", "player", player));
    assertSafe(toAnn, bob.get(toAnn));
    assertThat(bob.get(toAnn).body()).contains("Message of a player whom you have muted");
    String settings = "/users/settings/notifications";
    assertSafe(settings, bob.get(settings));
    assertThat(bob.get(settings).body()).contains("Muted players and conversations");
    assertDone(
        "unmuted", bob.submit(settings, settings + "/unmute", "kind", "PLAYER", "id", player));
    assertThat(bob.get(settings).body()).doesNotContain("Muted players and conversations");
  }

  @Test
  void refusedSocketsKeepNoPlace() {
    try (var node =
        TestNode.start(Databases.sqlite(), Map.of("ROOKERY_SOCKETS_PER_PLAYER_MAX", "1"))) {
      TestBrowser ann = register(node, "ann", "Ann");
      String origin = "origin: http://localhost";
      try (var socket = PhoenixClient.open(node.port(), live(ticket(ann)), origin, cookies(ann))) {
        assertThat(socket.join("page:notifications").isOk()).isTrue();
        for (int i = 0; i < LiveSockets.PER_PLAYER_MAX; i++) {
          assertThat(status(node, ann, ticket(ann), origin)).isEqualTo(429);
        }
      }
      Eventually.holds(() -> status(node, ann, ticket(ann), origin) == 101);
    }
  }

  private static String ticket(TestBrowser browser) {
    return new JsonObject(browser.submit("/notifications", "/live/ticket").body())
        .getString("ticket");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void groupsAreManagedOnTheirPages(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = register(node, "ann", "Ann");
      var bob = register(node, "bob", "Bob");
      String own = "/users/settings/groups";
      HttpResponse<String> refused = ann.submit(own, own, "title", "", "max_members", "many");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("is not a whole number", "aria-invalid=\"true\"");
      String group =
          location(ann.submit(own, own, "title", HOSTILE, "type", "private", "max_members", "5"))
              .replaceFirst("\\?.*", "");

      assertSafe(group, ann.get(group));
      assertSafe("groups", new TestBrowser(node).get("/groups?title=%3Cimg"));
      assertThat(new TestBrowser(node).get("/groups?type=private&sort=title").body())
          .contains("Groups (1)", "1 of 5 members");
      assertThat(new TestBrowser(node).get(group).body())
          .contains("/users/log-in?return_to=" + group)
          .doesNotContain("Edit the group", "/kick");
      assertThat(location(new TestBrowser(node).get(group + "/join"))).isEmpty();

      assertDone("group-requested", bob.submit(group, group + "/join"));
      assertThat(bob.get(group).body()).contains("You have asked to join.");
      assertThat(bob.get("/chat" + group.replace("groups", "group")).body())
          .contains("You are not in this group.");
      String request = field(ann.get(group).body(), "request");
      assertThat(bob.submit(group, group + "/approve", "request", request).body())
          .contains("Only admins of the group can do this.");
      assertDone("group-approved", ann.submit(group, group + "/approve", "request", request));
      assertThat(bob.get(group).body()).contains("Members (2)", "Leave");
      assertDone("group-promoted", ann.submit(group, group + "/promote", "player", id(bob)));
      assertDone(
          "group-saved",
          bob.submit(
              group,
              group + "/edit",
              "title",
              "Secret",
              "type",
              "hidden",
              "max_members",
              "5",
              "slowdown",
              "30"));
      assertThat(new TestBrowser(node).get(group).statusCode()).isEqualTo(404);
      assertThat(new TestBrowser(node).get("/groups").body()).doesNotContain("Secret");

      String chat = "/chat" + group.replace("groups", "group");
      bob.submit(chat, chat, "content", "one");
      HttpResponse<String> slow = bob.submit(chat, chat, "content", "two");
      assertThat(slow.statusCode()).isEqualTo(429);
      assertThat(slow.body()).contains("Slow mode is on here.", ">two</textarea>");

      String ticket = new JsonObject(ann.submit(chat, "/live/ticket").body()).getString("ticket");
      String topic = "page:chat:" + group.replace("/groups/", "group:");
      try (var socket =
          PhoenixClient.open(node.port(), live(ticket), "origin: http://localhost", cookies(ann))) {
        assertThat(socket.join(topic).isOk()).isTrue();
        assertDone("group-kicked", bob.submit(group, group + "/kick", "player", id(ann)));
        socket.await(topic, "phx_close");
      }
      assertThat(ann.get(group).statusCode()).isEqualTo(404);
      assertDone("group-invited", bob.submit(group, group + "/invite", "player", id(ann)));
      assertThat(ann.get(own).body()).contains("Invites to you (1)");
      assertDone(
          "invite-accepted",
          ann.submit(
              own,
              own + "/invite",
              "invite",
              field(ann.get(own).body(), "invite"),
              "action",
              "accept"));
      assertThat(location(ann.submit(group, group + "/leave"))).isEqualTo(own + "?done=group-left");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void settingsHoldOnEveryWire(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = register(node, "ann", "Ann");
      var bob = register(node, "bob", "Bob");
      for (String path : PUBLIC) {
        assertSafe(path, new TestBrowser(node).get(path));
        assertSafe(path, ann.get(path));
      }
      assertThat(ann.get("/leaderboards/none").statusCode()).isEqualTo(404);
      assertThat(ann.get("/leaderboards/none/7").statusCode()).isEqualTo(404);

      String kinds = "/users/settings/notifications";
      List<String> all = findAll(ann.get(kinds).body(), "name=\"kind\" value=\"(\\d+)\" checked");
      assertThat(all).contains("101").doesNotContain("0");
      var wanted = all.stream().filter(kind -> !kind.equals("101")).toList();
      assertDone(
          "kinds",
          ann.submit(
              kinds,
              kinds,
              wanted.stream()
                  .flatMap(one -> List.of("kind", one).stream())
                  .toArray(String[]::new)));
      assertThat(ann.get(kinds).body())
          .contains("value=\"101\">")
          .contains("value=\"102\" checked");
      String friends = "/users/settings/friends";
      assertDone("friend-requested", bob.submit(friends, friends, "target", id(ann)));
      assertThat(ann.get(friends).body()).contains("Requests to you (1)");
      assertThat(ann.get("/notifications").body()).contains("Nothing here.");

      String settings = "/users/settings";
      HttpResponse<String> nowhere =
          ann.submit(settings, settings + "/time-zone", "time_zone", "Mars/Olympus");
      assertThat(nowhere.statusCode()).isEqualTo(422);
      assertThat(nowhere.body()).contains("is not a time zone");
      assertDone(
          "time-zone", ann.submit(settings, settings + "/time-zone", "time_zone", "Asia/Tokyo"));
      assertThat(ann.get(settings).body())
          .contains("value=\"Asia/Tokyo\" selected", " Asia/Tokyo ·");

      var export = new JsonObject(ann.submit(settings, settings + "/export").body());
      assertThat(export.getJsonArray("profile").getJsonObject(0).getString("time_zone"))
          .isEqualTo("Asia/Tokyo");
      assertThat(export.getJsonArray("muted_notifications").getJsonObject(0).getString("kind"))
          .isEqualTo("friend_request");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void progressIsShownToEverybody(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = register(node, "ann", HOSTILE);
      String token =
          new JsonObject(
                  node.post(
                          "/api/v1/login",
                          JsonObject.of("email", "ann@example.com", "password", PASSWORD).encode())
                      .body())
              .getJsonObject("data")
              .getString("access_token");
      String[] admin = {"authorization", "Bearer " + token};
      String api = "/api/v1/admin";
      var board = JsonObject.of("slug", "weekly", "title", HOSTILE, "operator", "best");
      String first =
          data(node.post(api + "/leaderboards", board.encode(), admin)).getValue("id") + "";
      var score = JsonObject.of("user_id", Long.parseLong(id(ann)), "score", 12_345);
      assertThat(
              node.post(api + "/leaderboards/" + first + "/records", score.encode(), admin)
                  .statusCode())
          .isLessThan(300);
      data(node.post(api + "/leaderboards", board.encode(), admin));
      var achievement = JsonObject.of("slug", "walker", "title", HOSTILE, "progress_target", 10);
      data(node.post(api + "/achievements", achievement.encode(), admin));
      data(
          node.post(
              api + "/achievements",
              JsonObject.of("slug", "secret", "title", "Hidden one", "hidden", true).encode(),
              admin));

      String season = "/leaderboards/weekly/" + first;
      Eventually.holds(() -> ann.get(season).body().contains("Your rank: 1"));
      assertSafe(season, ann.get(season));
      assertThat(ann.get(season).body()).contains("12,345", "Next season", "<tr class=\"own\"");
      for (String show : List.of("around", "friends")) {
        assertThat(ann.get(season + "?show=" + show).body()).as(show).contains("12,345");
      }
      assertThat(new TestBrowser(node).get(season).body())
          .contains("12,345")
          .doesNotContain("Around me", "class=\"own\"");
      assertThat(location(ann.get("/leaderboards/other/" + first))).isEqualTo(season);
      assertSafe("leaderboards", ann.get("/leaderboards"));

      HttpResponse<String> achievements = ann.get("/achievements");
      assertSafe("achievements", achievements);
      assertThat(achievements.body()).contains("0 of 10", "???").doesNotContain("Hidden one");
      assertThat(ann.get("/achievements?show=unlocked").body()).contains("You have unlocked none");
      tellsOfProgress(node, ann, api, admin, first);
    }
  }

  private static void tellsOfProgress(
      TestNode node, TestBrowser ann, String api, String[] admin, String board) {
    String season = "/leaderboards/weekly/" + board;
    String ticket = new JsonObject(ann.submit(season, "/live/ticket").body()).getString("ticket");
    try (var socket =
        PhoenixClient.open(node.port(), live(ticket), "origin: http://localhost", cookies(ann))) {
      String ranks = "page:leaderboard:" + board;
      assertThat(ann.get(season).body()).contains("data-live=\"" + ranks + "\"");
      assertThat(socket.join(ranks).isOk()).isTrue();
      assertThat(socket.join("page:leaderboard:999999").isOk()).isFalse();
      assertThat(socket.join("page:achievements").isOk()).isTrue();

      var score = JsonObject.of("user_id", Long.parseLong(id(ann)), "score", 54_321);
      String records = api + "/leaderboards/" + board + "/records";
      assertThat(node.post(records, score.encode(), admin).statusCode()).isLessThan(300);
      socket.await(ranks, "changed");
      Eventually.holds(() -> ann.get(season, "x-part", "ranking").body().contains("54,321"));
      assertThat(ann.get(season, "x-part", "ranking").body()).doesNotContain("<html");

      var grant = JsonObject.of("user_id", Long.parseLong(id(ann)), "slug", "walker");
      assertThat(node.post(api + "/achievements/unlock", grant.encode(), admin).statusCode())
          .isLessThan(300);
      socket.await("page:achievements", "changed");
      assertThat(ann.get("/achievements", "x-part", "achievements").body())
          .contains("data-status=\"1 unlocked\"");
    }
  }

  private static JsonObject data(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return new JsonObject(answer.body()).getJsonObject("data");
  }

  private static TestBrowser register(TestNode node, String name, String displayName) {
    var browser = new TestBrowser(node);
    browser.submit(
        "/users/register",
        "/users/register",
        "user[email]",
        name + "@example.com",
        "user[password]",
        PASSWORD,
        "user[password_confirmation]",
        PASSWORD,
        "user[display_name]",
        displayName);
    return browser;
  }

  /** What players wrote is text, and the page has no script but a file of this server. */
  private static void assertSafe(String path, HttpResponse<String> page) {
    assertThat(page.statusCode()).as(path).isEqualTo(200);
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'")
        .doesNotContain("unsafe", "*", "http");
    assertThat(page.headers().firstValue("access-control-allow-origin")).isEmpty();
    String body = page.body();
    assertThat(body)
        .as(path)
        .contains("<main id=\"main\"")
        .doesNotContain("<img", "style=", "javascript:", "<script>");
    assertThat(body.replaceAll("\"[^\"]*\"", "\"\""))
        .as(path)
        .doesNotContainPattern("<[^>]*\\son\\w+=");
    assertThat(findAll(body, "\\sid=\"([^\"]+)\"")).as(path).doesNotHaveDuplicates();
    var posts = findAll(body, "<form[^>]*(method=\"post\")");
    assertThat(findAll(body, "(name=\"_csrf_token\")").size())
        .as(path)
        .isGreaterThanOrEqualTo(posts.size());
  }

  private static String id(TestBrowser browser) {
    return findAll(browser.get("/users/settings").body(), "Player ID (\\d+)").getFirst();
  }

  private static String field(String page, String name) {
    return findAll(page, "name=\"" + name + "\" value=\"([^\"]+)\"").getFirst();
  }

  private static void assertDone(String code, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(location(answer)).endsWith("?done=" + code);
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElse("");
  }

  private static String live(String ticket) {
    return "/live/websocket?vsn=2.0.0&ticket=" + ticket;
  }

  private static String cookies(TestBrowser browser) {
    return "cookie: "
        + browser.cookies().entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
  }

  private static int status(TestNode node, TestBrowser browser, String ticket, String origin) {
    try (var socket = RawSocket.handshake(node.port(), live(ticket), origin, cookies(browser))) {
      return socket.status();
    }
  }

  private static List<String> findAll(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }
}
