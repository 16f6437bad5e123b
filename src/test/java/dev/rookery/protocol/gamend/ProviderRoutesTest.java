package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in with identity providers, from apps and browsers. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ProviderRoutesTest {
  // JUnit passes the database to the constructor as well.
  ProviderRoutesTest(Databases.TestDatabase database) {}

  private static final String FAILED =
      "400 {\"error\":\"exchange_failed\",\"details\":\"authentication_failed\"}";
  private static final String TAKEN =
      "409 {\"error\":\"provider_already_linked\",\"message\":"
          + "\"This provider is already linked to another account\"}";
  private static final String TICKET = "14000000deadbeef";

  private static ProviderServer providers;
  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    providers = ProviderServer.start();
    api = TestApi.start(database, providers.environment());
    api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
    providers.close();
  }

  @AfterEach
  void reset() {
    providers.reset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"discord", "google", "facebook", "apple", "steam"})
  void signsInOverBrowserAndFindsThePlayerAgain(String provider) {
    providers.nextUser(person(provider, "11", "ann-" + provider + "@example.com"));
    Response first = finish(provider, start(provider));
    assertThat(first.body().getString("status")).isEqualTo("completed");
    assertThat(first.body().getString("message")).isEmpty();
    JsonObject tokens = first.data();
    assertThat(tokens.fieldNames())
        .containsExactlyInAnyOrder("access_token", "refresh_token", "expires_in", "user_id");
    assertThat(first.body().getString("access_token")).isNotEmpty();
    Guest player = player(tokens);

    var me = player.get("/api/v1/me").body();
    assertThat(me.getJsonObject("linked_providers").getBoolean(provider)).isTrue();
    assertThat(me.getString("display_name")).isEqualTo(provider.equals("apple") ? "" : "Ann");
    boolean tells = !provider.equals("facebook") && !provider.equals("steam");
    assertThat(me.getString("email")).isEqualTo(tells ? "ann-" + provider + "@example.com" : "");
    assertThat(
            api.post(
                    "/api/v1/refresh",
                    JsonObject.of("refresh_token", tokens.getString("refresh_token")).encode())
                .status())
        .isEqualTo(200);

    assertThat(finish(provider, start(provider)).data().getLong("user_id")).isEqualTo(player.id());
  }

  @Test
  void authorizationUrlsFollowTheContract() {
    try (var plain = TestApi.start(Databases.sqlite())) {
      String base = "http://localhost:" + plain.node().port();
      assertThat(address(plain, "discord"))
          .startsWith(
              "https://discord.com/oauth2/authorize?client_id=&redirect_uri="
                  + base.replace(":", "%3A").replace("/", "%2F")
                  + "%2Fauth%2Fdiscord%2Fcallback&response_type=code&scope=identify+email&state=");
      assertThat(address(plain, "google"))
          .startsWith("https://accounts.google.com/o/oauth2/v2/auth?")
          .contains("&access_type=offline&", "&scope=email+profile&");
      assertThat(address(plain, "facebook"))
          .startsWith("https://www.facebook.com/v18.0/dialog/oauth?")
          .contains("&scope=email&");
      assertThat(address(plain, "apple"))
          .startsWith("https://appleid.apple.com/auth/authorize?")
          .contains("&response_mode=form_post&", "&scope=name+email&", "&nonce=");
      var steam = ProviderServer.fields(URI.create(address(plain, "steam")));
      assertThat(address(plain, "steam")).startsWith("https://steamcommunity.com/openid/login?");
      assertThat(steam.get("openid.return_to"))
          .startsWith(base + "/auth/steam/callback?state=")
          .hasSize((base + "/auth/steam/callback?state=").length() + 43);
      assertThat(steam.get("openid.realm")).isEqualTo(base);
      assertThat(plain.post("/api/v1/auth/discord/callback", "{\"code\":\"c\"}").toString())
          .isEqualTo(FAILED);
      assertThat(plain.post("/api/v1/auth/google/id_token", "{\"id_token\":\"t\"}").toString())
          .isEqualTo(
              "500 {\"error\":\"server_misconfigured\",\"message\":"
                  + "\"Missing GOOGLE_WEB_CLIENT_ID/GOOGLE_CLIENT_ID\"}");
    }
  }

  @Test
  void flowIsPendingUntilTheCallback() {
    Response begun = start("discord");
    assertThat(begun.body().getString("session_id")).hasSize(43).matches("[A-Za-z0-9_-]+");
    assertThat(begun.body().getString("auth_url"))
        .isEqualTo(begun.body().getString("authorization_url"));
    assertThat(state(begun).toString())
        .isEqualTo("200 {\"status\":\"pending\",\"message\":\"\",\"data\":{}}");

    // The player cancels, and may still try again.
    String state = begun.body().getString("session_id");
    var cancelled = browse("/auth/discord/callback?error=access_denied&state=" + state);
    assertThat(cancelled.statusCode()).isEqualTo(302);
    assertThat(location(cancelled)).isEqualTo("/users/log-in");
    assertThat(state(begun).body().getString("status")).isEqualTo("pending");

    assertThat(api.get("/api/v1/auth/session/nonsense").toString())
        .isEqualTo("404 {\"error\":\"session_not_found\",\"message\":\"OAuth session not found\"}");
    assertThat(api.get("/api/v1/auth/myspace").toString())
        .isEqualTo(
            "400 {\"error\":\"invalid_provider\",\"message\":\"Unsupported OAuth provider\"}");
    assertThat(api.get("/api/v1/auth/openid").status()).isEqualTo(400);
    assertThat(api.node().get("/api/v1/auth/session/").body()).contains("invalid_provider");
  }

  @Test
  void showsSuccessPageAfterTheCallback() {
    providers.nextUser(person("discord", "12", "b@example.com"));
    Response begun = start("discord");
    var back = browse(location(browse(begun.body().getString("authorization_url"))));
    assertThat(back.statusCode()).isEqualTo(302);
    assertThat(location(back))
        .isEqualTo("/auth/success?session_id=" + begun.body().getString("session_id"));
    assertThat(back.headers().firstValue("referrer-policy")).contains("no-referrer");
    var page = browse(location(back));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(page.body()).contains("close this window").doesNotContain("<script");
  }

  @Test
  void asvs_10_2_1_rejectsForgedAndUsedState() {
    providers.nextUser(person("discord", "13", "c@example.com"));
    String code = providers.code(person("discord", "13", "c@example.com"));
    var forged = browse("/auth/discord/callback?code=" + code + "&state=" + "x".repeat(43));
    assertThat(forged.statusCode()).isEqualTo(400);
    assertThat(browse("/auth/discord/callback?code=" + code).statusCode()).isEqualTo(400);

    Response begun = start("discord");
    String back = location(browse(begun.body().getString("authorization_url")));
    assertThat(browse(back.replace("discord", "google")).statusCode()).isEqualTo(400);
    assertThat(browse(back).statusCode()).isEqualTo(302);
    assertThat(browse(back).statusCode()).isEqualTo(400);
    assertThat(browse("/auth/myspace/callback?code=1&state=2").statusCode()).isEqualTo(404);
  }

  @Test
  void acceptsCodeOnceAndOnlyWithItsVerifier() {
    JsonObject dan = person("discord", "14", "d@example.com");
    String code = providers.code(dan);
    assertThat(exchange("discord", code).status()).isEqualTo(200);
    assertThat(exchange("discord", code).toString()).isEqualTo(FAILED);

    // The code of another flow.
    providers.nextUser(dan);
    String others = location(browse(start("discord").body().getString("authorization_url")));
    Response mine = start("discord");
    String stolen =
        "/auth/discord/callback?code="
            + ProviderServer.fields(URI.create(others)).get("code")
            + "&state="
            + mine.body().getString("session_id");
    assertThat(browse(stolen).statusCode()).isEqualTo(302);
    assertThat(state(mine).toString())
        .isEqualTo(
            "200 {\"status\":\"error\",\"message\":\"\","
                + "\"data\":{\"details\":\"authentication_failed\"}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "discord | {}              | missing_or_unsupported | provider or required params are"
            + " missing/unsupported",
        "discord | {\"code\":7}    | missing_or_unsupported | provider or required params are"
            + " missing/unsupported",
        "myspace | {\"code\":\"c\"} | missing_or_unsupported | provider or required params are"
            + " missing/unsupported",
        "openid  | {\"code\":\"c\"} | missing_or_unsupported | provider or required params are"
            + " missing/unsupported",
        "steam   | {}              | missing_param          | code (Steam auth ticket) is required"
            + " for steam provider"
      })
  void namesMissingParameters(String provider, String body, String error, String message) {
    Response answer = api.post("/api/v1/auth/" + provider + "/callback", body);
    assertThat(answer.toString())
        .isEqualTo("400 " + JsonObject.of("error", error, "message", message).encode());
  }

  @Test
  void signsInAppsWithCodesAndTickets() {
    Response google = exchange("google", providers.code(person("google", "15", "e@example.com")));
    assertThat(google.data().fieldNames())
        .containsExactlyInAnyOrder("access_token", "refresh_token", "expires_in", "user_id");
    providers.nextUser(person("steam", "16", ""));
    assertThat(exchange("steam", TICKET).status()).isEqualTo(200);
    assertThat(exchange("steam", "14000000deadbeee").toString()).isEqualTo(FAILED);
    assertThat(exchange("steam", "76561198000000016").toString()).isEqualTo(FAILED);
    assertThat(exchange("discord", providers.code(JsonObject.of("id", "17"))).toString())
        .isEqualTo("400 {\"error\":\"exchange_failed\",\"details\":\"missing id/email\"}");

    String phone = "/api/v1/auth/apple/ios/callback";
    var claims = appleClaims("18", "f@example.com").put("aud", ProviderServer.PHONE_CLIENT);
    assertThat(api.post(phone, code(providers.code(claims))).status()).isEqualTo(200);
    // Issued for the other app.
    String other = providers.code(appleClaims("18", "f@example.com"));
    assertThat(api.post(phone, code(other)).toString()).isEqualTo(FAILED);
    assertThat(api.post(phone, "{}").toString()).isEqualTo("400 {\"error\":\"missing_code\"}");
  }

  @Test
  void signsInAppsWithGoogleIdTokens() {
    var claims =
        JsonObject.of(
            "iss", "https://accounts.google.com",
            "aud", ProviderServer.CLIENT,
            "exp", now() + 600,
            "sub", "g-19",
            "email", "Gus@Example.com",
            "email_verified", true,
            "name", "Gus");
    Response in = google(providers.googleToken(claims));
    assertThat(in.status()).isEqualTo(200);
    assertThat(player(in.data()).get("/api/v1/me").body().getString("email"))
        .isEqualTo("gus@example.com");
    assertThat(google(providers.googleToken(claims.copy().put("aud", "another"))).toString())
        .isEqualTo("400 {\"error\":\"invalid_token\",\"message\":\"Invalid audience\"}");
    assertThat(google(providers.googleToken(claims.copy().put("iss", "https://evil"))).toString())
        .isEqualTo("400 {\"error\":\"invalid_token\",\"message\":\"Invalid issuer\"}");
    assertThat(google(providers.googleToken(claims.copy().put("exp", now() - 120))).toString())
        .isEqualTo("400 {\"error\":\"invalid_token\",\"message\":\"Token expired\"}");
    String nobody = "400 {\"error\":\"invalid_token\",\"details\":\"authentication_failed\"}";
    assertThat(google(providers.forgedToken(claims)).toString()).isEqualTo(nobody);
    assertThat(google("nonsense").toString()).isEqualTo(nobody);
    assertThat(google("e30.e30.").toString()).isEqualTo(nobody);
    assertThat(api.post("/api/v1/auth/google/id_token", "{\"id_token\":5}").toString())
        .isEqualTo("400 {\"error\":\"missing_param\",\"message\":\"id_token is required\"}");
  }

  @Test
  void asvs_10_5_1_rejectsIdTokenOfAnotherFlow() {
    for (JsonObject bad :
        new JsonObject[] {
          appleClaims("20", "h@example.com").put("nonce", "of another flow"),
          appleClaims("20", "h@example.com").put("aud", "another"),
          appleClaims("20", "h@example.com").put("iss", "https://evil.example"),
          appleClaims("20", "h@example.com").put("exp", now() - 120),
          appleClaims("", "h@example.com"),
        }) {
      providers.nextUser(bad);
      assertThat(finish("apple", start("apple")).body().getString("status")).isEqualTo("error");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/oauth2/token", "/users/@me"})
  void failsSignInWhenTheProviderAnswersBadly(String path) {
    JsonObject ida = person("discord", "21", "i@example.com");
    providers.respondWith(path, 500, "{}");
    assertThat(exchange("discord", providers.code(ida)).toString()).isEqualTo(FAILED);
    providers.respondWith(path, 200, "<html>");
    assertThat(exchange("discord", providers.code(ida)).toString()).isEqualTo(FAILED);
    providers.respondWith(path, 200, "[" + "1,".repeat(200_000) + "1]");
    assertThat(exchange("discord", providers.code(ida)).toString()).isEqualTo(FAILED);
    providers.hang(path);
    assertThat(exchange("discord", providers.code(ida)).toString()).isEqualTo(FAILED);
    assertThat(api.node().get("/metrics").body())
        .contains("rookery_provider_calls_seconds_count{outcome=\"too_big\",provider=\"discord\"}")
        .contains("rookery_provider_calls_seconds_count{outcome=\"garbage\",provider=\"discord\"}")
        .contains("rookery_provider_calls_seconds_count{outcome=\"away\",provider=\"discord\"}")
        .contains("rookery_sign_in_provider_total{outcome=\"provider_away\",provider=\"discord\"}");
  }

  @Test
  void linksAndUnlinksProviders() {
    Guest joe = api.guest();
    joe.patch("/api/v1/me/display_name", "{\"display_name\":\"Joe himself\"}");
    providers.nextUser(person("discord", "22", "joe@example.com"));
    try (var socket = PhoenixClient.connect(api.node().port(), joe.token())) {
      socket.joinAndAwait("user:" + joe.id(), "updated");
      Response begun = joe.get("/api/v1/auth/discord");
      assertThat(state(begun).data()).isEqualTo(JsonObject.of("link_user_id", joe.id()));
      assertThat(finish("discord", begun).toString())
          .isEqualTo(
              "200 {\"status\":\"completed\",\"message\":\"\","
                  + "\"data\":{\"linked\":true,\"provider\":\"discord_id\"}}");
      var me = socket.await("user:" + joe.id(), "updated");
      assertThat(me.getJsonObject("linked_providers").getBoolean("discord")).isTrue();
      assertThat(me.getString("display_name")).isEqualTo("Joe himself");
      assertThat(me.getString("email")).isEqualTo("joe@example.com");
      assertThat(me.getString("profile_url"))
          .isEqualTo("https://cdn.discordapp.com/avatars/d22/abc.png");
    }
    assertThat(joe.delete("/api/v1/me/providers/discord").toString())
        .isEqualTo("400 {\"error\":\"Cannot unlink the last linked provider\"}");
    Response google =
        joe.post(
            "/api/v1/auth/google/callback",
            code(providers.code(person("google", "22", "joe2@example.com"))));
    assertThat(google.toString())
        .isEqualTo("200 {\"data\":{\"linked\":true,\"provider\":\"google_id\"}}");
    assertThat(joe.delete("/api/v1/me/providers/discord").toString()).isEqualTo("200 {}");
    assertThat(joe.get("/api/v1/me").body().getString("profile_url")).isEmpty();
    // The player's address stays: Google's does not replace it.
    assertThat(joe.get("/api/v1/me").body().getString("email")).isEqualTo("joe@example.com");
  }

  @Test
  void rejectsAccountLinkedToAnotherPlayer() {
    JsonObject kim = person("discord", "23", "kim@example.com");
    assertThat(exchange("discord", providers.code(kim)).status()).isEqualTo(200);
    Guest leo = api.guest();
    assertThat(leo.post("/api/v1/auth/discord/callback", code(providers.code(kim))).toString())
        .isEqualTo(TAKEN);
    providers.nextUser(kim);
    assertThat(finish("discord", leo.get("/api/v1/auth/discord")).toString())
        .isEqualTo(
            "200 {\"status\":\"error\","
                + "\"message\":\"This provider is already linked to another account\","
                + "\"data\":{\"error\":\"provider_already_linked\"}}");
    Guest max = api.guest();
    Response begun = max.get("/api/v1/auth/discord");
    max.delete("/api/v1/me");
    assertThat(finish("discord", begun).toString())
        .isEqualTo(
            "200 {\"status\":\"error\",\"message\":\"The user to link to was not found\","
                + "\"data\":{\"error\":\"user_not_found\"}}");
    // An invalid access token counts as none.
    assertThat(state(api.get("/api/v1/auth/discord", "authorization", "Bearer nonsense")).data())
        .isEqualTo(new JsonObject());
  }

  @Test
  void unverifiedEmailMatchesNoPlayer() {
    var registered =
        api.post(
            "/api/v1/register",
            JsonObject.of("email", "nan@example.com", "password", "correct horse").encode());
    long squatter = registered.data().getLong("user_id");
    Response in = exchange("discord", providers.code(person("discord", "24", "nan@example.com")));
    assertThat(in.data().getLong("user_id")).isNotEqualTo(squatter);
    assertThat(player(in.data()).get("/api/v1/me").body().getString("email")).isEmpty();

    // An address that Discord has not verified is ignored.
    var unverified = person("discord", "25", "ole@example.com").put("verified", false);
    Response ole = exchange("discord", providers.code(unverified));
    assertThat(player(ole.data()).get("/api/v1/me").body().getString("email")).isEmpty();
  }

  @Test
  void emailVerifiedOnBothSidesMatchesThePlayer() {
    Response discord =
        exchange("discord", providers.code(person("discord", "26", "p@example.com")));
    Response google = exchange("google", providers.code(person("google", "26", "P@example.com")));
    assertThat(google.data().getLong("user_id")).isEqualTo(discord.data().getLong("user_id"));
    // A second account of the same provider does not replace the linked one.
    Response other = exchange("discord", providers.code(person("discord", "27", "p@example.com")));
    assertThat(other.data().getLong("user_id")).isNotEqualTo(discord.data().getLong("user_id"));
  }

  @Test
  void rejectsSteamAssertionThatSteamDoesNotConfirm() {
    providers.nextUser(person("steam", "28", ""));
    Response begun = start("steam");
    var asked = ProviderServer.fields(URI.create(begun.body().getString("authorization_url")));
    for (var change :
        Map.of(
                "openid.claimed_id", "https://steamcommunity.com/openid/id/76561198000000099",
                "openid.op_endpoint", "https://evil.example/openid/login",
                "openid.return_to", "https://evil.example/",
                "openid.sig", "another",
                "openid.signed", "op_endpoint,return_to")
            .entrySet()) {
      Response flow = start("steam");
      var answer =
          providers.steamAssertion(
              ProviderServer.fields(URI.create(flow.body().getString("authorization_url"))));
      answer.put(change.getKey(), change.getValue());
      answer.put("state", flow.body().getString("session_id"));
      browse("/auth/steam/callback?" + ProviderServer.query(answer));
      assertThat(state(flow).body().getString("status")).as(change.getKey()).isEqualTo("error");
    }
    // The assertion of another flow of this server.
    Response other = start("steam");
    var stolen = providers.steamAssertion(asked);
    stolen.put("state", other.body().getString("session_id"));
    browse("/auth/steam/callback?" + ProviderServer.query(stolen));
    assertThat(state(other).body().getString("status")).isEqualTo("error");
  }

  private static Response start(String provider) {
    return api.get("/api/v1/auth/" + provider);
  }

  private static String address(TestApi of, String provider) {
    return of.get("/api/v1/auth/" + provider).body().getString("authorization_url");
  }

  private static Response state(Response begun) {
    return api.get("/api/v1/auth/session/" + begun.body().getString("session_id"));
  }

  /** Signs in over the browser and returns the state of the flow. */
  private static Response finish(String provider, Response begun) {
    String back = location(browse(begun.body().getString("authorization_url")));
    HttpResponse<String> returned;
    if (provider.equals("apple")) {
      URI address = URI.create(back);
      returned =
          send(
              HttpRequest.newBuilder(api.node().uri(address.getPath()))
                  .header("content-type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(address.getRawQuery()))
                  .build());
    } else {
      returned = browse(back);
    }
    assertThat(returned.statusCode()).isEqualTo(302);
    assertThat(location(returned)).startsWith("/auth/success?session_id=");
    return state(begun);
  }

  private static HttpResponse<String> browse(String address) {
    URI uri =
        address.startsWith("/")
            ? api.node().uri(address)
            : URI.create(address.replace("//localhost:", "//127.0.0.1:"));
    return send(HttpRequest.newBuilder(uri).build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return TestNode.client().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElseThrow();
  }

  private static Response exchange(String provider, String code) {
    return api.post("/api/v1/auth/" + provider + "/callback", code(code));
  }

  private static Response google(String token) {
    return api.post("/api/v1/auth/google/id_token", JsonObject.of("id_token", token).encode());
  }

  private static String code(String code) {
    return JsonObject.of("code", code).encode();
  }

  private static Guest player(JsonObject tokens) {
    return new Guest(
        api,
        tokens.getLong("user_id"),
        tokens.getString("access_token"),
        tokens.getString("refresh_token"));
  }

  private static JsonObject person(String provider, String id, String email) {
    return switch (provider) {
      case "discord" ->
          JsonObject.of(
              "id",
              "d" + id,
              "username",
              "ann",
              "global_name",
              "Ann",
              "avatar",
              "abc",
              "email",
              email,
              "verified",
              true);
      case "google" ->
          JsonObject.of("sub", "g" + id, "name", "Ann", "email", email, "email_verified", true);
      case "facebook" ->
          JsonObject.of(
              "id",
              "f" + id,
              "name",
              "Ann",
              "email",
              email,
              "picture",
              JsonObject.of("data", JsonObject.of("url", "https://cdn.example/ann.png")));
      case "apple" -> appleClaims(id, email);
      default ->
          JsonObject.of(
              "steamid", "765611980000000" + id,
              "personaname", "Ann",
              "profileurl", "https://steamcommunity.com/id/ann/");
    };
  }

  private static JsonObject appleClaims(String id, String email) {
    return JsonObject.of(
        "iss",
        "https://appleid.apple.com",
        "aud",
        ProviderServer.CLIENT,
        "exp",
        now() + 600,
        "sub",
        id.isEmpty() ? "" : "a" + id,
        "email",
        email,
        "email_verified",
        "true");
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }
}
