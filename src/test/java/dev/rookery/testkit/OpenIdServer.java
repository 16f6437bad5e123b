package dev.rookery.testkit;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/** A real OpenID Connect issuer on loopback. */
public final class OpenIdServer implements AutoCloseable {
  private static final String NAME = "issuer";
  private static final long TOKEN_SECONDS = 600;

  private final MockOAuth2Server server =
      new MockOAuth2Server(
          new OAuth2Config(
              false, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));

  private OpenIdServer() {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  public static OpenIdServer start() {
    return new OpenIdServer();
  }

  public String issuer() {
    return server.issuerUrl(NAME).toString();
  }

  public Map<String, String> environment() {
    return Map.of(
        "OPENID_ISSUER", issuer(),
        "OPENID_CLIENT_ID", ProviderServer.CLIENT,
        "OPENID_CLIENT_SECRET", ProviderServer.SECRET);
  }

  /** As {@link #environment}, for admins whose groups are in the claim {@code groups}. */
  public Map<String, String> adminEnvironment(String roles) {
    return Map.of(
        "ADMIN_OIDC_ISSUER",
        issuer(),
        "ADMIN_OIDC_CLIENT_ID",
        ProviderServer.CLIENT,
        "ADMIN_OIDC_CLIENT_SECRET",
        ProviderServer.SECRET,
        "ADMIN_OIDC_NAME",
        "Example ID",
        "ADMIN_OIDC_ROLES",
        roles,
        "ADMIN_OIDC_FACTOR_AMR",
        "mfa, hwk");
  }

  /** Sets the user of the next sign-in. */
  public void nextUser(String subject, JsonObject claims) {
    nextUser(subject, claims, TOKEN_SECONDS);
  }

  /**
   * @param seconds the lifetime of the tokens; negative for expired ones
   */
  public void nextUser(String subject, JsonObject claims, long seconds) {
    server.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            NAME, subject, "JWT", List.of(ProviderServer.CLIENT), claims.getMap(), seconds));
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
