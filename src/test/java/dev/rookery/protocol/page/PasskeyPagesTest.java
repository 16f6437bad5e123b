package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestAuthenticator;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Passkeys of admins: what the script of the pages sends, and what must be refused. */
final class PasskeyPagesTest {
  private static final String SIGN_IN = "/admin/sign-in";
  private static final String USE = SIGN_IN + "/passkey";
  private static final String FACTOR = "/admin/factor";
  private static final String ADD = FACTOR + "/passkey";
  private static final String STEP_UP = "/admin/step-up";
  private static final String API_CODE = "/admin/me/api-code";
  private static final Pattern CODE = Pattern.compile("<code dir=\"ltr\">([\\w-]{22})</code>");
  private static final Pattern RECOVERY = Pattern.compile("<code>([A-Z2-7]{8}-[A-Z2-7]{8})</code>");
  private static final Pattern REMOVE = Pattern.compile("(/admin/me/passkeys/[\\w-]+/remove)");
  private static final Map<String, String> REQUIRED =
      Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required", "FIRST_PLAYER_ADMIN", "false");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void opensTheConsoleWithAPasskeyAlone(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, REQUIRED)) {
      var ann = owner(node);
      assertThat(ann.get(FACTOR).body()).contains("/page/passkey.mjs", "Add a passkey");
      var authenticator = new TestAuthenticator(origin(node), 1);
      String codes = add(ann, authenticator, "Laptop <1>").body();
      String recovery = find(RECOVERY, codes);
      String account = ann.get("/admin/me").body();
      assertThat(account).contains("Laptop &lt;1&gt;", "one device");

      // The whole sign-in, in a browser that knows nobody.
      var other = new TestBrowser(node);
      assertThat(location(signIn(other, authenticator, "/admin/users?q=a")))
          .isEqualTo("/admin/users?q=a");
      assertThat(other.cookies()).containsKey("rookery_console");
      // When it was used last, in place of "never".
      assertThat(other.get("/admin/me").body().split(">never<"))
          .hasSize(account.split(">never<").length - 1);
      assertThat(other.get("/admin/audit").body())
          .contains("console_add_passkey", "console_sign_in");

      // In place of a code after the password; a recovery code works too.
      var third = new TestBrowser(node);
      String page = passwordSignIn(third);
      assertThat(page).isEqualTo(SIGN_IN + "?return_to=%2Fadmin");
      assertThat(third.submit(SIGN_IN, SIGN_IN).body()).contains("Enter the code");
      assertThat(location(signIn(third, authenticator, "/admin"))).isEqualTo("/admin");
      var fourth = new TestBrowser(node);
      passwordSignIn(fourth);
      assertThat(location(fourth.submit(SIGN_IN, SIGN_IN, "user[code]", recovery)))
          .isEqualTo("/admin");

      // Given again.
      var steppedUp =
          fourth.submit(
              STEP_UP,
              STEP_UP + "/passkey",
              "return_to",
              "/admin/me",
              "credential",
              authenticator.get(options(fourth, STEP_UP, STEP_UP + "/passkey")));
      assertThat(location(steppedUp)).isEqualTo("/admin/me");

