package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests boards, submissions and ranks over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class LeaderboardRoutesTest {
  private static final String BOARDS = "/api/v1/leaderboards";
  private static final String ADMIN = "/api/v1/admin/leaderboards";
  private static final String NOT_FOUND = "404 {\"error\":\"Leaderboard not found\"}";
  private static final AtomicInteger SLUGS = new AtomicInteger();

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  LeaderboardRoutesTest(Databases.TestDatabase database) {}

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
  void showsABoardInTheShapeOfTheContract() {
    String slug = slug();
    Response created = admin.post(ADMIN, json("slug", slug, "title", "Kills").encode());
    assertThat(created.status()).isEqualTo(200);
    JsonObject board = created.data();
    long id = board.getLong("id");
    String time = board.getString("inserted_at");
    assertThat(board)
        .isEqualTo(
            new JsonObject()
                .put("id", id)
                .put("slug", slug)
                .put("title", "Kills")
                .putNull("description")
                .put("sort_order", "desc")
                .put("operator", "best")
                .putNull("starts_at")
                .putNull("ends_at")
                .put("metadata", new JsonObject())
                .put("inserted_at", time)
                .put("updated_at", time));
    JsonObject shown = api.get(BOARDS + "/" + id).data();
    assertThat(shown).isEqualTo(board.copy().put("description", "").put("is_active", true));
    assertThat(api.get(BOARDS + "/" + slug).data()).isEqualTo(shown);
    assertThat(api.get(BOARDS + "/" + id + "abc").data()).as("lenient").isEqualTo(shown);
    for (String unknown : List.of("99999999", "abc", "no_such_slug", "-1", "%20")) {
      assertThat(api.get(BOARDS + "/" + unknown).toString()).isEqualTo(NOT_FOUND);
      assertThat(api.get(BOARDS + "/" + unknown + "/records").toString()).isEqualTo(NOT_FOUND);
      assertThat(api.get(BOARDS + "/" + unknown + "/records/around/1").toString())
          .isEqualTo("200 {\"data\":[]}");
    }
  }

  @Test
  void refusesInvalidBoards() {
    String slug = slug();
    assertThat(admin.post(ADMIN, "{}").toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"slug\":[\"can't be blank\"],"
                + "\"title\":[\"can't be blank\"]}}");
    var invalid =
        Map.of(
            json("slug", "No Slug", "title", "x"), "slug",
            json("slug", slug, "title", "x".repeat(256)), "title",
            json("slug", slug, "title", "x", "description", "x".repeat(1001)), "description",
            json("slug", slug, "title", "x", "sort_order", "up"), "sort_order",
            json("slug", slug, "title", "x", "operator", "max"), "operator",
            json("slug", slug, "title", "x", "ends_at", "tomorrow"), "ends_at",
            json("slug", slug, "title", "x", "reset", "* * * * *"), "reset",
            json("slug", slug, "title", "x", "metadata", json("k", "x".repeat(17_000))),
                "metadata");
    invalid.forEach(
        (body, field) -> {
          Response refused = admin.post(ADMIN, body.encode());
          assertThat(refused.status()).as(body.encode()).isEqualTo(422);
          assertThat(refused.body().getJsonObject("errors").fieldNames()).containsExactly(field);
        });
    assertThat(api.get(BOARDS + "?slug=" + slug).body().getJsonArray("data")).isEmpty();
    Guest player = api.guest();
    assertThat(player.post(ADMIN, json("slug", slug, "title", "x").encode()).toString())
        .isEqualTo("403 {\"error\":\"forbidden\"}");
    assertThat(api.post(ADMIN, json("slug", slug, "title", "x").encode()).status()).isEqualTo(401);
  }

  @Test
  void listsBoardsByFilterAndOrder() {
    String slug = slug();
    long ended = season(slug, "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
    long running = season(slug, "2020-02-01T00:00:00Z", "2999-02-01T00:00:00+01:00");
    long open = season(slug, null, null);
    long future = season(slug, "2998-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    assertThat(ids(slug, "")).containsExactly(open, running, future, ended);
    assertThat(ids(slug, "&order_by=inserted_at")).containsExactly(future, open, running, ended);
    assertThat(ids(slug, "&order_by=nonsense")).containsExactly(open, running, future, ended);
    assertThat(ids(slug, "&active=true")).containsExactly(open, running, future);
    assertThat(ids(slug, "&active=FALSE")).containsExactly(ended);
    assertThat(ids(slug, "&active=maybe")).hasSize(4);
    assertThat(ids(slug, "&starts_after=2020-01-01T00:00:00Z")).containsExactly(running, future);
    assertThat(ids(slug, "&starts_before=2020-02-01T00:00:00Z")).containsExactly(running, ended);
    assertThat(ids(slug, "&ends_after=2020-02-01T00:00:00Z")).containsExactly(running, future);
    assertThat(ids(slug, "&ends_before=2020-02-01T00:00:00Z")).containsExactly(ended);
    assertThat(ids(slug, "&ends_before=nonsense")).hasSize(4);
    JsonObject meta = api.get(BOARDS + "?page_size=3&slug=" + slug).body().getJsonObject("meta");
    assertThat(meta.encode())
        .isEqualTo(
            "{\"page\":1,\"page_size\":3,\"count\":3,\"total_count\":4,\"total_pages\":2,"
                + "\"has_more\":true}");
    assertThat(
            api.get(BOARDS + "?page_size=2&page=2&slug=" + slug)
                .body()
                .getJsonObject("meta")
                .getBoolean("has_more"))
        .as("a full last page")
        .isFalse();

    assertThat(api.get(BOARDS + "/" + slug).data().getLong("id"))
        .as("the newest season that runs")
        .isEqualTo(open);
    JsonObject seasons = api.get(BOARDS + "/" + running).body().getJsonObject("seasons");
    assertThat(seasons.getLong("previous")).isEqualTo(ended);
    assertThat(seasons.getLong("next")).isEqualTo(open);
    assertThat(api.get(BOARDS + "/" + future).body().getJsonObject("seasons").getLong("next"))
        .isNull();
  }

  @Test
  void resolvesSlugs() {
    String slug = slug();
    String endedSlug = slug();
    long id = season(slug, null, null);
    season(endedSlug, null, "2020-01-01T00:00:00Z");
    Response resolved =
        api.post(
            BOARDS + "/resolve",
            json("slugs", new JsonArray(List.of(slug, slug, endedSlug, "nothing"))).encode());
    assertThat(resolved.data().fieldNames()).containsExactly(slug);
    assertThat(resolved.data().getJsonObject(slug).getLong("id")).isEqualTo(id);
    for (String body : List.of("{}", "{\"slugs\":\"a\"}", "{\"slugs\":null}")) {
      assertThat(api.post(BOARDS + "/resolve", body).toString())
          .isEqualTo("400 {\"error\":\"Request body must include a \\\"slugs\\\" array\"}");
    }
    assertThat(api.post(BOARDS + "/resolve", "{\"slugs\":[1]}").toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
  }

  @Test
  void appliesEachOperator() {
    Guest player = api.guest();
    var scores =
        Map.of(
            "set", List.of(10L, 3L, 5L),
            "incr", List.of(10L, 13L, 18L),
            "decr", List.of(10L, 7L, 2L));
    scores.forEach(
        (operator, expected) -> {
          long board = board("operator", operator);
          assertThat(submit(board, player.id(), 10, "{\"n\":1}").getLong("score")).isEqualTo(10);
          assertThat(submit(board, player.id(), 3, "{\"n\":2}").getLong("score"))
              .isEqualTo(expected.get(1));
          JsonObject last = submit(board, player.id(), 5, null);
          assertThat(last.getLong("score")).isEqualTo(expected.get(2));
          assertThat(last.getJsonObject("metadata")).as("it is replaced").isEmpty();
        });
    for (String order : List.of("asc", "desc")) {
      long board = board("operator", "best", "sort_order", order);
      submit(board, player.id(), 10, "{\"n\":1}");
      boolean higher = order.equals("desc");
      JsonObject worse = submit(board, player.id(), higher ? 9 : 11, "{\"n\":2}");
      assertThat(worse.getLong("score")).isEqualTo(10);
      assertThat(worse.getJsonObject("metadata").getInteger("n")).isEqualTo(1);
      submit(board, player.id(), 10, "{\"n\":3}");
      JsonObject better = submit(board, player.id(), higher ? 12 : 8, "{\"n\":4}");
      assertThat(better.getLong("score")).isEqualTo(higher ? 12 : 8);
      assertThat(better.getJsonObject("metadata").getInteger("n")).isEqualTo(4);
      JsonObject mine = player.get(BOARDS + "/" + board + "/records/me").data();
      assertThat(mine.getLong("score")).isEqualTo(higher ? 12 : 8);
      assertThat(mine.getJsonObject("metadata").getInteger("n")).isEqualTo(4);
    }
    long board = board("operator", "incr");
    submit(board, player.id(), Long.MAX_VALUE, null);
    assertThat(admin.post(records(board), score(player.id(), 1)).toString())
        .isEqualTo("422 {\"error\":\"validation_failed\",\"errors\":{\"score\":[\"is invalid\"]}}");
  }

  @Test
  void storesNoOtherScoreThanTheOneSubmitted() {
    long board = board("operator", "set");
    Guest player = api.guest();
    for (String score :
        List.of("9223372036854775808", "\"-9223372036854775809\"", "1e400", "1.0", "\"\"")) {
      String body = "{\"user_id\":" + player.id() + ",\"score\":" + score + "}";
      assertThat(admin.post(records(board), body).status()).as(score).isEqualTo(400);
    }
    assertThat(order(board)).isEmpty();
    JsonObject least = submit(board, player.id(), Long.MIN_VALUE, null);
    String record = records(board) + "/" + least.getLong("id");
    assertThat(admin.patch(record, "{\"score\":-9223372036854775809}").toString())
        .isEqualTo("422 {\"error\":\"validation_failed\",\"errors\":{\"score\":[\"is invalid\"]}}");
    assertThat(admin.patch(record, "{\"score\":\"9223372036854775807\"}").data().getLong("score"))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ranksRecordsWithTiesByAge() {
    long board = board("operator", "set");
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = api.guest();
    assertThat(api.get(BOARDS + "/" + board + "/records").toString())
        .isEqualTo(
            "200 {\"data\":[],\"meta\":{\"page\":1,\"page_size\":25,\"count\":0,"
                + "\"total_count\":0,\"total_pages\":0,\"has_more\":false}}");
    submit(board, ann.id(), 5, null);
    submit(board, bob.id(), 7, null);
    submit(board, eve.id(), 7, null);
    JsonObject label =
        admin
            .post(records(board), json("score", "6", "label", "Team", "user_id", ann.id()).encode())
            .data();
    assertThat(label.getLong("user_id")).isNull();
    assertThat(label.getString("label")).isEqualTo("Team");
    assertThat(order(board)).containsExactly("1 Bob 7", "2  7", "3 Team 6", "4 Ann 5");
    JsonObject team =
        api.get(BOARDS + "/" + board + "/records").body().getJsonArray("data").getJsonObject(2);
    assertThat(team.getLong("user_id")).isEqualTo(-1);

    submit(board, ann.id(), 7, null);
    assertThat(order(board)).as("as old as before").startsWith("1 Ann 7", "2 Bob 7", "3  7");
    JsonObject second = api.get(BOARDS + "/" + board + "/records?page=2&page_size=3").body();
    assertThat(second.getJsonArray("data").getJsonObject(0).getLong("rank")).isEqualTo(4);
    assertThat(second.getJsonObject("meta").getBoolean("has_more")).isFalse();
    assertThat(eve.get(BOARDS + "/" + board + "/records/me").data().getLong("rank")).isEqualTo(3);
    assertThat(around(board, Long.toString(bob.id()), "?limit=2")).containsExactly(1L, 2L);
    assertThat(around(board, Long.toString(eve.id()), "?limit=1")).containsExactly(3L);
    assertThat(around(board, Long.toString(eve.id()), "")).containsExactly(1L, 2L, 3L, 4L);
    for (String nobody : List.of("99999999", "abc", "0", "-1")) {
      assertThat(around(board, nobody, "")).isEmpty();
    }
    assertThat(api.guest().get(BOARDS + "/" + board + "/records/me").toString())
        .isEqualTo("404 {\"error\":\"No record found for this user\"}");
    assertThat(ann.get(BOARDS + "/99999999/records/me").toString()).isEqualTo(NOT_FOUND);
    assertThat(api.get(BOARDS + "/" + board + "/records/me").status()).isEqualTo(401);
  }

  @Test
  void showsTheRecordsOfFriends() {
    long board = board("operator", "set");
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    Guest eve = named("Eve");
    ann.post("/api/v1/friends", json("target_user_id", bob.id()).encode());
    ann.post("/api/v1/friends", json("target_user_id", eve.id()).encode());
    bob.post("/api/v1/friends", json("target_user_id", ann.id()).encode());
    submit(board, bob.id(), 9, null);
    submit(board, eve.id(), 8, null);
    submit(board, ann.id(), 7, null);
    JsonObject friends = ann.get(BOARDS + "/" + board + "/records/friends").body();
    assertThat(ranks(friends)).as("Eve has not answered").containsExactly(1L, 3L);
    assertThat(friends.getJsonObject("meta").getInteger("total_count")).isEqualTo(2);
    assertThat(ranks(ann.get(BOARDS + "/" + board + "/records/friends?page=2&page_size=1").body()))
        .containsExactly(3L);
    assertThat(ranks(eve.get(BOARDS + "/" + board + "/records/friends").body()))
        .containsExactly(2L);
    assertThat(api.get(BOARDS + "/" + board + "/records/friends").status()).isEqualTo(401);
  }

  @Test
  void countsASubmissionOnceForEachIdempotencyKey() {
    long board = board("operator", "incr");
    Guest player = api.guest();
    String body = score(player.id(), 10);
    Response first = admin.post(records(board), body, "idempotency-key", "one " + board);
    assertThat(admin.post(records(board), body, "idempotency-key", "one " + board).toString())
        .isEqualTo(first.toString());
    for (String[] other :
        new String[][] {
          {records(board), score(api.guest().id(), 10)},
          {records(board), json("label", "Team", "score", 10).encode()},
          {records(board("operator", "incr")), body}
        }) {
      assertThat(admin.post(other[0], other[1], "idempotency-key", "one " + board).toString())
          .isEqualTo("409 {\"error\":\"idempotency_key_reused\"}");
    }
    admin.post(records(board), body, "idempotency-key", "two " + board);
    assertThat(player.get(BOARDS + "/" + board + "/records/me").data().getLong("score"))
        .isEqualTo(20);
  }

  @Test
  void refusesInvalidSubmissions() {
    long board = board("operator", "set");
    Guest player = api.guest();
    String bad = "400 {\"errors\":{\"detail\":\"Bad Request\"}}";
    for (JsonObject body :
        List.of(
            json("user_id", player.id()),
            json("score", 1),
            json("score", "many", "user_id", player.id()),
            json("score", 1.5, "user_id", player.id()),
            json("score", 1, "label", ""))) {
      assertThat(admin.post(records(board), body.encode()).toString()).isEqualTo(bad);
    }
    assertThat(admin.post(records(board), score(99_999_999, 1)).toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"user_id\":[\"does not exist\"]}}");
    assertThat(
            admin
                .post(records(board), json("score", 1, "label", "x".repeat(256)).encode())
                .status())
        .isEqualTo(422);
    assertThat(admin.post(records(99_999_999), score(player.id(), 1)).toString())
        .isEqualTo("400 {\"error\":\"leaderboard_not_found\"}");
    assertThat(player.post(records(board), score(player.id(), 1)).status()).isEqualTo(403);
    assertThat(admin.post(ADMIN + "/" + board + "/end", null).status()).isEqualTo(200);
    assertThat(admin.post(ADMIN + "/" + board + "/end", "{}").data().getString("ends_at"))
        .isNotNull();
    assertThat(admin.post(records(board), score(player.id(), 1)).toString())
        .isEqualTo("400 {\"error\":\"leaderboard_ended\"}");
    assertThat(api.get(BOARDS + "/" + board).data().getBoolean("is_active")).isFalse();
    assertThat(api.get(BOARDS + "/" + board + "/records").status()).isEqualTo(200);
  }

  @Test
  void updatesABoard() {
    long board = board("description", "Old", "ends_at", "2999-01-01T00:00:00Z");
    JsonObject updated =
        admin
            .patch(
                ADMIN + "/" + board,
                json(
                        "title", "New",
                        "slug", "other",
                        "sort_order", "asc",
                        "metadata", json("a", 1))
                    .encode())
            .data();
    assertThat(updated.getString("title")).isEqualTo("New");
    assertThat(updated.getString("description")).isEqualTo("Old");
    assertThat(updated.getString("slug")).isNotEqualTo("other");
    assertThat(updated.getString("sort_order")).isEqualTo("desc");
    assertThat(updated.getString("ends_at")).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(api.get(BOARDS + "/" + board).data().getJsonObject("metadata"))
        .isEqualTo(json("a", 1));
    JsonObject cleared =
        admin.patch(ADMIN + "/" + board, "{\"ends_at\":null,\"description\":null}").data();
    assertThat(cleared.getValue("ends_at")).isNull();
    assertThat(cleared.getValue("description")).isNull();
    assertThat(admin.patch(ADMIN + "/" + board, json("title", "x".repeat(256)).encode()).status())
        .isEqualTo(422);
    for (String unknown : List.of("99999999", "abc")) {
      assertThat(admin.patch(ADMIN + "/" + unknown, "{}").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
      assertThat(admin.post(ADMIN + "/" + unknown + "/end", "{}").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
      assertThat(admin.delete(ADMIN + "/" + unknown).toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
    }
  }

  @Test
  void changesAndDeletesRecords() {
    long board = board("operator", "incr");
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    long first = submit(board, ann.id(), 5, "{\"n\":1}").getLong("id");
    submit(board, bob.id(), 4, null);
    assertThat(order(board)).containsExactly("1 Ann 5", "2 Bob 4");
    JsonObject set = admin.patch(records(board) + "/" + first, "{\"score\":\"3\"}").data();
    assertThat(set.getLong("score")).isEqualTo(3);
    assertThat(set.getJsonObject("metadata").getInteger("n")).isEqualTo(1);
    assertThat(order(board)).containsExactly("1 Bob 4", "2 Ann 3");
    assertThat(admin.patch(records(1) + "/" + first, "{\"score\":\"x\"}").status()).isEqualTo(422);
    assertThat(admin.delete(records(board) + "/user/" + bob.id()).toString()).isEqualTo("200 {}");
    assertThat(admin.delete(records(board) + "/user/" + bob.id()).toString()).isEqualTo("200 {}");
    assertThat(admin.delete(records(99_999_999) + "/user/abc").toString()).isEqualTo("200 {}");
    assertThat(order(board)).containsExactly("1 Ann 3");
    assertThat(admin.delete(records(board) + "/" + first).toString()).isEqualTo("200 {}");
    for (String unknown : List.of(Long.toString(first), "99999999", "abc")) {
      assertThat(admin.delete(records(board) + "/" + unknown).toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
      assertThat(admin.patch(records(board) + "/" + unknown, "{}").toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
    }
    assertThat(order(board)).isEmpty();
    submit(board, ann.id(), 1, null);
    assertThat(order(board)).containsExactly("1 Ann 1");
    assertThat(admin.delete(ADMIN + "/" + board).toString()).isEqualTo("200 {}");
    assertThat(api.get(BOARDS + "/" + board).toString()).isEqualTo(NOT_FOUND);
    assertThat(api.get(BOARDS + "/" + board + "/records").toString()).isEqualTo(NOT_FOUND);
    assertThat(admin.patch(records(board) + "/" + first, "{}").status()).isEqualTo(404);
  }

  @Test
  void removesTheRecordsOfADeletedPlayer() {
    long board = board("operator", "set");
    long other = board("operator", "set");
    Guest ann = named("Ann");
    Guest bob = named("Bob");
    for (long id : List.of(board, other)) {
      submit(id, ann.id(), 9, null);
      submit(id, bob.id(), 8, null);
      assertThat(order(id)).containsExactly("1 Ann 9", "2 Bob 8");
    }
    assertThat(ann.delete("/api/v1/me").status()).isEqualTo(200);
    for (long id : List.of(board, other)) {
      assertThat(order(id)).containsExactly("1 Bob 8");
    }
  }

  @Test
  void opensTheNextSeasonOfARecurringBoard() {
    String slug = slug();
    Response created =
        admin.post(
            ADMIN,
            json(
                    "slug", slug,
                    "title", "Weekly",
                    "reset", "0 0 * * 1",
                    "ends_at", "2020-01-01T00:00:00Z",
                    "operator", "incr")
                .encode());
    long first = created.data().getLong("id");
    JsonObject second = api.get(BOARDS + "/" + slug).data();
    assertThat(second.getLong("id")).isNotEqualTo(first);
    assertThat(second.getString("reset")).isEqualTo("0 0 * * 1");
    assertThat(second.getString("operator")).isEqualTo("incr");
    assertThat(second.getString("starts_at")).endsWith("T00:00:00Z");
    assertThat(second.getBoolean("is_active")).isTrue();
    JsonObject seasons = api.get(BOARDS + "/" + first).body().getJsonObject("seasons");
    assertThat(seasons.getLong("next")).isEqualTo(second.getLong("id"));
    JsonObject record = admin.post(ADMIN + "/" + slug + "/records", score(admin.id(), 1)).data();
    assertThat(record.getLong("leaderboard_id")).isEqualTo(second.getLong("id"));
    admin.post(ADMIN + "/" + slug + "/end", "{}");
    assertThat(api.get(BOARDS + "/" + slug).toString())
        .as("a series that was ended goes on no more")
        .isEqualTo(NOT_FOUND);
    assertThat(ids(slug, "")).hasSize(2);
  }

  private static JsonObject json(Object... pairs) {
    var json = new JsonObject();
    for (int i = 0; i < pairs.length; i += 2) {
      json.put((String) pairs[i], pairs[i + 1]);
    }
    return json;
  }

  private static String slug() {
    return "board_" + SLUGS.incrementAndGet();
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", json("display_name", name).encode());
    return guest;
  }

  private static long board(Object... pairs) {
    Response created =
        admin.post(ADMIN, json(pairs).put("slug", slug()).put("title", "Board").encode());
    assertThat(created.status()).as(created.toString()).isEqualTo(200);
    return created.data().getLong("id");
  }

  private static long season(String slug, String starts, String ends) {
    JsonObject body = json("slug", slug, "title", "Season", "starts_at", starts, "ends_at", ends);
    return admin.post(ADMIN, body.encode()).data().getLong("id");
  }

  private static String records(long board) {
    return ADMIN + "/" + board + "/records";
  }

  private static String score(long player, long score) {
    return json("user_id", player, "score", score).encode();
  }

  private static JsonObject submit(long board, long player, long score, String metadata) {
    JsonObject body = json("user_id", player, "score", score);
    if (metadata != null) {
      body.put("metadata", new JsonObject(metadata));
    }
    Response submitted = admin.post(records(board), body.encode());
    assertThat(submitted.status()).as(submitted.toString()).isEqualTo(200);
    return submitted.data();
  }

  private static List<Long> ids(String slug, String query) {
    return api.get(BOARDS + "?slug=" + slug + query).body().getJsonArray("data").stream()
        .map(board -> ((JsonObject) board).getLong("id"))
        .toList();
  }

  private static List<String> order(long board) {
    return api.get(BOARDS + "/" + board + "/records").body().getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .map(
            record ->
                record.getLong("rank")
                    + " "
                    + record.getString("display_name")
                    + " "
                    + record.getLong("score"))
        .toList();
  }

  private static List<Long> around(long board, String player, String query) {
    return ranks(api.get(BOARDS + "/" + board + "/records/around/" + player + query).body());
  }

  private static List<Long> ranks(JsonObject body) {
    return body.getJsonArray("data").stream()
        .map(record -> ((JsonObject) record).getLong("rank"))
        .toList();
  }
}
