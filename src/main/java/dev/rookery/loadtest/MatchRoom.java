package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room of the openturn wire whose players play a match from its beginning to its end. With
 * several nodes the players are connected to different ones.
 */
final class MatchRoom {
  private static final byte[] APPLIED =
      "{\"type\":\"batch_applied\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PRESENCE =
      "{\"type\":\"openturn:presence\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SNAPSHOT = "{\"derived\"".getBytes(StandardCharsets.US_ASCII);

  private final ScenarioContext context;
  private final RoomMoves moves;
  private final List<Player> players = new ArrayList<>();
  private final Promise<Void> ready = Promise.promise();
  private @Nullable Promise<Void> applied;
  private int seen;

  /**
   * @param users who play, in the order of their seats; the first one hosts the room
   */
  MatchRoom(ScenarioContext context, List<LoadTestUser> users) {
    this.context = context;
    this.moves = RoomGame.of(context.options().game()).begin();
    users.forEach(user -> players.add(new Player(user, players.size())));
  }

  /** Opens the room, seats all, and starts the match; completes when all have its snapshot. */
  Future<Void> open() {
    var body = new JsonObject();
    String game = context.options().game();
    if (!game.isEmpty()) {
      body.put("gameKey", game);
    }
    Player host = players.getFirst();
    return context
        .client(host.user.node())
        .post("/api/dev/rooms", host.user.token(), body)
        .compose(
            opened -> {
              String room = opened.getString("roomID");
              Future<Void> entered = host.enter(room, opened.getString("token"));
              for (Player guest : players.subList(1, players.size())) {
                entered =
                    entered
                        .compose(_ -> joinToken(room, guest))
                        .compose(token -> guest.enter(room, token));
              }
              return entered;
            })
        .compose(_ -> ready.future());
  }

  private Future<String> joinToken(String room, Player guest) {
    return context
        .client(guest.user.node())
        .post("/api/dev/rooms/" + room + "/lobby-token", guest.user.token(), new JsonObject())
        .map(joined -> joined.getString("token"));
  }

  boolean isFinished() {
    return moves.isFinished();
  }

  /** Sends the next action; completes when all players have seen it. */
  Future<Void> act() {
    Promise<Void> promise = Promise.promise();
    applied = promise;
    seen = 0;
    RoomMoves.Move move = moves.next();
    players.get(move.seat()).write(move.frame());
    return promise.future();
  }

  /** Closes the sockets. */
  void close() {
    players.forEach(Player::close);
  }

  private void start() {
    if (players.stream().allMatch(player -> player.playing)) {
      ready.tryComplete();
    }
  }

  private void seen() {
    Promise<Void> waiting = applied;
    if (waiting == null || ++seen > players.size()) {
      context.metrics().repeat();
    } else if (seen == players.size()) {
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

  private boolean allReady(JsonArray seats) {
    long count =
        seats.stream()
            .map(JsonObject.class::cast)
            .filter(seat -> seat.getBoolean("ready", false))
            .count();
    return count == players.size();
  }

  /** A player with one socket at a time: first in the lobby, then in the match. */
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
                if (seat == 0) {
                  moves.options().forEach(this::setOption);
                }
                send(JsonObject.of("type", "lobby:set_ready", "ready", true));
              });
    }

    private void setOption(String key, Object value) {
      send(JsonObject.of("type", "host:set_config", "key", key, "value", value));
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
        moves.show(seat, bytes, from, to);
        seen();
      } else if (startsWith(SNAPSHOT, bytes, from, to)) {
        moves.show(seat, bytes, from, to);
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
          if (seat == 0 && !moving && allReady(message.getJsonArray("seats"))) {
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
