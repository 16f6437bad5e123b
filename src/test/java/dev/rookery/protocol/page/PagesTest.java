package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.node.NodeDependencies;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestMailServer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages over HTTP: security headers, cookies, CSRF tokens, redirects and forms. */
final class PagesTest {
  private static final String PASSWORD = "correct horse";
  private static final List<String> PUBLIC_PAGES =
      List.of(
          "/users/log-in",
          "/users/register",
          "/users/reset-password",
          "/users/reset-password/abc",
          "/users/confirm/abc",
          "/users/log-in/abc",
          "/users/settings/confirm-email/abc",
          "/privacy",
          "/terms",
          "/data-deletion");

  private static TestMailServer mail;
  private static TestNode node;

  @BeforeAll
  static void start() {
    mail = TestMailServer.start();
    node = TestNode.start(Databases.sqlite(), mail.environment());
    node.post("/api/v1/login/device", "{\"device_id\":\"the first of all\"}");
  }

  @AfterAll
  static void stop() {
    node.close();
    mail.close();
  }

  @Test
  void asvs_3_4_3_asvs_3_4_4_asvs_3_4_5_asvs_3_4_6_everyPageHasSecurityHeadersAndLabels() {
    for (String path : PUBLIC_PAGES) {
      HttpResponse<String> page = new TestBrowser(node).get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertSafe(path, page);
    }
  }

  @Test
  void asvs_7_4_4_everyPageOffersSignOut() {
    var ann = register("out@example.com");
    for (String path : List.of("/users/settings", "/users/settings/delete", "/privacy", "/terms")) {
      assertThat(ann.get(path).body())
          .as(path)
          .contains(
              "action=\"/users/log-out\"", "<button class=\"secondary\" type=\"submit\">Sign out");
    }
    String cookie = ann.cookies().get("rookery_session");
    ann.submit("/users/settings", "/users/log-out");
    assertThat(ann.cookies()).doesNotContainKey("rookery_session");
    var old = new TestBrowser(node);
    old.cookies().put("rookery_session", cookie);
    assertThat(old.get("/users/settings").statusCode()).isEqualTo(303);
  }

  @Test
  void asvs_6_2_6_asvs_6_2_7_passwordFieldsAreMaskedAndAllowPasting() {
    var ann = register("fields@example.com");
    for (String path :
        List.of(
            "/users/log-in", "/users/register", "/users/reset-password/abc", "/users/settings")) {
      TestBrowser who = path.equals("/users/settings") ? ann : new TestBrowser(node);
      var inputs =
          findAll(
              who.get(path).body(), "(<input[^>]*name=\"user\\[[a-z_]*password[a-z_]*\\]\"[^>]*>)");
      assertThat(inputs)
          .as(path)
          .isNotEmpty()
          .allMatch(input -> input.contains("type=\"password\""))
          .allMatch(input -> input.matches(".*autocomplete=\"(new|current)-password\".*"))
          .noneMatch(input -> input.contains("maxlength") || input.contains("onpaste"));
    }
  }

