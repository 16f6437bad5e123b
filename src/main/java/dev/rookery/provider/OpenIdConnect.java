package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any OpenID Connect issuer: authorization codes. The ID token identifies the player; the userinfo
 * endpoint adds an email address and a name that the token lacks.
 *
 * <p>The discovery document is read when it is first needed, and again after an hour. The library's
 * own discovery is not used: it accepts a document without an issuer, and does not keep which
 * client authentication the token endpoint takes.
 */
public final class OpenIdConnect {
  private static final String NAME = "openid";
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final Duration DISCOVERY_LIFETIME = Duration.ofHours(1);

  private final ProviderHttpClient http;
  private final String issuer;
  private final String clientId;
  private final String clientSecret;
  private final String scope;
  private final InstantSource clock;
  private final IdTokenVerifier idTokens;
  private volatile @Nullable Discovered discovered;

  private record Discovered(AuthorizationCodeFlow.Client client, String jwksUri, long readMs) {}

  /**
   * @param issuer its identifier, a URL below which the discovery document lies
   */
  public OpenIdConnect(
      ProviderHttpClient http,
      String issuer,
      String clientId,
      String clientSecret,
      String scope,
      InstantSource clock) {
    this.http = http;
    this.issuer = issuer;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.scope = scope;
    this.clock = clock;
    this.idTokens = new IdTokenVerifier(http, NAME, () -> discovered().jwksUri, clock);
  }

  public IdentityProvider flow() {
    return codeFlow();
  }

  private AuthorizationCodeFlow codeFlow() {
    return new AuthorizationCodeFlow(http, () -> discovered().client, this::profile);
  }

  /**
   * As {@link IdentityProvider#authorizationUrl}.
   *
   * @param parameters more of them, such as {@code prompt}
   */
  public String authorizationUrl(AuthorizationRequest request, Map<String, String> parameters) {
    return codeFlow().authorizationUrl(request, parameters);
  }

  /**
   * The verified profile behind a callback, with what the issuer says about groups and about how
   * the person has signed in. Fails with {@link ProviderException}.
   *
   * @param groupsClaim the claim that lists the groups, of the ID token or else of the userinfo
   *     endpoint; a dot leads into an object
   */
  public IssuerIdentity identify(
      Map<String, String> parameters, AuthorizationRequest request, String groupsClaim) {
    JsonObject tokens = codeFlow().redeem(parameters, request);
    JsonObject claims = verified(tokens, request.nonce());
    Profile profile = AuthorizationCodeFlow.identified(profile(claims, tokens));
    JsonObject lists = Claims.has(claims, groupsClaim) ? claims : userInfo(claims, tokens);
    return new IssuerIdentity(
        profile,
        Claims.texts(lists, groupsClaim),
        Claims.text(claims, "acr"),
        Claims.texts(claims, "amr"),
        claims.getValue("auth_time") instanceof Number seconds
            ? Instant.ofEpochSecond(seconds.longValue())
            : null);
  }

  /** What the userinfo endpoint says of the same person; the claims themselves without one. */
  private JsonObject userInfo(JsonObject claims, JsonObject tokens) {
    AuthorizationCodeFlow.Client client = discovered().client;
    if (client.userInfo().isEmpty()) {
      return claims;
    }
    JsonObject more = AuthorizationCodeFlow.userInfo(http, client, tokens);
    return Claims.text(more, "sub").equals(Claims.text(claims, "sub")) ? more : claims;
  }

  private JsonObject verified(JsonObject tokens, @Nullable String nonce) {
    JsonObject claims =
        idTokens.verify(
            Claims.required(tokens, "id_token"), Set.of(issuer), List.of(clientId), nonce);
    Claims.checkAuthorizedParty(claims, clientId);
    return claims;
  }

  private Profile profile(JsonObject tokens, @Nullable String nonce) {
    return profile(verified(tokens, nonce), tokens);
  }

  private Profile profile(JsonObject claims, JsonObject tokens) {
    Profile profile = completed(Claims.profile(claims), tokens);
    // A subject is unique within its issuer only.
    return new Profile(
        issuer + " " + profile.id(), profile.email(), profile.name(), profile.picture());
  }

  /** The player is identified already: without the userinfo endpoint they sign in all the same. */
  private Profile completed(Profile profile, JsonObject tokens) {
    AuthorizationCodeFlow.Client client = discovered().client;
    boolean complete = !profile.email().isEmpty() && !profile.name().isEmpty();
    if (complete || client.userInfo().isEmpty()) {
      return profile;
    }
    Profile more;
    try {
      more = Claims.profile(AuthorizationCodeFlow.userInfo(http, client, tokens));
    } catch (ProviderException _) {
      return profile;
    }
    return more.id().equals(profile.id())
        ? new Profile(
            profile.id(),
            or(profile.email(), more.email()),
            or(profile.name(), more.name()),
            or(profile.picture(), more.picture()))
        : profile;
  }

  private static String or(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private Discovered discovered() {
    Discovered known = discovered;
    long now = clock.millis();
    if (known != null && now - known.readMs < DISCOVERY_LIFETIME.toMillis()) {
      return known;
    }
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonObject document = http.getJson(NAME, base + DISCOVERY, null);
    if (!issuer.equals(document.getValue("issuer"))) {
      throw new ProviderException(Reason.ISSUER, "discovery document of another issuer");
    }
    var client =
        new AuthorizationCodeFlow.Client(
            NAME,
            Claims.required(document, "authorization_endpoint"),
            Claims.required(document, "token_endpoint"),
            Claims.text(document, "userinfo_endpoint"),
            scope,
            Map.of(),
            clientId,
            () -> clientSecret,
            issuer,
            takesBasicAuthentication(document),
            true);
    var read = new Discovered(client, Claims.required(document, "jwks_uri"), now);
    discovered = read;
    return read;
  }

  /** OpenID Connect Discovery 1.0: {@code client_secret_basic} is the default. */
  private static boolean takesBasicAuthentication(JsonObject document) {
    return !(document.getValue("token_endpoint_auth_methods_supported")
            instanceof JsonArray methods)
        || methods.contains("client_secret_basic");
  }
}
