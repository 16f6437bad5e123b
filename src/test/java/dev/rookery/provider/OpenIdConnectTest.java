package dev.rookery.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.rookery.provider.ProviderException.Reason;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.ProviderServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The authorization-code flow against issuers that fail, and with tokens that are not valid. */
@ExtendWith(VertxExtension.class)
final class OpenIdConnectTest {
  private static final String CALLBACK = "http://localhost:4000/auth/openid/callback";
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String TOKEN = "/connect/token";
  private static final String JWKS = "/oauth2/v3/certs";
  private static final String USER_INFO = "/v1/userinfo";
  private static final AuthorizationRequest REQUEST =
      new AuthorizationRequest("state", "v".repeat(43), "nonce", CALLBACK);

  private static ProviderServer providers;
  private static ProviderHttpClient http;
  private static ProviderHttpClient impatient;

  private final ManualClock clock = new ManualClock();
  private final IdentityProvider issuer = issuer(http);
  private final IdentityProvider google = google(http);

  @BeforeAll
  static void start(Vertx vertx) {
    providers = ProviderServer.start();
    http = new ProviderHttpClient(vertx, Duration.ofSeconds(20), new SimpleMeterRegistry());
    impatient = new ProviderHttpClient(vertx, Duration.ofMillis(400), new SimpleMeterRegistry());
  }

  @AfterAll
  static void stop() {
    http.close();
    impatient.close();
    providers.close();
  }

  @BeforeEach
  void recover() {
    providers.reset();
    providers.actAsIssuer("client_secret_basic", true);
    providers.nextUser(claims());
  }

  @Test
  void signsInWithValidIdToken() {
    assertThat(signIn(issuer)).isEqualTo(new Profile(providers.url() + " 7", "", "Ann", ""));
  }

