package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that is not Unicode, and JSON that is too deep, is refused by every protocol. */
final class MalformedTextTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#locations";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String BAD_REQUEST = "{\"errors\":{\"detail\":\"Bad Request\"}}";

  private final LoggedErrors errors = new LoggedErrors();
  private TestNode node;

  @BeforeEach
  void listen() {
    errors.messages().clear();
  }

  @AfterEach
  void nothingIsLoggedAsAnError() {
    if (node != null) {
      node.close();
    }
    errors.close();
    assertThat(errors.messages()).isEmpty();
  }

  private String signIn(String device) {
    var response = node.post("/api/v1/login/device", JsonObject.of("device_id", device).encode());
    return new JsonObject(response.body()).getJsonObject("data").getString("access_token");
  }

  private int status(String path, String contentType, byte[] body) {
    var request =
        HttpRequest.newBuilder(node.uri(path))
            .header("content-type", contentType)
            // A form of a page is read only if it comes from a browser that has loaded a page.
            .header("cookie", "rookery_browser=one")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return node.send(request).statusCode();
  }

  private int form(String path, String body) {
    return status(path, FORM, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a request line that no client library would send, and returns the status. */
  private int statusOfLine(String line, String... headers) throws IOException {
    return Integer.parseInt(responseToLine(line, headers).split(" ", 3)[1]);
  }

  private String responseToLine(String line, String... headers) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(120_000);
      var request = new ByteArrayOutputStream();
      String head = line + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
      request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
      for (String header : headers) {
        request.writeBytes((header + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
      request.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(request.toByteArray());
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void unpairedSurrogatesInJsonAreRefused(Databases.TestDatabase database) {
    node = TestNode.start(database);
    String token = signIn("device");
    for (String body :
        List.of(
            "{\"device_id\":\"\\ud800\"}",
            "{\"device_id\":\"x\",\"other\":\"\\udc00\"}",
            "{\"device_id\":\"x\",\"\\ud800\":1}",
            "{\"device_id\":\"x\",\"o\":{\"a\":[{\"\\ud83d\":\"\"}]}}")) {
      var response = node.post("/api/v1/login/device", body, "accept", "application/json");
      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(response.body()).isEqualTo(BAD_REQUEST);
    }
    for (String metadata :
        List.of("{\"a\":\"\\ud800\"}", "{\"\\udfff\":1}", "{\"a\":[\"\\udc00\"]}")) {
      String body = "{\"title\":\"t\",\"metadata\":" + metadata + "}";
      assertThat(
              node.post("/api/v1/lobbies", body, "authorization", "Bearer " + token).statusCode())
          .isEqualTo(400);
    }
    assertThat(node.post("/auth/anonymous", "{\"username\":\"a\\ud800\"}").body())
        .isEqualTo("{\"error\":\"Invalid request body\"}");
    assertThat(node.post("/auth/discord", "{\"discordToken\":\"a\\ud800\"}").statusCode())
        .isEqualTo(400);
    assertThat(node.post("/api/v1/login/device", "{\"device_id\":\"\\ud83d\\ude00\"}").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void bodiesThatAreNotUtf8AreRefused(Databases.TestDatabase database) {
    node = TestNode.start(database);
    byte[] json = "{\"device_id\":\"a?b\"}".getBytes(StandardCharsets.ISO_8859_1);
    for (int replacement : new int[] {0xff, 0xc3, 0x80}) {
      json[15] = (byte) replacement;
      assertThat(status("/api/v1/login/device", "application/json", json)).isEqualTo(400);
    }
    assertThat(form("/api/v1/login/device", "device_id=a%ffb")).isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device_id=a\u00ffb")).isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device_id=%ed%a0%80")).isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device%c3=a")).isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device_id=a%zz")).isEqualTo(400);
    for (String malformed : List.of("%ff", "%f", "%", "%zz", "%c3")) {
      assertThat(form("/api/v1/login/device", "device_id=a" + malformed)).isEqualTo(400);
      assertThat(form("/users/log-in", "user[email]=a" + malformed)).isEqualTo(400);
      assertThat(form("/auth/apple/callback", malformed + "=a")).isEqualTo(400);
    }
    assertThat(form("/auth/apple/callback", "state=%ff")).isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device_id=a%c3%a9")).isEqualTo(200);
    String multipart =
        "--x\r\ncontent-disposition: form-data; name=\"device_id\"\r\n\r\na\u00ff\r\n--x--\r\n";
    assertThat(
            status(
                "/api/v1/login/device",
                "multipart/form-data; boundary=x",
                multipart.getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(400);
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void zeroCharactersAreRefusedWhereTheyWouldBeStored(Databases.TestDatabase database)
      throws IOException {
    node = TestNode.start(database);
    assertThat(form("/api/v1/login/device", "device_id=a%00b")).isBetween(400, 422);
    assertThat(statusOfLine("GET /api/v1/users?q=a%00b")).isEqualTo(200);
    assertThat(statusOfLine("GET /api/v1/lobbies?title=a%00b&metadata_key=%00")).isLessThan(500);
    assertThat(statusOfLine("GET /users/confirm/a%00b")).isEqualTo(400);
    assertThat(node.post("/auth/anonymous", "{\"username\":\"a\\u0000b\"}").body())
        .isEqualTo("{\"error\":\"Invalid username\"}");
    assertThat(node.post("/auth/anonymous", "{\"username\":\"\\u200b\"}").body())
        .isEqualTo("{\"error\":\"Username required\"}");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void targetsThatCannotBeDecodedGetOneQuietAnswer(Databases.TestDatabase database)
      throws IOException {
    node = TestNode.start(database);
    for (String target :
        List.of(
            "/auth/google/callback?state=%f&code=secret",
            "/auth/google/callback?state=%ff",
            "/auth/%zz/callback",
            "/users/settings/provider?flow=%",
            "/users/confirm/%ff",
            "/users/confirm/secret%",
            "/api/v1/users?q=%c0%80",
            "/api/v1/users/%ed%a0%80",
            "/api/v1/lobbies?title=%zz",
            "/api/v1/oauth/session/%f",
            "/socket/websocket?vsn=2.0.0&token=%zz",
            "/ws?game=%f",
            "/static/%ff",
            "/static/%00",
            "/docs/%ff",
            "/docs?q=%ff",
            "/metrics?%",
            "/api/v1/users?q=\u00e9",
            "/?_format=%ff")) {
      String response = responseToLine("GET " + target, "accept: application/json");
      assertThat(response).as(target).startsWith("HTTP/1.1 400 ");
      assertThat(response).as(target).endsWith(BAD_REQUEST);
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void headersThatAreNotTextAreRefused(Databases.TestDatabase database) throws IOException {
    node = TestNode.start(database);
    String token = "authorization: Bearer " + signIn("device");
    for (String key : List.of("a\u00ff", "a\u0080b", "a\u00c2\u0085b", "a\tb")) {
      assertThat(
              responseToLine(
                  "POST /api/v1/lobbies/leave",
                  token,
                  "idempotency-key: " + key,
                  "content-length: 0"))
          .as(key)
          .startsWith("HTTP/1.1 400 ")
          .endsWith("{\"error\":\"invalid_idempotency_key\"}");
    }
    assertThat(
            statusOfLine(
                "POST /api/v1/lobbies/leave",
                token,
                "idempotency-key: caf\u00c3\u00a9",
                "content-length: 0"))
        .isEqualTo(200);
    String body = "{\"device_id\":\"x\"}";
    assertThat(
            statusOfLine(
                "GET /api/v1/me", token, "user-agent: a\u0080\u00ff", "x-request-id: \u00ff"))
        .isEqualTo(200);
    assertThat(node.post("/api/v1/login/device", body, "user-agent", "\u00ff\u00fe").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void deepJsonIsRefusedByEveryProtocol(Databases.TestDatabase database) {
    node = TestNode.start(database);
    String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
    assertThat(node.post("/api/v1/login/device", deep).statusCode()).isEqualTo(400);
    String token = signIn("device");
    for (String metadata : List.of(deep, "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}")) {
      var response =
          node.post(
              "/api/v1/lobbies",
              "{\"metadata\":" + metadata + "}",
              "authorization",
              "Bearer " + token);
      assertThat(response.statusCode()).isEqualTo(400);
    }
    assertThat(form("/api/v1/login/device", "device_id=x&a" + "[b]".repeat(900) + "=1"))
        .isEqualTo(400);
    assertThat(node.get("/api/v1/users?q=x&a" + "%5Bb%5D".repeat(70) + "=1").statusCode())
        .isEqualTo(400);
    assertThat(form("/api/v1/login/device", "device_id=x&a" + "[b]".repeat(20) + "=1"))
        .isEqualTo(200);
    assertThat(node.post("/auth/anonymous", deep).statusCode()).isEqualTo(400);
    assertThat(node.get("/api/v1/me", "authorization", "Bearer " + tokenNested(900)).statusCode())
        .isEqualTo(401);
    try (var socket = PhoenixClient.connect(node.port(), token);
        var second = PhoenixClient.connect(node.port(), token);
        var third = PhoenixClient.connect(node.port(), token);
        var gameFlow = GameFlowClient.connect(node, "Ann")) {
      socket.socket().sendText("[\"1\",\"1\",\"lobbies\",\"phx_join\"," + deep + "]");
      socket.socket().acceptClose();
      assertThat(socket.socket().awaitEnd()).isTrue();
      second.socket().sendText("[\"1\",\"1\",\"lobbies\",\"phx_join\",{\"\\ud800\":1}]");
      second.socket().acceptClose();
      assertThat(second.socket().awaitEnd()).isTrue();
      third.socket().sendText("[\"\\ud800\",\"1\",\"lobbies\",\"phx_join\",{}]");
      third.socket().acceptClose();
      assertThat(third.socket().awaitEnd()).isTrue();
      gameFlow.socket().sendText("{\"type\":\"ping\",\"x\":" + deep + "}");
      assertThat(gameFlow.receiveError()).isEqualTo("Invalid message format");
      gameFlow.socket().sendText("{\"type\":\"lobby:join\",\"code\":\"\\ud800\"}");
      assertThat(gameFlow.receiveError()).isEqualTo("Invalid message format");
    }
  }

  private static String tokenNested(int depth) {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    String claims = "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    return encoder.encodeToString("{\"alg\":\"HS512\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".x";
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void aGameFlowTokenThatCannotBeDecodedIsReportedOnTheSocket(Databases.TestDatabase database) {
    node = TestNode.start(database);
    String token = GameFlowClient.connect(node, "Ann").token();
    try (var broken = RawSocket.open(node.port(), "/_ws?token=%zz");
        var invalid = RawSocket.open(node.port(), "/_ws?token=%ff");
        var without = RawSocket.open(node.port(), "/_ws?x=%zz");
        var valid = RawSocket.open(node.port(), "/_ws?x=%zz&token=" + token)) {
      assertThat(broken.receiveText()).contains("Invalid token");
      assertThat(invalid.receiveText()).contains("Invalid token");
      assertThat(without.receiveText()).contains("Token required");
      assertThat(new JsonObject(valid.receiveText()).getString("type")).isEqualTo("connected");
    }
  }
}
