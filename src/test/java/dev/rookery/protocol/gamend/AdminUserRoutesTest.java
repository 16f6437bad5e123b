package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the management of players by admins. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminUserRoutesTest {
  // JUnit passes the database to the constructor as well.
  AdminUserRoutesTest(Databases.TestDatabase database) {}

  private static final String USERS = "/api/v1/admin/users";
  private static final String TEST_PLAYERS = "/api/v1/admin/test_players";

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
  void listsPlayersWithTheirEmailAddressesForAdmins() {
    Response registered =
        api.post(
            "/api/v1/register", "{\"email\":\"found@example.com\",\"password\":\"correct horse\"}");
    long id = registered.data().getLong("user_id");

    JsonArray found = admin.get(USERS + "?q=Found@example.com").body().getJsonArray("data");
    assertThat(found).hasSize(1);
    JsonObject user = found.getJsonObject(0);
    assertThat(user.getLong("id")).isEqualTo(id);
    assertThat(user.getString("email")).isEqualTo("found@example.com");
    assertThat(user.getBoolean("has_password")).isTrue();
    assertThat(user.getValue("ban")).isNull();
    assertThat(user.getValue("mark")).isNull();
    assertThat(admin.get(USERS + "/" + id).data()).isEqualTo(user);
    assertThat(admin.get(USERS + "?is_admin=true").body().getJsonArray("data")).hasSize(1);
    assertThat(admin.get(USERS + "/x").toString()).isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.get(USERS + "/999999").toString()).isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void givesTokensOfTestPlayersAndOfNobodyElse() {
    Guest ann = api.guest();
    Response created = admin.post(TEST_PLAYERS, "{\"display_name\":\"Tess\"}");
    assertThat(created.status()).isEqualTo(201);
    long id = created.data().getLong("id");
    assertThat(admin.post(TEST_PLAYERS, "{}").data().getString("display_name"))
        .startsWith("Test player ");

    JsonObject token = admin.post(TEST_PLAYERS + "/" + id + "/token", "{}").data();
    JsonObject second = admin.post(TEST_PLAYERS + "/" + id + "/token", "{}").data();
    assertThat(token.getLong("expires_in")).isEqualTo(900);
    JsonObject me =
        new JsonObject(
            api.node()
                .send(
                    "GET",
                    "/api/v1/me",
                    null,
                    "authorization",
                    "Bearer " + token.getString("access_token"))
                .body());
    assertThat(me.getLong("id")).isEqualTo(id);
    assertThat(me.getString("display_name")).isEqualTo("Tess");

    assertThat(admin.get(USERS + "/" + id).data().getString("mark")).isEqualTo("test");

    String refused = "403 {\"error\":\"not_a_test_player\"}";
    assertThat(admin.post(TEST_PLAYERS + "/" + ann.id() + "/token", "{}")).hasToString(refused);
    assertThat(admin.delete(TEST_PLAYERS + "/" + ann.id())).hasToString(refused);
    assertThat(admin.call("PUT", "/api/v1/admin/admins/" + id, "{\"role\":\"viewer\"}").status())
        .isEqualTo(200);
    assertThat(admin.post(TEST_PLAYERS + "/" + id + "/token", "{}")).hasToString(refused);
    // A token from before, which no node has seen yet, has no part in the role.
    var tess = new Guest(api, id, second.getString("access_token"), "");
    assertThat(tess.get("/api/v1/me").status()).isEqualTo(200);
    assertThat(tess.get(USERS).status()).isEqualTo(403);
    assertThat(ann.post(TEST_PLAYERS, "{}").status()).isEqualTo(403);

    assertThat(admin.delete(TEST_PLAYERS + "/" + id).status()).isEqualTo(200);
    assertThat(admin.get(USERS + "/" + id).status()).isEqualTo(404);
  }

  @Test
  void keepsTestPlayersWithoutASignInMethod() {
    long id = admin.post(TEST_PLAYERS, "{}").data().getLong("id");
    JsonObject token = admin.post(TEST_PLAYERS + "/" + id + "/token", "{}").data();
    var tess = new Guest(api, id, token.getString("access_token"), "");
    String refused = "403 {\"error\":\"marked_player\"}";
    assertThat(tess.post("/api/v1/me/device", "{\"device_id\":\"device-of-somebody\"}"))
        .hasToString(refused);
    assertThat(tess.patch("/api/v1/me/password", "{\"password\":\"correct horse\"}"))
        .hasToString(refused);
    assertThat(tess.patch("/api/v1/me/email", "{\"email\":\"tess@example.com\"}"))
        .hasToString(refused);
    assertThat(admin.post(TEST_PLAYERS + "/" + id + "/token", "{}").status()).isEqualTo(200);
    assertThat(admin.delete(TEST_PLAYERS + "/" + id).status()).isEqualTo(200);
  }

  @Test
  void updatesAPlayerAndPushesTheChangeToThem() {
    Guest ann = api.guest();
    try (var socket = PhoenixClient.connect(api.node().port(), ann.token())) {
      socket.joinAndAwait("user:" + ann.id(), "updated");

      Response response =
          admin.patch(
              USERS + "/" + ann.id(),
              "{\"display_name\":\"Renamed\",\"metadata\":{\"level\":3},\"is_admin\":\"0\"}");

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.data().getString("display_name")).isEqualTo("Renamed");
      assertThat(response.data().getBoolean("is_admin")).isFalse();
      assertThat(response.data().getInteger("lobby_id")).isEqualTo(-1);
      JsonObject seen = socket.await("user:" + ann.id(), "updated");
      assertThat(seen.getString("display_name")).isEqualTo("Renamed");
      assertThat(seen.getJsonObject("metadata")).isEqualTo(JsonObject.of("level", 3));
    }
    assertThat(admin.patch(USERS + "/" + ann.id(), "{}").data().getString("display_name"))
        .isEqualTo("Renamed");
    assertThat(
            admin
                .patch(USERS + "/" + ann.id(), "{\"display_name\":\"\",\"metadata\":{}}")
                .data()
                .getString("display_name"))
        .isEmpty();
  }

  @Test
  void grantsAndRevokesTheAdminRoleButNotOnesOwn() {
    Guest ann = api.guest();
    String path = USERS + "/" + ann.id();
    assertThat(ann.get(USERS).status()).isEqualTo(403);
    assertThat(admin.patch(path, "{\"is_admin\":true}").data().getBoolean("is_admin")).isTrue();
    TestApi.eventually(
        () -> ann.patch(path, "{\"is_admin\":false}"), "409 {\"error\":\"cannot_demote_self\"}");
    assertThat(admin.patch(path, "{\"is_admin\":false}").status()).isEqualTo(200);
    TestApi.eventually(() -> ann.get(USERS), "403 {\"error\":\"forbidden\"}");
  }

  @Test
  void rejectsInvalidValuesAndChangesNothing() {
    Guest ann = api.guest();
    String path = USERS + "/" + ann.id();
    String name = "x".repeat(81);
    Response response =
        admin.patch(path, JsonObject.of("display_name", name, "is_admin", true).encode());
    assertThat(response.toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":"
                + "{\"display_name\":[\"should be at most 80 character(s)\"]}}");
    assertThat(admin.patch(path, "{\"is_admin\":1}").status()).isEqualTo(422);
    assertThat(admin.get(path).data().getBoolean("is_admin")).isFalse();
    assertThat(admin.patch(USERS + "/999999", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void deletesAPlayer() {
    Guest ann = api.signIn("to be deleted");
    ann.createLobby("{}");
    assertThat(admin.delete(USERS + "/" + ann.id()).toString()).isEqualTo("200 {}");
    assertThat(ann.get("/api/v1/me").status()).isEqualTo(401);
    assertThat(api.get("/api/v1/users/" + ann.id()).status()).isEqualTo(404);
    assertThat(admin.delete(USERS + "/" + ann.id()).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void asvs_7_4_2_aBanEndsAllSessionsAndGivesTheReasonAtSignIn() {
    Guest bob = api.signIn("banned");
    long lobby = bob.createLobby("{}");
    String path = USERS + "/" + bob.id();
    String until =
        Instant.now().plus(2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
    try (var socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      socket.joinAndAwait("user:" + bob.id(), "updated");

      assertThat(
              admin
                  .call(
                      "PUT",
                      path + "/ban",
                      JsonObject.of("reason", "cheating", "until", until).encode())
                  .toString())
          .isEqualTo("200 {}");

      assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
    }
    TestApi.eventually(
        () -> bob.get("/api/v1/me"), "401 {\"error\":\"Invalid authentication token\"}");
    Response no = api.post("/api/v1/login/device", "{\"device_id\":\"banned\"}");
    assertThat(no.status()).isEqualTo(403);
    assertThat(no.body())
        .isEqualTo(
            JsonObject.of("error", "account_banned", "message", "cheating", "banned_until", until));
    String refresh = JsonObject.of("refresh_token", bob.refreshToken()).encode();
    assertThat(api.post("/api/v1/refresh", refresh).body()).isEqualTo(no.body());
    assertThat(admin.get("/api/v1/lobbies/" + lobby).status()).isEqualTo(404);
    JsonObject ban = admin.get(path).data().getJsonObject("ban");
    assertThat(ban.getString("reason")).isEqualTo("cheating");
    assertThat(ban.getString("until")).isEqualTo(until);
    assertThat(admin.get(USERS + "?banned=true").body().getJsonArray("data")).hasSize(1);

    assertThat(admin.delete(path + "/ban").toString()).isEqualTo("200 {}");
    assertThat(api.signIn("banned").id()).isEqualTo(bob.id());
  }

  @Test
  void reportsAllInvalidFieldsOfABan() {
    Guest bob = api.guest();
    String path = USERS + "/" + bob.id() + "/ban";
    assertThat(admin.call("PUT", path, "{\"until\":\"2020-01-01T00:00:00Z\"}").toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"reason\":[\"can't be blank\"]}}");
    assertThat(
            admin
                .call("PUT", path, "{\"reason\":\"x\",\"until\":\"2020-01-01T00:00:00Z\"}")
                .toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"until\":"
                + "[\"must be in the future\"]}}");
    assertThat(admin.call("PUT", path, "{\"reason\":\"x\",\"until\":\"2020-01-01\"}").toString())
        .isEqualTo("422 {\"error\":\"validation_failed\",\"errors\":{\"until\":[\"is invalid\"]}}");
    assertThat(
            admin.call("PUT", USERS + "/" + admin.id() + "/ban", "{\"reason\":\"x\"}").toString())
        .isEqualTo("409 {\"error\":\"cannot_ban_self\"}");
    assertThat(admin.call("PUT", USERS + "/999999/ban", "{\"reason\":\"x\"}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.delete(USERS + "/999999/ban").status()).isEqualTo(404);
    assertThat(bob.get("/api/v1/me").status()).isEqualTo(200);
  }
}
