package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.TestCodes;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The set-up of the first owner, and the sign-in to the console, as a browser without script. */
final class ConsoleSignInPagesTest {
  private static final String SIGN_IN = "/admin/sign-in";
  private static final Map<String, String> REQUIRED =
      Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required", "FIRST_PLAYER_ADMIN", "false");
  private static final Pattern SECRET = Pattern.compile("<code>([A-Z2-7]{32})</code>");
  private static final Pattern RECOVERY = Pattern.compile("<code>([A-Z2-7]{8}-[A-Z2-7]{8})</code>");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void leadsFromTheSetupCodeToASessionWithASecondFactor(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, REQUIRED)) {
      var ann = new TestBrowser(node);
      String code = Objects.requireNonNull(node.node().setupCode());
      assertThat(location(ann.get(SIGN_IN))).isEqualTo("/admin/setup");

      var wrong = setUp(ann, "AAAA-AAAA", "ann@example.com");
      assertThat(wrong.statusCode()).isEqualTo(422);
      assertThat(wrong.body()).contains("This code is not valid").doesNotContain("correct horse");
      assertThat(location(setUp(ann, code, "ann@example.com"))).isEqualTo("/admin/factor");
      assertThat(ann.cookies()).containsKeys("rookery_session", "rookery_console");
      var closed = setUp(new TestBrowser(node), code, "bob@example.com");
      assertThat(location(closed)).isEqualTo(SIGN_IN);

      // Nothing but the second factor is possible until it is set up.
      assertThat(location(ann.get(SIGN_IN))).isEqualTo("/admin/factor");
      String page = ann.get("/admin/factor").body();
      String secret = find(SECRET, page);
      assertThat(ann.get("/admin/factor").body()).contains(secret);
      var refused = ann.submit("/admin/factor", "/admin/factor", "user[code]", "12345");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains(secret);
      String used = totp(secret);
      String codes = ann.submit("/admin/factor", "/admin/factor", "user[code]", used).body();
      String recovery = find(RECOVERY, codes);
      assertThat(location(ann.get(SIGN_IN + "?return_to=/admin/users?q=a")))
          .isEqualTo("/admin/users?q=a");
      assertThat(location(ann.get(SIGN_IN + "?return_to=//other.example"))).isEqualTo("/admin");

      // Another browser needs the password, and then the code.
      var other = new TestBrowser(node);
      assertThat(location(signIn(other, "ann@example.com")))
          .isEqualTo(SIGN_IN + "?return_to=%2Fadmin");
      assertThat(other.cookies()).doesNotContainKey("rookery_console");
      assertThat(other.submit(SIGN_IN, SIGN_IN).body()).contains("Enter the code");
      assertThat(other.submit(SIGN_IN, SIGN_IN, "user[code]", used).statusCode()).isEqualTo(422);
      assertThat(location(other.submit(SIGN_IN, SIGN_IN, "user[code]", recovery)))
          .isEqualTo("/admin");
      assertThat(other.cookies()).containsKey("rookery_console");
      assertThat(other.submit("/admin/step-up", "/admin/step-up", "user[code]", recovery).body())
          .contains("This code is not valid");
      assertThat(location(other.submit("/admin/me", "/admin/sign-out"))).isEqualTo(SIGN_IN);
      assertThat(location(other.get("/admin/step-up")))
          .isEqualTo(SIGN_IN + "?return_to=/admin/step-up");
    }
  }

  @Test
  void makesTheSignedInPlayerTheOwnerAndOpensTheConsoleWithoutAFactorInDevelopment() {
    try (var node = TestNode.start(Databases.sqlite(), Map.of())) {
      var ann = new TestBrowser(node);
      ann.submit(
          "/users/register",
          "/users/register",
          "user[email]",
          "ann@example.com",
          "user[password]",
          "correct horse",
          "user[password_confirmation]",
          "correct horse");
      String code = Objects.requireNonNull(node.node().setupCode());
      assertThat(ann.get("/admin/setup").body()).contains("This account becomes the owner");
      var done = ann.submit("/admin/setup", "/admin/setup", "user[code]", code);
      assertThat(location(done)).isEqualTo("/admin");
      assertThat(ann.get("/admin").statusCode()).isEqualTo(200);

      var again = new TestBrowser(node);
      String page = SIGN_IN + "?return_to=/admin/users?q=a";
      var signedIn =
          again.submit(
              page,
              SIGN_IN,
              "return_to",
              "/admin/users?q=a",
              "user[email]",
              "ann@example.com",
              "user[password]",
              "correct horse");
      assertThat(location(signedIn)).isEqualTo("/admin/users?q=a");
      assertThat(again.get("/admin/users?q=a").statusCode()).isEqualTo(200);

      var bob = new TestBrowser(node);
      bob.submit(
          "/users/register",
          "/users/register",
          "user[email]",
          "bob@example.com",
          "user[password]",
          "correct horse",
          "user[password_confirmation]",
          "correct horse");
      assertThat(bob.submit(SIGN_IN, SIGN_IN).body()).contains("has no role");
      var refused = new TestBrowser(node);
      String refusal = location(signIn(refused, "bob@example.com"));
      assertThat(refusal).isEqualTo(SIGN_IN + "?return_to=%2Fadmin&refused=no_role");
      assertThat(refused.get(refusal).body()).contains("has no role", "You are signed in as");
      assertThat(new TestBrowser(node).get(refusal).body()).doesNotContain("has no role");
      assertThat(refused.cookies()).doesNotContainKey("rookery_console");
      assertThat(bob.cookies()).doesNotContainKey("rookery_console");
      String token = TestBrowser.csrfToken(bob.get(SIGN_IN).body());
      assertThat(ann.post(SIGN_IN, token).statusCode()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void createsTheConfiguredOwnerAndShowsNoSetup(Databases.TestDatabase database) {
    var settings =
        Map.of(
            "ROOKERY_OWNER_EMAIL", "owner@example.com", "ROOKERY_OWNER_PASSWORD", "correct horse");
    try (database) {
      for (int start = 0; start < 2; start++) {
        try (var node = TestNode.start(database.shared(), settings)) {
          assertThat(node.node().setupCode()).isNull();
          var owner = new TestBrowser(node);
          assertThat(location(owner.get("/admin/setup"))).isEqualTo(SIGN_IN);
          assertThat(location(signIn(owner, "owner@example.com"))).isEqualTo("/admin");
        }
      }
    }
  }

  @Test
  void makesNobodyTheConfiguredOwnerWhoMayNotOwnTheAddress() {
    var database = Databases.sqlite();
    try (database) {
      try (var node = TestNode.start(database.shared(), Map.of())) {
        new TestBrowser(node)
            .submit(
                "/users/register",
                "/users/register",
                "user[email]",
                "owner@example.com",
                "user[password]",
                "correct horse",
                "user[password_confirmation]",
                "correct horse");
      }
      var settings = Map.of("ROOKERY_OWNER_EMAIL", "owner@example.com");
      try (var node = TestNode.start(database.shared(), settings)) {
        assertThat(node.node().setupCode()).isNotNull();
        assertThat(location(new TestBrowser(node).get(SIGN_IN))).isEqualTo("/admin/setup");
      }
    }
  }

  @Test
  void recoversAnOwnerWhoLostTheSecondFactor() {
    var database = Databases.sqlite();
    String email = "ann@example.com";
    try (database) {
      try (var node = TestNode.start(database.shared(), REQUIRED)) {
        var ann = new TestBrowser(node);
        setUp(ann, Objects.requireNonNull(node.node().setupCode()), email);
        String secret = find(SECRET, ann.get("/admin/factor").body());
        ann.submit("/admin/factor", "/admin/factor", "user[code]", totp(secret));
        assertThat(ann.get("/admin/factor").body()).contains("10 recovery codes left");
      }
      var recovering = new HashMap<>(REQUIRED);
      recovering.put("ROOKERY_OWNER_RECOVER", email);
      try (var node = TestNode.start(database.shared(), recovering)) {
        var ann = new TestBrowser(node);
        assertThat(location(signIn(ann, email))).isEqualTo("/admin/factor");
      }
    }
  }

  private static HttpResponse<String> setUp(TestBrowser browser, String code, String email) {
    String page = browser.get("/admin/setup").body();
    if (page.isEmpty()) {
      return browser.get("/admin/setup");
    }
    return browser.submit(
        "/admin/setup",
        "/admin/setup",
        "user[code]",
        code,
        "user[email]",
        email,
        "user[password]",
        "correct horse");
  }

  private static HttpResponse<String> signIn(TestBrowser browser, String email) {
    return browser.submit(
        SIGN_IN, SIGN_IN, "user[email]", email, "user[password]", "correct horse");
  }

  private static String totp(String secret) {
    return TestCodes.totp(secret, InstantSource.system().millis());
  }

  private static String find(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return matcher.group(1);
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElse(response.statusCode() + " no location");
  }
}
