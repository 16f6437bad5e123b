package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Pattern;

/** Discord: authorization codes, and access tokens that apps obtained themselves. */
public final class Discord {
  private static final String NAME = "discord";
  private static final String AUTHORIZATION = "https://discord.com/oauth2/authorize";
  private static final String API = "https://discord.com/api";
  private static final String AVATARS = "https://cdn.discordapp.com/avatars/";
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9A-Za-z_]{1,64}");

  private final ProviderHttpClient http;
  private final String authorization;
  private final String api;
  private final String clientId;
  private final String clientSecret;
  private final boolean configured;

  /**
   * @param baseUrl used instead of Discord's; empty for Discord
   * @param clientId empty if not configured
   */
  public Discord(ProviderHttpClient http, String baseUrl, String clientId, String clientSecret) {
    this.http = http;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.configured = !(baseUrl.isEmpty() && clientId.isEmpty());
    this.authorization = baseUrl.isEmpty() ? AUTHORIZATION : baseUrl + "/oauth2/authorize";
    this.api = baseUrl.isEmpty() ? API : baseUrl;
  }

  public IdentityProvider flow() {
    var client =
        new AuthorizationCodeFlow.Client(
            NAME,
            authorization,
            api + "/oauth2/token",
            api + "/users/@me",
            "identify email",
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

  /**
   * The user of an access token. Fails with {@link ProviderException}.
   *
   * <p>If a client id is configured, the token must be issued for it: any app gets tokens of its
   * own users, and could sign in here with them.
   */
  public User user(String accessToken) {
    if (!configured) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no client id");
    }
    if (!clientId.isEmpty()) {
      var authorized = http.getJson(NAME, api + "/oauth2/@me", accessToken);
      if (!(authorized.getValue("application") instanceof JsonObject application)
          || !clientId.equals(application.getValue("id"))) {
        throw new ProviderException(Reason.REFUSED, "access token of another app");
      }
    }
    return user(http.getJson(NAME, api + "/users/@me", accessToken));
  }

  private static User user(JsonObject fields) {
    String id = Claims.text(fields, "id");
    String hash = Claims.text(fields, "avatar");
    if (!ID.matcher(id).matches()) {
      throw new ProviderException(Reason.INCOMPLETE, "user without an id");
    }
    return new User(
        id,
        Claims.text(fields, "username"),
        Claims.text(fields, "global_name"),
        HASH.matcher(hash).matches() ? AVATARS + id + "/" + hash + ".png" : "");
  }

  private static Profile profile(JsonObject fields) {
    User user = user(fields);
    if (Claims.text(fields, "email").isEmpty()) {
      throw new ProviderException(Reason.INCOMPLETE, "user without an email address");
    }
    String name = user.globalName.isEmpty() ? user.username : user.globalName;
    return new Profile(user.id, Claims.verifiedEmail(fields, "verified"), name, user.avatar);
  }

  /**
   * A Discord user. What Discord does not tell is empty.
   *
   * @param avatar URL
   */
  public record User(String id, String username, String globalName, String avatar) {}
}
