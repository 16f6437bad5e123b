package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.OpenIdServer;
import dev.rookery.testkit.ProviderServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in with a configured OpenID Connect issuer. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class OpenIdTest {
  // JUnit passes the database to the constructor as well.
  OpenIdTest(Databases.TestDatabase database) {}

  private static final String FAILED =
      "200 {\"status\":\"error\",\"message\":\"\",\"data\":{\"details\":\"authentication_failed\"}}";

  private static OpenIdServer issuer;
  private static ProviderServer providers;
  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    issuer = OpenIdServer.start();
    providers = ProviderServer.start();
    var environment = new HashMap<>(providers.environment());
    environment.putAll(issuer.environment());
    environment.put("ROOKERY_PROVIDERS_WITHIN", "5s");
    api = TestApi.start(database, environment);
    api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
    issuer.close();
    providers.close();
  }

  @AfterEach
  void reset() {
    providers.reset();
  }

  @Test
  void signsInAndFindsThePlayerAgain() {
    issuer.nextUser("ann", claims("Ann"));
    Response first = finish(start());
    Guest ann = player(first);
    var me = ann.get("/api/v1/me").body();
    assertThat(me.getString("display_name")).isEqualTo("Ann");
    assertThat(me.getString("email")).isEqualTo("ann@example.com");
    assertThat(me.getJsonObject("linked_providers").getBoolean("openid")).isTrue();
    assertThat(api.guest().get("/api/v1/me").body().getJsonObject("linked_providers").fieldNames())
        .doesNotContain("openid");

    issuer.nextUser("ann", claims("Ann").put("name", "Another"));
    assertThat(player(finish(start())).id()).isEqualTo(ann.id());
    assertThat(ann.get("/api/v1/me").body().getString("display_name")).isEqualTo("Ann");

    assertThat(ann.delete("/api/v1/me/providers/openid").status()).isEqualTo(400);
    ann.post(
        "/api/v1/auth/google/callback",
        JsonObject.of("code", providers.code(JsonObject.of("sub", "g-ann"))).encode());
    assertThat(ann.delete("/api/v1/me/providers/openid").toString()).isEqualTo("200 {}");
  }

  @Test
  void linksToSignedInPlayer() {
    Guest bob = api.guest();
    issuer.nextUser("bob", new JsonObject());
    assertThat(finish(bob.get("/api/v1/auth/openid")).toString())
        .isEqualTo(
            "200 {\"status\":\"completed\",\"message\":\"\","
                + "\"data\":{\"linked\":true,\"provider\":\"openid_id\"}}");
    issuer.nextUser("bob", new JsonObject());
    assertThat(player(finish(start())).id()).isEqualTo(bob.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"aud\":\"another\"}",
        "{\"aud\":[\"client-1\",\"another\"]}",
        "{\"iss\":\"https://evil.example\"}"
      })
  void asvs_10_5_4_rejectsIdTokenOfAnotherAudienceOrIssuer(String wrong) {
    issuer.nextUser("eve", new JsonObject(wrong));
    assertThat(finish(start()).toString()).isEqualTo(FAILED);
  }

  @Test
  void asvs_10_5_1_rejectsIdTokenWithAnotherNonce() {
    issuer.nextUser("eve", new JsonObject());
    Response begun = start();
    String another = address(begun).replaceAll("&nonce=[^&]+", "&nonce=another");
    URI back = ProviderServer.openInBrowser(another);
    api.node().get(back.getPath() + "?" + back.getRawQuery());
    assertThat(state(begun).toString()).isEqualTo(FAILED);
  }

  @Test
  void rejectsExpiredIdToken() {
    issuer.nextUser("eve", new JsonObject(), -120);
    assertThat(finish(start()).toString()).isEqualTo(FAILED);
  }

  @Test
  void asvs_10_2_2_rejectsCallbackOfAnotherIssuer() {
    Response begun = start();
    String back = ProviderServer.openInBrowser(address(begun)).toString();
    String path = back.substring(back.indexOf("/auth/"));
    api.node().get(path + "&iss=https%3A%2F%2Fevil.example");
    assertThat(state(begun).toString()).isEqualTo(FAILED);
  }

  @Test
  void asvs_10_5_3_rejectsDiscoveryDocumentOfAnotherIssuer() {
    var environment = new HashMap<>(issuer.environment());
    environment.put("OPENID_ISSUER", providers.url());
    try (var other = TestApi.start(Databases.sqlite(), environment)) {
      String unavailable = "503 {\"error\":\"provider_away\"}";
      assertThat(other.get("/api/v1/auth/openid").toString()).isEqualTo(unavailable);
      String discovery = "/.well-known/openid-configuration";
      var said =
          JsonObject.of(
              "issuer", "https://evil.example",
              "authorization_endpoint", providers.url() + "/oauth2/authorize",
              "token_endpoint", providers.url() + "/oauth2/token",
              "jwks_uri", providers.url() + "/oauth2/v3/certs");
      providers.respondWith(discovery, 200, said.encode());
      assertThat(other.get("/api/v1/auth/openid").toString()).isEqualTo(unavailable);
      // A corrected document is accepted without a restart.
      providers.respondWith(discovery, 200, said.put("issuer", providers.url()).encode());
      assertThat(address(other.get("/api/v1/auth/openid")))
          .startsWith(providers.url() + "/oauth2/authorize?");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "client_secret_basic, true",
    "client_secret_basic, false",
    "client_secret_post, true"
  })
  void sendsClientSecretAsTheIssuerRequires(String way, boolean says) {
    providers.actAsIssuer(way, says);
    var environment = new HashMap<>(issuer.environment());
    environment.put("OPENID_ISSUER", providers.url());
    try (var other = TestApi.start(Databases.sqlite(), environment)) {
      providers.nextUser(
          JsonObject.of(
              "iss",
              providers.url(),
              "aud",
              ProviderServer.CLIENT,
              "exp",
              Instant.now().getEpochSecond() + 600,
              "sub",
              "ivy"));
      Response begun = other.get("/api/v1/auth/openid");
      URI back = ProviderServer.openInBrowser(address(begun));
      other.node().get(back.getPath() + "?" + back.getRawQuery());
      assertThat(
              other
                  .get("/api/v1/auth/session/" + begun.body().getString("session_id"))
                  .body()
                  .getString("status"))
          .isEqualTo("completed");
    }
  }

  private static Response start() {
    return api.get("/api/v1/auth/openid");
  }

  private static String address(Response begun) {
    return begun.body().getString("authorization_url");
  }

  private static Response state(Response begun) {
    return api.get("/api/v1/auth/session/" + begun.body().getString("session_id"));
  }

  /** Signs in over the browser and returns the state of the flow. */
  private static Response finish(Response begun) {
    URI back = ProviderServer.openInBrowser(address(begun));
    assertThat(api.node().get(back.getPath() + "?" + back.getRawQuery()).statusCode())
        .isEqualTo(302);
    return state(begun);
  }

  private static Guest player(Response in) {
    assertThat(in.body().getString("status")).isEqualTo("completed");
    return new Guest(
        api,
        in.data().getLong("user_id"),
        in.data().getString("access_token"),
        in.data().getString("refresh_token"));
  }

  private static JsonObject claims(String name) {
    return JsonObject.of("name", name, "email", name + "@Example.com", "email_verified", true);
  }
}
