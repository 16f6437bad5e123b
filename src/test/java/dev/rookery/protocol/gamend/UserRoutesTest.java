package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the search for players, public profiles and the own account over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class UserRoutesTest {
  // JUnit passes the database to the constructor as well.
  UserRoutesTest(Databases.TestDatabase database) {}

  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void showsAPlayerWithoutTheEmailAddress() {
    Response registered =
        api.post(
            "/api/v1/register",
            "{\"email\":\"seen@example.com\",\"password\":\"correct"
                + " horse\",\"display_name\":\"Seen\"}");
    long id = registered.data().getLong("user_id");
    Response shown = api.get("/api/v1/users/" + id);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body().getString("email")).isEmpty();
    assertThat(shown.body().getString("display_name")).isEqualTo("Seen");
    assertThat(shown.body().getLong("lobby_id")).isEqualTo(-1);
    assertThat(shown.body().getLong("party_id")).isEqualTo(-1);
    Response mine =
        api.get(
            "/api/v1/me", "authorization", "Bearer " + registered.data().getString("access_token"));
    assertThat(mine.body().getString("email")).isEqualTo("seen@example.com");
    assertThat(mine.body().getBoolean("has_password")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1x", "1.0", "%27", "-", "1e3"})
  void rejectsAnIdThatIsNotANumber(String id) {
    assertThat(api.get("/api/v1/users/" + id).toString())
        .isEqualTo("400 {\"error\":\"invalid_id\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "999999", "99999999999999999999999999"})
  void answersNotFoundForAnUnknownId(String id) {
    assertThat(api.get("/api/v1/users/" + id).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void findsNobodyForAnEmptySearch() {
    for (String query : List.of("", "?q=", "?q=%20", "?page=3&page_size=7")) {
      Response response = api.get("/api/v1/users" + query);
      assertThat(response.body().getJsonArray("data")).isEmpty();
      assertThat(response.body().getJsonObject("meta").getInteger("total_pages")).isZero();
    }
  }

  @Test
  void findsPlayersByTheStartOfTheirNameInPages() {
    for (String name : List.of("Zoe", "zora", "ZOLA", "azo")) {
      named(name);
    }
    Response first = api.get("/api/v1/users?q=zo&page_size=2");
    assertThat(first.body().getJsonArray("data")).hasSize(2);
    assertThat(first.body().getJsonObject("meta"))
        .isEqualTo(
            new JsonObject()
                .put("page", 1)
                .put("page_size", 2)
                .put("count", 2)
                .put("total_count", 3)
                .put("total_pages", 2)
                .put("has_more", true));
    Response second = api.get("/api/v1/users?q=zo&page_size=2&page=2");
    assertThat(second.body().getJsonArray("data")).hasSize(1);
    assertThat(second.body().getJsonObject("meta").getBoolean("has_more")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page=0&page_size=0",
        "page=-3&page_size=-3",
        "page=x&page_size=x",
        "page=99999999999999999999&page_size=99999999999999999999"
      })
  void clampsThePageParameters(String query) {
    JsonObject meta = api.get("/api/v1/users?q=a&" + query).body().getJsonObject("meta");
    assertThat(meta.getInteger("page")).isPositive();
    assertThat(meta.getInteger("page_size")).isBetween(1, 100);
  }

  @Test
  void showsTheOwnProfile() {
    Guest ann = api.guest();
    JsonObject me = ann.get("/api/v1/me").body();
    assertThat(me.getLong("id")).isEqualTo(ann.id());
    assertThat(me.getJsonObject("metadata")).isEmpty();
    assertThat(me.getBoolean("has_password")).isFalse();
    assertThat(me.getJsonObject("linked_providers").getBoolean("device")).isTrue();
    assertThat(me.getJsonObject("linked_providers").getBoolean("google")).isFalse();
  }

  @Test
  void deletesTheOwnAccount() {
    Guest ann = api.guest();
    assertThat(ann.delete("/api/v1/me").toString()).isEqualTo("200 {}");
    assertThat(api.get("/api/v1/users/" + ann.id()).status()).isEqualTo(404);
    assertThat(ann.get("/api/v1/me").toString())
        .isEqualTo("401 {\"error\":\"Authentication failed\"}");
  }

  @Test
  void setsAndClearsTheDisplayName() {
    Guest ann = api.guest();
    String path = "/api/v1/me/display_name";
    assertThat(ann.patch(path, "{\"display_name\":\" Ann <3 '; -- \"}").body())
        .isEqualTo(
            new JsonObject()
                .put("ok", true)
                .put("id", ann.id())
                .put("display_name", " Ann <3 '; -- "));
    assertThat(ann.patch(path, "{\"display_name\":null}").body().getString("display_name"))
        .isEmpty();
    assertThat(ann.patch(path, "{\"display_name\":\"  \"}").status()).isEqualTo(200);
    assertThat(ann.patch(path, "{}").toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
    assertThat(ann.patch(path, JsonObject.of("display_name", "x".repeat(81)).encode()).toString())
        .isEqualTo(
            "400 {\"error\":\"invalid_data\","
                + "\"errors\":{\"display_name\":[\"should be at most 80 character(s)\"]}}");
    assertThat(ann.patch(path, "{\"display_name\":5}").toString())
        .isEqualTo(
            "400 {\"error\":\"invalid_data\",\"errors\":{\"display_name\":[\"is invalid\"]}}");
  }

  @Test
  void aNewPasswordEndsTheOtherSessions() {
    Guest phone = api.signIn("the one device of two sessions");
    Guest tablet = api.signIn("the one device of two sessions");
    Response changed = phone.patch("/api/v1/me/password", "{\"password\":\"correct horse\"}");
    assertThat(changed.body()).isEqualTo(new JsonObject().put("ok", true).put("id", phone.id()));
    assertThat(phone.get("/api/v1/me").body().getBoolean("has_password")).isTrue();
    TestApi.eventually(
        () -> tablet.get("/api/v1/me"), "401 {\"error\":\"Invalid authentication token\"}");
  }

  @Test
  void rejectsInvalidPasswords() {
    Guest ann = api.guest();
    String path = "/api/v1/me/password";
    assertThat(ann.patch(path, "{}").toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
    assertThat(ann.patch(path, "{\"password\":\"short\"}").toString())
        .isEqualTo(
            "400 {\"error\":\"invalid_data\","
                + "\"errors\":{\"password\":[\"should be at least 8 character(s)\"]}}");
    Response differs =
        ann.patch(
            path, "{\"password\":\"correct horse\",\"password_confirmation\":\"correct house\"}");
    assertThat(differs.status()).isEqualTo(400);
    assertThat(differs.body().getJsonObject("errors").getJsonArray("password_confirmation"))
        .isEqualTo(JsonArray.of("does not match password"));
    assertThat(ann.patch(path, "{\"password\":12345678}").body().getJsonObject("errors"))
        .isEqualTo(JsonObject.of("password", JsonArray.of("is invalid")));
  }

  @Test
  void replacesTheLinkedDeviceButNotWithATakenOne() {
    Guest ann = api.guest();
    Guest bob = api.signIn("the device of bob");
    String path = "/api/v1/me/device";
    assertThat(ann.post(path, "{\"device_id\":\"the next one of ann\"}").toString())
        .isEqualTo("200 {}");
    assertThat(api.signIn("the next one of ann").id()).isEqualTo(ann.id());
    assertThat(ann.post(path, "{\"device_id\":\"the device of bob\"}").toString())
        .isEqualTo(
            "400 {\"error\":\"Failed to link device_id\","
                + "\"details\":{\"device_id\":[\"has already been taken\"]}}");
    for (String body : List.of("{}", "{\"device_id\":5}", "{\"device_id\":null}")) {
      assertThat(bob.post(path, body).toString())
          .isEqualTo("400 {\"error\":\"device_id is required\"}");
    }
  }

  @Test
  void keepsTheLastSignInMethod() {
    Guest ann = api.guest();
    assertThat(ann.delete("/api/v1/me/device").toString())
        .isEqualTo(
            "400 {\"error\":\"Cannot unlink device_id when it's your last authentication"
                + " method\"}");
    ann.patch("/api/v1/me/password", "{\"password\":\"correct horse\"}");
    assertThat(ann.delete("/api/v1/me/device").toString()).isEqualTo("200 {}");
    assertThat(ann.delete("/api/v1/me/device").toString()).isEqualTo("200 {}");
    assertThat(ann.delete("/api/v1/me/providers/google").toString())
        .isEqualTo("400 {\"error\":\"Cannot unlink the last linked provider\"}");
    assertThat(ann.delete("/api/v1/me/providers/myspace").toString())
        .isEqualTo("400 {\"error\":\"Unknown provider\"}");
  }

  @Test
  void rejectsRequestsWithoutAToken() {
    for (String[] route :
        new String[][] {
          {"GET", "/api/v1/me"},
          {"DELETE", "/api/v1/me"},
          {"PATCH", "/api/v1/me/password"},
          {"PATCH", "/api/v1/me/display_name"},
          {"POST", "/api/v1/me/device"},
          {"DELETE", "/api/v1/me/device"},
          {"DELETE", "/api/v1/me/providers/google"}
        }) {
      assertThat(api.call(route[0], route[1], null).toString())
          .isEqualTo("401 {\"error\":\"Authentication required\"}");
    }
  }

  @Test
  void exportsAllDataOfThePlayer() {
    Guest ann = named("Ann of the file");
    Response file = ann.get("/api/v1/me/export");
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.response().headers().firstValue("content-disposition"))
        .contains("attachment; filename=\"player-%d.json\"".formatted(ann.id()));
    assertThat(file.body().getJsonArray("profile").getJsonObject(0).getString("display_name"))
        .isEqualTo("Ann of the file");
    assertThat(file.body().getJsonArray("sessions")).hasSize(1);
    assertThat(api.get("/api/v1/me/export").status()).isEqualTo(401);
  }

  @Test
  void showsADeletedAccountAsMissing() {
    Guest gone = named("Gone for good");
    Guest bob = named("Bob who stays");
    long lobby = gone.createLobby("{\"title\":\"Room\"}");
    bob.join(lobby);
    String inLobby = "\"chat_type\":\"lobby\",\"chat_ref_id\":" + lobby;
    gone.post("/api/v1/chat/messages", "{\"content\":\"hers\"," + inLobby + "}");
    bob.post("/api/v1/chat/messages", "{\"content\":\"from bob\"," + inLobby + "}");

    assertThat(gone.delete("/api/v1/me").toString()).isEqualTo("200 {}");

    Response room = bob.get("/api/v1/lobbies/" + lobby);
    assertThat(room.data().getLong("host_id")).isEqualTo(bob.id());
    assertThat(room.response().body()).doesNotContain("Gone");
    Response messages = bob.get("/api/v1/chat/messages?chat_type=lobby&chat_ref_id=" + lobby);
    assertThat(messages.status()).as(messages.toString()).isEqualTo(200);
    assertThat(messages.body().getJsonArray("data"))
        .extracting(message -> ((JsonObject) message).getString("content"))
        .containsExactly("from bob");
    assertThat(api.get("/api/v1/users/" + gone.id()).status()).isEqualTo(404);
    assertThat(api.get("/api/v1/users?q=gone").body().getJsonArray("data")).isEmpty();
    assertThat(gone.get("/api/v1/me").toString())
        .isEqualTo("401 {\"error\":\"Authentication failed\"}");
    assertThat(
            api.post("/api/v1/refresh", "{\"refresh_token\":\"" + gone.refreshToken() + "\"}")
                .status())
        .isEqualTo(401);
  }

  private static Guest named(String name) {
    var guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }
}
