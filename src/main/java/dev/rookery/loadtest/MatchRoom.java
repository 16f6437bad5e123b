package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A room of the openturn wire with two players who play tic-tac-toe to a draw, which takes nine
 * actions. With several nodes the two are connected to different ones.
 */
final class MatchRoom {
  /** Number of actions in a match. */
  static final int ACTIONS = 9;

  private static final int[] SQUARES = {0, 1, 2, 4, 3, 5, 7, 6, 8};
  private static final int SIZE = 3;
  private static final List<byte[]> MOVES =
      IntStream.range(0, ACTIONS).mapToObj(MatchRoom::move).toList();
  private static final byte[] APPLIED =
      "{\"type\":\"batch_applied\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PRESENCE =
      "{\"type\":\"openturn:presence\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SNAPSHOT = "{\"derived\"".getBytes(StandardCharsets.US_ASCII);

  private final ScenarioContext context;
  private final Player host;
  private final Player guest;
  private final Promise<Void> ready = Promise.promise();
  private @Nullable Promise<Void> applied;
  private int number;
  private int seen;

  MatchRoom(ScenarioContext context, LoadTestUser host, LoadTestUser guest) {
    this.context = context;
    this.host = new Player(host, 0);
    this.guest = new Player(guest, 1);
  }

  private static byte[] move(int number) {
    var payload =
        JsonObject.of("row", SQUARES[number] / SIZE, "col", SQUARES[number] % SIZE).encode();
    return ClientFrames.text(
        "{\"type\":\"action\",\"matchID\":\"m\",\"playerID\":\"p\",\"event\":\"placeMark\","
            + "\"payload\":"
            + payload
            + ",\"clientActionID\":\"client_"
            + number
            + "\"}");
  }

  /** Opens the room, seats both, and starts the match; completes when both have its snapshot. */
  Future<Void> open() {
    var body = new JsonObject();
    String game = context.options().game();
    if (!game.isEmpty()) {
      body.put("gameKey", game);
    }
    return context
        .client(host.user.node())
        .post("/api/dev/rooms", host.user.token(), body)
        .compose(
            opened -> {
              String room = opened.getString("roomID");
              return host.enter(room, opened.getString("token"))
                  .compose(_ -> joinToken(room))
                  .compose(token -> guest.enter(room, token));
            })
        .compose(_ -> ready.future());
  }

  private Future<String> joinToken(String room) {
    return context
        .client(guest.user.node())
        .post("/api/dev/rooms/" + room + "/lobby-token", guest.user.token(), new JsonObject())
        .map(joined -> joined.getString("token"));
  }

  boolean isFinished() {
    return number == ACTIONS;
  }

  /** Sends the next action; completes when both players have seen it. */
  Future<Void> act() {
    Promise<Void> promise = Promise.promise();
    applied = promise;
    seen = 0;
    Player next = number % 2 == 0 ? host : guest;
    next.write(MOVES.get(number++));
    return promise.future();
  }

  /** Closes the sockets. */
  void close() {
    host.close();
    guest.close();
  }

  private void start() {
    if (host.playing && guest.playing) {
      ready.tryComplete();
    }
  }

  private void seen() {
    Promise<Void> waiting = applied;
    if (waiting == null || ++seen > 2) {
      context.metrics().repeat();
    } else if (seen == 2) {
      waiting.tryComplete();
    }
  }

  private void fail(String reason) {
    boolean expected = !ready.tryFail(reason) && applied == null;
    Promise<Void> waiting = applied;
    if (waiting != null) {
      waiting.tryFail(reason);
    }
    if (expected && context.isRunning()) {
      context.metrics().failed(reason);
    }
  }

  /** One of the two, with one socket at a time: first in the lobby, then in the match. */
  private final class Player implements ClientSocket.TextListener {
    private final LoadTestUser user;
    private final int seat;
    private String room = "";
    private @Nullable ClientSocket socket;
    private boolean moving;
    private boolean playing;

    Player(LoadTestUser user, int seat) {
      this.user = user;
      this.seat = seat;
    }

    Future<Void> enter(String id, String token) {
      room = id;
      return connect(token)
          .onSuccess(
              _ -> {
                send(JsonObject.of("type", "lobby:take_seat", "seatIndex", seat));
                send(JsonObject.of("type", "lobby:set_ready", "ready", true));
              });
    }

    private Future<Void> connect(String token) {
      URI node = user.node();
      return context
          .sockets()
          .openAt(node, "/rooms/" + room + "/connect?token=" + token, this)
          .onSuccess(opened -> socket = opened)
          .mapEmpty();
    }

    private void send(JsonObject message) {
      write(ClientFrames.text(message.encode()));
    }

    void write(byte[] frame) {
      if (socket != null) {
        socket.write(frame);
      }
    }

    void close() {
      if (socket != null) {
        socket.close();
      }
    }

    @Override
    public void receive(byte[] bytes, int from, int to) {
      if (startsWith(APPLIED, bytes, from, to)) {
        seen();
      } else if (startsWith(SNAPSHOT, bytes, from, to)) {
        playing = true;
        start();
      } else if (!startsWith(PRESENCE, bytes, from, to)) {
        receiveLobby(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      }
    }

    private void receiveLobby(String text) {
      var message = new JsonObject(text);
      switch (message.getString("type")) {
        case "lobby:state" -> {
          if (seat == 0 && !moving && message.getBoolean("canStart")) {
            send(JsonObject.of("type", "lobby:start"));
          }
        }
        case "lobby:transition_to_game" -> {
          moving = true;
          connect(message.getString("roomToken"))
              .onFailure(cause -> fail(String.valueOf(cause.getMessage())));
        }
        default -> fail(text);
      }
    }

    /** The lobby is closed by the server when the match starts. */
    @Override
    public void closed(int code) {
      if (!moving || playing) {
        fail("a socket of a room was closed with " + code);
      }
    }
  }

  private static boolean startsWith(byte[] prefix, byte[] bytes, int from, int to) {
    return to - from >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }
}
