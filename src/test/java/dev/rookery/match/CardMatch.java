package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.game.CrazyEights;
import dev.rookery.game.Game;
import dev.rookery.game.GameSession;
import dev.rookery.loadtest.DatabaseInvariants;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A match of crazy eights between a player, who always draws, and two bots: its randomness and its
 * bots have to go on as if nothing had happened.
 */
final class CardMatch implements MatchPlayer.Script {
  private static final Map<String, String> BOTS = Map.of("1", "careful", "2", "random");

  private final RestPlayer user;
  private final MatchPlayer player;
  private final MatchPace pace;
  private String room = "";
  private String token = "";

  CardMatch(
      HttpClient client, Supplier<List<URI>> nodes, RestPlayer user, int node, MatchPace pace) {
    this.user = user;
    this.pace = pace;
    this.player = new MatchPlayer(client, nodes, user, 0, node, this);
  }

  @Override
  public String room() {
    return room;
  }

  @Override
  public List<JsonObject> prepare() {
    return List.of(
        JsonObject.of("type", "lobby:assign_bot", "seatIndex", 1, "botID", "careful"),
        JsonObject.of("type", "lobby:assign_bot", "seatIndex", 2, "botID", "random"));
  }

  @Override
  public void awaitTurn(long revision) throws InterruptedException {
    pace.await(revision);
  }

  @Override
  public JsonObject action(long revision) {
    return new JsonObject().put("event", "draw").putNull("payload");
  }

  @Override
  public void reached(long revision) {
    pace.reached(room, revision);
  }

  String user() {
    return Long.toString(user.id());
  }

  void start() throws Exception {
    var opened = user.post("/api/dev/rooms", JsonObject.of("gameKey", "crazy-eights"));
    assertThat(opened.status()).isEqualTo(201);
    room = opened.body().getString("roomID");
    token = player.enterLobby(opened.body().getString("token"));
  }

  void play() throws InterruptedException {
    player.play(token);
  }

  /**
   * Repeats the stored actions from the stored seed, without faults: each gives the same record,
   * bots decide what they have decided, and each stored snapshot has the same hash.
   */
  void assertIsWhatItsSeedGives(Databases.TestDatabase database) {
    String where = " FROM match_room WHERE room_id = '" + room + "'";
    String seed = text(database, "SELECT seed" + where);
    long now = Long.parseLong(text(database, "SELECT CAST(initial_now_ms AS TEXT)" + where));
    String config = text(database, "SELECT config" + where);
    var profiles = new HashMap<String, String>();
    new JsonObject(text(database, "SELECT profiles" + where))
        .forEach(entry -> profiles.put(entry.getKey(), Json.encode(entry.getValue())));
    Game game = CrazyEights.game();
    var seats =
        List.of(
            new TakenSeat(0, user(), null, true),
            new TakenSeat(1, "", null, true, new BotInfo("careful", "Careful", null, null)),
            new TakenSeat(2, "", null, true, new BotInfo("random", "Random", null, null)));
    GameSession session =
        game.start(
            new LobbyRules(game.info(), user(), Phase.ACTIVE, 4, seats, config)
                .setup(seed, now, profiles));
    Map<String, String> digests = digests(database);
    List<String> records =
        DatabaseInvariants.texts(
            database,
            "SELECT record FROM match_record WHERE room_id = '" + room + "' ORDER BY number");
    long number = 0;
    for (String record : records) {
      number++;
      assertBotsDecide(session, new JsonObject(record));
      MatchLog.repeat(session, new RecordRow(number, record, 0, ""));
      String digest = digests.get(Long.toString(number));
      if (digest != null) {
        assertThat(MatchLog.digest(session.state())).as("%s at %d", room, number).isEqualTo(digest);
      }
    }
    JsonObject shown = player.last();
    assertThat(shown.getJsonObject("G"))
        .isEqualTo(new JsonObject(session.current().views().get("0")));
    assertThat(shown.getJsonObject("result")).isEqualTo(new JsonObject(session.current().result()));
    assertThat(shown.getJsonArray("log")).hasSize(records.size());
  }

  private static void assertBotsDecide(GameSession session, JsonObject record) {
    String bot = BOTS.get(String.valueOf(record.getString("playerID")));
    if (bot != null) {
      BotDecision decided = session.decide(record.getString("playerID"), bot);
      assertThat(decided).isNotNull();
      assertThat(decided.event()).isEqualTo(record.getString("event"));
      assertThat(Json.decodeValue(decided.payload())).isEqualTo(record.getValue("payload"));
    }
  }

  private Map<String, String> digests(Databases.TestDatabase database) {
    var digests = new HashMap<String, String>();
    DatabaseInvariants.texts(
            database,
            "SELECT number || ' ' || digest FROM match_snapshot WHERE room_id = '" + room + "'")
        .forEach(row -> digests.put(row.split(" ", -1)[0], row.split(" ", -1)[1]));
    return digests;
  }

  private static String text(Databases.TestDatabase database, String query) {
    return DatabaseInvariants.texts(database, query).getFirst();
  }
}
