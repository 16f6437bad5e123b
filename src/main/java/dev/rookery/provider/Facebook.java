package dev.rookery.provider;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Facebook: authorization codes. Facebook does not tell whether an email address is verified, so
 * none is taken from it.
 */
public final class Facebook {
  private static final String GRAPH = "https://graph.facebook.com";

  private Facebook() {}

  /**
   * @param baseUrl used instead of Facebook's; empty for Facebook
   */
  public static IdentityProvider flow(
      ProviderHttpClient http, String baseUrl, String clientId, String clientSecret) {
    String site = baseUrl.isEmpty() ? "https://www.facebook.com" : baseUrl;
    String graph = baseUrl.isEmpty() ? GRAPH : baseUrl;
    var client =
        new AuthorizationCodeFlow.Client(
            "facebook",
            site + "/v18.0/dialog/oauth",
            graph + "/v18.0/oauth/access_token",
            graph + "/v18.0/me?fields=id,name,picture",
            "email",
            Map.of(),
            clientId,
            () -> clientSecret,
            null,
            false,
            false);
    return new AuthorizationCodeFlow(
        http,
        () -> client,
        (tokens, _) -> profile(AuthorizationCodeFlow.userInfo(http, client, tokens)));
  }

  private static Profile profile(JsonObject fields) {
    String picture = "";
    if (fields.getValue("picture") instanceof JsonObject outer
        && outer.getValue("data") instanceof JsonObject data) {
      picture = Claims.text(data, "url");
    }
    return new Profile(Claims.text(fields, "id"), "", Claims.text(fields, "name"), picture);
  }
}
