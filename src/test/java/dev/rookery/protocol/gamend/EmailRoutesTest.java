package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.TestMailServer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests magic links, password resets and address changes over HTTP and email. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class EmailRoutesTest {
  // JUnit passes the database to the constructor as well.
  EmailRoutesTest(Databases.TestDatabase database) {}

  private static final String SENT = "202 {\"status\":\"sent\"}";
  private static final String NO = "401 {\"error\":\"Invalid or expired token\"}";

  private static TestMailServer mail;
  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    mail = TestMailServer.start();
    var environment = new HashMap<>(mail.environment());
    environment.put("ROOKERY_MAIL_PAGES", "https://game.example/");
    api = TestApi.start(database, environment);
    api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
    mail.close();
  }

  @Test
  void completesARegistrationWithTheTokenOfTheEmail() {
    String email = "ann@example.com";
    assertThat(register(email).toString()).isEqualTo("202 {\"status\":\"confirmation_sent\"}");
    TestMailServer.Received received = mail.await(email, 1);
    assertThat(received.subject()).isEqualTo("Confirm your email address");
    assertThat(received.from()).isEqualTo("Rookery <game@example.com>");
    assertThat(received.text())
        .contains("https://game.example/users/confirm/" + received.code())
        .contains("works once and expires after 7 days");

    Response signedIn = redeem(received.code());
    assertThat(signedIn.status()).isEqualTo(200);
    assertThat(redeem(received.code()).toString()).isEqualTo(NO);
    assertThat(register(email).toString()).isEqualTo("202 {\"status\":\"confirmation_sent\"}");
    assertThat(mail.await(email, 2).subject()).isEqualTo("You already have an account");
  }

  @Test
  void resetsAForgottenPassword() {
    String email = "bob@example.com";
    Guest bob = registered(email);
    assertThat(post("/api/v1/login/reset", "email", email).toString()).isEqualTo(SENT);
    String code = mail.await(email, 2).code();
    String confirm = "/api/v1/login/reset/confirm";

    assertThat(
            api.post(confirm, JsonObject.of("token", code, "password", "qwertyuiop").encode())
                .toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":"
                + "{\"password\":[\"is too common\"]}}");
    assertThat(
            api.post(confirm, JsonObject.of("token", "x", "password", "battery staple").encode())
                .toString())
        .isEqualTo(NO);
    Response after =
        api.post(confirm, JsonObject.of("token", code, "password", "battery staple").encode());
    assertThat(after.data().getLong("user_id")).isEqualTo(bob.id());
    TestApi.eventually(
        () -> bob.get("/api/v1/me"), "401 {\"error\":\"Invalid authentication token\"}");
  }

  @Test
  void signsInWithAMagicLink() {
    String email = "eve@example.com";
    Guest eve = registered(email);
    assertThat(post("/api/v1/login/link", "email", "EVE@example.com").toString()).isEqualTo(SENT);
    assertThat(post("/api/v1/login/link", "email", "nobody@example.com").toString())
        .isEqualTo(SENT);
    TestMailServer.Received received = mail.await(email, 2);
    assertThat(received.text()).contains("https://game.example/users/log-in/" + received.code());
    assertThat(redeem(received.code()).data().getLong("user_id")).isEqualTo(eve.id());
    assertThat(mail.to("nobody@example.com")).isEmpty();
  }

  @Test
  void pushesAChangeOfTheEmailAddressToThePlayersSocket() {
    Guest joe = registered("joe@example.com");
    try (var socket = PhoenixClient.connect(api.node().port(), joe.token())) {
      socket.joinAndAwait("user:" + joe.id(), "updated");
      assertThat(joe.patch("/api/v1/me/email", "{\"email\":\"Joe2@example.com\"}").toString())
          .isEqualTo(SENT);
      String code = mail.await("joe2@example.com", 1).code();
      assertThat(post("/api/v1/login/email/confirm", "token", code).toString()).isEqualTo("200 {}");

      assertThat(socket.await("user:" + joe.id(), "updated").getString("email"))
          .isEqualTo("joe2@example.com");
    }
    assertThat(mail.await("joe@example.com", 2).subject())
        .isEqualTo("Your email address was changed");
    assertThat(joe.patch("/api/v1/me/email", "{\"email\":\"no address\"}").status()).isEqualTo(422);
    assertThat(
            joe.patch(
                    "/api/v1/me/email",
                    "{\"email\":\"j@example.com\",\"current_password\":\"wrong\"}")
                .toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":"
                + "{\"current_password\":[\"is not valid\"]}}");
  }

  @Test
  void asvs_6_2_4_asvs_6_2_11_rejectsCommonPasswords() {
    for (String common : new String[] {"password1", "QwertyUiop", "iloveyou2", "GameServer2026!"}) {
      Response response =
          api.post(
              "/api/v1/register",
              JsonObject.of("email", "z@example.com", "password", common).encode());
      if (common.startsWith("Game")) {
        // Accepted: it does not contain the name of this product.
        assertThat(response.status()).isEqualTo(202);
      } else {
        assertThat(response.body().getJsonObject("errors").encode())
            .isEqualTo("{\"password\":[\"is too common\"]}");
      }
    }
    Response name =
        api.post(
            "/api/v1/register",
            JsonObject.of("email", "z@example.com", "password", "rookery2026!").encode());
    assertThat(name.status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "        ~~~~~~~~ ok",
        "passphrases may have spaces, and be 72 characters long, like this one :)",
        "ÄÖÜäöüßéèê",
        "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void asvs_6_2_5_asvs_6_2_8_asvs_6_2_9_acceptsPasswordsOfAnyComposition(String password) {
    String email = Math.abs(password.hashCode()) + "@example.com";
    assertThat(
            api.post(
                    "/api/v1/register",
                    JsonObject.of("email", email, "password", password).encode())
                .status())
        .isEqualTo(202);
    redeem(mail.await(email, 1).code());
    assertThat(login(email, password).status()).isEqualTo(200);
    // The password is not trimmed or changed.
    assertThat(login(email, password.strip() + " ").status()).isEqualTo(401);
    assertThat(login(email, password.substring(0, password.length() - 1)).status()).isEqualTo(401);
  }

  @Test
  void rejectsEmailRequestsInProductionWithoutAMailServer() {
    var environment = new HashMap<String, String>();
    environment.put("ROOKERY_ENV", "production");
    try (var closed = TestApi.start(Databases.sqlite(), environment)) {
      assertThat(closed.post("/api/v1/login/link", "{\"email\":\"a@example.com\"}").toString())
          .isEqualTo("503 {\"error\":\"mail_not_configured\"}");
    }
  }

  @Test
  void limitsTheNumberOfEmails() {
    String email = "late@example.com";
    registered(email);
    assertThat(api.node().get("/metrics").body()).contains("rookery_mail_total{outcome=\"sent\"}");
    Eventually.holds(() -> api.node().get("/metrics").body().contains("rookery_mail_underway 0.0"));
  }

  private static Guest registered(String email) {
    register(email);
    Response in = redeem(mail.await(email, 1).code());
    return new Guest(
        api,
        in.data().getLong("user_id"),
        in.data().getString("access_token"),
        in.data().getString("refresh_token"));
  }

  private static Response register(String email) {
    return api.post(
        "/api/v1/register", JsonObject.of("email", email, "password", "correct horse").encode());
  }

  private static Response login(String email, String password) {
    return api.post("/api/v1/login", JsonObject.of("email", email, "password", password).encode());
  }

  private static Response redeem(String code) {
    return post("/api/v1/login/token", "token", code);
  }

  private static Response post(String path, String field, String value) {
    return api.post(path, JsonObject.of(field, value).encode());
  }
}
