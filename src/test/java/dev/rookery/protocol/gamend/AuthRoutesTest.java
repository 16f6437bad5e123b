package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests sign-in, registration, refresh and logout over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AuthRoutesTest {
  // JUnit passes the database to the constructor as well.
  AuthRoutesTest(Databases.TestDatabase database) {}

  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static final String DEVICE = "/api/v1/login/device";
  private static final String LOGIN = "/api/v1/login";
  private static final String REGISTER = "/api/v1/register";
  private static final String REFRESH = "/api/v1/refresh";

  @Test
  void signsInToTheAccountOfAKnownDevice() {
    Response first = api.post(DEVICE, "{\"device_id\":\"a phone\"}");
    Response again = api.post(DEVICE, "{\"device_id\":\"a phone\"}");
    Response other = api.post(DEVICE, "{\"device_id\":\"A phone\"}");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.data().getInteger("expires_in")).isEqualTo(900);
    assertThat(first.data().getString("display_name")).isEmpty();
    assertThat(again.data().getLong("user_id")).isEqualTo(first.data().getLong("user_id"));
    assertThat(other.data().getLong("user_id")).isNotEqualTo(first.data().getLong("user_id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"device_id\":null}",
        "{\"device_id\":5}",
        "{\"device_id\":{}}",
        "{\"device_id\":[]}",
        "{\"device_id\":true}",
        "{\"device_id\":\"with \\u0000 in it\"}"
      })
  void rejectsADeviceIdThatIsNotText(String body) {
    assertThat(api.post(DEVICE, body).toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
  }

  @Test
  void rejectsABlankOrTooLongDeviceId() {
    for (String blank : new String[] {"", "   "}) {
      assertThat(api.post(DEVICE, JsonObject.of("device_id", blank).encode()).toString())
          .isEqualTo(
              "400 {\"error\":\"unable to create device user\","
                  + "\"details\":{\"device_id\":[\"can't be blank\"]}}");
    }
    String tooLong = JsonObject.of("device_id", "x".repeat(257)).encode();
    assertThat(api.post(DEVICE, tooLong).toString())
        .isEqualTo(
            "400 {\"error\":\"unable to create device user\","
                + "\"details\":{\"device_id\":[\"should be at most 256 character(s)\"]}}");
    assertThat(api.post(DEVICE, JsonObject.of("device_id", "🎮".repeat(256)).encode()).status())
        .isEqualTo(200);
  }

  @Test
  void rejectsDeviceSignInWhenItIsDisabled() {
    try (var closed = TestApi.start(Databases.sqlite(), Map.of("DEVICE_AUTH_ENABLED", "false"))) {
      assertThat(closed.post(DEVICE, "{\"device_id\":\"x\"}").toString())
          .isEqualTo("403 {\"error\":\"device-based authentication is disabled\"}");
    }
  }

  @Test
  void registersAndSignsInWithThePassword() {
    Response registered = register("  Ann@Example.COM ", "correct horse");
    assertThat(registered.status()).isEqualTo(201);
    Response signedIn = login("ann@example.com", "correct horse");
    assertThat(signedIn.status()).isEqualTo(200);
    assertThat(signedIn.data().getLong("user_id")).isEqualTo(registered.data().getLong("user_id"));
    assertThat(login(" ANN@example.com ", "correct horse").status()).isEqualTo(200);
  }

  @Test
  void reportsAllInvalidFieldsOfARegistration() {
    Response response =
        api.post(
            REGISTER,
            "{\"email\":\"no"
                + " address\",\"password\":\"short\",\"password_confirmation\":\"other\"}");
    assertThat(response.status()).isEqualTo(422);
    assertThat(response.error()).isEqualTo("validation_failed");
    assertThat(response.body().getJsonObject("errors").fieldNames())
        .containsExactlyInAnyOrder("email", "password", "password_confirmation");
    Response nothing = api.post(REGISTER, "{\"email\":\"  \"}");
    assertThat(nothing.status()).isEqualTo(422);
    assertThat(nothing.body().getJsonObject("errors").getJsonArray("email"))
        .isEqualTo(JsonArray.of("can't be blank"));
    Response types = api.post(REGISTER, "{\"email\":5,\"password\":[]}");
    assertThat(types.body().getJsonObject("errors").getJsonArray("password"))
        .isEqualTo(JsonArray.of("is invalid"));
  }

  @Test
  void rejectsAnAddressThatIsTaken() {
    register("twice@example.com", "correct horse");
    assertThat(register("Twice@example.com", "another horse").toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\","
                + "\"errors\":{\"email\":[\"has already been taken\"]}}");
  }

  @Test
  void answersAWrongPasswordLikeAnUnknownAddress() {
    register("known@example.com", "correct horse");
    String no = "401 {\"error\":\"Invalid email or password\"}";
    assertThat(login("known@example.com", "wrong horse").toString()).isEqualTo(no);
    assertThat(login("unknown@example.com", "correct horse").toString()).isEqualTo(no);
    assertThat(login("known@example.com", "").toString()).isEqualTo(no);
    assertThat(login("' OR 1=1 --", "x").toString()).isEqualTo(no);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"email\":\"a@b.c\"}",
        "{\"password\":\"x\"}",
        "{\"device_id\":\"x\"}",
        "{\"email\":5,\"password\":\"x\"}",
        "{\"email\":\"a@b.c\",\"password\":null}"
      })
  void rejectsALoginWithoutAddressOrPassword(String body) {
    assertThat(api.post(LOGIN, body).toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
  }

  @Test
  void linksAnUnusedDeviceAtLogin() {
    Response bob = register("bob@example.com", "correct horse");
    api.post(
        LOGIN,
        "{\"email\":\"bob@example.com\",\"password\":\"correct horse\",\"device_id\":\"bob's\"}");
    assertThat(api.post(DEVICE, "{\"device_id\":\"bob's\"}").data().getLong("user_id"))
        .isEqualTo(bob.data().getLong("user_id"));
  }

  @Test
  void refreshReplacesBothTokens() {
    Guest ann = api.guest();
    Response refreshed = refresh(ann.refreshToken());
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.data().getLong("user_id")).isEqualTo(ann.id());
    String second = refreshed.data().getString("refresh_token");
    assertThat(second).isNotEqualTo(ann.refreshToken());
    // As if the answer had been lost.
    assertThat(refresh(ann.refreshToken()).data().getString("refresh_token")).isEqualTo(second);
    assertThat(refresh(second).status()).isEqualTo(200);
    assertThat(refresh(ann.refreshToken()).toString())
        .isEqualTo("401 {\"error\":\"Invalid or expired refresh token\"}");
  }

  @Test
  void refreshRejectsAMissingTokenAndOtherTypesOfTokens() {
    assertThat(api.post(REFRESH, "{}").toString())
        .isEqualTo("400 {\"error\":\"refresh_token is required\"}");
    assertThat(api.post(REFRESH, "{\"refresh_token\":7}").toString())
        .isEqualTo("400 {\"error\":\"refresh_token is required\"}");
    for (String token : List.of("", "x", api.guest().token())) {
      assertThat(refresh(token).toString())
          .isEqualTo("401 {\"error\":\"Invalid or expired refresh token\"}");
    }
  }

  @Test
  void refreshRejectsTheTokenOfADeletedPlayer() {
    Guest ann = api.guest();
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    Response response = refresh(ann.refreshToken());
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.error()).isEqualTo("Invalid refresh token");
  }

  @Test
  void logoutEndsTheSession() {
    Guest ann = api.guest();
    assertThat(ann.delete("/api/v1/logout").toString()).isEqualTo("200 {}");
    assertThat(ann.get("/api/v1/me").toString())
        .isEqualTo("401 {\"error\":\"Invalid authentication token\"}");
    assertThat(refresh(ann.refreshToken()).status()).isEqualTo(401);
  }

  @Test
  void logoutSucceedsWithoutAValidToken() {
    assertThat(api.call("DELETE", "/api/v1/logout", null).toString()).isEqualTo("200 {}");
    assertThat(api.call("DELETE", "/api/v1/logout", null, "authorization", "Bearer x").toString())
        .isEqualTo("200 {}");
  }

  private static Response register(String email, String password) {
    return api.post(REGISTER, JsonObject.of("email", email, "password", password).encode());
  }

  private static Response login(String email, String password) {
    return api.post(LOGIN, JsonObject.of("email", email, "password", password).encode());
  }

  private static Response refresh(String token) {
    return api.post(REFRESH, JsonObject.of("refresh_token", token).encode());
  }
}
