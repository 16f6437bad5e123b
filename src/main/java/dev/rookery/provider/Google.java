package dev.rookery.provider;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Google: authorization codes, and ID tokens that apps obtained themselves. */
public final class Google {
  private static final String NAME = "google";
  private static final String ISSUER = "https://accounts.google.com";
  private static final Set<String> ISSUERS = Set.of(ISSUER, "accounts.google.com");

  private final ProviderHttpClient http;
  private final String baseUrl;
  private final IdTokenVerifier idTokens;

  /**
   * @param baseUrl used instead of Google's; empty for Google
   */
  public Google(ProviderHttpClient http, String baseUrl, InstantSource clock) {
    this.http = http;
    this.baseUrl = baseUrl;
    String jwksUri = url("https://www.googleapis.com", "/oauth2/v3/certs");
    this.idTokens = new IdTokenVerifier(http, NAME, () -> jwksUri, clock);
  }

  public IdentityProvider flow(String clientId, String clientSecret) {
    var client =
        new AuthorizationCodeFlow.Client(
            NAME,
            url(ISSUER, "/o/oauth2/v2/auth"),
            url("https://oauth2.googleapis.com", "/token"),
            url("https://openidconnect.googleapis.com", "/v1/userinfo"),
            "email profile",
            Map.of("access_type", "offline"),
            clientId,
            () -> clientSecret,
            ISSUER,
            false,
            false);
    return new AuthorizationCodeFlow(
        http,
        () -> client,
        (tokens, _) -> Claims.profile(AuthorizationCodeFlow.userInfo(http, client, tokens)));
  }

  /**
   * The profile in an ID token. Fails with {@link ProviderException}.
   *
   * <p>The authorized party ({@code azp}) is not checked: for a token from an Android app it is the
   * client id of that app, and the audience is this server's.
   *
   * @param clientIds for which the token may be issued
   */
  public Profile verify(String idToken, List<String> clientIds) {
    return Claims.profile(idTokens.verify(idToken, ISSUERS, clientIds, null));
  }

  private String url(String site, String path) {
    return (baseUrl.isEmpty() ? site : baseUrl) + path;
  }
}
