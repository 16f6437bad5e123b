package dev.rookery.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** A player at a GameFlow client, signed in by name, on a socket that sees every message. */
public final class GameFlowClient implements AutoCloseable {
  private final RawSocket socket;
  private final String token;
  private final String id;

  private GameFlowClient(RawSocket socket, String token, String id) {
    this.socket = socket;
    this.token = token;
    this.id = id;
  }

  public static GameFlowClient connect(TestNode node, String name) {
    HttpResponse<String> answer =
        node.post("/auth/anonymous", JsonObject.of("username", name).encode());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    var signedIn = new JsonObject(answer.body());
    String id = signedIn.getJsonObject("account").getString("id");
    return connect(node, signedIn.getString("accessToken"), id);
  }

  public static GameFlowClient connect(TestNode node, String token, String id) {
    var client = new GameFlowClient(open(node, token), token, id);
    client.receive("connected");
    return client;
  }

  public static RawSocket open(TestNode node, String token) {
    return RawSocket.open(node.port(), "/_ws?token=" + token);
  }

  public RawSocket socket() {
    return socket;
  }

  public String token() {
    return token;
  }

  public String id() {
    return id;
  }

  public GameFlowClient send(String type, Object... namesAndValues) {
    var message = JsonObject.of("type", type);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    socket.sendText(message.encode());
    return this;
  }

  /** The next message, which must be of this type. */
  public JsonObject receive(String type) {
    var message = new JsonObject(socket.receiveText());
    if (!type.equals(message.getString("type"))) {
      throw new AssertionError("no " + type + " but " + message);
    }
    return message;
  }

  /** The words of the error that comes next. */
  public String receiveError() {
    return receive("error").getString("message");
  }

  /** The lobby in the message that comes next. */
  public JsonObject receiveLobby(String type) {
    return receive(type).getJsonObject("lobby");
  }

  public JsonObject createLobby() {
    return send("lobby:create").receiveLobby("lobby:created");
  }

  /** That nothing else has come before the answer to a ping sent now. */
  public void assertNothingReceived() {
    send("ping").receive("pong");
  }

  /** Names in a team. */
  public static String[] usernames(JsonObject lobby, String team) {
    return members(lobby.getJsonArray(team))
        .map(one -> one.getString("username"))
        .toArray(String[]::new);
  }

  private static Stream<JsonObject> members(JsonArray team) {
    return team.stream().map(JsonObject.class::cast);
  }

  @Override
  public void close() {
    socket.close();
  }
}
