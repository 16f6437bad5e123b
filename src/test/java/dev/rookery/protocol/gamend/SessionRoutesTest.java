package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the session routes. Test names start with the items of OWASP ASVS 5.0 they verify. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class SessionRoutesTest {
  // JUnit passes the database to the constructor as well.
  SessionRoutesTest(Databases.TestDatabase database) {}

  private static final String MINE = "/api/v1/me/sessions";
  private static final String ALL = "/api/v1/admin/sessions";
  private static final String BAD_TOKEN = "401 {\"error\":\"Invalid authentication token\"}";

  private static TestApi api;
  private static Guest admin;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void asvs_7_5_2_aPlayerListsAndEndsTheirSessions() {
    Guest phone = api.signIn("mine");
    api.post(
        "/api/v1/login/device",
        "{\"device_id\":\"mine\"}",
        "user-agent",
        "Console/7 (living room)");

    Response seen = phone.get(MINE);
    assertThat(seen.body().getJsonObject("meta").getInteger("total_count")).isEqualTo(2);
    JsonObject console = seen.body().getJsonArray("data").getJsonObject(0);
    assertThat(console.getString("user_agent")).isEqualTo("Console/7 (living room)");
    assertThat(console.getString("address")).isEqualTo("127.0.0.1");
    assertThat(console.getString("kind")).isEqualTo("device");
    assertThat(console.getBoolean("current")).isFalse();
    JsonObject own = seen.body().getJsonArray("data").getJsonObject(1);
    assertThat(own.getBoolean("current")).isTrue();
    assertThat(seen.response().body()).doesNotContain("token").doesNotContain("generation");

    assertThat(phone.delete(MINE + "/" + console.getLong("id")).toString()).isEqualTo("200 {}");
    assertThat(phone.get(MINE).body().getJsonArray("data")).hasSize(1);
    assertThat(phone.delete(MINE + "/" + own.getLong("id")).toString()).isEqualTo("200 {}");
    TestApi.eventually(() -> phone.get("/api/v1/me"), BAD_TOKEN);
  }

  @Test
  void asvs_8_2_2_aPlayerCannotEndTheSessionOfAnother() {
    Guest ann = api.signIn("ann's");
    Guest bob = api.signIn("bob's");
    long anns = ann.get(MINE).body().getJsonArray("data").getJsonObject(0).getLong("id");

    assertThat(bob.delete(MINE + "/" + anns).toString()).isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(ann.get("/api/v1/me").status()).isEqualTo(200);
  }

  @Test
  void asvs_7_4_1_anEndedSessionIsRejectedAndItsSocketsClose() {
    Guest phone = api.signIn("one of two");
    Guest tablet = api.signIn("one of two");
    try (var socket = PhoenixClient.connect(api.node().port(), phone.token());
        var stays = PhoenixClient.connect(api.node().port(), tablet.token())) {
      socket.joinAndAwait("user:" + phone.id(), "updated");
      stays.joinAndAwait("user:" + tablet.id(), "updated");

      assertThat(tablet.delete(MINE).toString()).isEqualTo("200 {}");

      assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
      TestApi.eventually(() -> phone.get("/api/v1/me"), BAD_TOKEN);
      assertThat(
              api.post(
                      "/api/v1/refresh",
                      JsonObject.of("refresh_token", phone.refreshToken()).encode())
                  .status())
          .isEqualTo(401);
      assertThat(tablet.get("/api/v1/me").status()).isEqualTo(200);
      assertThat(stays.call("user:" + tablet.id(), "webrtc:close", new JsonObject()).isOk())
          .isTrue();
    }
  }

  @Test
  void asvs_7_2_4_everySignInCreatesANewSession() {
    Guest one = api.signIn("twice");
    Guest two = api.signIn("twice");
    assertThat(one.id()).isEqualTo(two.id());
    assertThat(one.delete("/api/v1/logout").toString()).isEqualTo("200 {}");
    assertThat(two.get(MINE).body().getJsonArray("data")).hasSize(1);
  }

  @Test
  void asvs_7_4_5_anAdminListsAndEndsTheSessionsOfAnyPlayer() {
    Guest phone = api.signIn("watched");
    Guest tablet = api.signIn("watched");
    String path = "/api/v1/admin/users/" + phone.id() + "/sessions";

    Response newest = admin.get(ALL + "?page_size=1");
    JsonObject session = newest.body().getJsonArray("data").getJsonObject(0);
    assertThat(session.getLong("user_id")).isEqualTo(tablet.id());
    assertThat(session.getString("context")).isEqualTo("session");
    assertThat(session.getString("user_email")).isEmpty();
    assertThat(newest.body().getJsonObject("meta").getBoolean("has_more")).isTrue();
    assertThat(admin.get(path).body().getJsonArray("data")).hasSize(2);

    assertThat(admin.delete(ALL + "/" + session.getLong("id")).toString()).isEqualTo("200 {}");
    TestApi.eventually(() -> tablet.get("/api/v1/me"), BAD_TOKEN);
    assertThat(admin.delete(ALL + "/" + session.getLong("id")).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(phone.get("/api/v1/me").status()).isEqualTo(200);

    assertThat(admin.delete(path).toString()).isEqualTo("200 {}");
    TestApi.eventually(() -> phone.get("/api/v1/me"), BAD_TOKEN);
    assertThat(admin.delete("/api/v1/admin/users/999999/sessions").toString()).isEqualTo("200 {}");
  }

  @Test
  void asvs_8_2_1_onlyAdminsMayUseTheAdminRoutes() {
    Guest nobody = api.guest();
    for (String path :
        List.of(ALL, "/api/v1/admin/users", "/api/v1/admin/users/1", "/api/v1/admin/users/x")) {
      assertThat(nobody.get(path).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");
      assertThat(api.get(path).toString()).isEqualTo("401 {\"error\":\"Authentication required\"}");
      assertThat(api.get(path, "authorization", "Bearer x").toString()).isEqualTo(BAD_TOKEN);
    }
    assertThat(nobody.delete("/api/v1/admin/users/1").status()).isEqualTo(403);
    assertThat(nobody.call("PUT", "/api/v1/admin/users/1/ban", "{\"reason\":\"x\"}").status())
        .isEqualTo(403);
    assertThat(admin.get("/api/v1/me").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "x", "1.5", "99999999999999999999999"})
  void answersNotFoundForAMissingSession(String id) {
    String missing = "404 {\"error\":\"not_found\"}";
    assertThat(admin.delete(ALL + "/" + id).toString()).isEqualTo(missing);
    assertThat(admin.delete(MINE + "/" + id).toString()).isEqualTo(missing);
  }
}
