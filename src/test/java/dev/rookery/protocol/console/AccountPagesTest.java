package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about admins, the audit log and one's own account, without script. */
final class AccountPagesTest {
  private static final Pattern ENTRY = Pattern.compile("href=\"(/admin/audit/\\d+/\\d+)\"");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void givesRolesAndShowsWhatWasDone(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      long bob = register(node, "bob@example.com");
      var question =
          owner.submit(
              "/admin/admins",
              "/admin/admins/role",
              "player",
              Long.toString(bob),
              "role",
              "viewer");
      assertThat(question.body()).contains("Make player " + bob + " viewer?");
      var given = owner.confirm(question, "_typed", "viewer", "_reason", "helps us");
      assertThat(location(given)).isEqualTo("/admin/admins?done=role-given");
      assertThat(owner.get("/admin/admins").body()).contains("bob@example.com", "viewer");

      var viewer = new ConsoleBrowser(node);
      viewer.submit(
          "/admin/sign-in",
          "/admin/sign-in",
          "user[email]",
          "bob@example.com",
          "user[password]",
          "correct horse");
      viewer.openConsole();
      assertThat(viewer.get("/admin/admins").body())
          .doesNotContain("Give a role", "bob@example.com");
      String token = ConsoleBrowser.csrfToken(viewer.get("/admin/me").body());
      assertThat(viewer.post("/admin/admins/role", token, "player", "1", "role", "viewer"))
          .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(403));

      String log = owner.get("/admin/audit").body();
      assertThat(log).contains("admin_set_role", "helps us", "missing_permission");
      assertThat(owner.get("/admin/audit?q=action:admin_set").body())
          .contains("admin_set_role")
          .doesNotContain("console_sign_in");
      var entry = ENTRY.matcher(owner.get("/admin/audit?q=action:admin_set+result:done").body());
      assertThat(entry.find()).isTrue();
      assertThat(owner.get(entry.group(1)).body())
          .contains("admins.edit", "helps us", "admins/" + bob);
      assertThat(owner.get("/admin/audit/check").body())
          .contains("complete")
          .doesNotContain("changed or missing");

      assertThat(owner.get("/admin/audit/export?format=csv&q=action:admin_set").body())
          .startsWith("at,actor,player,action")
          .contains("admin_set_role")
          .doesNotContain("console_export_audit");
      assertThat(owner.get("/admin/audit?q=action:console_export").body())
          .contains("console_export_audit");
      assertThat(owner.get("/admin/audit?q=colour:red").statusCode()).isEqualTo(422);

