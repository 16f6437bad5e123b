package dev.rookery.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** A GameFlow client with an anonymous player; it reads every message of its socket in order. */
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
    HttpResponse<String> response =
        node.post("/auth/anonymous", JsonObject.of("username", name).encode());
    if (response.statusCode() != 200) {
      throw new AssertionError(response.body());
    }
    var signedIn = new JsonObject(response.body());
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

  /** The same player as a client of the REST API. */
  public RestPlayer rest(TestNode node) throws IOException, InterruptedException {
    var player = RestPlayer.of(TestNode.client(), node.uri("/"), token, 0);
    long number = player.get("/api/v1/me").body().getLong("id");
    return RestPlayer.of(TestNode.client(), node.uri("/"), token, number);
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

  /** Sends a message of the type with alternating field names and values. */
  public GameFlowClient send(String type, Object... namesAndValues) {
    var message = JsonObject.of("type", type);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      message.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    socket.sendText(message.encode());
    return this;
  }

  /** Receives the next message, which must have this type. */
  public JsonObject receive(String type) {
    var message = new JsonObject(socket.receiveText());
    if (!type.equals(message.getString("type"))) {
      throw new AssertionError("expected " + type + ", received " + message);
    }
    return message;
  }

  /** Receives the next message, which must be an error, and returns its text. */
  public String receiveError() {
    return receive("error").getString("message");
  }

  /** Receives the next message, which must have this type, and returns its lobby. */
  public JsonObject receiveLobby(String type) {
    return receive(type).getJsonObject("lobby");
  }

  public JsonObject createLobby() {
    return send("lobby:create").receiveLobby("lobby:created");
  }

  /** Asserts that nothing was sent to this socket before the response to a ping. */
  public void assertNothingReceived() {
    send("ping").receive("pong");
  }

  /** Returns the user names in a team. */
  public static String[] usernames(JsonObject lobby, String team) {
    return members(lobby.getJsonArray(team))
        .map(member -> member.getString("username"))
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
