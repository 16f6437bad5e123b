package dev.rookery.testkit;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
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
    warmUp();
  }

  /**
   * The first answers load classes, which takes seconds on a busy machine: longer than a node waits
   * for a provider.
   */
  private void warmUp() {
    answer(HttpRequest.newBuilder(server.wellKnownUrl(NAME).uri()));
    answer(HttpRequest.newBuilder(server.jwksUrl(NAME).uri()));
    answer(
        HttpRequest.newBuilder(server.tokenEndpointUrl(NAME).uri())
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "grant_type=client_credentials&client_id=warm&client_secret=up")));
  }

  private static void answer(HttpRequest.Builder request) {
    try {
      int status = TestNode.client().send(request.build(), BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new AssertionError("the issuer answers " + status);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
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
