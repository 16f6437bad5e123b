package dev.rookery.protocol.openturn;

import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A player with a token for a room, and at most one socket in it. */
public final class RoomPlayer implements AutoCloseable {
  private static final AtomicInteger DEVICE = new AtomicInteger();

  private final RestPlayer player;
  private String room = "";
  private String token = "";
  private RawSocket socket;

  private RoomPlayer(RestPlayer player) {
    this.player = player;
  }

  /** A player who has signed in already. */
  public static RoomPlayer of(RestPlayer player) {
    return new RoomPlayer(player);
  }

  public static RoomPlayer signIn(TestNode node, String name) {
    try {
      String device = "openturn-" + name + DEVICE.incrementAndGet();
      return new RoomPlayer(RestPlayer.signIn(TestNode.client(), node.uri("/"), device));
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  public String user() {
    return Long.toString(player.id());
  }

  public String room() {
    return room;
  }

  String token() {
    return token;
  }

  public String accessToken() {
    return player.token();
  }

  /** Opens a room of the default game and enters its lobby. */
  public RoomPlayer open(TestNode node) {
    return open(node, new JsonObject());
  }

  private RoomPlayer open(TestNode node, JsonObject game) {
    var opened =
        node.post("/api/dev/rooms", game.encode(), "authorization", "Bearer " + player.token());
    if (opened.statusCode() != 201) {
      throw new AssertionError(opened.body());
    }
    return enter(node, new JsonObject(opened.body()));
  }

  /** Asks for a token for a room and enters it. */
  public RoomPlayer join(TestNode node, String other) {
    var answer =
        node.post(
            "/api/dev/rooms/" + other + "/lobby-token",
            "{}",
            "authorization",
            "Bearer " + player.token());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    return enter(node, new JsonObject(answer.body()));
  }

  RoomPlayer enter(TestNode node, JsonObject snapshot) {
    room = snapshot.getString("roomID");
    token = snapshot.getString("token");
    return connect(node);
  }

  /** Connects with the present token. */
  public RoomPlayer connect(TestNode node) {
    disconnect();
    socket = RawSocket.open(node.port(), path());
    return this;
  }

  String path() {
    return "/rooms/" + room + "/connect?token=" + token;
  }

  public RawSocket socket() {
    return socket;
  }

  RoomPlayer send(String type, Object... fields) {
    var message = JsonObject.of("type", type);
    for (int i = 0; i < fields.length; i += 2) {
      message.put((String) fields[i], fields[i + 1]);
    }
    socket.sendText(message.encode());
    return this;
  }

  public JsonObject receive() {
    return new JsonObject(socket.receiveText());
  }

  /** Skips messages until one of the type. */
  public JsonObject receive(String type) {
    while (true) {
      JsonObject message = receive();
      if (Objects.equals(type, message.getString("type"))) {
        return message;
      }
    }
  }

  /** Skips messages until a snapshot, the one without a type. */
  public JsonObject receiveSnapshot() {
    return receive(null);
  }

  /** Skips messages until the lobby looks as it should. */
  JsonObject receiveLobby(Predicate<JsonObject> wanted) {
    while (true) {
      JsonObject state = receive("lobby:state");
      if (wanted.test(state)) {
        return state;
      }
    }
  }

  /** Takes the token for the match, with which {@link #connect} enters it. */
  JsonObject receiveTransition() {
    JsonObject transition = receive("lobby:transition_to_game");
    token = transition.getString("roomToken");
    return transition;
  }

  /** Sends an action of any game. */
  public RoomPlayer act(String event, Object payload) {
    return send(
        "action",
        "matchID",
        room,
        "playerID",
        "anything",
        "event",
        event,
        "payload",
        payload,
        "clientActionID",
        "client_1");
  }

  public RoomPlayer place(int row, int col, String clientActionID) {
    return send(
        "action",
        "matchID",
        "anything",
        "playerID",
        "anything",
        "event",
        "placeMark",
        "payload",
        JsonObject.of("row", row, "col", col),
        "clientActionID",
        clientActionID);
  }

  /** Closes the socket, if there is one. */
  void disconnect() {
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  public void close() {
    disconnect();
  }

  /** Two players, both seated and ready; the first one is the host. */
  static void meet(TestNode at, RoomPlayer host, TestNode there, RoomPlayer guest) {
    host.open(at);
    meetIn(host, there, guest);
  }

  private static void meetIn(RoomPlayer host, TestNode there, RoomPlayer guest) {
    guest.join(there, host.room());
    host.send("lobby:take_seat", "seatIndex", 0).send("lobby:set_ready", "ready", true);
    guest.send("lobby:take_seat", "seatIndex", 1).send("lobby:set_ready", "ready", true);
    host.receiveLobby(state -> state.getBoolean("canStart"));
  }

  /** Starts the match of two players who have met, and connects both to it. */
  public static void start(TestNode at, RoomPlayer host, TestNode there, RoomPlayer guest) {
    meet(at, host, there, guest);
    begin(at, host, there, guest);
  }

  /** Opens a room of a game, and starts the match of two players in it. */
  public static void start(TestNode node, String gameKey, RoomPlayer host, RoomPlayer guest) {
    host.open(node, JsonObject.of("gameKey", gameKey));
    meetIn(host, node, guest);
    begin(node, host, node, guest);
  }

  private static void begin(TestNode at, RoomPlayer host, TestNode there, RoomPlayer guest) {
    host.send("lobby:start");
    host.receiveTransition();
    guest.receiveTransition();
    host.connect(at).receiveSnapshot();
    guest.connect(there).receiveSnapshot();
  }
}
