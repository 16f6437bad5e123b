package dev.rookery.extension.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/** A player who is signed in to an {@link EmbeddedNode}. Thread-safe. */
public final class TestPlayer {
  private final EmbeddedNode node;
  private final long id;
  private final String token;

  TestPlayer(EmbeddedNode node, long id, String token) {
    this.node = node;
    this.id = id;
    this.token = token;
  }

  /** The player's id. */
  public long id() {
    return id;
  }

  /** The access token, for requests that are sent by other means. */
  public String token() {
    return token;
  }

  /**
   * Calls a function of an extension over HTTP, as a game does.
   *
   * @param arguments JSON values
   * @return the JSON value that it returned: a {@link JsonObject}, a {@link JsonArray}, a string, a
   *     number, a boolean or null
   * @throws CallFailedException if the server refuses the call, or the function fails
   */
  public @Nullable Object call(String extension, String function, @Nullable Object... arguments) {
    var values = new JsonArray();
    for (Object argument : arguments) {
      values.add(argument);
    }
    TestResponse answer =
        post(
            "/api/v1/hooks/call",
            new JsonObject().put("plugin", extension).put("fn", function).put("args", values));
    if (answer.status() != 200) {
      throw failed(extension + "." + function, answer);
    }
    return answer.json().getValue("data");
  }

  private static CallFailedException failed(String what, TestResponse answer) {
    String code =
        answer.text().startsWith("{") ? String.valueOf(answer.json().getValue("error", "")) : "";
    return new CallFailedException(
        code, what + " was answered with " + answer.status() + " " + answer.text());
  }

  /** Sends a GET request with the player's token. */
  public TestResponse get(String path) {
    return send("GET", path, null);
  }

  /** Sends a POST request with the player's token and a JSON body. */
  public TestResponse post(String path, JsonObject body) {
    return send("POST", path, body);
  }

  /**
   * Sends a request with the player's token.
   *
   * @param path with a slash at the beginning, and with the query if there is one
   * @param body null for none
   */
  public TestResponse send(String method, String path, @Nullable JsonObject body) {
    var request = node.request(path).header("authorization", "Bearer " + token);
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, BodyPublishers.ofString(body.encode()));
    }
    return node.send(request.build());
  }

  /** The request that replaces an extension by this jar. */
  HttpRequest upload(String extension, byte[] jar) {
    return node.request("/api/v1/admin/extensions/" + extension)
        .header("authorization", "Bearer " + token)
        .header("content-type", "application/octet-stream")
        .PUT(BodyPublishers.ofByteArray(jar))
        .build();
  }

  /** Opens a socket as this player. Close it, or let the server close it when it is stopped. */
  public TestSocket connect() {
    return TestSocket.open(node.socketUri("/socket/websocket?vsn=2.0.0&token=" + token));
  }
}
