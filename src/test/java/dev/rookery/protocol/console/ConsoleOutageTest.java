package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an admin sees who sends a form while something it needs is gone: the database, the session
 * or the role. It is a page that says so, and nothing is changed.
 */
final class ConsoleOutageTest {
  private static final Map<String, String> SETTINGS =
      Map.of("DB_QUERY_TIMEOUT", "2s", "DB_POOL_TIMEOUT", "2s");
  private static final List<String> REFERRER =
      List.of("referer", "http://127.0.0.1/admin/kv/new?key=a");

  @Test
  void saysThatTheDatabaseIsAwayAndSavesTheSameFormAfterwards() throws Exception {
    try (var stored = Databases.postgres();
        var proxy = DatabaseProxy.start(stored)) {
      ConsoleSite site = ConsoleSite.start(proxy.testDatabase(), SETTINGS);
      try {
        long group = group(site);
        String path = "/admin/groups/" + group;
        String form = site.admin().get(path + "/edit").body();
        proxy.cut();
        // The session is known for a second from before.
        Eventually.holds(
            () -> site.admin().get("/admin/audit").body().contains("The server is busy"));
        for (String page : List.of("/admin", "/admin/users", path, path + "/edit")) {
          HttpResponse<String> answer = site.admin().get(page);
          assertThat(answer.statusCode()).as(page).isEqualTo(503);
          assertThat(answer.body()).as(page).contains("<h1>", "Nothing was changed.", "request ");
        }
        HttpResponse<String> refused = save(site.admin(), path, form, "renamed");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("your browser goes back to what you typed");

        proxy.restore();
        Eventually.holds(() -> site.admin().get(path).statusCode() == 200);
        assertThat(title(site, group)).isEqualTo("before");
        assertThat(save(site.admin(), path, form, "renamed").statusCode()).isEqualTo(303);
        assertThat(title(site, group)).isEqualTo("renamed");
      } finally {
        site.stop();
      }
    }
  }

  @Test
  void changesNothingOnceTheSessionOrTheRoleHasEnded() throws Exception {
    ConsoleSite site = ConsoleSite.start(Databases.sqlite(), Map.of());
    try {
      long group = group(site);
      String path = "/admin/groups/" + group;
      var ann = new ConsoleBrowser(site.node());
      RestPlayer player = site.grant(RoleTemplate.ADMIN, ann);
      ann.openConsole();
      String form = ann.get(path + "/edit").body();

      // Another role ends the session.
      give(site, player, RoleTemplate.VIEWER);
      Eventually.holds(() -> ann.get(path).statusCode() == 303);
      HttpResponse<String> ended =
          ann.post(
              path + "/edit",
              ConsoleBrowser.csrfToken(form),
              REFERRER,
              "title",
              "without a session");
      assertThat(ConsoleSite.location(ended))
          .isEqualTo("/admin/sign-in?return_to=%2Fadmin%2Fkv%2Fnew%3Fkey%3Da");

      ann.openConsole();
      HttpResponse<String> refused =
          save(ann, path, form, ConsoleBrowser.csrfToken(ann.get(path).body()), "without the role");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("social.edit");
      assertThat(title(site, group)).isEqualTo("before");
    } finally {
      site.stop();
    }
  }

  private static long group(ConsoleSite site) throws Exception {
    return ConsoleSite.id(site.owner().post("/api/v1/groups", JsonObject.of("title", "before")));
  }

  private static String title(ConsoleSite site, long group) throws Exception {
    JsonObject body = site.owner().get("/api/v1/groups/" + group).body();
    return body.getJsonObject("data", body).getString("title");
  }

  private static void give(ConsoleSite site, RestPlayer player, RoleTemplate role)
      throws Exception {
    String path = "/api/v1/admin/admins/" + player.id();
    assertThat(site.owner().send("PUT", path, JsonObject.of("role", role.name())).ok()).isTrue();
  }

  /** Sends the form of the page with another title. */
  private static HttpResponse<String> save(
      ConsoleBrowser browser, String path, String form, String title) {
    return save(browser, path, form, ConsoleBrowser.csrfToken(form), title);
  }

  private static HttpResponse<String> save(
      ConsoleBrowser browser, String path, String form, String token, String title) {
    return browser.post(
        path + "/edit",
        token,
        "title",
        title,
        "_read.title",
        "before",
        "_revision",
        ConsoleSite.findAll(form, "name=\"_revision\" value=\"(\\d+)\"").getFirst());
  }
}
