package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Apple: authorization codes of browsers and of iOS apps. Instead of a client secret Apple takes a
 * token that the team signs, made anew for each exchange.
 */
public final class Apple {
  private static final String NAME = "apple";
  private static final String ISSUER = "https://appleid.apple.com";
  private static final String ALGORITHM = "ES256";
  private static final Duration CLIENT_SECRET_LIFETIME = Duration.ofMinutes(5);

  private final ProviderHttpClient http;
  private final String baseUrl;
  private final SigningKey key;
  private final IdTokenVerifier idTokens;
  private final InstantSource clock;
  private final @Nullable JWTAuth signer;

  /**
   * The key that Apple issued to a team; empty fields if none is configured.
   *
   * @param privateKey PKCS#8, in PEM or as its base64 alone
   */
  public record SigningKey(String team, String keyId, String privateKey) {
    /** Fails with {@link IllegalArgumentException} if the key cannot be read. */
    public void check() {
      if (privateKey.isEmpty()) {
        return;
      }
      String body = pem(privateKey).replaceAll("-----[A-Z ]+-----|\\s", "");
      try {
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
      } catch (GeneralSecurityException | IllegalArgumentException _) {
        throw new IllegalArgumentException(
            "is not a private key (PKCS#8, elliptic curve) as Apple issues it");
      }
    }

    boolean isEmpty() {
      return team.isEmpty() || keyId.isEmpty() || privateKey.isEmpty();
    }

    private JWTAuth signer(Vertx vertx) {
      return JWTAuth.create(
          vertx,
          new JWTAuthOptions()
              .addPubSecKey(
                  new PubSecKeyOptions()
                      .setAlgorithm(ALGORITHM)
                      .setId(keyId)
                      .setBuffer(Buffer.buffer(pem(privateKey)))));
    }

    @Override
    public String toString() {
      return "SigningKey";
    }
  }

  /**
   * @param baseUrl used instead of Apple's; empty for Apple
   */
  public Apple(ProviderHttpClient http, String baseUrl, SigningKey key, InstantSource clock) {
    this.http = http;
    this.baseUrl = baseUrl.isEmpty() ? ISSUER : baseUrl;
    this.key = key;
    this.clock = clock;
    this.signer = key.isEmpty() ? null : key.signer(http.vertx());
    String jwksUri = this.baseUrl + "/auth/keys";
    this.idTokens = new IdTokenVerifier(http, NAME, () -> jwksUri, clock);
  }

  /**
   * @param clientId a Services ID for browsers, or the bundle id of an iOS app
   */
  public IdentityProvider flow(String clientId) {
    var client =
        new AuthorizationCodeFlow.Client(
            NAME,
            baseUrl + "/auth/authorize",
            baseUrl + "/auth/token",
            "",
            "name email",
            Map.of("response_mode", "form_post"),
            clientId,
            () -> clientSecret(clientId),
            ISSUER,
            false,
            true);
    return new AuthorizationCodeFlow(
        http,
        () -> client,
        (tokens, nonce) ->
            Claims.profile(
                idTokens.verify(
                    Claims.required(tokens, "id_token"),
                    Set.of(ISSUER),
                    List.of(clientId),
                    nonce)));
  }

  private String clientSecret(String clientId) {
    if (signer == null) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no key to sign with");
    }
    long now = clock.instant().getEpochSecond();
    var claims =
        new JsonObject()
            .put("iss", key.team)
            .put("iat", now)
            .put("exp", now + CLIENT_SECRET_LIFETIME.toSeconds())
            .put("aud", ISSUER)
            .put("sub", clientId);
    return signer.generateToken(
        claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
  }

  /** Environment variables hold keys in one line, or without the lines around them. */
  private static String pem(String key) {
    String lines = key.replace("\\n", "\n").strip();
    return lines.startsWith("-----")
        ? lines + "\n"
        : "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
  }
}
