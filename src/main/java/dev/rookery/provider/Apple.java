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
 * Apple: codes of browsers and of apps on its phones, each traded for an identity token. What we
 * are known by is a statement that we sign, anew for each trade.
 */
public final class Apple {
  private static final String SERVICE = "apple";
  private static final String ISSUER = "https://appleid.apple.com";
  private static final String ALGORITHM = "ES256";
  private static final Duration SECRET_FOR = Duration.ofMinutes(5);

  private final ProviderHttpClient web;
  private final String base;
  private final SigningKey signing;
  private final IdTokenVerifier tokens;
  private final InstantSource clock;
  private final @Nullable JWTAuth signer;

  /** The key that Apple gave to a team; all empty if there is none. */
  public record SigningKey(String team, String keyId, String privateKey) {
    /** Fails with {@link IllegalArgumentException} if nothing can be signed with it. */
    public void check() {
      if (privateKey.isEmpty()) {
        return;
      }
      String body = pem(privateKey).replaceAll("-----[A-Z ]+-----|\\s", "");
      try {
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
      } catch (GeneralSecurityException | IllegalArgumentException _) {
        throw new IllegalArgumentException("is no private key of the kind that Apple gives");
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
      return "Signing";
    }
  }

  /**
   * @param base where to ask instead of at Apple; empty for Apple
   */
  public Apple(
      Vertx vertx, ProviderHttpClient web, String base, SigningKey signing, InstantSource clock) {
    this.web = web;
    this.base = base.isEmpty() ? ISSUER : base;
    this.signing = signing;
    this.clock = clock;
    this.signer = signing.isEmpty() ? null : signing.signer(vertx);
    String keys = this.base + "/auth/keys";
    this.tokens = new IdTokenVerifier(vertx, web, SERVICE, () -> keys, clock);
  }

  public IdentityProvider flow(String clientId) {
    var at =
        new AuthorizationCodeFlow.Endpoints(
            SERVICE,
            base + "/auth/authorize",
            base + "/auth/token",
            "name email",
            Map.of("response_mode", "form_post"),
            clientId,
            () -> secret(clientId),
            ISSUER,
            false,
            true);
    return new AuthorizationCodeFlow(
        web,
        () -> at,
        (traded, nonce) ->
            Claims.profile(
                tokens.verify(
                    Claims.required(traded, "id_token"),
                    Set.of(ISSUER),
                    List.of(clientId),
                    nonce)));
  }

  private String secret(String clientId) {
    if (signer == null) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no key to sign with");
    }
    long now = clock.instant().getEpochSecond();
    var claims =
        new JsonObject()
            .put("iss", signing.team)
            .put("iat", now)
            .put("exp", now + SECRET_FOR.toSeconds())
            .put("aud", ISSUER)
            .put("sub", clientId);
    return signer.generateToken(
        claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
  }

  /** Environments hold keys in one line, or without the lines around them. */
  private static String pem(String key) {
    String lines = key.replace("\\n", "\n").strip();
    return lines.startsWith("-----")
        ? lines + "\n"
        : "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
  }
}
