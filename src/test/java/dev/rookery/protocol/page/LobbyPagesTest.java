package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lobbies as pages, and the game of the studio in a frame, over HTTP on both databases. */
final class LobbyPagesTest {
  @TempDir private static Path folder;

  static Stream<Databases.TestDatabase> databases() {
    return Databases.locations();
  }

  @ParameterizedTest
  @MethodSource("databases")
  void letsPlayersMeetAndHandsTheGameItsTokens(Databases.TestDatabase database) throws Exception {
    Path game = Files.createDirectories(folder.resolve("play")).resolve("index.html");
    Files.deleteIfExists(game);
    try (var node = TestNode.start(database, Map.of("STATIC_DIR", folder.toString()))) {
      var ann = player(node, "ann");
      var bob = player(node, "bob");
      joinsByPassword(node, ann, bob);
      joinsByCode(node, ann, bob);

      assertThat(ann.get("/play").body()).doesNotContain("<iframe");
      Files.writeString(game, "<p>the game</p>");
      handsOverTokens(node, ann);
    }
  }

  private static TestBrowser player(TestNode node, String name) {
    var browser = new TestBrowser(node);
    browser.submit(
        "/users/register",
        "/users/register",
        "user[email]",
        name + "@example.com",
        "user[display_name]",
        name,
        "user[password]",
        "correct horse",
        "user[password_confirmation]",
        "correct horse");
    return browser;
  }

  private static String location(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("location")
        .orElseThrow(() -> new AssertionError(response.body()));
  }

  private static void joinsByPassword(TestNode node, TestBrowser ann, TestBrowser bob) {
    var refused = ann.submit("/play/lobbies", "/play/lobbies", "title", "x", "max_users", "much");
    assertThat(refused.statusCode()).isEqualTo(422);
    String lobby =
        location(
            ann.submit(
                "/play/lobbies",
                "/play/lobbies",
                "title",
                "<b>Friday</b>",
                "max_users",
                "2",
                "password",
                "sesame"));
    assertThat(node.get("/play/lobbies").body())
        .contains("&lt;b&gt;Friday&lt;/b&gt;", "1 of 2 players", lobby)
        .doesNotContain("<b>Friday");
    assertThat(node.get(lobby).statusCode()).isEqualTo(303);

    var wrong = bob.submit(lobby, lobby + "/join", "password", "wrong");
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("The password is not correct.");
    bob.submit(lobby, lobby + "/join", "password", "sesame");
    assertThat(bob.get(lobby).body())
        .contains("2 of 2 players", "/chat/lobby/")
        .doesNotContain("/kick");

    var carl = player(node, "carl");
    assertThat(carl.submit(lobby, lobby + "/join", "password", "sesame").body())
        .contains("The lobby is full.");
    assertThat(bob.submit(lobby, lobby + "/lock", "locked", "true").body())
        .contains("Only the host of the lobby can do this.");
    ann.submit(lobby, lobby + "/lock", "locked", "true");
    assertThat(ann.get(lobby).body()).contains("Unlock");
    bob.submit(lobby, lobby + "/leave");
    ann.submit(lobby, lobby + "/leave");
    assertThat(ann.get(lobby).statusCode()).isEqualTo(404);
  }

  private static void joinsByCode(TestNode node, TestBrowser ann, TestBrowser bob) {
    String lobby = location(ann.submit("/play/lobbies", "/play/lobbies/teams", "hidden", "true"));
    var code = Pattern.compile("code=([0-9]{6})").matcher(ann.get(lobby).body());
    assertThat(code.find()).isTrue();
    assertThat(ann.get("/play/lobbies").body()).contains("No lobby is open.");
    assertThat(bob.get(lobby).statusCode()).isEqualTo(404);

    String found =
        location(bob.submit("/play/lobbies", "/play/lobbies/code", "code", code.group(1)));
    assertThat(found).isEqualTo(lobby + "?code=" + code.group(1));
    var guest = new TestBrowser(node);
    assertThat(guest.get(location(guest.get(found))).body())
        .as("comes back after signing in")
        .contains("name=\"return_to\" value=\"" + found + "\"");
    bob.submit(found, lobby + "/join", "code", code.group(1));
    assertThat(bob.get(lobby).body()).contains("Team B", "Not ready");
    bob.submit(lobby, lobby + "/ready", "ready", "true");
    assertThat(ann.get(lobby).body()).contains("Team B", "Ready");
    bob.submit(lobby, lobby + "/leave");
    ann.submit(lobby, lobby + "/leave");
  }

  private static void handsOverTokens(TestNode node, TestBrowser ann) {
    var page = ann.get("/play");
    assertThat(page.body())
        .contains("<iframe", "data-address=\"/static/play/index.html\"", "/page/frame.mjs");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("frame-src 'self'");
    assertThat(node.get("/play").body()).contains("data-guest=\"true\"");

    var first = tokens(ann);
    String me = first.getString("access_token");
    assertThat(status(node, me)).isEqualTo(200);
    var second = tokens(ann);
    assertThat(status(node, me)).as("the session before ends").isEqualTo(401);
    assertThat(status(node, second.getString("access_token"))).isEqualTo(200);
    assertThat(ann.get("/users/settings").body()).contains("Play ·");
    assertThat(ann.get("/de/users/settings").body()).contains("Spielen ·");

    endsFromElsewhere(node, ann);
    ann.signIn("ann@example.com", "correct horse");
    second = tokens(ann);
    ann.submit("/users/settings", "/users/log-out");
    assertThat(status(node, second.getString("access_token"))).isEqualTo(401);
  }

  /** The game in a browser ends with the session of the browser, whoever ends it. */
  private static void endsFromElsewhere(TestNode node, TestBrowser ann) {
    String game = tokens(ann).getString("access_token");
    var elsewhere = new TestBrowser(node);
    elsewhere.signIn("ann@example.com", "correct horse");
    long browser =
        Pattern.compile("name=\"session\" value=\"([0-9]+)\"")
            .matcher(elsewhere.get("/users/settings").body())
            .results()
            .mapToLong(found -> Long.parseLong(found.group(1)))
            .min()
            .orElseThrow();
    elsewhere.submit(
        "/users/settings", "/users/settings/sessions", "session", Long.toString(browser));
    assertThat(status(node, game)).isEqualTo(401);
    elsewhere.submit("/users/settings", "/users/log-out");
  }

  private static JsonObject tokens(TestBrowser browser) {
    var page = browser.get("/play").body();
    return new JsonObject(browser.post("/play/session", TestBrowser.csrfToken(page)).body());
  }

  private static int status(TestNode node, String token) {
    return node.get("/api/v1/me", "authorization", "Bearer " + token).statusCode();
  }
}
