package dev.rookery.testkit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A REST client of a player who is signed in with a device id. */
public final class RestPlayer {
  private final HttpClient client;
  private final String base;
  private final String token;
  private final long id;

  private RestPlayer(HttpClient client, String base, String token, long id) {
    this.client = client;
    this.base = base;
    this.token = token;
    this.id = id;
  }

  /** A response. */
  public record Response(int status, JsonObject body) {
    public boolean ok() {
      return status / 100 == 2;
    }
  }

  public static RestPlayer signIn(HttpClient client, URI base, String device)
      throws IOException, InterruptedException {
    var anonymous = new RestPlayer(client, base.toString().replaceAll("/$", ""), "", 0);
    Response answer =
        anonymous.send("POST", "/api/v1/login/device", JsonObject.of("device_id", device));
    if (!answer.ok()) {
      throw new AssertionError("sign-in: " + answer);
    }
    JsonObject data = answer.body().getJsonObject("data");
    return new RestPlayer(
        client, anonymous.base, data.getString("access_token"), data.getLong("user_id"));
  }

  /** A player who has signed in elsewhere. */
  public static RestPlayer of(HttpClient client, URI base, String token, long id) {
    return new RestPlayer(client, base.toString().replaceAll("/$", ""), token, id);
  }

  /** The same player and token on another node. */
  public RestPlayer atNode(URI other) {
    return new RestPlayer(client, other.toString().replaceAll("/$", ""), token, id);
  }

  public long id() {
    return id;
  }

  public String token() {
    return token;
  }

  public Response get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  public Response post(String path, JsonObject body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  public Response send(String method, String path, JsonObject body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(2));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, BodyPublishers.ofString(body.encode()));
    }
    var response = client.send(request.build(), BodyHandlers.ofString());
    String text = response.body();
    return new Response(
        response.statusCode(),
        text.startsWith("{") ? new JsonObject(text) : JsonObject.of("text", text));
  }

  /** Makes friends with the other player, and a party of both, which this one leads. */
  public void makePartyWith(RestPlayer other) throws IOException, InterruptedException {
    expect(post("/api/v1/friends", JsonObject.of("target_user_id", other.id)));
    expect(other.post("/api/v1/friends", JsonObject.of("target_user_id", id)));
    long party = expect(post("/api/v1/parties", new JsonObject())).getLong("id");
    expect(post("/api/v1/parties/invite", JsonObject.of("target_user_id", other.id)));
    expect(other.post("/api/v1/parties/invite/accept", JsonObject.of("party_id", party)));
  }

  private static JsonObject expect(Response response) {
    if (!response.ok()) {
      throw new AssertionError(response);
    }
    return response.body();
  }
}