      var taken =
          owner.confirm(
              owner.submit("/admin/admins", "/admin/admins/" + bob + "/remove"),
              "_typed",
              Long.toString(bob),
              "_reason",
              "left");
      assertThat(location(taken)).isEqualTo("/admin/admins?done=role-removed");
      // At once at the node that did it, when what it knew is 900 ms old.
      Eventually.holds(() -> location(viewer.get("/admin/me")).startsWith("/admin/sign-in"));
    }
  }

  @Test
  void showsAndEndsSessionsOfTheOwnAccountAndSignsOut() {
    try (var node = TestNode.start(Databases.sqlite(), Map.of())) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      var other = new ConsoleBrowser(node);
      other.submit(
          "/admin/sign-in",
          "/admin/sign-in",
          "user[email]",
          "ann@example.com",
          "user[password]",
          "correct horse");
      other.openConsole();
      String me = owner.get("/admin/me").body();
      assertThat(me).contains("this session", "players.ban", "yes, with a code");
      var end = Pattern.compile("(/admin/me/sessions/[0-9a-f]+/end)\"").matcher(me);
      assertThat(end.find()).isTrue();
      assertThat(location(owner.submit("/admin/me", end.group(1))))
          .isEqualTo("/admin/me?done=console-session-ended");
      assertThat(location(other.get("/admin/me"))).startsWith("/admin/sign-in");
      assertThat(location(owner.submit("/admin/me", "/admin/sign-out")))
          .isEqualTo("/admin/sign-in");
      assertThat(location(owner.get("/admin/me"))).startsWith("/admin/sign-in");
    }
  }

  @Test
  void copiesARoleAndInvitesSomebodyToIt() {
    try (var node = TestNode.start(Databases.sqlite(), Map.of())) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      var copied =
          owner.submit("/admin/roles", "/admin/roles/copy", "from", "viewer", "name", "support");
      assertThat(location(copied)).isEqualTo("/admin/roles/support?done=role-saved");
      String role = owner.get("/admin/roles/support").body();
      assertThat(role).contains("players.read", "Whom a change affects");
      var question =
          owner.submit(
              "/admin/roles/support",
              "/admin/roles/support/save",
              "_revision",
              "1",
              "_has.players.ban",
              "1",
              "players.ban",
              "true");
      assertThat(question.body()).contains("Nobody has it now.");
      assertThat(location(owner.confirm(question, "_typed", "support", "_reason", "needed")))
          .isEqualTo("/admin/roles/support?done=role-saved");
      assertThat(
              owner
                  .submit("/admin/roles", "/admin/roles/copy", "from", "viewer", "name", "A B")
                  .statusCode())
          .isEqualTo(422);

      var link = Pattern.compile("/admin/invite/[A-Za-z0-9_-]+");
      var created = owner.submit("/admin/invites", "/admin/invites/create", "role", "support");
      var path = link.matcher(created.body());
      assertThat(path.find()).as(created.body()).isTrue();
      var bob = new ConsoleBrowser(node);
      assertThat(bob.get(path.group()).body()).contains("support", "Create an account");
      var accepted =
          bob.submit(
              path.group(),
              path.group(),
              "user[email]",
              "bob@example.com",
              "user[password]",
              "correct horse");
      assertThat(location(accepted)).isEqualTo("/admin/sign-in");
      bob.openConsole();
      assertThat(bob.get("/admin/me").body()).contains("support", "Role ends");
      assertThat(new ConsoleBrowser(node).get(path.group()).body()).contains("another link");
      assertThat(owner.get("/admin/audit?q=action:admin_accept").body())
          .contains("admin_accept_invite");
      assertThat(owner.get("/admin/roles/support").body()).doesNotContain("Delete…");
    }
  }

  @Test
  void createsRotatesAndRevokesAccessKeys() {
    try (var node = TestNode.start(Databases.sqlite(), Map.of())) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      var created =
          owner.submit(
              "/admin/keys",
              "/admin/keys/create",
              "name",
              "nightly",
              "days",
              "30",
              "_has.players.read",
              "1",
              "players.read",
              "true");
      String secret = secret(created.body());
      assertThat(status(node, secret)).isEqualTo(200);
      var key = Pattern.compile("/admin/keys/[A-Za-z0-9_-]{12}").matcher(created.body());
      assertThat(key.find()).isTrue();
      assertThat(owner.get("/admin/keys").body()).contains("nightly").doesNotContain(secret);
      var rotated = owner.submit(key.group(), key.group() + "/rotate", "days", "30", "hours", "0");
      assertThat(status(node, secret(rotated.body()))).isEqualTo(200);
      assertThat(owner.submit(key.group(), key.group() + "/rotate", "days", "400").statusCode())
          .isEqualTo(422);
      var revoked =
          owner.confirm(
              owner.submit(key.group(), key.group() + "/revoke"),
              "_typed",
              "nightly",
              "_reason",
              "leaked");
      assertThat(location(revoked)).isEqualTo("/admin/keys?done=key-revoked");
      Eventually.holds(() -> status(node, secret(rotated.body())) == 401);
      assertThat(owner.get("/admin/audit?q=action:admin_create_key").body()).doesNotContain(secret);
    }
  }

  private static String secret(String page) {
    var secret = Pattern.compile("rk_[A-Za-z0-9_-]{40,}").matcher(page);
    assertThat(secret.find()).as(page).isTrue();
    return secret.group();
  }

  private static int status(TestNode node, String secret) {
    return node.get("/api/v1/admin/users", "authorization", "Bearer " + secret).statusCode();
  }

  @Test
  void tellsOwnersOfFailedSignIns() {
    try (var node =
        TestNode.start(Databases.sqlite(), Map.of("ROOKERY_RATE_LIMIT_ENABLED", "false"))) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      for (int i = 0; i < 10; i++) {
        new ConsoleBrowser(node)
            .submit(
                "/admin/sign-in",
                "/admin/sign-in",
                "user[email]",
                "Ann@example.com",
                "user[password]",
                "wrong");
      }
      Eventually.holds(
          () -> owner.get("/admin").body().contains("10 sign-ins to the console failed"));
    }
  }

  @Test
  void leadsToTheSecondFactorFirstWhereItIsRequired() {
    var required = Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required");
    try (var node = TestNode.start(Databases.sqlite(), required)) {
      var owner = ConsoleBrowser.signIn(node, "ann@example.com");
      assertThat(location(owner.get("/admin/admins"))).isEqualTo("/admin/factor");
      assertThat(location(owner.get("/admin/me"))).isEqualTo("/admin/factor");
      assertThat(owner.get("/admin/factor").statusCode()).isEqualTo(200);
    }
  }

  private static long register(TestNode node, String email) {
    String body =
        node.post(
                "/api/v1/register",
                "{\"email\":\"%s\",\"password\":\"correct horse\"}".formatted(email))
            .body();
    return new JsonObject(body).getJsonObject("data").getLong("user_id");
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElse(response.statusCode() + " no location");
  }
}
