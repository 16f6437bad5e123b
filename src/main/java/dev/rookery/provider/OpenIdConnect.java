package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any issuer of OpenID Connect: it tells by itself where its parts are, at an address below its
 * own. An identity token says who somebody is; what it leaves out of his profile is asked for.
 */
public final class OpenIdConnect {
  private static final String SERVICE = "openid";
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final Duration BELIEVED_FOR = Duration.ofHours(1);

  private final ProviderHttpClient web;
  private final String issuer;
  private final String clientId;
  private final String clientSecret;
  private final String scope;
  private final InstantSource clock;
  private final IdTokenVerifier tokens;
  private volatile @Nullable Found found;

  public OpenIdConnect(
      Vertx vertx,
      ProviderHttpClient web,
      String issuer,
      String clientId,
      String clientSecret,
      String scope,
      InstantSource clock) {
    this.web = web;
    this.issuer = issuer;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.scope = scope;
    this.clock = clock;
    this.tokens = new IdTokenVerifier(vertx, web, SERVICE, () -> find().keys, clock);
  }

  public IdentityProvider flow() {
    return new AuthorizationCodeFlow(web, this::at, this::profile);
  }

  private AuthorizationCodeFlow.Endpoints at() {
    Found where = find();
    return new AuthorizationCodeFlow.Endpoints(
        SERVICE,
        where.authorize,
        where.token,
        scope,
        Map.of(),
        clientId,
        () -> clientSecret,
        issuer,
        where.basic,
        true);
  }

  /** An id is worth something together with its issuer alone. */
  private Profile profile(JsonObject traded, @Nullable String nonce) {
    var claims =
        tokens.verify(
            Claims.required(traded, "id_token"), Set.of(issuer), List.of(clientId), nonce);
    Profile said = Claims.profile(claims);
    String users = find().users;
    if (!users.isEmpty() && (said.email().isEmpty() || said.name().isEmpty())) {
      said = completed(said, users, Claims.text(traded, "access_token"));
    }
    return new Profile(issuer + " " + said.id(), said.email(), said.name(), said.picture());
  }

  /** Who somebody is was said already: without more of it he comes in all the same. */
  private Profile completed(Profile said, String users, String accessToken) {
    Profile more;
    try {
      more = Claims.profile(web.getJson(SERVICE, users, accessToken));
    } catch (ProviderException _) {
      return said;
    }
    return more.id().equals(said.id())
        ? new Profile(
            said.id(),
            or(said.email(), more.email()),
            or(said.name(), more.name()),
            or(said.picture(), more.picture()))
        : said;
  }

  private static String or(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private Found find() {
    Found known = found;
    long now = clock.millis();
    if (known != null && now - known.atMs < BELIEVED_FOR.toMillis()) {
      return known;
    }
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonObject said = web.getJson(SERVICE, base + DISCOVERY, null);
    if (!issuer.equals(said.getValue("issuer"))) {
      throw new ProviderException(Reason.ISSUER, "calls itself by another name");
    }
    var read =
        new Found(
            Claims.required(said, "authorization_endpoint"),
            Claims.required(said, "token_endpoint"),
            Claims.required(said, "jwks_uri"),
            Claims.text(said, "userinfo_endpoint"),
            isBasic(said),
            now);
    found = read;
    return read;
  }

  /** As an issuer wants it that does not say how. */
  private static boolean isBasic(JsonObject said) {
    return !(said.getValue("token_endpoint_auth_methods_supported") instanceof JsonArray ways)
        || ways.contains("client_secret_basic");
  }

  private record Found(
      String authorize, String token, String keys, String users, boolean basic, long atMs) {}
}
