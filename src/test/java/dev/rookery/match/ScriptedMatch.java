package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.TicTacToe;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A match of tic-tac-toe between two players who fill the squares in a random order, which decides
 * the result.
 */
final class ScriptedMatch implements MatchPlayer.Script {
  private static final int SQUARES = 9;
  private static final int SIZE = 3;

  private final List<Integer> order;
  private final MatchPlayer host;
  private final MatchPlayer guest;
  private final MatchPace pace;
  private String room = "";
  private String hostToken = "";
  private String guestToken = "";
  private long revision;

  ScriptedMatch(
      HttpClient client,
      Supplier<List<URI>> nodes,
      RestPlayer host,
      RestPlayer guest,
      int node,
      Random random,
      MatchPace pace) {
    var squares = new ArrayList<>(IntStream.range(0, SQUARES).boxed().toList());
    Collections.shuffle(squares, random);
    this.order = List.copyOf(squares);
    this.pace = pace;
    this.host = new MatchPlayer(client, nodes, host, 0, node, this);
    this.guest = new MatchPlayer(client, nodes, guest, 1, node + 1, this);
  }

  @Override
  public String room() {
    return room;
  }

  @Override
  public JsonObject action(long atRevision) {
    int square = order.get((int) atRevision);
    return JsonObject.of("event", "placeMark")
        .put("payload", JsonObject.of("row", square / SIZE, "col", square % SIZE));
  }

  @Override
  public void awaitTurn(long atRevision) throws InterruptedException {
    pace.await(atRevision);
  }

  @Override
  public synchronized void reached(long now) {
    if (now > revision) {
      revision = now;
      pace.reached(room, now);
    }
  }

  /** Opens the room and starts the match. */
  void start(Executor threads) throws Exception {
    var opened = host.user().post("/api/dev/rooms", new JsonObject());
    assertThat(opened.status()).isEqualTo(201);
    room = opened.body().getString("roomID");
    var joined = guest.user().post("/api/dev/rooms/" + room + "/lobby-token", new JsonObject());
    assertThat(joined.status()).isEqualTo(200);
    var entering = new CompletableFuture<String>();
    threads.execute(
        () -> {
          try {
            entering.complete(host.enterLobby(opened.body().getString("token")));
          } catch (InterruptedException | RuntimeException | Error failure) {
            entering.completeExceptionally(failure);
          }
        });
    guestToken = guest.enterLobby(joined.body().getString("token"));
    hostToken = entering.get();
  }

  /** Lets both play to the end. */
  List<Future<?>> play(ExecutorService threads) {
    return List.of(
        threads.submit(
            () -> {
              host.play(hostToken);
              return null;
            }),
        threads.submit(
            () -> {
              guest.play(guestToken);
              return null;
            }));
  }

  /** How often a player had to connect again. */
  int reconnects() {
    return host.connections() + guest.connections() - 2;
  }

  /**
   * Asserts that the match is what its actions give without a fault, that both players were shown
   * the same, and that it has each acknowledged action where it was acknowledged.
   */
  void assertIsWhatItsActionsGive() {
    JsonArray log = host.last().getJsonArray("log");
    assertThat(guest.last().getJsonArray("log")).isEqualTo(log);
    assertThat(log.stream().map(record -> square((JsonObject) record)).toList())
        .as("the squares of %s", room)
        .isEqualTo(order.subList(0, log.size()));
    GameSession replayed = replay(log);
    for (MatchPlayer player : List.of(host, guest)) {
      JsonObject shown = player.last();
      assertThat(shown.getLong("revision")).isEqualTo(log.size());
      assertThat(shown.getJsonObject("G"))
          .isEqualTo(new JsonObject(replayed.current().views().get(player.id())));
      assertThat(shown.getValue("result")).isEqualTo(new JsonObject(replayed.current().result()));
      player
          .acknowledged()
          .forEach(
              (id, at) ->
                  assertThat(log.getJsonObject(at.intValue() - 1).getString("playerID"))
                      .as("%s of %s", id, room)
                      .isEqualTo(player.id()));
      assertThat(player.acknowledged().values()).doesNotHaveDuplicates();
    }
  }

  private static int square(JsonObject record) {
    JsonObject payload = record.getJsonObject("payload");
    return payload.getInteger("row") * 3 + payload.getInteger("col");
  }

  private static GameSession replay(JsonArray log) {
    Game game = TicTacToe.game();
    var seats = List.of(new TakenSeat(0, "1", null, true), new TakenSeat(1, "2", null, true));
    var setup = new LobbyRules(game.info(), "1", Phase.ACTIVE, 2, seats).setup("seed", 0, Map.of());
    GameSession session = game.start(setup);
    for (int i = 0; i < log.size(); i++) {
      JsonObject record = log.getJsonObject(i);
      var action =
          new GameAction(
              i + 1L,
              record.getString("playerID"),
              record.getString("event"),
              Json.encode(record.getValue("payload")),
              record.getLong("at"));
      assertThat(session.apply(action)).isInstanceOf(GameSession.Outcome.Accepted.class);
    }
    return session;
  }
}
