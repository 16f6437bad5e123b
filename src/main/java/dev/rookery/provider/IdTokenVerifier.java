package dev.rookery.provider;

import dev.rookery.base.JsonText;
import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the ID tokens of one issuer. vertx-auth-oauth2 selects the key by {@code kid} and checks
 * the signature; {@link Claims} checks what the token says.
 *
 * <p>Only keys of the issuer's key set count, and only for asymmetric algorithms. The key set is
 * read again after 6 hours, and earlier for a token that no known key has signed, at most once a
 * minute. The library does not read it itself: it would also take symmetric keys, which everybody
 * can read there, reload as often as the issuer's cache header says, and not tell that a set has no
 * key to use.
 */
final class IdTokenVerifier {
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512");
  private static final Duration RELOAD_INTERVAL_MIN = Duration.ofMinutes(1);
  private static final Duration KEYS_LIFETIME = Duration.ofHours(6);
  private static final int KEYS_MAX = 32;
  private static final int TOKEN_CHARACTERS_MAX = 16_384;

  private final ProviderHttpClient http;
  private final String provider;
  private final Supplier<String> jwksUri;
  private final InstantSource clock;
  private volatile @Nullable KeySet keySet;

  private record KeySet(OAuth2Auth keys, long loadedMs) {}

  IdTokenVerifier(
      ProviderHttpClient http, String provider, Supplier<String> jwksUri, InstantSource clock) {
    this.http = http;
    this.provider = provider;
    this.jwksUri = jwksUri;
    this.clock = clock;
  }

  /**
   * The claims of a token whose signature, issuer, audience and lifetime are valid. Fails with
   * {@link ProviderException}.
   *
   * @param audiences client ids; the token may name these only
   * @param nonce that the token must repeat; null if none was sent
   */
  JsonObject verify(
      String token, Set<String> issuers, List<String> audiences, @Nullable String nonce) {
    if (token.length() > TOKEN_CHARACTERS_MAX) {
      throw new ProviderException(Reason.FORGED, "ID token is too long");
    }
    if (!JsonText.isAcceptableToken(token)) {
      throw new ProviderException(Reason.FORGED, "ID token that is malformed");
    }
    JsonObject claims = signedClaims(keys(KEYS_LIFETIME), token);
    if (claims == null) {
      claims = signedClaims(keys(RELOAD_INTERVAL_MIN), token);
    }
    if (claims == null) {
      throw new ProviderException(Reason.FORGED, "ID token with an invalid signature");
    }
    return Claims.check(claims, issuers, audiences, nonce, clock.instant().getEpochSecond());
  }

  /** Null if none of the keys has signed the token. Completes at once, without input or output. */
  private static @Nullable JsonObject signedClaims(OAuth2Auth keys, String token) {
    try {
      Future<User> user = keys.authenticate(new TokenCredentials(token));
      return user.succeeded() ? user.result().attributes().getJsonObject("accessToken") : null;
    } catch (RuntimeException _) {
      // The library throws where a header or a claim has an unexpected type.
      return null;
    }
  }

  private OAuth2Auth keys(Duration ageMax) {
    KeySet known = keySet;
    long now = clock.millis();
    if (known != null && now - known.loadedMs < ageMax.toMillis()) {
      return known.keys;
    }
    OAuth2Auth keys = keys(http.getJson(provider, jwksUri.get(), null));
    keySet = new KeySet(keys, now);
    return keys;
  }

  private OAuth2Auth keys(JsonObject jwks) {
    var options = AuthorizationCodeFlow.options().setClientId("");
    int usable = 0;
    if (jwks.getValue("keys") instanceof JsonArray keys) {
      for (Object key : keys) {
        if (key instanceof JsonObject jwk && usable < KEYS_MAX && isUsable(jwk)) {
          options.addJwk(jwk.copy().put("alg", algorithm(jwk)));
          usable++;
        }
      }
    }
    if (usable == 0) {
      throw new ProviderException(Reason.MALFORMED, "key set without a usable key");
    }
    return OAuth2Auth.create(http.vertx(), options);
  }

  private static boolean isUsable(JsonObject jwk) {
    return !"enc".equals(jwk.getValue("use")) && ALGORITHMS.contains(algorithm(jwk));
  }

  private static String algorithm(JsonObject jwk) {
    String named = Claims.text(jwk, "alg");
    return switch (Claims.text(jwk, "kty")) {
      case "RSA" -> named.isEmpty() ? "RS256" : named;
      case "EC" -> named.isEmpty() ? algorithmOfCurve(Claims.text(jwk, "crv")) : named;
      default -> "";
    };
  }

  private static String algorithmOfCurve(String curve) {
    return switch (curve) {
      case "P-256" -> "ES256";
      case "P-384" -> "ES384";
      case "P-521" -> "ES512";
      default -> "";
    };
  }
}