      // The last factor stays where one is required.
      String remove = find(REMOVE, fourth.get("/admin/me").body());
      var last = fourth.submit("/admin/me", remove, "_confirmed", "yes");
      assertThat(last.statusCode()).isEqualTo(409);
      assertThat(last.body()).contains("last second factor");
      assertThat(add(fourth, new TestAuthenticator(origin(node), 2), "").headers().map())
          .containsEntry("location", List.of("/admin/me?done=console-passkey-added"));
      assertThat(location(fourth.submit("/admin/me", remove, "_confirmed", "yes")))
          .isEqualTo("/admin/me?done=console-passkey-removed");
      assertThat(signIn(new TestBrowser(node), authenticator, "/admin").body())
          .contains("was not accepted");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void givesTheFactorToTheApiWithACodeOfThePasskey(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, REQUIRED)) {
      var ann = owner(node);
      var authenticator = new TestAuthenticator(origin(node), 1);
      assertThat(ann.submit(FACTOR, API_CODE).body()).doesNotContain("X-Admin-Code");
      add(ann, authenticator, "");
      String earlier = find(CODE, ann.submit("/admin/me", API_CODE).body());
      HttpResponse<String> shown = ann.submit("/admin/me", API_CODE);
      String code = find(CODE, shown.body());
      assertThat(shown.body()).contains("X-Admin-Code", "shown this one time");
      assertThat(shown.headers().firstValue("cache-control").orElseThrow()).contains("no-store");

      String token = apiToken(node);
      assertThat(delete(node, token, "")).isEqualTo("admin_code_required");
      assertThat(delete(node, token, earlier)).isEqualTo("invalid_code");
      assertThat(delete(node, token, code)).isEqualTo("done");
      // The factor counts in this session now, and the code is used up for others.
      assertThat(delete(node, token, "")).isEqualTo("done");
      assertThat(delete(node, apiToken(node), code)).isEqualTo("invalid_code");

      String ended = find(CODE, ann.submit("/admin/me", API_CODE).body());
      ann.submit("/admin/me", "/admin/sign-out");
      assertThat(delete(node, apiToken(node), ended)).isEqualTo("invalid_code");

      var other = new TestBrowser(node);
      signIn(other, authenticator, "/admin");
      assertThat(other.get("/admin/audit").body())
          .contains("console_create_api_code", "admin_step_up", "invalid_code");
    }
  }

  private static String apiToken(TestNode node) {
    var in =
        node.post(
            "/api/v1/login", "{\"email\":\"ann@example.com\",\"password\":\"correct horse\"}");
    return new JsonObject(in.body()).getJsonObject("data").getString("access_token");
  }

  /** Deletes a new player, and returns the error; {@code done} if there is none. */
  private static String delete(TestNode node, String token, String code) {
    var made = node.post("/api/v1/login/device", "{\"device_id\":\"" + UUID.randomUUID() + "\"}");
    long id = new JsonObject(made.body()).getJsonObject("data").getLong("user_id");
    var answer =
        node.send(
            "DELETE",
            "/api/v1/admin/users/" + id,
            null,
            "authorization",
            "Bearer " + token,
            "x-admin-code",
            code);
    return answer.statusCode() == 200 ? "done" : new JsonObject(answer.body()).getString("error");
  }

  @Test
  void refusesAnswersThatDoNotFit() {
    try (var node = TestNode.start(Databases.sqlite(), REQUIRED)) {
      var ann = owner(node);
      var authenticator = new TestAuthenticator(origin(node), 1);
      var foreign = authenticator.at("https://other.example");
      assertThat(add(ann, foreign, "").body()).contains("was not accepted");
      add(ann, authenticator, "");

      var bob = new TestBrowser(node);
      assertRefused(signIn(bob, authenticator.at("https://other.example"), "/admin"));
      assertRefused(signIn(bob, authenticator.at("http://localhost:1"), "/admin"));
      // A challenge of another browser, and one that was used.
      JsonObject options = options(bob, SIGN_IN, USE);
      String answer = authenticator.get(options);
      var mallory = new TestBrowser(node);
      assertRefused(mallory.submit(SIGN_IN, USE, "credential", answer));
      assertThat(location(bob.submit(SIGN_IN, USE, "credential", answer))).isEqualTo("/admin");
      var again = new TestBrowser(node);
      assertRefused(again.submit(SIGN_IN, USE, "credential", answer));
      // Of a challenge that was made for something else.
      assertRefused(
          bob.submit(
              STEP_UP,
              STEP_UP + "/passkey",
              "credential",
              authenticator.get(options(again, SIGN_IN, USE))));

      assertRefused(again.submit(SIGN_IN, USE, "credential", "{\"id\":1}"));
      assertRefused(again.submit(SIGN_IN, USE, "credential", ""));
      assertRefused(signIn(again, new TestAuthenticator(origin(node), 1), "/admin"));
      assertRefused(signIn(again, authenticator.withoutVerification(), "/admin"));

      // A passkey is asked for again as seldom as for the sign-in.
      var limited = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        limited.append(bob.submit(STEP_UP, STEP_UP + "/passkey", "credential", "").body());
      }
      assertThat(limited.toString()).contains("Too many attempts");
    }
  }

  @Test
  void refusesACounterThatGoesBack() {
    try (var node = TestNode.start(Databases.sqlite(), REQUIRED)) {
      var ann = owner(node);
      var authenticator = new TestAuthenticator(origin(node), 1).counter(5);
      add(ann, authenticator, "");
      var bob = new TestBrowser(node);
      HttpResponse<String> copied = signIn(bob, authenticator.counter(2), "/admin");
      assertThat(copied.statusCode()).isEqualTo(422);
      assertThat(copied.body()).contains("there may be a copy of it");
      assertThat(bob.cookies()).doesNotContainKey("rookery_console");
      assertThat(ann.get("/admin/audit").body()).contains("passkey_copied");
      assertThat(location(signIn(bob, authenticator.counter(6), "/admin"))).isEqualTo("/admin");

      // Owners see that it was tried often, also with a passkey of somebody else.
      var mallory = new TestBrowser(node);
      for (int i = 0; i < 5; i++) {
        signIn(mallory, authenticator.counter(2), "/admin");
      }
      passwordSignIn(mallory);
      var other = new TestAuthenticator(origin(node), 3);
      for (int i = 0; i < 4; i++) {
        assertRefused(signIn(mallory, other, "/admin"));
      }
      Eventually.holds(
          () -> bob.get("/admin").body().contains("10 sign-ins to the console failed"));
    }
  }

  @Test
  void saysWhereThereAreNoPasskeys() {
    var settings = Map.of("PHX_HOST", "10.0.0.7", "PHX_SCHEME", "http");
    try (var node = TestNode.start(Databases.sqlite(), settings)) {
      var ann = owner(node);
      assertThat(ann.get(FACTOR).body())
          .contains("work over https, and on localhost, only")
          .doesNotContain("passkey.mjs");
      assertThat(new TestBrowser(node).get(SIGN_IN).body()).doesNotContain("passkey");
      String token = TestBrowser.csrfToken(ann.get(FACTOR).body());
      assertThat(new JsonObject(ann.post(ADD + "/options", token).body()).getString("error"))
          .contains("only");
    }
  }

  private static void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).contains("This passkey was not accepted");
  }

  private static TestBrowser owner(TestNode node) {
    var ann = new TestBrowser(node);
    ann.submit(
        "/admin/setup",
        "/admin/setup",
        "user[code]",
        Objects.requireNonNull(node.node().setupCode()),
        "user[email]",
        "ann@example.com",
        "user[password]",
        "correct horse");
    return ann;
  }

  private static String passwordSignIn(TestBrowser browser) {
    return location(
        browser.submit(
            SIGN_IN, SIGN_IN, "user[email]", "ann@example.com", "user[password]", "correct horse"));
  }

  private static HttpResponse<String> add(
      TestBrowser browser, TestAuthenticator authenticator, String name) {
    String credential = authenticator.create(options(browser, FACTOR, ADD));
    return browser.submit(FACTOR, ADD, "user[name]", name, "credential", credential);
  }

  private static HttpResponse<String> signIn(
      TestBrowser browser, TestAuthenticator authenticator, String returnTo) {
    String credential = authenticator.get(options(browser, SIGN_IN, USE));
    return browser.submit(SIGN_IN, USE, "return_to", returnTo, "credential", credential);
  }

  private static JsonObject options(TestBrowser browser, String page, String action) {
    var answer = browser.submit(page, action + "/options");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonObject("publicKey");
  }

  private static String origin(TestNode node) {
    return "http://localhost:" + node.port();
  }

  private static String find(Pattern pattern, String page) {
    var matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return matcher.group(1);
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElse(response.statusCode() + " no location");
  }
}
