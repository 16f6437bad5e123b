package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The routes of the dev surface, with a real match, and rooms that go on with saved ones. */
final class DevRoutesTest {
  private static final String SECRET = "openturn-test-secret-0123456789";
  private static final String SAVES = "/api/dev/saves";

  private final TestNode[] shared = new TestNode[1];

  private TestNode node() {
    return shared[0];
  }

  private HttpResponse<String> get(RoomPlayer player, String path) {
    return node().get(path, "authorization", "Bearer " + player.accessToken());
  }

  private HttpResponse<String> post(RoomPlayer player, String path, String body) {
    return node().post(path, body, "authorization", "Bearer " + player.accessToken());
  }

  private static void expect(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(code);
  }

  private static JsonObject body(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return new JsonObject(answer.body());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void servesTheContract(Databases.TestDatabase database) {
    try (var node = TestNode.start(database, Map.of("ROOM_TOKEN_SECRET", SECRET));
        var admin = RoomPlayer.signIn(node, "admin");
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      shared[0] = node;
      signsInAnonymously();
      RoomPlayer.start(node, host, node, guest);
      host.place(0, 0, "client_1").receive("batch_applied");
      guest.receive("batch_applied");
      guest.place(1, 1, "client_1").receive("batch_applied");
      describesTheRoom(admin, host);
      String save = savesTheMatch(admin, host);
      aRoomGoesOnWithASave(host, guest, save);
      refusesWhatIsNoSave(host);
      aRoomGoesOnWithALocalMatch(host, guest);
      theHostStartsTheMatchAgainOrEndsIt(host, guest);
    }
  }

  private void signsInAnonymously() {
    JsonObject health = body(node().get("/api/dev/health"), 200);
    assertThat(health.getBoolean("ok")).isTrue();
    var answer = node().post("/api/dev/session/anonymous", "{}");
    JsonObject signedIn = body(answer, 200);
    String token = signedIn.getString("token");
    assertThat(answer.headers().firstValue("set-auth-token")).hasValue(token);
    JsonObject me = body(node().get("/api/dev/me", "authorization", "Bearer " + token), 200);
    assertThat(me.getJsonObject("user")).isEqualTo(signedIn.getJsonObject("user"));
    expect(node().get("/api/dev/me"), 401, "unauthorized");
    expect(node().get("/api/dev/nothing"), 404, "not_found");
  }

  private void describesTheRoom(RoomPlayer admin, RoomPlayer host) {
    String room = "/api/dev/rooms/" + host.room();
    assertThat(body(get(host, room), 200).getInteger("revision")).isEqualTo(2);
    assertThat(body(get(host, room + "/presence"), 200).getJsonArray("connectedPlayerIDs"))
        .containsExactly("0", "1");
    assertThat(body(get(host, room + "/bootstrap"), 200).getString("playerID")).isEqualTo("0");
    expect(get(admin, room + "/bootstrap"), 403, "player_not_assigned");
    expect(get(host, "/api/dev/rooms/room_none"), 404, "unknown_room");
    expect(get(host, SAVES + "/" + "x".repeat(200)), 404, "unknown_save");
    expect(post(host, room + "/join-token", "{}"), 410, "endpoint_removed");
  }

  private String savesTheMatch(RoomPlayer admin, RoomPlayer host) {
    String path = "/api/dev/rooms/" + host.room() + "/save";
    JsonObject saved = body(post(host, path, "{}"), 201);
    expect(post(admin, path, "{}"), 403, "player_not_assigned");
    expect(post(host, "/api/dev/rooms/room_none/save", "{}"), 404, "room_not_running");
    String url = saved.getString("downloadURL");
    assertThat(get(host, url).headers().firstValue("content-disposition").orElseThrow())
        .contains(saved.getString("saveID") + ".otsave");
    expect(get(host, url + "/decoded"), 403, "forbidden");
    JsonObject decoded = body(get(admin, url + "/decoded"), 200);
    assertThat(decoded.getInteger("revision")).isEqualTo(2);
    assertThat(decoded.getJsonObject("checkpoint").getJsonObject("meta").getJsonArray("log"))
        .hasSize(2);
    expect(get(host, SAVES + "/save_none"), 404, "unknown_save");
    return saved.getString("saveID");
  }

  /** The new room begins in its lobby; its match begins where the saved one was. */
  private void aRoomGoesOnWithASave(RoomPlayer host, RoomPlayer guest, String save) {
    JsonObject opened = body(post(host, SAVES + "/" + save + "/new-room", "{}"), 201);
    assertThat(opened.getString("scope")).isEqualTo("lobby");
    goesOnFrom(opened, host, guest, 2);
    guest.socket().close();
    guest.connect(node());
    assertThat(guest.receiveSnapshot().getInteger("revision")).isEqualTo(3);
  }

  private void goesOnFrom(JsonObject opened, RoomPlayer host, RoomPlayer guest, int revision) {
    host.enter(node(), opened);
    guest.join(node(), opened.getString("roomID"));
    host.send("lobby:take_seat", "seatIndex", 0).send("lobby:set_ready", "ready", true);
    guest.send("lobby:take_seat", "seatIndex", 1).send("lobby:set_ready", "ready", true);
    host.receiveLobby(state -> state.getBoolean("canStart"));
    host.send("lobby:start");
    host.receiveTransition();
    guest.receiveTransition();
    assertThat(host.connect(node()).receiveSnapshot().getInteger("revision")).isEqualTo(revision);
    assertThat(guest.connect(node()).receiveSnapshot().getJsonArray("log")).hasSize(revision);
    RoomPlayer next = revision % 2 == 0 ? host : guest;
    next.place(2, 0, "client_2");
    assertThat(next.receive("batch_applied").getInteger("revision")).isEqualTo(revision + 1);
  }

  private void theHostStartsTheMatchAgainOrEndsIt(RoomPlayer host, RoomPlayer guest) {
    String room = "/api/dev/rooms/" + host.room();
    for (String action : new String[] {"/reset", "/return-to-lobby"}) {
      expect(post(guest, room + action, "{}"), 403, "not_host");
      expect(post(host, "/api/dev/rooms/room_none" + action, "{}"), 404, "unknown_room");
    }
    assertThat(body(post(host, room + "/reset", "{}"), 200))
        .isEqualTo(new JsonObject().put("ok", true).put("roomID", host.room()).put("revision", 0));
    assertThat(guest.receiveSnapshot().getJsonArray("log")).isEmpty();
    body(post(host, room + "/return-to-lobby", "{}"), 200);
    assertThat(guest.socket().acceptClose()).isEqualTo(4013);
    expect(post(host, room + "/reset", "{}"), 409, "match_not_active");
    expect(post(host, room + "/return-to-lobby", "{}"), 409, "match_not_active");
  }

  private void refusesWhatIsNoSave(RoomPlayer host) {
    expect(post(host, SAVES, ""), 400, "empty_body");
    expect(post(host, SAVES, "no save at all, although it is long enough"), 400, "magic");
    expect(post(host, "/api/dev/local/saves", "["), 400, "invalid_json");
    expect(post(host, "/api/dev/local/saves", "{}"), 400, "invalid_body");
    JsonObject cheating = local().copy();
    cheating
        .getJsonObject("checkpoint")
        .getJsonArray("log")
        .add(cheating.getJsonObject("checkpoint").getJsonArray("log").getValue(0));
    JsonObject saved = body(post(host, "/api/dev/local/saves", cheating.encode()), 201);
    expect(
        post(host, SAVES + "/" + saved.getString("saveID") + "/new-room", "{}"),
        409,
        "replay_differs");
  }

  private static JsonObject local() {
    var record =
        new JsonObject()
            .put("actionID", "m_1")
            .put("at", 1_700_000_000_001L)
            .put("event", "placeMark")
            .put("payload", JsonObject.of("row", 0, "col", 0))
            .put("playerID", "0")
            .put("turn", 1)
            .put("type", "event");
    return JsonObject.of("branch", new JsonObject(), "initialNow", 1_700_000_000_000L)
        .put("match", JsonObject.of("players", JsonArray.of("0", "1")))
        .put("checkpoint", JsonObject.of("log", JsonArray.of(record)))
        .put("revision", 1)
        .put("seed", "default");
  }

  private void aRoomGoesOnWithALocalMatch(RoomPlayer host, RoomPlayer guest) {
    JsonObject saved = body(post(host, "/api/dev/local/saves", local().encode()), 201);
    String path = SAVES + "/" + saved.getString("saveID") + "/new-room";
    goesOnFrom(body(post(host, path, "{}"), 201), host, guest, 1);
  }
}
