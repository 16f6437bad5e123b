package dev.rookery.provider;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Facebook: codes of browsers. It does not say whether an address is known to be its user's, so
 * none is taken from it.
 */
public final class Facebook {
  private static final String SERVICE = "facebook";
  private static final String GRAPH = "https://graph.facebook.com";

  private Facebook() {}

  /**
   * @param base where to ask instead of at Facebook; empty for Facebook
   */
  public static IdentityProvider flow(
      ProviderHttpClient web, String base, String clientId, String clientSecret) {
    String site = base.isEmpty() ? "https://www.facebook.com" : base;
    String graph = base.isEmpty() ? GRAPH : base;
    var at =
        new AuthorizationCodeFlow.Endpoints(
            SERVICE,
            site + "/v18.0/dialog/oauth",
            graph + "/v18.0/oauth/access_token",
            "email",
            Map.of(),
            clientId,
            () -> clientSecret,
            null,
            false,
            false);
    String me = graph + "/v18.0/me?fields=id,name,picture";
    return new AuthorizationCodeFlow(
        web, () -> at, AuthorizationCodeFlow.asked(web, SERVICE, me, Facebook::profile));
  }

  private static Profile profile(JsonObject said) {
    String picture = "";
    if (said.getValue("picture") instanceof JsonObject outer
        && outer.getValue("data") instanceof JsonObject data) {
      picture = Claims.text(data, "url");
    }
    return new Profile(Claims.text(said, "id"), "", Claims.text(said, "name"), picture);
  }
}
