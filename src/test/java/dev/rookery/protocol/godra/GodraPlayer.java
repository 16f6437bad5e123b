package dev.rookery.protocol.godra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A user of the Godra wire, with what the original JavaScript SDK sends. */
record GodraPlayer(TestNode node, String token, String id, String role) {
  static final String PASSWORD = "correct horse battery";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  static GodraPlayer guest(TestNode node) {
    return of(node, node.send("POST", "/guest-login", null));
  }

  /** Registers a player of a new name. */
  static GodraPlayer register(TestNode node) {
    return register(node, newName());
  }

  static String newName() {
    return "ann" + NUMBER.incrementAndGet() + "-" + ProcessHandle.current().pid();
  }

  static GodraPlayer register(TestNode node, String name) {
    String account = JsonObject.of("username", name, "password", PASSWORD).encode();
    assertThat(node.post("/register", account).statusCode()).isEqualTo(201);
    return of(node, node.post("/login", account));
  }

  private static GodraPlayer of(TestNode node, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var body = new JsonObject(response.body());
    return new GodraPlayer(
        node, body.getString("token"), body.getString("user_id"), body.getString("role"));
  }

  HttpResponse<String> call(String script, JsonArray keys, Object... args) {
    var body = JsonObject.of("script", script).put("args", new JsonArray());
    for (Object arg : args) {
      body.getJsonArray("args").add(arg);
    }
    if (keys != null) {
      body.put("keys", keys);
    }
    return rpc(body.encode());
  }

  HttpResponse<String> rpc(String body) {
    return node.post("/api/rpc", body, "authorization", "Bearer " + token);
  }

  /** Calls a script without keys and returns its result. */
  Object result(String script, Object... args) {
    return result(call(script, null, args));
  }

  static Object result(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body()).getValue("result");
  }

  /** Creates a lobby as the SDK does, and returns the id of the game. */
  String createLobby(int capacity) {
    return String.valueOf(result("create_lobby", capacity)).substring("game:".length());
  }

  RawSocket connect(String game) {
    return connect(node, game);
  }

  RawSocket connect(TestNode to, String game) {
    return RawSocket.open(to.port(), path(game));
  }

  String path(String game) {
    return "/ws?token=" + token + "&game_id=" + URLEncoder.encode(game, StandardCharsets.UTF_8);
  }

  /** The status and the text with which an upgrade is refused. */
  String refusal(String pathAndQuery) {
    String request =
        "GET "
            + pathAndQuery
            + " HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
            + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    try (var socket = new Socket("127.0.0.1", node.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var response = new StringBuilder();
      while (!isComplete(response)) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new AssertionError("the response ended early: " + response);
        }
        response.append((char) next);
      }
      int head = response.indexOf("\r\n\r\n");
      return response.substring("HTTP/1.1 ".length(), "HTTP/1.1 401".length())
          + " "
          + response.substring(head + 4);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean isComplete(StringBuilder response) {
    int head = response.indexOf("\r\n\r\n");
    int length = response.indexOf("content-length: ");
    if (head < 0 || length < 0 || length > head) {
      return false;
    }
    int from = length + "content-length: ".length();
    int bytes = Integer.parseInt(response.substring(from, response.indexOf("\r\n", from)));
    return response.length() >= head + 4 + bytes;
  }
}
