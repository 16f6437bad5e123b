package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service of OAuth 2: a code is traded for tokens, and those are worth a profile. Each flow has a
 * proof of its own (PKCE), so that a code which somebody else got hold of opens nothing.
 *
 * <p>The trade is written here and not left to the library for OAuth, which reads answers of any
 * size and tells no refusal from a service that is away.
 */
final class AuthorizationCodeFlow implements IdentityProvider {
  /**
   * Where a service is, and what it knows us by.
   *
   * @param service its name in logs and metrics
   * @param more fixed parameters of the first step
   * @param clientSecret made anew for each trade, where it is a signed statement
   * @param issuer as it calls itself; null where it does not
   * @param basic whether the secret goes into a header of its own, and not into the form
   * @param hasNonce whether it makes identity tokens, which repeat one
   */
  record Endpoints(
      String service,
      String authorize,
      String token,
      String scope,
      Map<String, String> more,
      String clientId,
      Supplier<String> clientSecret,
      @Nullable String issuer,
      boolean basic,
      boolean hasNonce) {
    @Override
    public String toString() {
      return "At[" + service + "]";
    }
  }

  /** Who is meant by what a code was traded for. */
  @FunctionalInterface
  interface ProfileReader {
    /**
     * @param nonce what an identity token has to repeat; null if nobody asked for it
     */
    Profile profile(JsonObject traded, @Nullable String nonce);
  }

  private final ProviderHttpClient web;
  private final Supplier<Endpoints> where;
  private final ProfileReader reading;

  /**
   * @param where asked for each flow: an issuer tells it, and may be away when the node starts
   */
  AuthorizationCodeFlow(ProviderHttpClient web, Supplier<Endpoints> where, ProfileReader reading) {
    this.web = web;
    this.where = where;
    this.reading = reading;
  }

  @Override
  public String authorizationUrl(AuthorizationRequest ticket) {
    Endpoints at = where.get();
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", at.clientId);
    query.put("redirect_uri", ticket.redirectUri());
    query.put("response_type", "code");
    query.putAll(at.more);
    query.put("scope", at.scope);
    query.put("state", ticket.state());
    if (at.hasNonce) {
      query.put("nonce", ticket.nonce());
    }
    query.put("code_challenge", challenge(ticket.codeVerifier()));
    query.put("code_challenge_method", "S256");
    return at.authorize + (at.authorize.contains("?") ? "&" : "?") + ProviderHttpClient.form(query);
  }

  @Override
  public Profile authenticate(Map<String, String> brought, AuthorizationRequest ticket) {
    Endpoints at = where.get();
    String issuer = brought.get("iss");
    if (issuer != null && at.issuer != null && !issuer.equals(at.issuer)) {
      // A code of another service must not be shown to this one.
      throw new ProviderException(Reason.ISSUER, "another service answered");
    }
    String code = brought.getOrDefault("code", "");
    var traded = trade(at, code, ticket.redirectUri(), ticket.codeVerifier());
    return named(reading.profile(traded, at.hasNonce ? ticket.nonce() : null));
  }

  @Override
  public Profile exchange(String code, String redirectUri) {
    return named(reading.profile(trade(where.get(), code, redirectUri, null), null));
  }

  private JsonObject trade(
      Endpoints at, String code, String redirectUri, @Nullable String verifier) {
    if (at.clientId.isEmpty()) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no client id");
    }
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirectUri);
    String header = null;
    if (at.basic) {
      header = ProviderHttpClient.basic(at.clientId, at.clientSecret.get());
    } else {
      form.put("client_id", at.clientId);
      form.put("client_secret", at.clientSecret.get());
    }
    if (verifier != null) {
      form.put("code_verifier", verifier);
    }
    return web.postForm(at.service, at.token, form, header);
  }

  /** A reading that asks the service for the profile, with the access token. */
  static ProfileReader asked(
      ProviderHttpClient web, String service, String url, Function<JsonObject, Profile> reading) {
    return (traded, _) ->
        reading.apply(web.getJson(service, url, Claims.required(traded, "access_token")));
  }

  private static Profile named(Profile profile) {
    if (profile.id().isEmpty()) {
      throw new ProviderException(Reason.INCOMPLETE, "a profile without an id");
    }
    return profile;
  }

  private static String challenge(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
