package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sample data is made in portions, also over a restart, and is removed as a whole. */
final class SamplePagesIT {
  private static final String PATH = "/admin/sample";
  private static final String API = "/api/v1/admin/sample_data";

  private static JsonObject run(RestPlayer owner) {
    RestPlayer.Response response;
    try {
      response = owner.get(API);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    assertThat(response.ok()).as(response.toString()).isTrue();
    return response.body().getJsonObject("data");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void makesSampleDataOverARestartAndRemovesIt(Databases.TestDatabase database) throws Exception {
    ConsoleBrowser begins;
    long own;
    try (var node = TestNode.start(database.shared())) {
      begins = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      assertThat(begins.get("/admin").body()).contains("Sample data is marked");
      own =
          owner
              .post("/api/v1/lobbies", JsonObject.of("title", "of somebody real"))
              .body()
              .getLong("id");

      HttpResponse<String> begun = begins.submit(PATH, PATH + "/make");
      assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
      Eventually.holds(() -> run(owner).getInteger("done") > 3);
      assertThat(run(owner).getString("state")).isIn("making", "made");
    }
    try (var node = TestNode.start(database)) {
      ConsoleBrowser admin = begins.at(node);
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      Eventually.holds(() -> run(owner).getString("state").equals("made"));
      assertThat(run(owner).getJsonObject("counts").getMap())
          .containsAllEntriesOf(
              Map.of(
                  "players", 500,
                  "lobbies", 40,
                  "groups", 12,
                  "leaderboards", 3,
                  "achievements", 5,
                  "entries", 2,
                  "matches", 2));
      assertThat(admin.get("/admin/users?q=is:sample").body()).contains("500 rows");
      assertThat(admin.get("/admin/users?q=-is:sample").body()).doesNotContain("sample, offline");
      assertThat(admin.get("/admin").body()).contains("Two players were in one lobby.", "to do");
      assertThat(owner.get("/api/v1/admin/chat").body().getJsonArray("data")).isNotEmpty();
      assertThat(owner.get("/api/v1/admin/matches?phase=active").body().getJsonArray("data"))
          .hasSize(2);

      HttpResponse<String> asked = admin.submit(PATH, PATH + "/remove");
      assertThat(asked.body()).contains("500 players", "40 lobbies");
      assertThat(admin.confirm(asked).statusCode()).isEqualTo(303);
      Eventually.holds(() -> run(owner).getString("state").equals("removed"));
      assertThat(admin.get(PATH).body()).contains("Removed were", "500 players", "12 groups");
      assertThat(owner.get("/api/v1/lobbies/" + own).ok()).isTrue();
      assertThat(
              owner
                  .get("/api/v1/admin/users?page_size=1")
                  .body()
                  .getJsonObject("meta")
                  .getLong("total_count"))
          .isEqualTo(1);
      assertThat(owner.get("/api/v1/leaderboards/sample_coins").ok()).isFalse();
    }
  }

  @Test
  void onlyRemovesSampleDataInProduction() throws Exception {
    var database = Databases.sqlite();
    var kept = new Databases.TestDatabase(database.kind(), database.location(), () -> {});
    try (var node = TestNode.start(kept, Map.of("FIRST_PLAYER_ADMIN", "true"))) {
      RestPlayer owner = RestPlayer.signIn(TestNode.client(), node.uri(""), "owner");
      assertThat(owner.post(API, new JsonObject()).ok()).isTrue();
      Eventually.holds(() -> run(owner).getInteger("done") > 0);
    }
    var production = Map.of("ROOKERY_ENV", "production", "FIRST_PLAYER_ADMIN", "true");
    try (var node = TestNode.start(database, production)) {
      RestPlayer owner = RestPlayer.signIn(TestNode.client(), node.uri(""), "owner");
      assertThat(owner.post(API, new JsonObject()).toString())
          .contains("403", "sample_data_disabled");
      assertThat(owner.send("DELETE", API, null).ok()).isTrue();
      Eventually.holds(() -> run(owner).getString("state").equals("removed"));
    }
  }
}
