package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests achievements over HTTP, and what players hear of theirs in their channels. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AchievementRoutesTest {
  private static final String ALL = "/api/v1/achievements";
  private static final String ADMIN = "/api/v1/admin/achievements";

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  AchievementRoutesTest(Databases.TestDatabase database) {}

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
  void masksHiddenAchievementsUntilTheyAreUnlocked() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long id =
        create(
            "secret_room",
            """
            {"title":"Secret room","description":"Found it","icon_url":"/room.png","hidden":true,
             "sort_order":-5,"progress_target":2,"metadata":{"titles":{"de":"Geheim"}}}
            """);
    increment(ann, "secret_room", 1);
    JsonObject masked =
        new JsonObject()
            .put("id", id)
            .put("slug", "secret_room")
            .put("title", "???")
            .put("description", "???")
            .put("icon_url", "")
            .put("sort_order", -5)
            .put("hidden", true)
            .put("progress_target", 2)
            .put("metadata", new JsonObject())
            .put("progress", 0)
            .put("unlocked_at", null);
    assertThat(listed(api.get(ALL), "secret_room")).isEqualTo(masked);
    for (Guest viewer : List.of(ann, bob, admin)) {
      assertThat(listed(viewer.get(ALL), "secret_room")).isEqualTo(masked);
      assertThat(viewer.get(ALL + "/secret_room").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
    }
    assertThat(api.get(ALL + "/secret_room").status()).isEqualTo(404);

    increment(ann, "secret_room", 1);
    JsonObject unlocked = ann.get(ALL + "/secret_room").data();
    assertThat(unlocked.getString("title")).isEqualTo("Secret room");
    assertThat(unlocked.getInteger("progress")).isEqualTo(2);
    assertThat(unlocked.getString("unlocked_at")).matches("\\d{4}-.*Z");
    assertThat(listed(ann.get(ALL), "secret_room")).isEqualTo(unlocked);
    assertThat(bob.get(ALL + "/secret_room").status()).isEqualTo(404);
    for (Response others :
        List.of(
            api.get(ALL + "/user/" + ann.id()),
            bob.get(ALL + "/user/" + ann.id()),
            ann.get(ALL + "/me"))) {
      assertThat(others.body().getJsonArray("data").getJsonObject(0)).isEqualTo(unlocked);
    }
    assertThat(api.get(ALL, "authorization", "Bearer garbage").toString())
        .isEqualTo("401 {\"error\":\"Invalid authentication token\"}");
    assertThat(api.get(ALL + "/me").status()).isEqualTo(401);
    assertThat(api.get(ALL + "/user/x").toString())
        .isEqualTo("400 {\"error\":\"invalid_user_id\"}");
    assertThat(api.get(ALL + "/user/99999999").body())
        .isEqualTo(
            new JsonObject(
                """
                {"data":[],"meta":{"page":1,"page_size":25,"count":0,"total_count":0,
                 "total_pages":1,"has_more":false}}
                """));
  }

  @Test
  void tellsThePlayerOfProgressAndOfTheUnlock() {
    Guest ann = api.guest();
    long id =
        create(
            "ten_wins", "{\"title\":\"Ten wins\",\"description\":\"Win\",\"progress_target\":10}");
    String topic = "user:" + ann.id();
    try (var socket = PhoenixClient.connect(api.node().port(), ann.token())) {
      socket.joinAndAwait(topic, "updated");
      increment(ann, "ten_wins", 4);
      JsonObject progress = socket.await(topic, "achievement_progress");
      assertThat(progress.fieldNames())
          .containsExactlyInAnyOrder(
              "id",
              "user_id",
              "achievement_id",
              "progress",
              "unlocked_at",
              "metadata",
              "inserted_at",
              "updated_at");
      assertThat(progress.getLong("user_id")).isEqualTo(ann.id());
      assertThat(progress.getLong("achievement_id")).isEqualTo(id);
      assertThat(progress.getInteger("progress")).isEqualTo(4);
      assertThat(progress.getValue("unlocked_at")).isNull();

      Response done = increment(ann, "ten_wins", 99);
      assertThat(done.data().getInteger("progress")).as("no more than the target").isEqualTo(10);
      JsonObject unlocked = socket.await(topic, "achievement_unlocked");
      assertThat(unlocked.getInteger("progress")).isEqualTo(10);
      assertThat(unlocked.getString("unlocked_at")).isEqualTo(done.data().getString("unlocked_at"));
      JsonObject notification = socket.await(topic, "notification");
      assertThat(notification.getString("title")).isEqualTo("Achievement Unlocked: Ten wins");
      assertThat(notification.getString("content")).isEqualTo("Win");
      assertThat(notification.getLong("sender_id")).isEqualTo(ann.id());
      assertThat(notification.getJsonObject("metadata"))
          .isEqualTo(
              new JsonObject()
                  .put("type", "achievement_unlocked")
                  .put("achievement_id", id)
                  .put("achievement_slug", "ten_wins"));

      assertThat(increment(ann, "ten_wins", 5).data()).isEqualTo(done.data());
      assertThat(act("grant", ann, "ten_wins").toString())
          .isEqualTo("409 {\"error\":\"already_unlocked\"}");
      create("quiet", "{\"title\":\"Quiet\",\"hidden\":true}");
      assertThat(act("unlock", ann, "quiet").status()).isEqualTo(200);
      assertThat(socket.await(topic, "achievement_unlocked").getLong("achievement_id"))
          .as("nothing was sent about the one that was unlocked before")
          .isNotEqualTo(id);
      assertThat(socket.await(topic, "notification").getString("title"))
          .isEqualTo("Secret Achievement Unlocked");
    }
    JsonArray mine = ann.get(ALL + "/me").body().getJsonArray("data");
    assertThat(mine.getJsonObject(0).getString("slug")).as("latest first").isEqualTo("quiet");
    assertThat(mine).hasSize(2);
  }

  @Test
  void countsAnIncrementOnce() throws Exception {
    Guest ann = api.guest();
    create("hundred", "{\"title\":\"Hundred\",\"progress_target\":100}");
    String body = "{\"user_id\":%d,\"slug\":\"hundred\",\"amount\":3}".formatted(ann.id());
    for (int i = 0; i < 3; i++) {
      assertThat(
              admin
                  .post(ADMIN + "/increment", body, "idempotency-key", "match 1")
                  .data()
                  .getInteger("progress"))
          .isEqualTo(3);
    }
    create("thousand", "{\"title\":\"Thousand\",\"progress_target\":1000}");
    for (String other :
        List.of(
            body.replace("hundred", "thousand"),
            "{\"user_id\":%d,\"slug\":\"hundred\"}".formatted(api.guest().id()))) {
      assertThat(admin.post(ADMIN + "/increment", other, "idempotency-key", "match 1").toString())
          .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
    }
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 16)
              .<Callable<Integer>>mapToObj(
                  i ->
                      () ->
                          admin
                              .post(ADMIN + "/increment", body, "idempotency-key", "race " + i / 2)
                              .status())
              .toList();
      assertThat(crowd.invokeAll(calls).stream().map(java.util.concurrent.Future::resultNow))
          .containsOnly(200);
    }
    assertThat(listed(ann.get(ALL), "hundred").getInteger("progress")).isEqualTo(3 + 8 * 3);
  }

  @Test
  void managesDefinitionsAsTheContractHasIt() {
    Guest ann = api.guest();
    assertThat(admin.post(ADMIN, "{}").toString())
        .isEqualTo(
            "422 {\"errors\":{\"slug\":[\"can't be blank\"],\"title\":[\"can't be blank\"]}}");
    assertThat(admin.post(ADMIN, "{\"slug\":\"A b\",\"title\":\"x\"}").toString())
        .isEqualTo(
            "422 {\"errors\":{\"slug\":[\"must be lowercase alphanumeric with underscores\"]}}");
    assertThat(
            admin.post(ADMIN, "{\"slug\":\"x\",\"title\":\"x\",\"progress_target\":0}").toString())
        .isEqualTo("422 {\"errors\":{\"progress_target\":[\"must be greater than 0\"]}}");
    long id = create("managed", "{\"title\":\"Managed\"}");
    assertThat(admin.post(ADMIN, "{\"slug\":\"managed\",\"title\":\"x\"}").toString())
        .isEqualTo("422 {\"errors\":{\"slug\":[\"has already been taken\"]}}");
    create("taken", "{\"title\":\"Taken\"}");
    String path = ADMIN + "/" + id;
    assertThat(admin.patch(path, "{\"slug\":\"taken\"}").toString())
        .isEqualTo("422 {\"error\":{\"slug\":[\"has already been taken\"]}}");
    Response changed = admin.patch(path, "{\"slug\":\"renamed\",\"hidden\":\"1\"}");
    assertThat(changed.data().getString("slug")).isEqualTo("renamed");
    assertThat(changed.data().getString("title")).isEqualTo("Managed");
    assertThat(changed.data().getBoolean("hidden")).isTrue();

    act("grant", ann, "renamed");
    JsonObject row = listed(admin.get(ADMIN + "?page_size=500"), "renamed");
    assertThat(row.getLong("unlocked_count")).isEqualTo(1);
    assertThat(row.getDouble("unlock_percentage")).isBetween(0.1, 100.0);
    assertThat(row.fieldNames()).doesNotContain("progress", "unlocked_at");
    String revoke = "{\"user_id\":\"%d\",\"achievement_id\":%d}".formatted(ann.id(), id);
    assertThat(admin.post(ADMIN + "/revoke", revoke).toString())
        .isEqualTo("200 {\"message\":\"achievement revoked\"}");
    assertThat(admin.post(ADMIN + "/revoke", revoke).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(listed(admin.get(ADMIN + "?page_size=500"), "renamed").getLong("unlocked_count"))
        .isZero();
    assertThat(ann.get(ALL + "/me").body().getJsonArray("data")).isEmpty();
    assertThat(act("grant", ann, "renamed").status()).as("again").isEqualTo(200);

    assertThat(admin.delete(path).toString())
        .isEqualTo("200 {\"message\":\"achievement deleted\"}");
    assertThat(admin.delete(path).toString()).isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.delete(ADMIN + "/x").toString()).isEqualTo("400 {\"error\":\"invalid_id\"}");
    assertThat(ann.get(ALL + "/me").body().getJsonArray("data")).isEmpty();
    assertThat(ann.get(ADMIN).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");
  }

  @Test
  void refusesWhatTheContractRefuses() {
    Guest ann = api.guest();
    create("known", "{\"title\":\"Known\",\"progress_target\":5}");
    for (String route : List.of("grant", "unlock", "increment")) {
      String path = ADMIN + "/" + route;
      assertThat(admin.post(path, "{}").toString())
          .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
      assertThat(admin.post(path, "{\"user_id\":\"x\",\"slug\":\"known\"}").toString())
          .isEqualTo("400 {\"error\":\"invalid_user_id\"}");
      assertThat(act(route, ann, "unknown").toString())
          .isEqualTo("404 {\"error\":\"achievement_not_found\"}");
      assertThat(admin.post(path, "{\"user_id\":99999999,\"slug\":\"known\"}").toString())
          .isEqualTo("404 {\"error\":\"user_not_found\"}");
    }
    assertThat(increment(ann, "known", 0).status()).isEqualTo(422);
    assertThat(
            admin
                .post(
                    ADMIN + "/increment",
                    "{\"user_id\":%d,\"slug\":\"known\",\"amount\":\"junk\"}".formatted(ann.id()))
                .data()
                .getInteger("progress"))
        .isEqualTo(1);
    JsonObject meta = api.get(ALL + "?page=1x&page_size=1000").body().getJsonObject("meta");
    assertThat(meta.getInteger("page")).isEqualTo(1);
    assertThat(meta.getInteger("page_size")).isEqualTo(1_000);
    assertThat(meta.getBoolean("has_more")).isFalse();
    assertThat(api.get(ALL + "?page_size=1").body().getJsonObject("meta").getBoolean("has_more"))
        .isTrue();
  }

  private static long create(String slug, String json) {
    Response created = admin.post(ADMIN, new JsonObject(json).put("slug", slug).encode());
    assertThat(created.status()).as("%s", created).isEqualTo(201);
    return created.data().getLong("id");
  }

  private static JsonObject listed(Response list, String slug) {
    return list.body().getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("slug").equals(slug))
        .findAny()
        .orElseThrow();
  }

  private static Response act(String route, Guest player, String slug) {
    return admin.post(
        ADMIN + "/" + route, "{\"user_id\":%d,\"slug\":\"%s\"}".formatted(player.id(), slug));
  }

  private static Response increment(Guest player, String slug, int amount) {
    return admin.post(
        ADMIN + "/increment",
        "{\"user_id\":%d,\"slug\":\"%s\",\"amount\":%d}".formatted(player.id(), slug, amount));
  }
}
