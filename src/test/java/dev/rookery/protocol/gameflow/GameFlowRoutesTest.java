package dev.rookery.protocol.gameflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GameFlowRoutesTest {
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static JsonObject signIn(String name) {
    return new JsonObject(
        node.post("/auth/anonymous", JsonObject.of("username", name).encode()).body());
  }

  private static HttpResponse<String> me(String authorization) {
    return node.get("/accounts/me", "authorization", authorization);
  }

  private static void assertError(HttpResponse<String> response, int status, String message) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(response.body())).isEqualTo(JsonObject.of("error", message));
    assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
  }

  @Test
  void listsTheEndpointsAtTheRoot() {
    assertThat(new JsonObject(node.get("/").body()))
        .isEqualTo(
            new JsonObject(
                """
                {"message":"Game Backend API","version":"1.0.0","endpoints":{
                  "auth":["/auth/discord","/auth/anonymous"],"accounts":["/accounts/me"],
                  "lobbies":["/lobbies"],"websocket":"/_ws?token=JWT_TOKEN"}}
                """));
  }

  @Test
  void createsAnAccountForEachAnonymousSignIn() {
    JsonObject first = signIn("  Ann ");
    JsonObject second = signIn("Ann");
    JsonObject account = first.getJsonObject("account");

    assertThat(account.fieldNames()).containsExactly("id", "username");
    assertThat(account.getString("username")).isEqualTo("Ann");
    assertThat(UUID.fromString(account.getString("id"))).isNotNull();
    assertThat(second.getJsonObject("account").getString("id"))
        .isNotEqualTo(account.getString("id"));
  }

  @Test
  void aTokenNamesTheAccountAndIsValidForThirtyDays() {
    JsonObject signedIn = signIn("Ann");
    String[] parts = signedIn.getString("accessToken").split("\\.");
    JsonObject header = decoded(parts[0]);
    JsonObject claims = decoded(parts[1]);
    String id = signedIn.getJsonObject("account").getString("id");

    assertThat(header.getString("alg")).isEqualTo("HS256");
    assertThat(claims.getString("accountId")).isEqualTo(id);
    assertThat(claims.getString("discordId")).isEqualTo(id);
    assertThat(Duration.between(Instant.now(), Instant.ofEpochSecond(claims.getLong("exp"))))
        .isBetween(Duration.ofDays(30).minusMinutes(5), Duration.ofDays(30));
  }

  private static JsonObject decoded(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/auth/anonymous | []              | Invalid request body",
        "/auth/anonymous | 5               | Invalid request body",
        "/auth/anonymous | null            | Invalid request body",
        "/auth/anonymous | {nonsense       | Invalid request body",
        "/auth/anonymous | {}              | Username required",
        "/auth/anonymous | {\"username\":5}    | Username required",
        "/auth/anonymous | {\"username\":\" \"}  | Username required",
        "/auth/discord   | []              | Invalid request body",
        "/auth/discord   | {}              | Discord token required",
        "/auth/discord   | {\"discordToken\":1} | Discord token required"
      })
  void rejectsAnInvalidBody(String path, String body, String message) {
    assertError(node.post(path, body), 400, message);
  }

  @Test
  void rejectsANameThatIsTooLong() {
    String body = JsonObject.of("username", "x".repeat(81)).encode();
    assertError(node.post("/auth/anonymous", body), 400, "Username too long");
    assertError(node.send("POST", "/auth/anonymous", null), 400, "Invalid request body");
  }

  @Test
  void rejectsDiscordSignInWhenItIsNotConfigured() {
    var response = node.post("/auth/discord", "{\"discordToken\":\"t\"}");
    assertError(response, 503, "Internal Server Error");
  }

  @Test
  void showsThePlayersOwnAccount() {
    JsonObject signedIn = signIn("Ann");
    var response = me("Bearer " + signedIn.getString("accessToken"));
    var account = new JsonObject(response.body());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(account.fieldNames()).containsExactly("id", "username", "createdAt");
    assertThat(account.getString("id"))
        .isEqualTo(signedIn.getJsonObject("account").getString("id"));
    assertThat(Instant.ofEpochMilli(account.getLong("createdAt")))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void rejectsAMissingOrInvalidToken() {
    for (String path : new String[] {"/accounts/me", "/lobbies"}) {
      assertError(node.get(path), 401, "Unauthorized");
      assertError(node.get(path, "authorization", "Basic abc"), 401, "Unauthorized");
      assertError(node.get(path, "authorization", "Bearer abc"), 401, "Invalid token");
    }
  }

  @Test
  void aTokenIsValidForEveryProtocolUntilItsSessionEnds() {
    String token = "Bearer " + signIn("Ann").getString("accessToken");
    assertThat(node.get("/api/v1/me", "authorization", token).statusCode()).isEqualTo(200);
    node.send("DELETE", "/api/v1/logout", null, "authorization", token);

    assertError(me(token), 401, "Invalid token");
  }

  @Test
  void acceptsATokenOfAnotherProtocol() {
    String token =
        new JsonObject(node.post("/api/v1/login/device", "{\"device_id\":\"d-1\"}").body())
            .getJsonObject("data")
            .getString("access_token");
    assertThat(me("Bearer " + token).statusCode()).isEqualTo(200);
    String refresh = token.substring(0, token.length() - 2) + "xx";
    assertError(me("Bearer " + refresh), 401, "Invalid token");
  }

  @Test
  void listsLobbiesThatAreNotPrivate() {
    try (var ann = GameFlowClient.connect(node, "Ann");
        var bob = GameFlowClient.connect(node, "Bob")) {
      JsonObject open = ann.createLobby();
      JsonObject hidden = bob.send("lobby:create", "isPrivate", true).receiveLobby("lobby:created");
      var response = node.get("/lobbies", "authorization", "Bearer " + ann.token());
      var listed = new JsonArray(response.body());

      assertThat(listed).contains(open).doesNotContain(hidden);
      assertThat(open.fieldNames())
          .containsExactly("id", "code", "isPrivate", "teamA", "teamB", "ownerId");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/lobbies/x",
        "/lobbies/x/y?a=%zz",
        "/accounts",
        "/accounts/you",
        "/accounts/me/x",
        "/auth/anonymous/x",
        "/auth/discord/x"
      })
  void answersUnknownPathsOfItsOwn(String path) {
    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      String json = method.equals("POST") ? "{}" : null;
      assertThat(rawStatus(method, path)).contains("404");
      if (!path.contains("%zz")) {
        assertError(node.send(method, path, json), 404, "Not Found");
      }
    }
    assertThat(rawStatus("OPTIONS", path)).contains("204").contains("Content-Type, Authorization");
  }

  /** The head of the response to a request that the client library may refuse to send. */
  private static String rawStatus(String method, String path) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(120_000);
      String request =
          method + " " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/accounts/%ff",
        "/accounts/%zz",
        "/accounts/%",
        "/accounts/me%ff",
        "/lobbies/%c0%af",
        "/lobbies/a%f",
        "/lobbies/%ff?x=%zz",
        "/auth/anonymous/%ff",
        "/auth/discord/%ff"
      })
  void answersMalformedPathsOfItsOwn(String path) {
    for (String method : new String[] {"GET", "POST"}) {
      assertThat(rawStatus(method, path))
          .startsWith("HTTP/1.1 40")
          .contains("access-control-allow-origin: *")
          .contains("content-type: application/json")
          .contains("{\"error\":");
    }
  }

  @Test
  void anyQueryIsIgnored() {
    assertThat(rawStatus("GET", "/lobbies?x=%zz")).contains("401").contains("Unauthorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/auth/anonymous", "/auth/discord", "/accounts/me", "/lobbies"})
  void allowsEveryOrigin(String path) {
    var preflight =
        node.send(
            "OPTIONS",
            path,
            null,
            "origin",
            "https://game.example",
            "access-control-request-method",
            "POST",
            "access-control-request-headers",
            "x-anything");
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.body()).isEmpty();
    assertThat(preflight.headers().map())
        .containsEntry("access-control-allow-origin", java.util.List.of("*"))
        .containsEntry(
            "access-control-allow-methods", java.util.List.of("GET, POST, PUT, DELETE, OPTIONS"))
        .containsEntry(
            "access-control-allow-headers", java.util.List.of("Content-Type, Authorization"));
    // A GET of these paths belongs to the browser sign-in of the Gamend protocol.
    var response =
        path.startsWith("/auth/")
            ? node.post(path, "{}", "origin", "https://game.example")
            : node.get(path, "origin", "https://game.example");
    assertThat(response.headers().allValues("access-control-allow-origin")).containsExactly("*");
    assertThat(response.headers().firstValue("access-control-allow-credentials")).isEmpty();
  }

  @Test
  void allowsTracingHeadersThatAreRequestedAndExposesRetryAfter() {
    var preflight =
        node.send(
            "OPTIONS",
            "/auth/anonymous",
            null,
            "origin",
            "https://game.example",
            "access-control-request-method",
            "POST",
            "access-control-request-headers",
            "content-type, Sentry-Trace, x-anything, traceparent");
    assertThat(preflight.headers().allValues("access-control-allow-headers"))
        .containsExactly("Content-Type, Authorization, sentry-trace, traceparent");
    var response = node.get("/lobbies", "origin", "https://game.example");
    assertThat(response.headers().firstValue("access-control-expose-headers").orElseThrow())
        .contains("retry-after")
        .contains("x-request-id");
  }

  @Test
  void answersNotFoundForAnotherMethod() {
    assertError(node.get("/auth/anonymous"), 404, "Not Found");
    assertError(node.send("DELETE", "/lobbies", null), 404, "Not Found");
    assertError(node.post("/accounts/me", "{}"), 404, "Not Found");
  }
}