  @Test
  void otherOriginsCannotReadPages() {
    for (String path : List.of("/privacy", "/play", "/users/log-in", "/groups")) {
      var page = node.get(path, "origin", "https://other.example");
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.headers().firstValue("access-control-allow-origin")).as(path).isEmpty();
    }
  }

  @Test
  void answersHeadRequests() {
    assertThat(node.send("HEAD", "/users/log-in", null).statusCode()).isEqualTo(200);
  }

  @Test
  void settingsPagesHaveSecurityHeaders() {
    var ann = register("settings@example.com");
    for (String path : List.of("/users/settings", "/users/settings/delete")) {
      HttpResponse<String> page = ann.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertSafe(path, page);
    }
  }

  private static void assertSafe(String path, HttpResponse<String> page) {
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'");
    assertThat(policy).doesNotContain("unsafe", "*", "http", "script");
    assertThat(page.headers().firstValue("cache-control")).contains("no-store");
    assertThat(page.headers().firstValue("referrer-policy")).contains("same-origin");
    assertThat(page.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(page.body().replaceAll("<link rel=\"alternate\"[^>]*>", ""))
        .as(path)
        .contains("<html lang=\"en\" dir=\"ltr\">", "<main id=\"main\"")
        .doesNotContain("<script", "<style", "style=", "javascript:", "http://", "https://")
        .doesNotContainPattern("\\son\\w+=");
    var ids = findAll(page.body(), "<(?:input|select) id=\"([^\"]+)\"");
    assertThat(findAll(page.body(), "<label for=\"([^\"]+)\""))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(findAll(page.body(), "\\sid=\"([^\"]+)\"")).as(path).doesNotHaveDuplicates();
    var forms = findAll(page.body(), "<form method=\"(\\w+)\"");
    assertThat(forms).allMatch("post"::equals);
    assertThat(findAll(page.body(), "(name=\"_csrf_token\")")).hasSameSizeAs(forms);
  }

  @Test
  void asvs_3_3_2_asvs_3_3_4_cookiesAreHttpOnlyAndSameSite() {
    var ann = register("cookies@example.com");
    ann.get("/users/settings");
    var in = new TestBrowser(node).signIn("cookies@example.com", PASSWORD);
    List<String> cookies = in.headers().allValues("set-cookie");
    assertThat(cookies).hasSize(1);
    assertThat(cookies.getFirst())
        .startsWith("rookery_session=")
        .contains("Path=/", "HTTPOnly", "SameSite=Lax")
        .doesNotContain("Secure", "Max-Age", "Domain");
  }

  @Test
  void asvs_3_3_1_asvs_3_3_3_httpsCookiesAreSecureAndHostOnly() {
    register("secure@example.com");
    var ann = new TestBrowser(node).withHeader("x-forwarded-proto", "https");
    assertThat(ann.get("/users/log-in").headers().firstValue("set-cookie").orElseThrow())
        .startsWith("__Host-rookery_browser=")
        .contains("Secure", "HTTPOnly", "SameSite=Lax", "Path=/")
        .doesNotContain("Domain");
    var in =
        ann.submit(
            "/users/log-in",
            "/users/log-in",
            "user[email]",
            "secure@example.com",
            "user[password]",
            PASSWORD,
            "user[remember_me]",
            "true");
    assertThat(in.headers().firstValue("set-cookie").orElseThrow())
        .startsWith("__Host-rookery_session=")
        .contains("Secure", "Max-Age=1209600");
    assertThat(ann.get("/users/settings").statusCode()).isEqualTo(200);

    // Ignores the cookie without the prefix, which another host of the domain could have set.
    var neighbour = new TestBrowser(node).withHeader("x-forwarded-proto", "https");
    neighbour.cookies().put("rookery_session", ann.cookies().get("__Host-rookery_session"));
    assertThat(neighbour.get("/users/settings").statusCode()).isEqualTo(303);
  }

  @Test
  void ignoresForwardedHeadersOfUntrustedProxies() {
    try (var far = TestNode.start(Databases.sqlite(), Map.of("TRUSTED_PROXIES", "10.0.0.0/8"))) {
      var ann = new TestBrowser(far).withHeader("x-forwarded-proto", "https");
      assertThat(ann.get("/users/log-in").headers().firstValue("set-cookie").orElseThrow())
          .startsWith("rookery_browser=");
    }
  }

  @Test
  void asvs_3_5_1_refusesForgedForms() {
    var ann = register("forged@example.com");
    var mallory = new TestBrowser(node);
    String attackersToken = TestBrowser.csrfToken(mallory.get("/users/log-in").body());
    String ownToken = TestBrowser.csrfToken(ann.get("/users/settings").body());
    String rename = "/users/settings/profile";
    String[] name = {"user[display_name]", "Mallory"};

    assertThat(ann.post(rename, "", name).statusCode()).isEqualTo(403);
    assertThat(ann.post(rename, attackersToken, name).statusCode()).isEqualTo(403);
    assertThat(ann.post(rename, ownToken + "x", name).statusCode()).isEqualTo(403);
    assertThat(new TestBrowser(node).post("/users/log-in", attackersToken).statusCode())
        .isEqualTo(403);
    var crossSite = new TestBrowser(node).withHeader("sec-fetch-site", "same-site");
    crossSite.cookies().putAll(ann.cookies());
    assertThat(crossSite.post(rename, ownToken, name).statusCode()).isEqualTo(403);
    assertThat(ann.get("/users/settings").body()).doesNotContain("Mallory");
    assertThat(ann.post(rename, ownToken, name).statusCode()).isEqualTo(303);
    assertThat(ann.get("/users/settings").body()).contains("value=\"Mallory\"");
  }

  @Test
  void csrfTokenFromBeforeSignInIsInvalid() {
    register("before@example.com");
    var ann = new TestBrowser(node);
    String previous = TestBrowser.csrfToken(ann.get("/users/log-in").body());
    ann.signIn("before@example.com", PASSWORD);

    assertThat(
            ann.post("/users/settings/profile", previous, "user[display_name]", "x").statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/users/settings/../../evil",
        "/users/settings@evil.example",
        "/users/settings\r\nx: y",
        "javascript:alert(1)",
        "/api/docs"
      })
  void refusesOpenRedirects(String returnTo) {
    String email = Math.abs(returnTo.hashCode()) + "@example.com";
    register(email);
    var in =
        new TestBrowser(node)
            .submit(
                "/users/log-in",
                "/users/log-in",
                "user[email]",
                email,
                "user[password]",
                PASSWORD,
                "return_to",
                returnTo);
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(in.headers().firstValue("location")).contains("/users/settings");
  }

  @Test
  void returnsToTheRequestedPageAfterSignIn() {
    register("back@example.com");
    var ann = new TestBrowser(node);
    var sent = ann.get("/users/settings/delete");
    assertThat(sent.statusCode()).isEqualTo(303);
    String there = sent.headers().firstValue("location").orElseThrow();
    assertThat(there).isEqualTo("/users/log-in?return_to=/users/settings/delete");
    assertThat(ann.get(there).body())
        .contains("name=\"return_to\" value=\"/users/settings/delete\"");
  }

  @Test
  void escapesMarkupInUserInput() {
    var ann = register("markup@example.com");
    ann.submit(
        "/users/settings",
        "/users/settings/profile",
        "user[display_name]",
        "\"><script>alert(1)</script>");
    assertThat(ann.get("/users/settings").body())
        .doesNotContain("<script")
        .contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void showsPagesInTheLanguageOfTheAddressThePlayerOrTheBrowser() {
    var ann = register("languages@example.com");
    ann.withHeader("accept-language", "fr-CA,fr;q=0.9");
    assertThat(ann.get("/users/settings").body())
        .contains("<html lang=\"fr\" dir=\"ltr\">", "Paramètres du compte");

    var saved = ann.submit("/users/settings", "/users/settings/language", "user[language]", "ja");
    assertThat(saved.headers().firstValue("location")).contains("/users/settings?done=language");
    var japanese = ann.get("/users/settings?done=language");
    assertThat(japanese.body())
        .contains("<html lang=\"ja\"", "言語を保存しました。", "value=\"ja\" lang=\"ja\" selected");
    assertThat(japanese.headers().firstValue("content-language")).contains("ja");

    assertThat(ann.get("/ar/users/settings").body())
        .contains("<html lang=\"ar\" dir=\"rtl\">", "إعدادات الحساب");
    assertThat(ann.submit("/users/settings", "/users/settings/language", "user[language]", "<b>"))
        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(422));
  }

  @Test
  void linksFormsAndRedirectsKeepTheLanguageOfTheAddress() {
    var ann = new TestBrowser(node);
    var page = ann.get("/de/users/log-in?done=signed-out&return_to=/users/settings");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains(
            "Du bist abgemeldet.",
            "action=\"/de/users/log-in\"",
            "href=\"/de/privacy\"",
            "href=\"/page/page.css\"",
            "href=\"/fr/users/log-in?done=signed-out&amp;return_to=/users/settings\"")
        .doesNotContain("rel=\"alternate\"");
    assertThat(ann.get("/de/users/settings").headers().firstValue("location"))
        .contains("/de/users/log-in?return_to=/users/settings");
    var refused = ann.submit("/de/users/log-in", "/de/users/log-in", "user[email]", "a b");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains(
            "href=\"/fr/users/log-in\"",
            "E-Mail-Adresse für den Anmeldelink: muss das Zeichen @ und darf keine Leerzeichen"
                + " enthalten");
  }

  @Test
  void publicPagesNameTheirOtherLanguagesAndOtherPathsTakeNoPrefix() {
    var ann = new TestBrowser(node);
    assertThat(ann.get("/privacy").body())
        .contains(
            "<link rel=\"alternate\" hreflang=\"pt-BR\" href=\""
                + "http://localhost:"
                + node.uri("/").getPort()
                + "/pt-BR/privacy"
                + "\">",
            "lang=\"zh-CN\" hreflang=\"zh-CN\" dir=\"ltr\">简体中文</a>");
    assertThat(ann.get("/xx/privacy").statusCode()).isEqualTo(404);
    assertThat(ann.get("/de/api/v1/lobbies").statusCode()).isEqualTo(404);
    assertThat(ann.get("/de/page/page.css").statusCode()).isEqualTo(404);
  }

  @Test
  void sendsEmailsInTheLanguageOfTheForm() {
    var ann = new TestBrowser(node);
    ann.submit(
        "/es/users/register",
        "/es/users/register",
        "user[email]",
        "correo@example.com",
        "user[password]",
        PASSWORD,
        "user[password_confirmation]",
        PASSWORD);

    var email = mail.await("correo@example.com", 1);
    assertThat(email.subject()).isEqualTo("Confirma tu dirección de correo");
    assertThat(email.text()).contains("Funciona una sola vez y caduca en 7 días.");
  }

  @Test
  void rendersInvalidFormsAgainWithErrors() {
    var invalid =
        new TestBrowser(node)
            .submit(
                "/users/register",
                "/users/register",
                "user[email]",
                "no address",
                "user[password]",
                "short",
                "user[password_confirmation]",
                "other");
    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(invalid.body())
        .contains(
            "value=\"no address\"",
            "must have the @ sign and no spaces",
            "should be at least 8 characters",
            "does not match password",
            "aria-invalid=\"true\"")
        .doesNotContain("short");
    var no = new TestBrowser(node).signIn("nobody@example.com", "wrong password");
    assertThat(no.statusCode()).isEqualTo(422);
    assertThat(no.body()).contains("Email or password is incorrect.");
  }

  @Test
  void downloadsTheDataExport() {
    var ann = register("file@example.com");
    var file = ann.submit("/users/settings", "/users/settings/export");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("content-disposition").orElseThrow())
        .startsWith("attachment; filename=\"player-");
    assertThat(
            new JsonObject(file.body()).getJsonArray("profile").getJsonObject(0).getString("email"))
        .isEqualTo("file@example.com");
    assertThat(new TestBrowser(node).get("/users/settings/export").statusCode()).isEqualTo(404);
  }

  @Test
  void signingOutAnotherSessionEndsIt() {
    var here = register("two@example.com");
    var there = new TestBrowser(node);
    there.signIn("two@example.com", PASSWORD);
    String settings = here.get("/users/settings").body();
    var numbers = findAll(settings, "name=\"session\" value=\"(\\d+)\"");
    assertThat(numbers).hasSize(1);

    here.submit("/users/settings", "/users/settings/sessions", "session", numbers.getFirst());

    assertThat(there.get("/users/settings").statusCode()).isEqualTo(303);
    assertThat(there.cookies()).doesNotContainKey("rookery_session");
    assertThat(here.get("/users/settings").statusCode()).isEqualTo(200);
  }

  @Test
  void asvs_7_2_4_newSignInEndsThePreviousSession() {
    var ann = register("again@example.com");
    String previous = ann.cookies().get("rookery_session");
    ann.submit(
        "/users/settings",
        "/users/log-in",
        "user[email]",
        "again@example.com",
        "user[password]",
        PASSWORD);
    var old = new TestBrowser(node);
    old.cookies().put("rookery_session", previous);

    assertThat(ann.get("/users/settings").statusCode()).isEqualTo(200);
    assertThat(old.get("/users/settings").statusCode()).isEqualTo(303);
  }

  @Test
  void asvs_9_2_2_pageTokensAndApiTokensAreNotInterchangeable() {
    var ann = register("token@example.com");
    String cookie = ann.cookies().get("rookery_session");
    assertThat(node.get("/api/v1/me", "authorization", "Bearer " + cookie).statusCode())
        .isEqualTo(401);
    var in =
        new JsonObject(
                node.post("/api/v1/login/device", "{\"device_id\":\"device of the token\"}").body())
            .getJsonObject("data");
    for (String token : List.of("access_token", "refresh_token")) {
      var other = new TestBrowser(node);
      other.cookies().put("rookery_session", in.getString(token));
      assertThat(other.get("/users/settings").statusCode()).as(token).isEqualTo(303);
    }
  }

  @Test
  void regularUseExtendsTheSession() {
    var clock = new ManualClock();
    try (var node =
        TestNode.start(Databases.sqlite(), Map.of(), NodeDependencies.production().with(clock))) {
      node.post(
          "/api/v1/register", "{\"email\":\"long@example.com\",\"password\":\"correct horse\"}");
      var ann = new TestBrowser(node);
      ann.signIn("long@example.com", PASSWORD);
      String first = ann.cookies().get("rookery_session");
      for (int day = 0; day < 40; day += 10) {
        clock.advance(Duration.ofDays(10));
        assertThat(ann.get("/users/settings").statusCode()).as("day %d", day).isEqualTo(200);
      }
      assertThat(ann.cookies().get("rookery_session")).isNotEqualTo(first);
      assertThat(ann.get("/users/settings").body()).contains("last used 10 Feb 2026");
      // Within the renew interval no cookie is set.
      assertThat(ann.get("/users/settings").headers().allValues("set-cookie")).isEmpty();

      clock.advance(Duration.ofDays(15));
      assertThat(ann.get("/users/settings").statusCode()).isEqualTo(303);
    }
  }

  @Test
  void rateLimitCountsFormsButNotPages() {
    var environment = new HashMap<>(mail.environment());
    environment.put("ROOKERY_RATE_LIMIT_ENABLED", "true");
    try (var limited = TestNode.start(Databases.sqlite(), environment)) {
      var ann = new TestBrowser(limited);
      String csrfToken = TestBrowser.csrfToken(ann.get("/users/log-in").body());
      for (int i = 0; i < 10; i++) {
        assertThat(ann.post("/users/reset-password", csrfToken).statusCode()).isEqualTo(422);
      }
      for (String form : List.of("/users/reset-password", "/users/log-in", "/users/register/")) {
        var refused = ann.post(form, csrfToken);
        assertThat(refused.statusCode()).as(form).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
      }
      assertThat(ann.get("/users/log-in").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void pagesCanBeDisabledWithoutTheApiOfAdmins() throws Exception {
    try (var bare = TestNode.start(Databases.sqlite(), Map.of("PAGES_ENABLED", "false"))) {
      assertThat(bare.get("/users/log-in").statusCode()).isEqualTo(404);
      assertThat(bare.get("/admin").statusCode()).isEqualTo(404);
      exportsAndSignsOutPlayers(bare);
      assertThat(bare.get("/", "accept", "text/html").body())
          .contains("Health, metrics")
          .doesNotContain("Accounts", "/users/");
    }
  }

  private static void exportsAndSignsOutPlayers(TestNode bare) throws Exception {
    // The first player is an admin.
    var admin = RestPlayer.signIn(TestNode.client(), bare.uri("/"), "the-device-of-ann");
    var bob = RestPlayer.signIn(TestNode.client(), bare.uri("/"), "the-device-of-bob");
    String token = "Bearer " + admin.token();
    var export = bare.get("/api/v1/admin/exports/users?format=ndjson", "authorization", token);
    assertThat(export.body().lines()).hasSize(2);
    String bulk = "/api/v1/admin/bulk";
    var selected = admin.post(bulk + "/users/sign-out", new JsonObject());
    assertThat(selected.status()).as(selected.body().encode()).isEqualTo(202);
    String job = "/" + selected.body().getJsonObject("data").getLong("id");
    Eventually.holds(() -> state(bare, bulk + job, token).equals("ready"));
    var started =
        admin.send(
            "PUT",
            bulk + "/users/sign-out" + job,
            JsonObject.of("total", 2, "audit_reason", "a new password rule"));
    assertThat(started.status()).as(started.body().encode()).isEqualTo(200);
    // The admin is signed out too, so that the state of the job cannot be asked for.
    Eventually.holds(
        () -> bare.get("/api/v1/me", "authorization", "Bearer " + bob.token()).statusCode() == 401);
  }

  private static String state(TestNode bare, String job, String token) {
    return new JsonObject(bare.get(job, "authorization", token).body())
        .getJsonObject("data")
        .getString("state");
  }

  @Test
  void mailboxShowsUndeliveredEmailsToAllowedReaders() {
    assertThat(node.get("/dev/mailbox").statusCode()).isEqualTo(404);
    try (var open = TestNode.start(Databases.sqlite(), Map.of("MAILBOX_PREVIEW_ENABLED", "true"))) {
      String email = "{\"email\":\"dev@example.com\",\"password\":\"correct horse\"}";
      assertThat(open.post("/api/v1/register", email).statusCode()).isEqualTo(201);
      assertThat(open.get("/dev/mailbox").body()).contains("No emails yet.");
      open.post("/api/v1/login/link", "{\"email\":\"dev@example.com\"}");
      Eventually.holds(() -> open.get("/dev/mailbox").body().contains("to dev@example.com"));
      assertThat(open.get("/dev/mailbox").body())
          .contains("http://localhost:" + open.port() + "/users/log-in/");
    }
    var production =
        Map.of(
            "MAILBOX_PREVIEW_ENABLED", "true",
            "ROOKERY_ENV", "production",
            "FIRST_PLAYER_ADMIN", "true");
    try (var closed = TestNode.start(Databases.sqlite(), production)) {
      assertThat(closed.post("/api/v1/login/link", "{\"email\":\"dev@example.com\"}").statusCode())
          .isEqualTo(202);
      assertThat(closed.get("/dev/mailbox").statusCode()).isEqualTo(422);
      var admin = new TestBrowser(closed);
      admin.submit(
          "/users/register",
          "/users/register",
          "user[email]",
          "admin@example.com",
          "user[password]",
          PASSWORD,
          "user[password_confirmation]",
          PASSWORD);
      assertThat(admin.get("/dev/mailbox").statusCode()).isEqualTo(200);
    }
  }

  /** Returns a browser signed in to a new account with a confirmed email. */
  private static TestBrowser register(String email) {
    var browser = new TestBrowser(node);
    browser.submit(
        "/users/register",
        "/users/register",
        "user[email]",
        email,
        "user[password]",
        PASSWORD,
        "user[password_confirmation]",
        PASSWORD);
    String code = mail.await(email, 1).code();
    browser.submit("/users/confirm/" + code, "/users/log-in", "user[token]", code);
    return browser;
  }

  private static List<String> findAll(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }
}
