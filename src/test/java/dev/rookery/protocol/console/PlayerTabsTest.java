package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the console shows of a player beside their profile, and does with them. */
final class PlayerTabsTest {
  private static final List<ConsoleSite> SITES = new ArrayList<>();

  static Stream<ConsoleSite> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() {
    SITES.addAll(ConsoleSite.startAll(Map.of("LIMIT_LOGIN_MAX", "100000")));
  }

  @AfterAll
  static void stop() {
    SITES.forEach(ConsoleSite::stop);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void keepsNotesAboutPlayersAndTellsWhatHappenedToThem(ConsoleSite site) throws Exception {
    RestPlayer eve = site.namedPlayer("noted-eve");
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
    assertThat(site.withRole(RoleTemplate.VIEWER).get(page).statusCode()).isEqualTo(403);
    assertThat(site.audited("admin_add_user_note")).doesNotContain("by the API");
    long id = added.body().getJsonObject("data").getLong("id");
    assertThat(site.owner().send("DELETE", api + "/notes/" + id, null).ok()).isTrue();
    assertThat(site.owner().send("DELETE", api + "/notes/" + id, null).status()).isEqualTo(404);

    site.owner().post("/api/v1/admin/notifications", site.notification(eve, "about the timeline"));
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
    assertThat(
            site.withRole(RoleTemplate.MODERATOR)
                .get("/admin/users/" + eve.id() + "/timeline")
                .body())
        .contains("signed in with device")
        .doesNotContain("127.0.0.1", "admin_update_user by");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void setsAddressesOfPlayersAndPasswordsOfLobbies(ConsoleSite site) throws Exception {
    RestPlayer eve = site.namedPlayer("addressed-eve");
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
    assertThat(site.audited("admin_set_user_email")).doesNotContain(address);
    ConsoleBrowser admin = site.withRole(RoleTemplate.ADMIN);
    String owner = "/admin/users/" + site.owner().id();
    HttpResponse<String> above =
        admin.submit(owner + "/edit", owner + "/email", "email", "taken.over@example.com");
    assertThat(admin.confirm(above).statusCode()).isEqualTo(403);
    HttpResponse<String> own =
        site.admin().submit(owner + "/edit", owner + "/email", "email", "own@example.com");
    assertThat(site.admin().confirm(own).body()).contains("/users/settings");
    assertThat(site.admin().get(owner).body()).doesNotContain("own@example.com");

    long lobby = ConsoleSite.id(eve.post("/api/v1/lobbies", JsonObject.of("title", "secret")));
    String edit = "/admin/lobbies/" + lobby;
    assertThat(
            site.admin()
                .submit(edit + "/edit", edit + "/password", "password", "sesame street")
                .statusCode())
        .isEqualTo(303);
    assertThat(site.admin().get(edit).body()).contains("protected");
    RestPlayer guest = site.namedPlayer("addressed-guest");
    String join = "/api/v1/lobbies/" + lobby + "/join";
    assertThat(guest.post(join, new JsonObject()).status()).isEqualTo(403);
    assertThat(guest.post(join, JsonObject.of("password", "sesame street")).ok()).isTrue();
    assertThat(site.audited("admin_update_lobby")).doesNotContain("sesame");
    site.admin().submit(edit + "/edit", edit + "/password", "password", "");
    assertThat(site.admin().get(edit).body()).doesNotContain("protected");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsWhatTheApiAnswersToAPlayerAndChangesNothing(ConsoleSite site) throws Exception {
    RestPlayer eve = site.namedPlayer("viewed-eve");
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
    assertThat(site.audited("admin_view_as_user")).contains("users/" + eve.id(), "/api/v1/me");
    ConsoleBrowser viewer = site.withRole(RoleTemplate.VIEWER);
    assertThat(viewer.get(page + "/answer?path=%2Fapi%2Fv1%2Fme").statusCode()).isEqualTo(403);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsAndClosesTheSocketsOfAPlayer(ConsoleSite site) throws Exception {
    RestPlayer eve = site.namedPlayer("socket-eve");
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
    assertThat(site.audited("admin_disconnect_user")).contains("admin_disconnect_user");
  }
}
