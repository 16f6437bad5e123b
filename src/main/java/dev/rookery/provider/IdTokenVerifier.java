package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the identity tokens of one issuer. Its keys come from the address that was configured for
 * it and from nowhere else, whatever a token says; they are read again when a token does not fit,
 * but not more often than once a minute. Only signatures with a private key count.
 */
public final class IdTokenVerifier {
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512");
  private static final Duration READ_AGAIN_AFTER = Duration.ofMinutes(1);
  private static final Duration BELIEVED_FOR = Duration.ofHours(6);
  private static final int KEYS_MAX = 32;
  private static final int CHARACTERS_MAX = 16_384;

  private final Vertx vertx;
  private final ProviderHttpClient web;
  private final String service;
  private final Supplier<String> url;
  private final InstantSource clock;
  private volatile @Nullable Loaded loaded;

  /**
   * @param url of the keys
   */
  IdTokenVerifier(
      Vertx vertx,
      ProviderHttpClient web,
      String service,
      Supplier<String> url,
      InstantSource clock) {
    this.vertx = vertx;
    this.web = web;
    this.service = service;
    this.url = url;
    this.clock = clock;
  }

  /**
   * The claims of a token that is signed, current, and made by and for these.
   *
   * @param nonce what the token has to repeat; null if it was not asked to
   */
  JsonObject verify(
      String token, Set<String> issuers, List<String> audiences, @Nullable String nonce) {
    if (token.length() > CHARACTERS_MAX) {
      throw new ProviderException(Reason.FORGED, "a token that is too long");
    }
    JsonObject claims = authentic(keys(BELIEVED_FOR), token);
    if (claims == null) {
      claims = authentic(keys(READ_AGAIN_AFTER), token);
    }
    if (claims == null) {
      throw new ProviderException(Reason.FORGED, "a token with another signature");
    }
    return Claims.check(claims, issuers, audiences, nonce, clock.instant().getEpochSecond());
  }

  /** Completes at once: it only computes. Null for a token that none of the keys has signed. */
  private static @Nullable JsonObject authentic(JWTAuth keys, String token) {
    try {
      Future<User> user = keys.authenticate(new TokenCredentials(token));
      return user.succeeded() ? user.result().attributes().getJsonObject("accessToken") : null;
    } catch (RuntimeException _) {
      // The library breaks where a claim is not of the type it expects.
      return null;
    }
  }

  private JWTAuth keys(Duration believed) {
    Loaded known = loaded;
    long now = clock.millis();
    if (known != null && now - known.atMs < believed.toMillis()) {
      return known.keys;
    }
    JWTAuth read = keys(web.getJson(service, url.get(), null));
    loaded = new Loaded(read, now);
    return read;
  }

  private JWTAuth keys(JsonObject set) {
    var options = new JWTAuthOptions().setJWTOptions(new JWTOptions().setIgnoreExpiration(true));
    int usable = 0;
    if (set.getValue("keys") instanceof JsonArray given) {
      for (Object key : given) {
        if (key instanceof JsonObject jwk && usable < KEYS_MAX && signs(jwk)) {
          options.addJwk(jwk.copy().put("alg", algorithm(jwk)));
          usable++;
        }
      }
    }
    try {
      if (usable > 0) {
        return JWTAuth.create(vertx, options);
      }
    } catch (RuntimeException _) {
      // As without keys.
    }
    throw new ProviderException(Reason.MALFORMED, "no keys");
  }

  private static boolean signs(JsonObject jwk) {
    return !"enc".equals(jwk.getValue("use")) && ALGORITHMS.contains(algorithm(jwk));
  }

  private static String algorithm(JsonObject jwk) {
    String said = Claims.text(jwk, "alg");
    return switch (Claims.text(jwk, "kty")) {
      case "RSA" -> said.isEmpty() ? "RS256" : said;
      case "EC" -> said.isEmpty() ? ofCurve(Claims.text(jwk, "crv")) : said;
      default -> "";
    };
  }

  private static String ofCurve(String curve) {
    return switch (curve) {
      case "P-256" -> "ES256";
      case "P-384" -> "ES384";
      case "P-521" -> "ES512";
      default -> "";
    };
  }

  private record Loaded(JWTAuth keys, long atMs) {}
}
