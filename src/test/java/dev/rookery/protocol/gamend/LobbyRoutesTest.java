package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests lobbies over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class LobbyRoutesTest {
  // JUnit passes the database to the constructor as well.
  LobbyRoutesTest(Databases.TestDatabase database) {}

  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static final String LOBBIES = "/api/v1/lobbies";

  @Test
  void createsALobbyWithTheRequestedSettingsAndDefaults() {
    Guest ann = api.guest();
    Response opened = ann.post(LOBBIES, "{\"title\":\"Room\",\"metadata\":{\"mode\":\"duel\"}}");
    assertThat(opened.status()).isEqualTo(201);
    assertThat(opened.body())
        .isEqualTo(
            new JsonObject()
                .put("id", opened.body().getLong("id"))
                .put("title", "Room")
                .put("host_id", ann.id())
                .put("host_name", "")
                .put("hostless", false)
                .put("max_users", 8)
                .put("is_hidden", false)
                .put("is_locked", false)
                .put("is_passworded", false)
                .put("metadata", JsonObject.of("mode", "duel"))
                .put("slowdown", 0));
    assertThat(ann.get("/api/v1/me").body().getLong("lobby_id"))
        .isEqualTo(opened.body().getLong("id"));
  }

  @Test
  void generatesATitleIfNoneIsGiven() {
    for (String body : new String[] {null, "{}", "{\"title\":\"  \"}", "{\"title\":null}"}) {
      Response opened = api.guest().post(LOBBIES, body);
      assertThat(opened.status()).as("%s", opened).isEqualTo(201);
      assertThat(opened.body().getString("title")).matches("lobby-\\d+");
    }
  }

  @Test
  void acceptsFieldsAsText() {
    Response opened =
        api.guest().post(LOBBIES, "{\"max_users\":\"4\",\"is_hidden\":\"1\",\"slowdown\":\"\"}");
    assertThat(opened.status()).isEqualTo(201);
    assertThat(opened.body().getInteger("max_users")).isEqualTo(4);
    assertThat(opened.body().getBoolean("is_hidden")).isTrue();
    assertThat(opened.body().getInteger("slowdown")).isZero();
  }

  @Test
  void reportsInvalidSettingsByField() {
    Guest ann = api.guest();
    assertThat(ann.post(LOBBIES, "{\"max_users\":0}").toString())
        .isEqualTo("409 {\"error\":{\"max_users\":[\"must be greater than 0\"]}}");
    assertThat(ann.post(LOBBIES, "{\"max_users\":129}").toString())
        .isEqualTo("409 {\"error\":{\"max_users\":[\"must be less than or equal to 128\"]}}");
    assertThat(ann.post(LOBBIES, "{\"max_users\":99999999999999999999}").toString())
        .isEqualTo("409 {\"error\":{\"max_users\":[\"must be less than or equal to 128\"]}}");
    assertThat(ann.post(LOBBIES, "{\"max_users\":\"abc\"}").toString())
        .isEqualTo("409 {\"error\":{\"max_users\":[\"is invalid\"]}}");
    assertThat(ann.post(LOBBIES, "{\"slowdown\":3601}").status()).isEqualTo(409);
    Response many =
        ann.post(LOBBIES, "{\"title\":1,\"is_locked\":2,\"metadata\":3,\"max_users\":4.0}");
    assertThat(many.status()).isEqualTo(409);
    assertThat(many.body().getJsonObject("error").fieldNames())
        .containsExactlyInAnyOrder("title", "is_locked", "metadata", "max_users");
    String large = JsonObject.of("metadata", JsonObject.of("a", "x".repeat(17_000))).encode();
    assertThat(ann.post(LOBBIES, large).toString())
        .isEqualTo("409 {\"error\":{\"metadata\":[\"is too large (max 16384 bytes)\"]}}");
    assertThat(ann.get("/api/v1/me").body().getLong("lobby_id")).isEqualTo(-1);
  }

  @Test
  void returnsTheFirstResponseForARepeatedIdempotencyKey() {
    long lobby = api.guest().createLobby("{}");
    Guest bob = api.guest();
    String join = LOBBIES + "/" + lobby + "/join";
    String[] in = {"idempotency-key", "in"};
    String[] out = {"idempotency-key", "out"};

    Response joined = bob.post(join, "{}", in);
    assertThat(joined.status()).isEqualTo(200);
    assertThat(bob.post(join, "{}", in).toString()).isEqualTo(joined.toString());
    assertThat(bob.post(LOBBIES + "/leave", null, out).toString()).isEqualTo("200 {}");
    assertThat(bob.join(lobby).status()).isEqualTo(200);
    assertThat(bob.post(LOBBIES + "/leave", null, out).toString()).isEqualTo("200 {}");
    assertThat(bob.get("/api/v1/me").body().getLong("lobby_id")).isEqualTo(lobby);

    assertThat(bob.post(LOBBIES + "/leave", null, in).toString())
        .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
    assertThat(bob.post(join, "{}", out).toString())
        .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
  }

  @Test
  void doesNotCreateLobbiesWithoutAHostForClients() {
    for (String hostless : List.of("true", "\"true\"", "\"1\"", "7")) {
      assertThat(api.guest().post(LOBBIES, "{\"hostless\":" + hostless + "}").toString())
          .isEqualTo("401 {\"error\":\"Not authenticated\"}");
    }
    Guest ann = api.guest();
    Response opened =
        ann.post(LOBBIES, "{\"hostless\":false,\"host_id\":1,\"password_hash\":\"x\",\"id\":5}");
    assertThat(opened.status()).isEqualTo(201);
    assertThat(opened.body().getLong("host_id")).isEqualTo(ann.id());
    assertThat(opened.body().getBoolean("is_passworded")).isFalse();
  }

  @Test
  void rejectsASecondLobby() {
    Guest ann = api.guest();
    long first = ann.createLobby("{}");
    assertThat(ann.post(LOBBIES, "{}").toString())
        .isEqualTo("409 {\"error\":\"already_in_lobby\"}");
    assertThat(ann.join(first).toString()).isEqualTo("403 {\"error\":\"already_in_lobby\"}");
    assertThat(ann.join(api.guest().createLobby("{}")).toString())
        .isEqualTo("403 {\"error\":\"already_in_lobby\"}");
    assertThat(ann.post(LOBBIES + "/quick_join", "{}").toString())
        .isEqualTo("409 {\"error\":\"already_in_lobby\"}");
  }

  @Test
  void answersARepeatedCommandAsBefore() {
    Guest ann = api.guest();
    Response first = ann.post(LOBBIES, "{}", "idempotency-key", "a wish of ann");
    Response again = ann.post(LOBBIES, "{}", "idempotency-key", "a wish of ann");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(api.guest().post(LOBBIES, "{}", "idempotency-key", "x".repeat(201)).toString())
        .isEqualTo("400 {\"error\":\"invalid_idempotency_key\"}");
  }

  @Test
  void listsMembersByAccountAge() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long lobby = bob.createLobby("{}");
    assertThat(ann.join(lobby).status()).isEqualTo(200);
    Response shown = ann.get(LOBBIES + "/" + lobby);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body().getInteger("spectator_count")).isZero();
    assertThat(
            shown.body().getJsonArray("members").stream().map(m -> ((JsonObject) m).getLong("id")))
        .containsExactly(ann.id(), bob.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1x", "0", "-5", "999999", "99999999999999999999", "%27"})
  void answersNotFoundForAMissingLobby(String id) {
    Guest ann = api.guest();
    assertThat(ann.get(LOBBIES + "/" + id).toString())
        .isEqualTo("404 {\"error\":\"Lobby not found\"}");
    assertThat(ann.post(LOBBIES + "/" + id + "/join", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void hidesAHiddenLobbyButAllowsToJoinIt() {
    Guest ann = api.guest();
    long hidden = ann.createLobby("{\"is_hidden\":true,\"title\":\"hidden away\"}");
    assertThat(ann.get(LOBBIES + "/" + hidden).status()).isEqualTo(404);
    assertThat(listed("title=hidden%20away")).isEmpty();
    assertThat(api.guest().join(hidden).status()).isEqualTo(200);
  }

  @Test
  void appliesEveryFilterOfTheList() {
    long open =
        api.guest()
            .createLobby(
                "{\"title\":\"Filter me\",\"max_users\":4,\"metadata\":{\"mode\":\"duel\"}}");
    long locked =
        api.guest().createLobby("{\"title\":\"filter too\",\"max_users\":10,\"is_locked\":true}");
    long secret =
        api.guest().createLobby("{\"title\":\"FILTER not\",\"max_users\":20,\"password\":\"x\"}");
    assertThat(listed("title=filter")).containsExactly(open, locked, secret);
    assertThat(listed("q=%20Filter%20")).containsExactly(open, locked, secret);
    assertThat(listed("title=filter&is_locked=true")).containsExactly(locked);
    assertThat(listed("title=filter&is_locked=FALSE")).containsExactly(open, secret);
    assertThat(listed("title=filter&is_locked=maybe")).hasSize(3);
    assertThat(listed("title=filter&is_passworded=true")).containsExactly(secret);
    assertThat(listed("title=filter&is_passworded=false")).containsExactly(open, locked);
    assertThat(listed("title=filter&min_users=10")).containsExactly(locked, secret);
    assertThat(listed("title=filter&max_users=10x")).containsExactly(open, locked);
    assertThat(listed("title=filter&min_users=many")).hasSize(3);
    assertThat(listed("title=filter&metadata_key=mode")).containsExactly(open);
    assertThat(listed("title=filter&metadata_key=mode&metadata_value=ue")).containsExactly(open);
    assertThat(listed("title=filter&metadata_key=mode&metadata_value=UE")).isEmpty();
    Response page = api.get(LOBBIES + "?title=filter&is_locked=false&page_size=1");
    assertThat(page.body().getJsonObject("meta").getInteger("total_count")).isEqualTo(2);
    assertThat(page.body().getJsonObject("meta").getBoolean("has_more")).isTrue();
  }

  @Test
  void treatsSqlAndPatternsInFiltersAsText() {
    long lobby = api.guest().createLobby("{\"title\":\"100%_'; DROP TABLE lobby; --\"}");
    assertThat(listed("title=100%25_%27%3B%20DROP")).containsExactly(lobby);
    assertThat(listed("title=%25%25")).isEmpty();
    assertThat(listed("metadata_key=%27%20OR%201%3D1&metadata_value=%27")).isEmpty();
  }

  @Test
  void rejectsJoiningALockedOrFullLobby() {
    Guest ann = api.guest();
    long locked = ann.createLobby("{\"is_locked\":true}");
    assertThat(api.guest().join(locked).toString()).isEqualTo("403 {\"error\":\"locked\"}");
    long small = api.guest().createLobby("{\"max_users\":1}");
    assertThat(api.guest().join(small).toString()).isEqualTo("403 {\"error\":\"full\"}");
  }

  @Test
  void requiresThePasswordUntilItIsRemoved() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{\"password\":\"sesame\"}");
    String join = LOBBIES + "/" + lobby + "/join";
    assertThat(api.guest().post(join, "{}").toString())
        .isEqualTo("403 {\"error\":\"password_required\"}");
    assertThat(api.guest().post(join, "{\"password\":\"wrong\"}").toString())
        .isEqualTo("403 {\"error\":\"invalid_password\"}");
    assertThat(api.guest().post(join, "{\"password\":5}").toString())
        .isEqualTo("403 {\"error\":\"invalid_password\"}");
    assertThat(api.guest().post(join, "{\"password\":\"sesame\"}").status()).isEqualTo(200);
    assertThat(ann.patch(LOBBIES, "{\"password\":null}").body().getBoolean("is_passworded"))
        .isTrue();
    assertThat(ann.patch(LOBBIES, "{\"password\":\"\"}").body().getBoolean("is_passworded"))
        .isFalse();
    assertThat(api.guest().post(join, null).status()).isEqualTo(200);
  }

  @Test
  void allowsOnlyTheHostToUpdateTheLobby() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    assertThat(ann.patch(LOBBIES, "{\"title\":\"x\"}").toString())
        .isEqualTo("400 {\"error\":\"not_in_lobby\"}");
    bob.join(ann.createLobby("{}"));
    assertThat(bob.patch(LOBBIES, "{\"title\":\"x\"}").toString())
        .isEqualTo("403 {\"error\":\"not_host\"}");
    assertThat(ann.patch(LOBBIES, "{\"max_users\":1}").toString())
        .isEqualTo("422 {\"error\":\"too_small\"}");
    assertThat(ann.patch(LOBBIES, "{\"max_users\":\"abc\"}").toString())
        .isEqualTo("422 {\"error\":{\"max_users\":[\"is invalid\"]}}");
    assertThat(ann.patch(LOBBIES, "{\"max_users\":129}").toString())
        .isEqualTo("422 {\"error\":{\"max_users\":[\"must be less than or equal to 128\"]}}");
    Response changed =
        ann.patch(
            LOBBIES,
            "{\"title\":\"New\",\"host_id\":" + bob.id() + ",\"hostless\":true,\"slowdown\":5}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body().getString("title")).isEqualTo("New");
    assertThat(changed.body().getLong("host_id")).isEqualTo(ann.id());
    assertThat(changed.body().getBoolean("hostless")).isFalse();
    assertThat(changed.body().getInteger("slowdown")).isEqualTo(5);
  }

  @Test
  void passesTheHostToTheOldestAccountAndDeletesAnEmptyLobby() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long lobby = ann.createLobby("{}");
    eve.join(lobby);
    bob.join(lobby);
    assertThat(ann.leave().toString()).isEqualTo("200 {}");
    assertThat(ann.leave().toString()).isEqualTo("200 {}");
    assertThat(bob.get(LOBBIES + "/" + lobby).body().getJsonObject("data").getLong("host_id"))
        .isEqualTo(bob.id());
    bob.leave();
    eve.leave();
    assertThat(eve.get(LOBBIES + "/" + lobby).status()).isEqualTo(404);
  }

  @Test
  void allowsOnlyTheHostToKickMembers() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    String kick = LOBBIES + "/kick";
    String bad = "400 {\"errors\":{\"detail\":\"Bad Request\"}}";
    assertThat(ann.post(kick, "{\"target_user_id\":" + bob.id() + "}").toString())
        .isEqualTo("400 {\"error\":\"not_in_lobby\"}");
    bob.join(ann.createLobby("{}"));
    assertThat(ann.post(kick, "{}").toString()).isEqualTo(bad);
    assertThat(ann.post(kick, "{\"target_user_id\":\"x\"}").toString()).isEqualTo(bad);
    assertThat(ann.post(kick, "{\"target_user_id\":null}").toString()).isEqualTo(bad);
    assertThat(ann.post(kick, "{\"target_user_id\":999999}").toString())
        .isEqualTo("404 {\"errors\":{\"detail\":\"Not Found\"}}");
    assertThat(bob.post(kick, "{\"target_user_id\":" + ann.id() + "}").toString())
        .isEqualTo("403 {\"error\":\"not_host\"}");
    assertThat(ann.post(kick, "{\"target_user_id\":" + ann.id() + "}").toString())
        .isEqualTo("403 {\"error\":\"cannot_kick_self\"}");
    assertThat(ann.post(kick, "{\"target_user_id\":" + eve.id() + "}").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(ann.post(kick, "{\"target_user_id\":\"" + bob.id() + "\"}").toString())
        .isEqualTo("200 {}");
    assertThat(bob.get("/api/v1/me").body().getLong("lobby_id")).isEqualTo(-1);
  }

  @Test
  void quickJoinFindsAMatchingLobbyOrCreatesOne() {
    String wish = "{\"title\":\"quick\",\"max_users\":37,\"metadata\":{\"mode\":\"quick\"}}";
    Response opened = api.guest().post(LOBBIES + "/quick_join", wish);
    assertThat(opened.status()).isEqualTo(200);
    assertThat(opened.body().getString("title")).isEqualTo("quick");
    Response joined = api.guest().post(LOBBIES + "/quick_join", wish);
    assertThat(joined.body().getLong("id")).isEqualTo(opened.body().getLong("id"));
    String asText = "{\"max_users\":\"37\",\"metadata\":\"{\\\"mode\\\":\\\"quick\\\"}\"}";
    assertThat(api.guest().post(LOBBIES + "/quick_join", asText).body().getLong("id"))
        .isEqualTo(opened.body().getLong("id"));
    Response other =
        api.guest()
            .post(LOBBIES + "/quick_join", "{\"max_users\":37,\"metadata\":{\"mode\":\"slow\"}}");
    assertThat(other.body().getLong("id")).isNotEqualTo(opened.body().getLong("id"));
  }

  @Test
  void quickJoinRejectsInvalidFields() {
    Guest ann = api.guest();
    String path = LOBBIES + "/quick_join";
    assertThat(ann.post(path, "{\"max_users\":\"abc\"}").toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
    assertThat(ann.post(path, "{\"max_users\":1000}").status()).isEqualTo(422);
    assertThat(ann.post(path, "{\"title\":5}").toString())
        .isEqualTo("422 {\"error\":{\"title\":[\"is invalid\"]}}");
    assertThat(ann.post(path, "{\"max_users\":99,\"metadata\":\"no json\"}").status())
        .isEqualTo(200);
  }

  private static List<Long> listed(String query) {
    Response response = api.get(LOBBIES + "?" + query + "&page_size=100");
    assertThat(response.status()).isEqualTo(200);
    return response.body().getJsonArray("data").stream()
        .map(lobby -> ((JsonObject) lobby).getLong("id"))
        .toList();
  }
}
