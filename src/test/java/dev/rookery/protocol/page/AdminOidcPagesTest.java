package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.OpenIdServer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sign-in to the console at an identity provider of admins, as a browser without script. */
final class AdminOidcPagesTest {
  private static final String SIGN_IN = "/admin/sign-in";
  private static final String START = SIGN_IN + "/oidc";
  private static final String ROLES = "leads=owner, staff=admin, support=moderator";
  private static final long SECONDS = 600;

  private OpenIdServer issuer;

  @BeforeEach
  void start() {
    issuer = OpenIdServer.start();
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void givesAndTakesTheRoleOfTheGroups(Databases.TestDatabase database) {
    try (var node = node(database, Map.of())) {
      var ann = new TestBrowser(node);
      assertThat(ann.get("/admin/setup").body()).contains("Sign in with Example ID");
      assertThat(location(signIn(node, ann, "ann", "support", "staff", "others")))
          .isEqualTo("/admin/users?q=a");
      assertThat(ann.cookies()).containsKeys("rookery_session", "rookery_console");
      assertThat(ann.get("/admin/me").body()).contains("admins.edit</code>", ">admin</span>");

      // A role of the groups opens nothing with a session that began elsewhere.
      assertThat(location(ann.submit("/admin/me", "/admin/sign-out"))).isEqualTo(SIGN_IN);

      // The groups decide again at each sign-in.
      assertThat(location(signIn(node, ann, "ann", "support"))).isEqualTo("/admin/users?q=a");
      assertThat(ann.get("/admin/me").body()).contains(">moderator</span>");
      assertThat(ann.get("/admin/audit").statusCode()).isEqualTo(403);

      var other = new TestBrowser(node);
      HttpResponse<String> refused = signIn(node, other, "ann", "others");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("None of your groups has a role");
      assertThat(other.cookies()).doesNotContainKeys("rookery_session", "rookery_console");
      // Within a second, on every node.
      Eventually.holds(() -> location(ann.get("/admin/me")).startsWith(SIGN_IN));
      assertThat(ann.submit(SIGN_IN, SIGN_IN).body()).contains("has no role");

      var lead = new TestBrowser(node);
      signIn(node, lead, "lead", "leads");
      assertThat(lead.get("/admin/audit").body())
          .contains(
              "console_group_role_removed", "console_group_role", "no_group", "console_sign_in");
      // The last owner stays one, but comes in only with a group.
      assertThat(signIn(node, new TestBrowser(node), "lead").body())
          .contains("None of your groups");
      assertThat(lead.get("/admin/audit").body()).contains("last_owner");
      // Nor does a lesser group hide that the role is from the groups.
      signIn(node, new TestBrowser(node), "lead", "support");
      assertThat(lead.get("/admin/me").body()).contains(">owner</span>");
      // With another one they are none any more.
      signIn(node, new TestBrowser(node), "kim", "leads");
      assertThat(signIn(node, new TestBrowser(node), "lead").body())
          .contains("None of your groups");
      Eventually.holds(() -> location(lead.get("/admin/me")).startsWith(SIGN_IN));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void givesARoleOfOnesOwnWhileThereIsOne(Databases.TestDatabase database) {
    String mapping = ROLES + ", crew=content-team";
    try (var node = node(database, Map.of("ADMIN_OIDC_ROLES", mapping))) {
      var lead = new TestBrowser(node);
      signIn(node, lead, "lead", "leads");
      assertThat(lead.get("/admin/roles").body()).contains("no such role: sign-ins are refused");

      HttpResponse<String> refused = signIn(node, new TestBrowser(node), "ann", "crew");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body())
          .contains("a role that does not exist on this server: content-team");
      // A group whose role exists counts beside one whose role does not.
      var both = new TestBrowser(node);
      signIn(node, both, "bob", "crew", "support");
      assertThat(both.get("/admin/me").body()).contains(">moderator</span>");

      lead.submit("/admin/roles", "/admin/roles/copy", "from", "viewer", "name", "content-team");
      assertThat(lead.get("/admin/roles").body()).doesNotContain("no such role");
      var ann = new TestBrowser(node);
      assertThat(location(signIn(node, ann, "ann", "crew"))).isEqualTo("/admin/users?q=a");
      assertThat(ann.get("/admin/me").body()).contains(">content-team</span>");
      assertThat(ann.get("/admin/users").statusCode()).isEqualTo(200);
      // It can do less than a moderator, and is not deleted while somebody has it.
      signIn(node, both, "bob", "crew", "support");
      assertThat(both.get("/admin/me").body()).contains(">moderator</span>");
      assertThat(
              lead.submit(
                      "/admin/roles/content-team",
                      "/admin/roles/content-team/delete",
                      "_confirmed",
                      "yes",
                      "_typed",
                      "content-team",
                      "_reason",
                      "test")
                  .body())
          .contains("role_in_use");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonce | The provider could not confirm your identity
          iss   | names another provider
          aud   | meant for another server
          exp   | has expired
          """)
  void refusesForgedAnswers(String claim, String words) {
    try (var node = node(Databases.sqlite(), Map.of())) {
      var ann = new TestBrowser(node);
      HttpResponse<String> refused =
          finish(
              node,
              ann,
              () -> {
                var claims = groups("staff");
                if (!claim.equals("exp")) {
                  claims.put(claim, "https://other.example");
                }
                issuer.nextUser("ann", claims, claim.equals("exp") ? -SECONDS : SECONDS);
              });
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains(words);
      assertThat(ann.cookies()).doesNotContainKeys("rookery_session", "rookery_console");
    }
  }

  @Test
  void endsInTheBrowserThatBeganAndOnce() {
    try (var node = node(Databases.sqlite(), Map.of())) {
      var mallory = new TestBrowser(node);
      issuer.nextUser("mallory", groups("staff"));
      String callback = callback(node, location(mallory.get(START)));
      var ann = new TestBrowser(node);
      ann.get(SIGN_IN);
      assertThat(ann.get(callback).body()).contains("started in another browser");
      assertThat(ann.cookies()).doesNotContainKeys("rookery_session", "rookery_console");
      String forged = callback.replaceAll("state=[^&]*", "state=forged");
      assertThat(mallory.get(forged).statusCode()).isEqualTo(422);

      assertThat(location(mallory.get(callback))).isEqualTo("/admin");
      assertThat(mallory.get(callback).body()).contains("has expired");

      String state = location(ann.get(START)).replaceAll(".*[?&]state=([^&]*).*", "$1");
      var cancelled = ann.get(START + "/callback?error=access_denied&state=" + state);
      assertThat(cancelled.body()).contains("The sign-in was cancelled");
      assertThat(location(ann.get(START + "?return_to=//other.example")))
          .startsWith(issuer.issuer());
    }
  }

  @Test
  void slowsDownRefusedSignIns() {
    try (var node = node(Databases.sqlite(), Map.of("ROOKERY_RATE_LIMIT_ENABLED", "true"))) {
      var ann = new TestBrowser(node);
      ann.get(SIGN_IN);
      for (int i = 0; i < 5; i++) {
        assertThat(ann.get(START + "/callback?code=1&state=forged").statusCode()).isEqualTo(422);
      }
      HttpResponse<String> held = ann.get(START + "/callback?code=1&state=forged");
      assertThat(held.statusCode()).isEqualTo(429);
      assertThat(held.body()).contains("Too many attempts");
    }
  }

  @Test
  void saysThatTheProviderIsAway() {
    var shortLived = OpenIdServer.start();
    var settings = new HashMap<>(shortLived.adminEnvironment(ROLES));
    try (var node = TestNode.start(Databases.sqlite(), settings)) {
      var ann = new TestBrowser(node);
      shortLived.nextUser("ann", groups("staff"));
      String callback = callback(node, location(ann.get(START)));
      shortLived.close();
      HttpResponse<String> away = ann.get(callback);
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(away.body()).contains("The provider is not available");
    }
    try (var node = TestNode.start(Databases.sqlite(), settings)) {
      assertThat(new TestBrowser(node).get(START).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void letsTheProvidersSecondFactorStandForTheOneThatIsRequired() {
    var clock = new ManualClock();
    try (var node = node(Databases.sqlite(), Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required"))) {
      var ann = new TestBrowser(node);
      assertThat(location(signIn(node, ann, "ann", "staff"))).isEqualTo("/admin/factor");
      HttpResponse<String> in =
          finish(
              node,
              ann,
              () -> issuer.nextUser("ann", groups("staff").put("amr", List.of("pwd", "mfa"))));
      assertThat(location(in)).isEqualTo("/admin/users?q=a");
      assertThat(ann.get("/admin/me").statusCode()).isEqualTo(200);
      assertThat(ann.get("/admin/step-up").body()).contains("again=true").doesNotContain("Code");

      // An action of level 3 wants a factor that was asked for just now.
      assertThat(location(ann.submit("/admin/admins", "/admin/admins/role")))
          .startsWith("/admin/step-up");
      long now = Instant.now().getEpochSecond();
      finish(
          node,
          ann,
          () ->
              issuer.nextUser(
                  "ann", groups("staff").put("amr", List.of("mfa")).put("auth_time", now)));
      assertThat(location(ann.submit("/admin/admins", "/admin/admins/role")))
          .doesNotStartWith("/admin/step-up");

      // A sign-in that must be fresh, and is not.
      issuer.nextUser("ann", groups("staff").put("auth_time", clock.instant().getEpochSecond()));
      String url = location(ann.get(START + "?again=true"));
      assertThat(url).contains("prompt=login", "max_age=0");
      // The issuer of the tests would show a page of its own.
      String direct = url.replace("&prompt=login", "");
      assertThat(ann.get(callback(node, direct)).body())
          .contains("did not ask for your credentials");
    }
  }

  @Test
  void closesOtherSignInMethodsButForARecoveredOwner() {
    var database = Databases.sqlite();
    var owner =
        Map.of("ROOKERY_OWNER_EMAIL", "ann@example.com", "ROOKERY_OWNER_PASSWORD", "correct horse");
    try (database) {
      try (var node = node(database.shared(), owner)) {
        var ann = new TestBrowser(node);
        assertThat(ann.get(SIGN_IN).body()).contains("Example ID", "Password");
        assertThat(location(passwordSignIn(ann))).isEqualTo("/admin");
        assertThat(apiStatus(node)).isEqualTo(200);
      }
      try (var node = node(database.shared(), Map.of("ADMIN_PASSWORDS", "false"))) {
        var ann = new TestBrowser(node);
        assertThat(ann.get(SIGN_IN).body()).contains("Example ID").doesNotContain("Password");
        ann.signIn("ann@example.com", "correct horse");
        HttpResponse<String> refused = ann.submit(SIGN_IN, SIGN_IN);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("sign in at their identity provider");
        assertThat(apiStatus(node)).isEqualTo(403);
        assertThat(location(signIn(node, ann, "bob", "staff"))).isEqualTo("/admin/users?q=a");
        // The token of the API explorer has the rights of the session of the console.
        var own = ann.submit("/admin/explorer/admin_list_users", "/admin/explorer/token");
        assertThat(apiStatus(node, new JsonObject(own.body()).getString("access_token")))
            .isEqualTo(200);
      }
      var recovering =
          Map.of("ADMIN_PASSWORDS", "false", "ROOKERY_OWNER_RECOVER", "ann@example.com");
      try (var node = node(database.shared(), recovering)) {
        assertThat(location(passwordSignIn(new TestBrowser(node)))).isEqualTo("/admin");
      }
    }
  }

  private TestNode node(Databases.TestDatabase database, Map<String, String> more) {
    var settings = new HashMap<>(issuer.adminEnvironment(ROLES));
    settings.put("FIRST_PLAYER_ADMIN", "false");
    settings.putAll(more);
    return TestNode.start(database, settings);
  }

  private static HttpResponse<String> passwordSignIn(TestBrowser browser) {
    return browser.submit(
        SIGN_IN, SIGN_IN, "user[email]", "ann@example.com", "user[password]", "correct horse");
  }

  /** What the API of admins answers to a session of the owner that began with a password. */
  private static int apiStatus(TestNode node) {
    var in =
        node.post(
            "/api/v1/login", "{\"email\":\"ann@example.com\",\"password\":\"correct horse\"}");
    String token = new JsonObject(in.body()).getJsonObject("data").getString("access_token");
    return apiStatus(node, token);
  }

  private static int apiStatus(TestNode node, String token) {
    return node.get("/api/v1/admin/users", "authorization", "Bearer " + token).statusCode();
  }

  private HttpResponse<String> signIn(
      TestNode node, TestBrowser browser, String subject, String... groups) {
    return finish(node, browser, () -> issuer.nextUser(subject, groups(groups)));
  }

  private static JsonObject groups(String... groups) {
    return JsonObject.of("groups", List.of(groups));
  }

  /** Goes to the provider and back. */
  private static HttpResponse<String> finish(TestNode node, TestBrowser browser, Runnable user) {
    user.run();
    return browser.get(
        callback(node, location(browser.get(START + "?return_to=/admin/users%3Fq%3Da"))));
  }

  /** Returns the path of the callback. */
  private static String callback(TestNode node, String provider) {
    var granted = node.send(HttpRequest.newBuilder(URI.create(provider)).build());
    URI back = URI.create(location(granted));
    assertThat(back.getPath()).isEqualTo(START + "/callback");
    return back.getRawPath() + "?" + back.getRawQuery();
  }

  private static String location(HttpResponse<String> response) {
    String none = response.statusCode() + " without a location: " + response.body();
    return response.headers().firstValue("location").orElse(none);
  }
}
