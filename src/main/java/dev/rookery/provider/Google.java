package dev.rookery.provider;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Google: codes of browsers, and identity tokens that apps got by themselves. */
public final class Google {
  private static final String SERVICE = "google";
  private static final String ISSUER = "https://accounts.google.com";
  private static final Set<String> ISSUERS = Set.of(ISSUER, "accounts.google.com");

  private final ProviderHttpClient web;
  private final String base;
  private final IdTokenVerifier tokens;

  /**
   * @param base where to ask instead of at Google; empty for Google
   */
  public Google(Vertx vertx, ProviderHttpClient web, String base, InstantSource clock) {
    this.web = web;
    this.base = base;
    String keys = at("https://www.googleapis.com", "/oauth2/v3/certs");
    this.tokens = new IdTokenVerifier(vertx, web, SERVICE, () -> keys, clock);
  }

  public IdentityProvider flow(String clientId, String clientSecret) {
    var at =
        new AuthorizationCodeFlow.Endpoints(
            SERVICE,
            at(ISSUER, "/o/oauth2/v2/auth"),
            at("https://oauth2.googleapis.com", "/token"),
            "email profile",
            Map.of("access_type", "offline"),
            clientId,
            () -> clientSecret,
            ISSUER,
            false,
            false);
    String users = at("https://openidconnect.googleapis.com", "/v1/userinfo");
    return new AuthorizationCodeFlow(
        web, () -> at, AuthorizationCodeFlow.asked(web, SERVICE, users, Claims::profile));
  }

  /**
   * Of whom a token speaks that was made for one of these apps; fails with {@link
   * ProviderException}.
   */
  public Profile verify(String idToken, List<String> clientIds) {
    return Claims.profile(tokens.verify(idToken, ISSUERS, clientIds, null));
  }

  private String at(String usual, String path) {
    return (base.isEmpty() ? usual : base) + path;
  }
}
