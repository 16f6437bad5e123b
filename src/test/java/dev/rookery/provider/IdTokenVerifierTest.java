package dev.rookery.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.rookery.provider.ProviderException.Reason;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.ProviderServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Verification of ID tokens that apps obtained themselves. */
@ExtendWith(VertxExtension.class)
final class IdTokenVerifierTest {
  private static final String CLIENT = "client-1";

  private final ProviderServer providers = ProviderServer.start();
  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ProviderHttpClient http;
  private Google google;

  @BeforeEach
  void start(Vertx vertx) {
    http = new ProviderHttpClient(vertx, Duration.ofSeconds(5), meters);
    google = new Google(http, providers.url(), clock);
  }

  @AfterEach
  void close() {
    http.close();
    providers.close();
  }

  @Test
  void reloadsKeysAfterRotationAtMostOnceAMinute() {
    assertThat(verify(providers.googleToken(claims())).id()).isEqualTo("7");
    assertThat(verify(providers.googleToken(claims())).id()).isEqualTo("7");
    assertThat(keySetReads()).isEqualTo(1);

    providers.rotateKey("g2");
    String token = providers.googleToken(claims());
    // Bad tokens do not make this server read the key set all the time.
    assertThat(failure(token)).isEqualTo(Reason.FORGED);
    assertThat(keySetReads()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(verify(token).id()).isEqualTo("7");
    assertThat(keySetReads()).isEqualTo(2);
  }

  @Test
  void asvs_9_1_1_asvs_9_1_2_rejectsTokenWithoutValidSignature()
      throws JOSEException, ParseException {
    verify(providers.googleToken(claims()));
    assertThat(failure(providers.forgedToken(claims()))).isEqualTo(Reason.FORGED);
    String header = encoded("{\"alg\":\"none\"}");
    assertThat(failure(header + "." + encoded(claims().encode()) + ".")).isEqualTo(Reason.FORGED);

    // HMAC with the public key as the secret.
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("g1").build(),
            JWTClaimsSet.parse(claims().encode()));
    jwt.sign(new MACSigner(providers.googleKey().toPublicKey().getEncoded()));
    assertThat(failure(jwt.serialize())).isEqualTo(Reason.FORGED);

    String good = providers.googleToken(claims());
    String other = encoded(claims().put("sub", "8").encode());
    String[] parts = good.split("\\.", -1);
    assertThat(failure(parts[0] + "." + other + "." + parts[2])).isEqualTo(Reason.FORGED);
    assertThat(failure("x".repeat(20_000))).isEqualTo(Reason.FORGED);
  }

  @Test
  void rejectsClaimsOfUnexpectedType() {
    for (String wrong :
        new String[] {
          "{\"exp\":\"soon\"}", "{\"nbf\":\"now\"}", "{\"aud\":7}", "{\"iss\":[]}", "{\"sub\":5}"
        }) {
      var claims = claims().mergeIn(new JsonObject(wrong));
      assertThatThrownBy(() -> verify(signed(claims)))
          .as(wrong)
          .isInstanceOf(ProviderException.class);
    }
    assertThat(failure(providers.googleToken(claims().put("nbf", now() + 120))))
        .isEqualTo(Reason.EXPIRED);
  }

  @Test
  void rejectsEveryTokenWithoutUsableKeys() {
    for (String keys : new String[] {"{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\"}]}"}) {
      providers.respondWith("/oauth2/v3/certs", 200, keys);
      assertThat(failure(providers.googleToken(claims()))).isEqualTo(Reason.MALFORMED);
    }
  }

  /**
   * Signed by the issuer. The JWT library of the tests refuses such claims, so they are signed as
   * bytes.
   */
  private String signed(JsonObject claims) {
    try {
      var object =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("g1").build(),
              new Payload(claims.encode()));
      object.sign(new RSASSASigner(providers.googleKey()));
      return object.serialize();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private Profile verify(String token) {
    return google.verify(token, List.of(CLIENT));
  }

  private Reason failure(String token) {
    try {
      throw new AssertionError("accepted: " + verify(token));
    } catch (ProviderException failed) {
      return failed.reason();
    }
  }

  private long keySetReads() {
    var timer = meters.find("rookery.provider.calls").tag("outcome", "ok").timer();
    return timer == null ? 0 : timer.count();
  }

  private JsonObject claims() {
    return JsonObject.of(
        "iss", "https://accounts.google.com", "aud", CLIENT, "exp", now() + 600, "sub", "7");
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
