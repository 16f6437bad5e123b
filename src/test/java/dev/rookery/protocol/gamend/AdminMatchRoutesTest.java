package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The past of a match over HTTP. */
final class AdminMatchRoutesTest {
  private static final String PATH = "/api/v1/admin/matches";
  private static final String PARKED = "/api/v1/admin/profile-changes/parked";

  /** A control plane that does not answer. */
  private static final Map<String, String> AWAY =
      Map.of("ROOKERY_MATCHES_CONTROL_PLANE_URL", "http://127.0.0.1:1");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void showsThePastOfAMatchAndGoesOnFromIt(Databases.TestDatabase database) {
    try (var api = TestApi.start(database, AWAY)) {
      Guest admin = api.guest();
      dealsWithParkedProfileChanges(api, admin, database);
      try (var host = RoomPlayer.signIn(api.node(), "host");
          var guest = RoomPlayer.signIn(api.node(), "guest")) {
        RoomPlayer.start(api.node(), host, api.node(), guest);
        host.place(0, 0, "client_1").receive("batch_applied");
        guest.receive("batch_applied");
        guest.place(1, 1, "client_1").receive("batch_applied");
        String match = PATH + "/" + host.room();

        JsonObject listed = admin.get(PATH + "?phase=active").body();
        assertThat(listed.getJsonArray("data").getJsonObject(0).getString("room_id"))
            .isEqualTo(host.room());
        JsonObject timeline = admin.get(match + "/timeline?page_size=1").body();
        assertThat(timeline.getInteger("next")).isEqualTo(1);
        JsonObject past = admin.get(match + "/at/1").data();
        assertThat(past.getJsonObject("players").getJsonObject("1").getString("myMark"))
            .isEqualTo("O");
        assertThat(past.getJsonObject("position").getInteger("turn")).isEqualTo(2);
        refuses(api, admin, match);
        goesOn(api, admin, match, host, guest);
      }
    }
  }

  private static void dealsWithParkedProfileChanges(
      TestApi api, Guest admin, Databases.TestDatabase database) {
    assertThat(database.update(parked("m_1"))).isEqualTo(1);
    assertThat(database.update(parked("end"))).isEqualTo(1);

    JsonObject first = admin.get(PARKED + "?page_size=1").body();
    JsonObject change = first.getJsonArray("data").getJsonObject(0);
    long id = change.getLong("id");
    assertThat(change.getString("action_id")).isEqualTo("m_1");
    assertThat(change.getString("reason")).isEqualTo("schema_mismatch");
    assertThat(first.getLong("next")).isEqualTo(id);
    JsonObject second = admin.get(PARKED + "?after=" + id).body();
    assertThat(second.getValue("next")).isNull();
    long last = second.getJsonArray("data").getJsonObject(0).getLong("id");

    assertThat(admin.delete(PARKED + "/" + last).toString())
        .isEqualTo("400 {\"error\":\"invalid_reason\"}");
    assertThat(admin.delete(PARKED + "/" + last + "?reason=paid%20by%20hand").status())
        .isEqualTo(200);
    assertThat(admin.post(PARKED + "/" + id + "/retry", "{}").status()).isEqualTo(200);
    assertThat(admin.get(PARKED).body().getJsonArray("data")).isEmpty();
    assertThat(admin.post(PARKED + "/" + id + "/retry", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.delete(PARKED + "/" + id + "?reason=none").status()).isEqualTo(404);
    assertThat(api.guest().get(PARKED).status()).isEqualTo(403);
  }

  private static String parked(String key) {
    return """
    INSERT INTO match_profile_call (room_id, commit_key, player, user_key, game_key,
      deployment_version, schema_version, delta, attempts, created_ms, next_ms, parked_ms, reason)
    VALUES ('room_1', '%s', '0', '7', 'reward', '1.0', '3',
      '[{"op":"inc","path":["coins"],"value":1}]', 1, 1, 1, 2, 'schema_mismatch')
    """
        .formatted(key);
  }

  private static void refuses(TestApi api, Guest admin, String match) {
    assertThat(admin.get(match + "/at/3").toString())
        .isEqualTo("404 {\"error\":\"unknown_revision\"}");
    assertThat(admin.get(match + "/at/x").toString())
        .isEqualTo("400 {\"error\":\"invalid_revision\"}");
    assertThat(admin.get(PATH + "/room_none/timeline").toString())
        .isEqualTo("404 {\"error\":\"unknown_room\"}");
    assertThat(admin.get(PATH + "?cursor=bm9uZQ").toString())
        .isEqualTo("400 {\"error\":\"invalid_cursor\"}");
    assertThat(admin.get(PATH + "?phase=none").status()).isEqualTo(400);
    assertThat(admin.post(match + "/fork", "{}").toString())
        .isEqualTo("400 {\"error\":\"invalid_revision\"}");
    Guest player = api.guest();
    assertThat(player.get(PATH).status()).isEqualTo(403);
    assertThat(player.get(match + "/at/0").status()).isEqualTo(403);
    assertThat(player.post(match + "/fork", "{\"revision\":0}").status()).isEqualTo(403);
  }

  private static void goesOn(
      TestApi api, Guest admin, String match, RoomPlayer host, RoomPlayer guest) {
    var forked = admin.post(match + "/fork", "{\"revision\":1}");
    assertThat(forked.status()).isEqualTo(201);
    String room = forked.data().getString("room_id");

    JsonObject snapshot = guest.join(api.node(), room).receiveSnapshot();

    assertThat(snapshot.getInteger("revision")).isEqualTo(1);
    guest.place(2, 2, "client_1");
    assertThat(guest.receive("batch_applied").getInteger("revision")).isEqualTo(2);
    assertThat(admin.get(match + "/at/2").data().encode()).doesNotContain(room);
    assertThat(host.place(0, 1, "client_2").receive("batch_applied").getString("matchID"))
        .isEqualTo(host.room());
  }
}
