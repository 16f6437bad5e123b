package dev.rookery.provider;

import dev.rookery.base.Sha256;
import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2FlowType;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.Oauth2Credentials;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The authorization-code flow of OAuth 2.0 with PKCE (RFC 6749, RFC 7636). vertx-auth-oauth2 builds
 * the authorization URL, exchanges the code and reads the userinfo endpoint, each over the bounded
 * {@link ProviderHttpClient}.
 */
final class AuthorizationCodeFlow implements IdentityProvider {
  /**
   * Endpoints of a provider, and this server's registration as its client.
   *
   * @param provider its name in logs and metrics
   * @param userInfo endpoint, empty if there is none
   * @param parameters more parameters of the authorization URL, with fixed values
   * @param clientId empty if not configured
   * @param clientSecret read for each exchange, because Apple's is a signed token that expires
   * @param issuer identifier of the provider; null if it has none
   * @param basicAuthentication whether the token endpoint takes the client secret in the {@code
   *     Authorization} header, instead of the form
   * @param usesNonce whether the provider issues ID tokens
   */
  record Client(
      String provider,
      String authorization,
      String token,
      String userInfo,
      String scope,
      Map<String, String> parameters,
      String clientId,
      Supplier<String> clientSecret,
      @Nullable String issuer,
      boolean basicAuthentication,
      boolean usesNonce) {
    @Override
    public String toString() {
      return "Client[" + provider + "]";
    }
  }

  /** Makes a profile of the answer of the token endpoint. */
  @FunctionalInterface
  interface ProfileReader {
    /**
     * @param tokens the answer of the token endpoint
     * @param nonce that an ID token must repeat; null if none was sent
     */
    Profile profile(JsonObject tokens, @Nullable String nonce);
  }

  private final ProviderHttpClient http;
  private final Supplier<Client> client;
  private final ProfileReader reader;

  /**
   * @param client read for each step: an issuer publishes it, and may be unavailable when the node
   *     starts
   */
  AuthorizationCodeFlow(ProviderHttpClient http, Supplier<Client> client, ProfileReader reader) {
    this.http = http;
    this.client = client;
    this.reader = reader;
  }

  @Override
  public String authorizationUrl(AuthorizationRequest request) {
    return authorizationUrl(request, Map.of());
  }

  /**
   * As {@link #authorizationUrl(AuthorizationRequest)}.
   *
   * @param more parameters of this request alone
   */
  String authorizationUrl(AuthorizationRequest request, Map<String, String> more) {
    Client at = client.get();
    // The library keeps the order of these, also of those that it fills in itself.
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("client_id", at.clientId);
    parameters.put("redirect_uri", request.redirectUri());
    parameters.put("response_type", "code");
    parameters.putAll(at.parameters);
    parameters.putAll(more);
    parameters.put("scope", at.scope);
    parameters.put("state", request.state());
    if (at.usesNonce) {
      parameters.put("nonce", request.nonce());
    }
    parameters.put("code_challenge", challenge(request.codeVerifier()));
    parameters.put("code_challenge_method", "S256");
    int path = at.authorization.length();
    String url =
        OAuth2Auth.create(
                http.vertx(),
                new OAuth2Options().setClientId(at.clientId).setAuthorizationPath(at.authorization))
            .authorizeURL(
                new OAuth2AuthorizationURL()
                    .setAdditionalParameters(parameters)
                    .setState(request.state()));
    // The library writes a second question mark where the endpoint has a query.
    return at.authorization.contains("?") ? at.authorization + "&" + url.substring(path + 1) : url;
  }

  private static String challenge(String verifier) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.hash(verifier));
  }

  @Override
  public Profile authenticate(Map<String, String> parameters, AuthorizationRequest request) {
    String nonce = client.get().usesNonce ? request.nonce() : null;
    return identified(reader.profile(redeem(parameters, request), nonce));
  }

  /** The answer of the token endpoint to the code of a callback. */
  JsonObject redeem(Map<String, String> parameters, AuthorizationRequest request) {
    Client at = client.get();
    String issuer = parameters.get("iss");
    if (issuer != null && at.issuer != null && !issuer.equals(at.issuer)) {
      // RFC 9207: another issuer's code must not be sent to this one.
      throw new ProviderException(Reason.ISSUER, "callback of another issuer");
    }
    return tokens(
        at, parameters.getOrDefault("code", ""), request.redirectUri(), request.codeVerifier());
  }

  @Override
  public Profile exchange(String code, String redirectUri) {
    return identified(reader.profile(tokens(client.get(), code, redirectUri, null), null));
  }

  private JsonObject tokens(
      Client at, String code, String redirectUri, @Nullable String codeVerifier) {
    if (at.clientId.isEmpty()) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no client id");
    }
    if (code.isEmpty()) {
      throw new ProviderException(Reason.REFUSED, "no code");
    }
    var credentials =
        new Oauth2Credentials()
            .setFlow(OAuth2FlowType.AUTH_CODE)
            .setCode(code)
            .setRedirectUri(redirectUri)
            .setCodeVerifier(codeVerifier);
    String secret = at.clientSecret.get();
    OAuth2Options options =
        options()
            .setTokenPath(at.token)
            .setUseBasicAuthorization(at.basicAuthentication)
            // In the header both are form-encoded first (RFC 6749, 2.3.1), which the library omits.
            .setClientId(
                at.basicAuthentication ? ProviderHttpClient.urlEncoded(at.clientId) : at.clientId)
            .setClientSecret(
                at.basicAuthentication ? ProviderHttpClient.urlEncoded(secret) : secret);
    return http.call(
        at.provider,
        () ->
            OAuth2Auth.create(http.vertx(), options)
                .authenticate(credentials)
                .map(User::principal));
  }

  /** The answer of the userinfo endpoint, asked with the access token. */
  static JsonObject userInfo(ProviderHttpClient http, Client client, JsonObject tokens) {
    var user = User.fromToken(Claims.required(tokens, "access_token"));
    var options = options().setClientId(client.clientId).setUserInfoPath(client.userInfo);
    return http.call(
        client.provider, () -> OAuth2Auth.create(http.vertx(), options).userInfo(user));
  }

  /**
   * Options under which the library does not judge times: it reads the system's clock, and {@link
   * Claims} the node's.
   */
  static OAuth2Options options() {
    return new OAuth2Options()
        .setJWTOptions(new JWTOptions().setLeeway(Integer.MAX_VALUE).setAudience(List.of()));
  }

  static Profile identified(Profile profile) {
    if (profile.id().isEmpty()) {
      throw new ProviderException(Reason.INCOMPLETE, "profile without an id");
    }
    return profile;
  }
}
