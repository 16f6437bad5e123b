package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests key-value entries over HTTP: their scopes, who reads and writes them, and the limits. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class KvRoutesTest {
  private static final String ENTRIES = "/api/v1/admin/kv/entries";
  private static final String ADMIN_KV = "/api/v1/admin/kv";
  private static final String FORBIDDEN = "403 {\"error\":\"forbidden\"}";
  private static final String NOT_FOUND = "404 {\"error\":\"not_found\"}";
  private static final String CONFLICT = "412 {\"error\":\"version_conflict\"}";
  private static final String TAKEN = invalid("key", "has already been taken");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "ROOKERY_KV_PLAYER_WRITES", "true",
          "LIMIT_MAX_KV_ENTRIES_PER_USER", "5",
          "ROOKERY_KV_TOTAL_BYTES_MAX", "20000",
          "LIMIT_MAX_KV_VALUE_SIZE", "8000");

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  KvRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database, SETTINGS);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void keepsFourScopesApart() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{\"title\":\"Scopes\"}");
    String user = ",\"user_id\":" + ann.id();
    String place = ",\"lobby_id\":" + lobby;
    List<String> scopes = List.of("", user, place, user + place);
    for (int i = 0; i < scopes.size(); i++) {
      Response put = put("scoped", i, scopes.get(i));
      assertThat(put.status()).isEqualTo(200);
      assertThat(put.data().getLong("user_id")).isEqualTo(i % 2 == 1 ? ann.id() : -1);
      assertThat(put.data().getLong("lobby_id")).isEqualTo(i > 1 ? lobby : -1);
    }
    List<String> queries =
        List.of(
            "",
            "?user_id=" + ann.id(),
            "?lobby_id=" + lobby,
            "?user_id=" + ann.id() + "x&lobby_id=" + lobby);
    for (int i = 0; i < queries.size(); i++) {
      Response found = ann.get("/api/v1/kv/scoped" + queries.get(i));
      assertThat(found.data()).as(queries.get(i)).isEqualTo(JsonObject.of("n", i));
      assertThat(found.body().getJsonObject("metadata")).isEqualTo(new JsonObject());
    }
    assertThat(admin.call("DELETE", ADMIN_KV, "{\"key\":\"scoped\"" + user + "}").toString())
        .isEqualTo("200 {}");
    assertThat(ann.get("/api/v1/kv/scoped" + queries.get(1)).status()).isEqualTo(404);
    assertThat(ann.get("/api/v1/kv/scoped" + queries.get(3)).status()).isEqualTo(404);
    assertThat(ann.get("/api/v1/kv/scoped" + queries.get(2)).status()).isEqualTo(200);
    assertThat(ann.get("/api/v1/kv/scoped?user_id=junk").data()).isEqualTo(JsonObject.of("n", 0));
  }

  @Test
  void showsEntriesToThoseOfTheirScopeAlone() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long lobby = ann.createLobby("{\"title\":\"Private\"}");
    bob.join(lobby);
    String user = "?user_id=" + ann.id();
    String place = "?lobby_id=" + lobby;
    put("secret", 1, ",\"user_id\":" + ann.id());
    put("secret", 2, ",\"lobby_id\":" + lobby);
    put("secret", 3, ",\"user_id\":" + ann.id() + ",\"lobby_id\":" + lobby);
    put("news", 4, "");

    assertThat(ann.get("/api/v1/kv/secret" + user).status()).isEqualTo(200);
    assertThat(admin.get("/api/v1/kv/secret" + user).status()).isEqualTo(200);
    for (Guest other : List.of(bob, eve)) {
      assertThat(other.get("/api/v1/kv/secret" + user).toString()).isEqualTo(FORBIDDEN);
      assertThat(other.get("/api/v1/kv/unknown" + user).toString())
          .as("whether it exists is a secret too")
          .isEqualTo(FORBIDDEN);
      assertThat(other.get("/api/v1/kv/news").status()).isEqualTo(200);
    }
    for (String scope : List.of(place, user + "&lobby_id=" + lobby)) {
      assertThat(bob.get("/api/v1/kv/secret" + scope).status()).isEqualTo(200);
      assertThat(eve.get("/api/v1/kv/secret" + scope).toString()).isEqualTo(FORBIDDEN);
    }
    bob.leave();
    assertThat(bob.get("/api/v1/kv/secret" + place).toString()).isEqualTo(FORBIDDEN);
    assertThat(ann.get("/api/v1/kv/unknown" + user).toString()).isEqualTo(NOT_FOUND);
    assertThat(ann.get("/api/v1/kv/unknown").toString()).isEqualTo(NOT_FOUND);
    assertThat(api.get("/api/v1/kv/news").status()).isEqualTo(401);
  }

  @Test
  void letsTwoDevicesNeverOverwriteEachOtherUnseen() {
    Guest ann = api.guest();
    String path = "/api/v1/me/kv/save";
    Response first = ann.call("PUT", path, "{\"data\":{\"level\":1}}", "if-none-match", "*");
    assertThat(first.status()).isEqualTo(200);
    String version = first.body().getString("version");
    assertThat(first.response().headers().firstValue("etag")).contains("\"" + version + "\"");
    Response read = ann.get("/api/v1/kv/save?user_id=" + ann.id());
    assertThat(read.body()).isEqualTo(first.body());
    assertThat(read.response().headers().firstValue("etag")).contains("\"" + version + "\"");

    assertThat(ann.call("PUT", path, "{\"data\":{}}", "if-none-match", "*").toString())
        .isEqualTo(CONFLICT);
    Response second =
        ann.call("PUT", path, "{\"data\":{\"level\":2}}", "if-match", "W/\"" + version + "\"");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body().getString("version")).isNotEqualTo(version);
    for (String stale : List.of("\"" + version + "\"", "\"x\", \"y\"")) {
      assertThat(ann.call("PUT", path, "{\"data\":{\"level\":9}}", "if-match", stale).toString())
          .isEqualTo(CONFLICT);
      assertThat(ann.call("DELETE", path, null, "if-match", stale).toString()).isEqualTo(CONFLICT);
    }
    assertThat(ann.get("/api/v1/kv/save?user_id=" + ann.id()).data())
        .isEqualTo(JsonObject.of("level", 2));
    // Several lines of a header are one list.
    String current = "\"" + second.body().getString("version") + "\"";
    String[] lines = {"if-match", "\"x\"", "if-match", current};
    assertThat(ann.call("PUT", path, "{\"data\":{\"level\":2}}", lines).status()).isEqualTo(200);
    assertThat(ann.call("DELETE", path, null, "if-match", "*").toString()).isEqualTo("200 {}");
    assertThat(ann.call("DELETE", path, null, "if-match", "*").toString()).isEqualTo(CONFLICT);
    assertThat(ann.delete(path).toString()).isEqualTo("200 {}");
    assertThat(ann.call("PUT", path, "{\"data\":{}}", "if-none-match", "x").toString())
        .isEqualTo("400 {\"error\":\"invalid_condition\"}");
  }

  @Test
  void countsOneOfManyWritesOverTheSameVersion() throws Exception {
    Guest ann = api.guest();
    String path = "/api/v1/me/kv/raced";
    String version = ann.call("PUT", path, "{\"data\":{\"n\":0}}").body().getString("version");
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var writes =
          IntStream.rangeClosed(1, 12)
              .<Callable<Integer>>mapToObj(
                  n ->
                      () ->
                          ann.call(
                                  "PUT",
                                  path,
                                  "{\"data\":{\"n\":" + n + "}}",
                                  "if-match",
                                  "\"" + version + "\"")
                              .status())
              .toList();
      var statuses =
          crowd.invokeAll(writes).stream().map(java.util.concurrent.Future::resultNow).toList();
      assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
    }
  }

  @Test
  void answersARepeatedWriteFromItsKey() {
    Guest ann = api.guest();
    String path = "/api/v1/me/kv/once";
    String[] headers = {"if-none-match", "*", "idempotency-key", "write 1"};
    Response first = ann.call("PUT", path, "{\"data\":{\"n\":1}}", headers);
    Response again = ann.call("PUT", path, "{\"data\":{\"n\":1}}", headers);
    assertThat(again.toString()).isEqualTo(first.toString()).startsWith("200");
    for (Response other :
        List.of(
            ann.call("PUT", path, "{\"data\":{\"n\":2}}", headers),
            ann.call("PUT", path + "more", "{\"data\":{\"n\":1}}", headers),
            ann.call("DELETE", path, "", "idempotency-key", "write 1"))) {
      assertThat(other.toString()).isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
    }
  }

  @Test
  void holdsTheLimitsOfAPlayer() {
    Guest ann = api.guest();
    for (int i = 1; i <= 5; i++) {
      assertThat(ann.call("PUT", "/api/v1/me/kv/k" + i, "{\"data\":{}}").status()).isEqualTo(200);
    }
    assertThat(ann.call("PUT", "/api/v1/me/kv/k6", "{\"data\":{}}").toString())
        .isEqualTo("409 {\"error\":\"too_many_entries\"}");
    String mine = ",\"user_id\":" + ann.id() + "}";
    assertThat(admin.post(ENTRIES, "{\"key\":\"k6\",\"data\":{}" + mine).toString())
        .isEqualTo("409 {\"error\":\"too_many_entries\"}");
    assertThat(admin.call("PUT", ADMIN_KV, "{\"key\":\"k6\",\"data\":{}" + mine).status())
        .as("an admin may put more")
        .isEqualTo(200);
    assertThat(ann.call("PUT", "/api/v1/me/kv/k1", "{\"data\":{\"replaced\":true}}").status())
        .isEqualTo(200);
    String large = "{\"data\":{\"text\":\"" + "x".repeat(7_000) + "\"}}";
    assertThat(ann.call("PUT", "/api/v1/me/kv/k1", large).status()).isEqualTo(200);
    assertThat(ann.call("PUT", "/api/v1/me/kv/k2", large).status()).isEqualTo(200);
    assertThat(ann.call("PUT", "/api/v1/me/kv/k3", large).toString())
        .isEqualTo("409 {\"error\":\"too_many_bytes\"}");
    ann.delete("/api/v1/me/kv/k1");
    assertThat(ann.call("PUT", "/api/v1/me/kv/k3", large).status()).isEqualTo(200);
    assertThat(
            ann.call("PUT", "/api/v1/me/kv/k3", large.replace("x".repeat(7_000), "é".repeat(4_000)))
                .toString())
        .isEqualTo(invalid("data", "is too large (max 8000 bytes)"));
    assertThat(ann.call("PUT", "/api/v1/me/kv/" + "k".repeat(513), "{\"data\":{}}").toString())
        .isEqualTo(invalid("key", "should be at most 512 character(s)"));
    assertThat(ann.call("PUT", "/api/v1/me/kv/k3", "{\"data\":7}").toString())
        .isEqualTo(invalid("data", "is invalid"));
    assertThat(ann.call("PUT", "/api/v1/me/kv/k3", "{}").toString())
        .isEqualTo(invalid("data", "can't be blank"));
  }

  @Test
  void keepsPlayersFromWritingWhatIsNotTheirs() {
    Guest ann = api.guest();
    String guarded = ",\"user_id\":" + ann.id() + ",\"player_write\":false";
    assertThat(put("gold", 100, guarded).data().getBoolean("player_write")).isFalse();
    assertThat(ann.call("PUT", "/api/v1/me/kv/gold", "{\"data\":{\"n\":999}}").toString())
        .isEqualTo(FORBIDDEN);
    assertThat(ann.delete("/api/v1/me/kv/gold").toString()).isEqualTo(FORBIDDEN);
    put("gold", 101, ",\"user_id\":" + ann.id());
    assertThat(ann.delete("/api/v1/me/kv/gold").toString())
        .as("a later write keeps the protection")
        .isEqualTo(FORBIDDEN);
    for (String path : List.of(ENTRIES, ENTRIES + "?user_id=" + ann.id())) {
      assertThat(ann.get(path).toString()).isEqualTo(FORBIDDEN);
    }
    assertThat(ann.call("PUT", ADMIN_KV, "{\"key\":\"x\",\"data\":{}}").toString())
        .isEqualTo(FORBIDDEN);
  }

  @Test
  void managesEntriesAsTheContractHasIt() {
    Guest ann = api.guest();
    assertThat(admin.post(ENTRIES, "{}").toString()).isEqualTo(invalid("key", "can't be blank"));
    assertThat(admin.post(ENTRIES, "{\"key\":\"m\"}").toString())
        .isEqualTo(invalid("data", "can't be blank"));
    for (String scope : List.of("user_id", "lobby_id")) {
      for (String none : List.of("-1", "0", "99999999")) {
        String body = "{\"key\":\"m\",\"data\":{},\"" + scope + "\":" + none + "}";
        assertThat(admin.post(ENTRIES, body).toString())
            .isEqualTo(invalid(scope, "does not exist"));
      }
    }
    assertThat(admin.call("PUT", ADMIN_KV, "{\"data\":{}}").toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
    assertThat(admin.call("PUT", ADMIN_KV, "{\"key\":\"m\"}").toString())
        .isEqualTo(invalid("data", "can't be blank"));
    assertThat(admin.call("DELETE", ADMIN_KV, "{}").status()).isEqualTo(400);

    Response created =
        admin.post(
            ENTRIES,
            "{\"key\":\"Managed_1\",\"data\":{\"a\":1},\"value\":{\"b\":2},\"user_id\":\"\"}");
    assertThat(created.status()).isEqualTo(200);
    assertThat(created.data().getJsonObject("data")).isEqualTo(JsonObject.of("b", 2));
    long id = created.data().getLong("id");
    assertThat(admin.post(ENTRIES, "{\"key\":\"Managed_1\",\"data\":{}}").toString())
        .isEqualTo(TAKEN);

    String entry = ENTRIES + "/" + id;
    Response moved = admin.patch(entry, "{\"user_id\":" + ann.id() + ",\"metadata\":{\"m\":true}}");
    assertThat(moved.data().getLong("user_id")).isEqualTo(ann.id());
    assertThat(moved.data().getJsonObject("data")).isEqualTo(JsonObject.of("b", 2));
    assertThat(moved.data().getString("version")).isNotEqualTo(created.data().getString("version"));
    assertThat(ann.get("/api/v1/kv/Managed_1?user_id=" + ann.id()).status()).isEqualTo(200);
    assertThat(ann.get("/api/v1/kv/Managed_1").status()).isEqualTo(404);
    put("Managed_1", 1, "");
    assertThat(admin.patch(entry, "{\"user_id\":null}").toString()).isEqualTo(TAKEN);
    assertThat(admin.patch(entry, "{\"user_id\":99999999}").toString())
        .isEqualTo(invalid("user_id", "does not exist"));
    assertThat(admin.patch(ENTRIES + "/99999999", "{}").toString()).isEqualTo(NOT_FOUND);

    JsonArray found = admin.get(ENTRIES + "?key=ANAGED_").body().getJsonArray("data");
    assertThat(found).hasSize(2);
    assertThat(found.getJsonObject(0).getLong("user_id")).as("latest update first").isEqualTo(-1);
    assertThat(found.getJsonObject(1)).isEqualTo(moved.data());
    assertThat(total("?key=ANAGED_&global_only=true&user_id=" + ann.id())).isEqualTo(1);
    assertThat(total("?user_id=" + ann.id())).isEqualTo(1);
    assertThat(total("?key=%25")).as("no pattern").isZero();
    assertThat(admin.delete(entry).toString()).isEqualTo("200 {}");
    assertThat(admin.delete(entry).toString()).isEqualTo("200 {}");
    assertThat(total("?user_id=" + ann.id())).isZero();
    for (int i = 1; i <= 5; i++) {
      assertThat(ann.call("PUT", "/api/v1/me/kv/k" + i, "{\"data\":{}}").status())
          .as("the deleted entry does not count")
          .isEqualTo(200);
    }
  }

  @Test
  void forgetsEntriesWithTheirLobbyAndTheirPlayer() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long lobby = ann.createLobby("{\"title\":\"Short\"}");
    put("gone", 1, ",\"lobby_id\":" + lobby);
    put("gone", 2, ",\"user_id\":" + bob.id() + ",\"lobby_id\":" + lobby);
    put("kept", 3, ",\"user_id\":" + bob.id());
    JsonArray exported = bob.get("/api/v1/me/export").body().getJsonArray("stored_objects");
    assertThat(exported).hasSize(2);
    assertThat(exported.getJsonObject(1).getJsonObject("value")).isEqualTo(JsonObject.of("n", 3));
    ann.leave();
    // Otherwise the sweep runs every ten seconds.
    String sweep = "/api/v1/admin/retention/objects%20of%20closed%20lobbies/run";
    assertThat(admin.post(sweep, "{}").status()).isEqualTo(200);
    Eventually.holds(() -> total("?lobby_id=" + lobby) == 0);
    assertThat(total("?user_id=" + bob.id())).isEqualTo(1);
    assertThat(bob.delete("/api/v1/me").status()).isEqualTo(200);
    assertThat(total("?user_id=" + bob.id())).isZero();
  }

  private static long total(String query) {
    return admin.get(ENTRIES + query).body().getJsonObject("meta").getLong("total_count");
  }

  private static Response put(String key, int n, String scope) {
    return admin.call(
        "PUT", ADMIN_KV, "{\"key\":\"%s\",\"data\":{\"n\":%d}%s}".formatted(key, n, scope));
  }

  private static String invalid(String field, String message) {
    return "422 {\"error\":\"validation_failed\",\"errors\":{\"%s\":[\"%s\"]}}"
        .formatted(field, message);
  }
}
