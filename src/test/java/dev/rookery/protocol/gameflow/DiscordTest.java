package dev.rookery.protocol.gameflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Sign-in with an access token of Discord that a client obtained itself. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class DiscordTest {
  // JUnit passes the database to the constructor as well.
  DiscordTest(Databases.TestDatabase database) {}

  private static ProviderServer providers;
  private static TestNode node;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    providers = ProviderServer.start();
    node = TestNode.start(database, providers.environment());
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    providers.close();
  }

  @AfterEach
  void reset() {
    providers.reset();
  }

  @Test
  void createsAccountAndFindsItAgain() {
    var answer = signIn(providers.token(discord("101", "abc")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
    var first = new JsonObject(answer.body());
    var account = first.getJsonObject("account");
    String avatar = "https://cdn.discordapp.com/avatars/101/abc.png";
    assertThat(account.getString("username")).isEqualTo("ann");
    assertThat(account.getJsonObject("discord"))
        .isEqualTo(JsonObject.of("id", "101", "username", "ann", "avatar", avatar));
    assertThat(claims(first).getString("discordId")).isEqualTo("101");
    assertThat(claims(first).getString("accountId")).isEqualTo(account.getString("id"));
    assertThat(claims(first).getLong("exp") - claims(first).getLong("iat")).isEqualTo(2_592_000);

    var again = new JsonObject(signIn(providers.token(discord("101", "abc"))).body());
    assertThat(again.getJsonObject("account").getString("id")).isEqualTo(account.getString("id"));

    var me = node.get("/accounts/me", "authorization", "Bearer " + token(first));
    assertThat(new JsonObject(me.body()).getJsonObject("discord"))
        .isEqualTo(account.getJsonObject("discord"));
    try (var socket = GameFlowClient.connect(node, token(first), account.getString("id"))) {
      assertThat(socket.createLobby().getString("ownerId")).isEqualTo(account.getString("id"));
    }
  }

  @Test
  void avatarIsNullWithoutOne() {
    var signedIn = new JsonObject(signIn(providers.token(discord("102", null))).body());
    var discord = signedIn.getJsonObject("account").getJsonObject("discord");
    assertThat(discord.containsKey("avatar")).isTrue();
    assertThat(discord.getValue("avatar")).isNull();
  }

  @Test
  void findsPlayerWhoSignedInOverBrowser() {
    JsonObject person = discord("103", "abc").put("email", "bo@example.com").put("verified", true);
    var gamend =
        new JsonObject(
            node.post(
                    "/api/v1/auth/discord/callback",
                    JsonObject.of("code", providers.code(person)).encode())
                .body());
    var here = new JsonObject(signIn(providers.token(discord("103", "abc"))).body());
    var me = node.get("/api/v1/me", "authorization", "Bearer " + token(here));
    assertThat(new JsonObject(me.body()).getLong("id"))
        .isEqualTo(gamend.getJsonObject("data").getLong("user_id"));
  }

  @Test
  void rejectsTokenThatDiscordRefuses() {
    assertError(signIn("nonsense"), 401, "Invalid Discord token");
    assertError(
        signIn(providers.token(discord("104", null).put("app", "another app"))),
        401,
        "Invalid Discord token");
    assertError(
        signIn(providers.token(JsonObject.of("username", "nobody"))), 401, "Invalid Discord token");
  }

  @Test
  void answersUnavailableWhenDiscordFails() {
    String good = providers.token(discord("105", null));
    providers.respondWith("/users/@me", 500, "{}");
    assertError(signIn(good), 503, "Internal Server Error");
    providers.respondWith("/users/@me", 200, "garbage");
    assertError(signIn(good), 503, "Internal Server Error");
    providers.respondWith("/users/@me", 200, "{\"a\":\"" + "x".repeat(300_000) + "\"}");
    assertError(signIn(good), 503, "Internal Server Error");
    providers.hang("/users/@me");
    var late = signIn(good);
    assertError(late, 503, "Internal Server Error");
    assertThat(late.headers().firstValue("retry-after")).contains("1");
    providers.reset();
    assertThat(signIn(good).statusCode()).isEqualTo(200);
  }

  @Test
  void acceptsAnyTokenOfTheStandInWithoutClientId() {
    var environment = new HashMap<String, String>();
    environment.put("DISCORD_API_BASE_URL", providers.url() + "/");
    try (var other = TestNode.start(Databases.sqlite(), environment)) {
      String token = providers.token(discord("106", null).put("app", "another app"));
      var body = JsonObject.of("discordToken", token).encode();
      assertThat(other.post("/auth/discord", body).statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> signIn(String token) {
    return node.post("/auth/discord", JsonObject.of("discordToken", token).encode());
  }

  private static void assertError(HttpResponse<String> answer, int status, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(answer.body())).isEqualTo(JsonObject.of("error", message));
  }

  private static String token(JsonObject signedIn) {
    return signedIn.getString("accessToken");
  }

  private static JsonObject claims(JsonObject signedIn) {
    String payload = token(signedIn).split("\\.", -1)[1];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(payload)));
  }

  private static JsonObject discord(String id, String avatar) {
    return JsonObject.of("id", id, "username", "ann", "global_name", "Ann", "avatar", avatar);
  }
}