  @Test
  void keepsTheQueryOfTheAuthorizationEndpoint() {
    var document = document().put("authorization_endpoint", providers.url() + "/login?policy=1");
    providers.respondWith(DISCOVERY, 200, document.encode());
    String url = issuer.authorizationUrl(REQUEST);
    assertThat(url).startsWith(providers.url() + "/login?policy=1&client_id=client-1&");
    assertThat(ProviderServer.fields(URI.create(url)))
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "openid profile")
        .containsEntry("nonce", "nonce")
        .doesNotContainValue(REQUEST.codeVerifier());
  }

  @ParameterizedTest
  @ValueSource(strings = {DISCOVERY, TOKEN, JWKS, USER_INFO})
  void limitsTheSizeOfAnswers(String path) {
    providers.respondWith(path, 200, "{\"a\":\"" + "x".repeat(300_000) + "\"}");
    assertThat(failure(path)).isEqualTo(Reason.TOO_LARGE);
    recover();
    assertThat(signIn(provider(path)).name()).isEqualTo("Ann");
  }

  @ParameterizedTest
  @ValueSource(strings = {DISCOVERY, TOKEN, JWKS, USER_INFO})
  void limitsTheTimeOfAnswers(String path) {
    var impatientProvider = path.equals(USER_INFO) ? google(impatient) : issuer(impatient);
    providers.hang(path);
    assertThat(failure(impatientProvider)).isEqualTo(Reason.UNAVAILABLE);
    providers.stall(path);
    assertThat(failure(impatientProvider)).isEqualTo(Reason.UNAVAILABLE);
    recover();
    assertThat(signIn(provider(path)).name()).isEqualTo("Ann");
  }

  @ParameterizedTest
  @CsvSource({
    "500, UNAVAILABLE",
    "503, UNAVAILABLE",
    "429, UNAVAILABLE",
    "408, UNAVAILABLE",
    "400, REFUSED",
    "401, REFUSED",
    "404, REFUSED",
    "302, REFUSED"
  })
  void tellsAnOutageFromARefusal(int status, Reason reason) {
    for (String path : new String[] {DISCOVERY, TOKEN, JWKS, USER_INFO}) {
      providers.respondWith(path, status, "{\"error\":\"no\",\"error_description\":\"secret\"}");
      assertThat(failure(path)).as(path).isEqualTo(reason);
      recover();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[1]", "{\"error\":\"invalid_grant\"}", "{}"})
  void rejectsMalformedAnswers(String body) {
    providers.respondWith(TOKEN, 200, body);
    assertThat(failure(TOKEN)).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "nonce, another, FORGED",
    "nonce, , FORGED",
    "aud, another, AUDIENCE",
    "azp, another, AUDIENCE",
    "iss, https://evil.example, ISSUER",
    "sub, , INCOMPLETE"
  })
  void asvs_10_5_1_rejectsIdTokenWithInvalidClaim(String claim, String value, Reason reason) {
    respondWithIdToken(providers.googleToken(claims().put("nonce", "nonce").put(claim, value)));
    assertThat(failure(TOKEN)).isEqualTo(reason);
  }

  @Test
  void rejectsIdTokenWithFurtherAudience() {
    var aud = JsonArray.of(ProviderServer.CLIENT, "another");
    respondWithIdToken(providers.googleToken(claims().put("nonce", "nonce").put("aud", aud)));
    assertThat(failure(TOKEN)).isEqualTo(Reason.AUDIENCE);
  }

  @Test
  void rejectsIdTokenThatIsNotValidNow() {
    long now = clock.instant().getEpochSecond();
    for (JsonObject times :
        new JsonObject[] {
          JsonObject.of("exp", now - 61), JsonObject.of("exp", null), JsonObject.of("nbf", now + 61)
        }) {
      respondWithIdToken(providers.googleToken(claims().put("nonce", "nonce").mergeIn(times)));
      assertThat(failure(TOKEN)).as(times.encode()).isEqualTo(Reason.EXPIRED);
    }
    respondWithIdToken(providers.googleToken(claims().put("nonce", "nonce").put("exp", now - 30)));
    assertThat(signIn(issuer).name()).isEqualTo("Ann");
  }

  @Test
  void asvs_9_1_2_rejectsIdTokenWithoutAsymmetricSignature() throws JOSEException {
    var claims = claims().put("nonce", "nonce");
    respondWithIdToken(base64("{\"alg\":\"none\"}") + "." + base64(claims.encode()) + ".");
    assertThat(failure(TOKEN)).isEqualTo(Reason.FORGED);

    String secret = ProviderServer.SECRET + " ".repeat(32);
    for (byte[] key :
        new byte[][] {
          secret.getBytes(StandardCharsets.UTF_8), providers.googleKey().toPublicKey().getEncoded()
        }) {
      var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("g1").build();
      var token = new JWSObject(header, new Payload(claims.encode()));
      token.sign(new MACSigner(key));
      respondWithIdToken(token.serialize());
      assertThat(failure(TOKEN)).isEqualTo(Reason.FORGED);
    }
  }

  @Test
  void rejectsSymmetricKeyOfTheKeySet() throws JOSEException {
    byte[] key = "a key that everybody can read here".getBytes(StandardCharsets.UTF_8);
    var symmetric =
        JsonObject.of(
            "kty",
            "oct",
            "alg",
            "HS256",
            "kid",
            "h1",
            "k",
            Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    var rsa = new JsonObject(providers.googleKey().toPublicJWK().toJSONString());
    providers.respondWith(JWKS, 200, JsonObject.of("keys", JsonArray.of(symmetric, rsa)).encode());
    var token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("h1").build(),
            new Payload(claims().put("nonce", "nonce").encode()));
    token.sign(new MACSigner(key));
    respondWithIdToken(token.serialize());
    assertThat(failure(TOKEN)).isEqualTo(Reason.FORGED);
  }

  @Test
  void followsKeyRotationAtMostOnceAMinute() {
    assertThat(signIn(issuer).name()).isEqualTo("Ann");
    providers.rotateKey("g2");
    assertThat(failure(TOKEN)).isEqualTo(Reason.FORGED);
    clock.advance(Duration.ofMinutes(1));
    assertThat(signIn(issuer).name()).isEqualTo("Ann");
  }

  @Test
  void rejectsDiscoveryDocumentOfAnotherIssuer() {
    for (String other : new String[] {"https://evil.example", null}) {
      providers.respondWith(DISCOVERY, 200, document().put("issuer", other).encode());
      assertThat(failure(DISCOVERY)).isEqualTo(Reason.ISSUER);
    }
  }

  @Test
  void asvs_10_2_2_rejectsCallbackOfAnotherIssuer() {
    var callback = Map.of("code", "c", "iss", "https://evil.example");
    try {
      throw new AssertionError("accepted: " + issuer.authenticate(callback, REQUEST));
    } catch (ProviderException failed) {
      assertThat(failed.reason()).isEqualTo(Reason.ISSUER);
    }
  }

  private IdentityProvider provider(String path) {
    return path.equals(USER_INFO) ? google : issuer;
  }

  private Reason failure(String path) {
    return failure(provider(path));
  }

  private static Reason failure(IdentityProvider provider) {
    try {
      throw new AssertionError("accepted: " + signIn(provider));
    } catch (ProviderException failed) {
      assertThat(failed.getMessage()).doesNotContain("secret", ProviderServer.SECRET);
      return failed.reason();
    }
  }

  /** Through the browser to the callback. A token endpoint that is overridden takes any code. */
  private static Profile signIn(IdentityProvider provider) {
    URI callback = ProviderServer.openInBrowser(provider.authorizationUrl(REQUEST));
    return provider.authenticate(ProviderServer.fields(callback), REQUEST);
  }

  private IdentityProvider issuer(ProviderHttpClient http) {
    return new OpenIdConnect(
            http,
            providers.url(),
            ProviderServer.CLIENT,
            ProviderServer.SECRET,
            "openid profile",
            clock)
        .flow();
  }

  private IdentityProvider google(ProviderHttpClient http) {
    return new Google(http, providers.url(), clock)
        .flow(ProviderServer.CLIENT, ProviderServer.SECRET);
  }

  private void respondWithIdToken(String token) {
    providers.respondWith(TOKEN, 200, JsonObject.of("id_token", token).encode());
  }

  private JsonObject document() {
    return JsonObject.of(
        "issuer", providers.url(),
        "authorization_endpoint", providers.url() + "/connect/authorize",
        "token_endpoint", providers.url() + TOKEN,
        "jwks_uri", providers.url() + JWKS);
  }

  private JsonObject claims() {
    return JsonObject.of(
        "iss",
        providers.url(),
        "aud",
        ProviderServer.CLIENT,
        "exp",
        clock.instant().getEpochSecond() + 600,
        "sub",
        "7",
        "name",
        "Ann");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
