package dev.rookery.protocol.gamend;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A node whose API responses are all validated against the API document. */
final class TestApi implements AutoCloseable {
  private final TestNode node;
  private final AtomicInteger guestCount = new AtomicInteger();

  private TestApi(TestNode node) {
    this.node = node;
  }

  static TestApi start(Databases.TestDatabase database) {
    return new TestApi(TestNode.start(database));
  }

  static TestApi start(Databases.TestDatabase database, Map<String, String> environment) {
    return new TestApi(TestNode.start(database, environment));
  }

  TestNode node() {
    return node;
  }

  /** A response, with its body if that is a JSON object. */
  record Response(int status, JsonObject body, HttpResponse<String> response) {
    JsonObject data() {
      return body.getJsonObject("data");
    }

    String error() {
      return body.getString("error");
    }

    /** {@code 404 {"error":"not_found"}} */
    @Override
    public String toString() {
      return status + " " + response.body();
    }
  }

  Response call(String method, String path, String json, String... headers) {
    var response = node.send(method, path, json, headers);
    int query = path.indexOf('?');
    ResponseValidator.check(method, query < 0 ? path : path.substring(0, query), response);
    String text = response.body();
    boolean object = text.startsWith("{");
    return new Response(
        response.statusCode(), object ? new JsonObject(text) : new JsonObject(), response);
  }

  Response get(String path, String... headers) {
    return call("GET", path, null, headers);
  }

  Response post(String path, String json, String... headers) {
    return call("POST", path, json, headers);
  }

  /** Repeats the request until the response is as expected, because other nodes react later. */
  static void eventually(Supplier<Response> ask, String expected) {
    Eventually.holds(() -> ask.get().toString().equals(expected));
  }

  /** Signs in a new player with a new device. */
  Guest guest() {
    return signIn("device " + guestCount.incrementAndGet());
  }

  Guest signIn(String device) {
    Response response = post("/api/v1/login/device", JsonObject.of("device_id", device).encode());
    return new Guest(
        this,
        response.data().getLong("user_id"),
        response.data().getString("access_token"),
        response.data().getString("refresh_token"));
  }

  /** A player who is signed in. */
  record Guest(TestApi api, long id, String token, String refreshToken) {
    Response get(String path, String... headers) {
      return call("GET", path, null, headers);
    }

    Response post(String path, String json, String... headers) {
      return call("POST", path, json, headers);
    }

    Response patch(String path, String json) {
      return call("PATCH", path, json);
    }

    Response delete(String path) {
      return call("DELETE", path, null);
    }

    Response call(String method, String path, String json, String... headers) {
      var all = new ArrayList<>(List.of(headers));
      all.addAll(List.of("authorization", "Bearer " + token));
      return api.call(method, path, json, all.toArray(String[]::new));
    }

    /** Creates a lobby and returns its id. */
    long createLobby(String json) {
      Response response = post("/api/v1/lobbies", json);
      if (response.status() != 201) {
        throw new AssertionError("creating a lobby failed: " + response);
      }
      return response.body().getLong("id");
    }

    Response join(long lobby) {
      return post("/api/v1/lobbies/" + lobby + "/join", "{}");
    }

    Response leave() {
      return post("/api/v1/lobbies/leave", null);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
