package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The past of a match over HTTP. */
final class AdminMatchRoutesTest {
  private static final String PATH = "/api/v1/admin/matches";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void showsThePastOfAMatchAndGoesOnFromIt(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      Guest admin = api.guest();
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
