package dev.rookery.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.SeededIds;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid tokens are accepted; everything else that looks like one is refused. */
@ExtendWith(VertxExtension.class)
final class TokensTest {
  private static final String SECRET = "the secret of this node, long enough for any algorithm";
  private static final TokenSubject ANN =
      new TokenSubject(new SessionId("c2Vzc2lvbg"), new PlayerId(7), "0-0-0-0-0", "Ann \" ü", true);

  private final ManualClock clock = new ManualClock();
  private Vertx vertx;
  private Tokens tokens;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    tokens = new Tokens(vertx, SECRET, clock, new SeededIds(1));
  }

  @Test
  void readsWhatItIssued() {
    assertThat(tokens.readAccess(tokens.access(ANN)))
        .isEqualTo(
            new Tokens.AccessClaims(
                ANN.session(), ANN.player(), clock.millis() + Tokens.ACCESS_LIFETIME.toMillis()));
    assertThat(tokens.readRefresh(tokens.refresh(ANN, 3)))
        .isEqualTo(new Tokens.RefreshClaims(ANN.session(), ANN.player(), 3));
  }

  @Test
  void issuesClaimsThatProtocolsRead() throws GeneralSecurityException {
    String token = tokens.access(ANN);
    String[] parts = token.split("\\.");
    long now = clock.instant().getEpochSecond();

    assertThat(decode(parts[0])).isEqualTo(new JsonObject().put("alg", "HS512").put("typ", "JWT"));
    JsonObject claims = decode(parts[1]);
    assertThat((String) claims.remove("jti")).hasSize(36);
    assertThat(claims)
        .isEqualTo(
            new JsonObject()
                .put("aud", "game_server")
                .put("iss", "game_server")
                .put("iat", now)
                .put("nbf", now - 1)
                .put("exp", now + 900)
                .put("sub", "7")
                .put("typ", "access")
                .put("sid", "c2Vzc2lvbg")
                .put("user_id", 7L)
                .put("accountId", "0-0-0-0-0")
                .put("username", "Ann \" ü")
                .put("role", "admin"));
    assertThat(parts[2]).isEqualTo(signature(parts[0] + "." + parts[1], "HmacSHA512", SECRET));
  }

  @Test
  void acceptsLongLivedTokenForThirtyDays() {
    String longLived = tokens.longLivedAccess(ANN, "discord-9");
    clock.advance(Tokens.REFRESH_LIFETIME.minusSeconds(1));

    assertThat(tokens.readAccess(longLived).session()).isEqualTo(ANN.session());
    assertRefused(() -> tokens.readRefresh(longLived));
    clock.advance(Duration.ofSeconds(1));
    assertRefused(() -> tokens.readAccess(longLived));
  }

  @Test
  void refusesOtherTokensSignedWithLongLivedSecret() {
    var others = new Tokens(vertx, "what lasts", "unlike", clock, new SeededIds(2));
    var ours = new Tokens(vertx, SECRET, "what lasts", clock, new SeededIds(3));

    assertRefused(() -> ours.readAccess(others.access(ANN)));
    assertRefused(() -> ours.readRefresh(others.refresh(ANN, 0)));
  }

  @Test
  void asvs_9_2_2_refusesTokenOfAnotherKind() {
    assertRefused(() -> tokens.readAccess(tokens.refresh(ANN, 0)));
    assertRefused(() -> tokens.readRefresh(tokens.access(ANN)));
  }

  @Test
  void asvs_9_2_1_acceptsTokenUntilItExpires() {
    String access = tokens.access(ANN);
    String refresh = tokens.refresh(ANN, 0);
    clock.advance(Tokens.ACCESS_LIFETIME.minusSeconds(1));
    assertThat(tokens.readAccess(access).player()).isEqualTo(ANN.player());
    clock.advance(Duration.ofSeconds(1));
    assertRefused(() -> tokens.readAccess(access));

    clock.advance(Tokens.REFRESH_LIFETIME.minus(Tokens.ACCESS_LIFETIME));
    assertRefused(() -> tokens.readRefresh(refresh));
  }

  /** Another node, whose clock is ahead, may have issued it just now. */
  @ParameterizedTest
  @CsvSource({"1, true", "59, true", "60, false"})
  void acceptsTokenOfNodeWhoseClockIsLessThanAMinuteAhead(int secondsAhead, boolean accepted) {
    var ahead = new ManualClock();
    ahead.advance(Duration.ofSeconds(secondsAhead));
    var issuer = new Tokens(vertx, SECRET, ahead, new SeededIds(2));
    String token = issuer.access(ANN);

    if (accepted) {
      assertThat(tokens.readAccess(token).player()).isEqualTo(ANN.player());
    } else {
      assertRefused(() -> tokens.readAccess(token));
    }
  }

  @Test
  void refusesGarbage() {
    for (String garbage :
        new String[] {
          "",
          ".",
          "..",
          "...",
          "a.b.c",
          "\0",
          "null",
          "{}",
          " ",
          "eyJ.eyJ.",
          "💥.💥.💥",
          "x".repeat(100_000),
          tokens.access(ANN) + "x",
          tokens.access(ANN) + ".x",
          tokens.access(ANN).replace(".", ""),
          "Bearer " + tokens.access(ANN)
        }) {
      assertRefused(() -> tokens.readAccess(garbage));
    }
  }

  @Test
  void asvs_9_1_3_refusesTokenOfAnotherKeyWhateverItsHeader() throws GeneralSecurityException {
    String foreign = new Tokens(vertx, SECRET + "!", clock, new SeededIds(1)).access(ANN);
    assertRefused(() -> tokens.readAccess(foreign));
    String claims = foreign.split("\\.")[1];
    for (String parameter : new String[] {"jwk", "jku", "x5u", "kid"}) {
      var header = new JsonObject().put("alg", "HS512").put("typ", "JWT");
      header.put(parameter, parameter.equals("jwk") ? ownKey() : "http://127.0.0.1:9/keys");
      String text = encode(header) + "." + claims;
      String forged = text + "." + signature(text, "HmacSHA512", SECRET + "!");
      assertRefused(() -> tokens.readAccess(forged));
    }
  }

  private static JsonObject ownKey() {
    byte[] key = (SECRET + "!").getBytes(StandardCharsets.UTF_8);
    return new JsonObject()
        .put("kty", "oct")
        .put("k", Base64.getUrlEncoder().withoutPadding().encodeToString(key));
  }

  @Test
  void asvs_9_1_1_refusesTokenWithAnyChangedCharacter() {
    String token = tokens.access(ANN);
    int signature = token.lastIndexOf('.') + 1;
    for (int i = 0; i < token.length() - 1; i += i < signature ? 7 : 1) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, i) + other + token.substring(i + 1);
      assertRefused(() -> tokens.readAccess(forged));
    }
  }

  @Test
  void asvs_9_1_2_refusesOtherAlgorithms() throws GeneralSecurityException {
    String claims = tokens.access(ANN).split("\\.")[1];
    assertRefused(() -> tokens.readAccess(header("none") + "." + claims + "."));
    assertRefused(() -> tokens.readAccess(header("None") + "." + claims + "."));
    assertRefused(() -> tokens.readAccess(header("none") + "." + claims + ".x"));
    assertRefused(() -> tokens.readAccess(header("") + "." + claims + "."));
    for (String algorithm : new String[] {"256", "384"}) {
      String text = header("HS" + algorithm) + "." + claims;
      String forged = text + "." + signature(text, "HmacSHA" + algorithm, SECRET);
      assertRefused(() -> tokens.readAccess(forged));
    }
    String rsa = header("RS512") + "." + claims;
    String forged = rsa + "." + signature(rsa, "HmacSHA512", SECRET);
    assertRefused(() -> tokens.readAccess(forged));
  }

  @Test
  void asvs_9_2_3_checksEveryClaimOfSignedToken() throws GeneralSecurityException {
    assertThat(tokens.readAccess(signed(claims -> claims)).player()).isEqualTo(ANN.player());
    long now = clock.instant().getEpochSecond();
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("aud", "elsewhere"))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("iss", "elsewhere"))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("typ", "Access"))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("nbf", now + 60))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("iat", now + 60))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("exp", now))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("exp", "soon"))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("sub", 7))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("sub", "seven"))));
    assertRefused(() -> tokens.readAccess(signed(claims -> claims.put("sid", ""))));
    for (String claim : new String[] {"aud", "iss", "typ", "nbf", "iat", "exp", "sub", "sid"}) {
      assertRefused(
          () ->
              tokens.readAccess(
                  signed(
                      claims -> {
                        claims.remove(claim);
                        return claims;
                      })));
    }
  }

  private String signed(UnaryOperator<JsonObject> change) {
    String[] parts = tokens.access(ANN).split("\\.");
    String text = parts[0] + "." + encode(change.apply(decode(parts[1])));
    try {
      return text + "." + signature(text, "HmacSHA512", SECRET);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void assertRefused(Runnable reading) {
    assertThatThrownBy(reading::run).isInstanceOf(Refused.class).hasMessage("invalid_token");
  }

  private static String header(String algorithm) {
    return encode(new JsonObject().put("alg", algorithm).put("typ", "JWT"));
  }

  private static String encode(JsonObject json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject decode(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  private static String signature(String text, String algorithm, String secret)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
