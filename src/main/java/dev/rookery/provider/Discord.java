package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Pattern;

/** Discord: codes of browsers, and tokens that apps got by themselves. */
public final class Discord {
  private static final String SERVICE = "discord";
  private static final String AUTHORIZE = "https://discord.com/oauth2/authorize";
  private static final String API = "https://discord.com/api";
  private static final String AVATARS = "https://cdn.discordapp.com/avatars/";
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9A-Za-z_]{1,64}");

  private final ProviderHttpClient web;
  private final String authorize;
  private final String api;
  private final String clientId;
  private final String clientSecret;
  private final boolean configured;

  /**
   * @param base where to ask instead of at Discord; empty for Discord
   * @param clientId empty if there is none
   */
  public Discord(ProviderHttpClient web, String base, String clientId, String clientSecret) {
    this.web = web;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.configured = !(base.isEmpty() && clientId.isEmpty());
    this.authorize = base.isEmpty() ? AUTHORIZE : base + "/oauth2/authorize";
    this.api = base.isEmpty() ? API : base;
  }

  public IdentityProvider flow() {
    var at =
        new AuthorizationCodeFlow.Endpoints(
            SERVICE,
            authorize,
            api + "/oauth2/token",
            "identify email",
            Map.of(),
            clientId,
            () -> clientSecret,
            null,
            false,
            false);
    var reading = AuthorizationCodeFlow.asked(web, SERVICE, api + "/users/@me", Discord::profile);
    return new AuthorizationCodeFlow(web, () -> at, reading);
  }

  /**
   * Whose token it is; fails with {@link ProviderException}. Where this server has a client id the
   * token must have been made for it: anybody's app gets tokens of its users, and could come with
   * them.
   */
  public User user(String token) {
    if (!configured) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no client id");
    }
    if (!clientId.isEmpty()) {
      var authorization = web.getJson(SERVICE, api + "/oauth2/@me", token);
      if (!(authorization.getValue("application") instanceof JsonObject application)
          || !clientId.equals(application.getValue("id"))) {
        throw new ProviderException(Reason.REFUSED, "a token of another app");
      }
    }
    return user(web.getJson(SERVICE, api + "/users/@me", token));
  }

  private static User user(JsonObject said) {
    String id = Claims.text(said, "id");
    String hash = Claims.text(said, "avatar");
    if (!ID.matcher(id).matches()) {
      throw new ProviderException(Reason.INCOMPLETE, "no id");
    }
    return new User(
        id,
        Claims.text(said, "username"),
        Claims.text(said, "global_name"),
        HASH.matcher(hash).matches() ? AVATARS + id + "/" + hash + ".png" : "");
  }

  private static Profile profile(JsonObject said) {
    User user = user(said);
    if (Claims.text(said, "email").isEmpty()) {
      throw new ProviderException(Reason.INCOMPLETE, "no address");
    }
    String shown = user.globalName.isEmpty() ? user.username : user.globalName;
    return new Profile(user.id, Claims.verifiedEmail(said, "verified"), shown, user.avatar);
  }

  /**
   * What it does not say is empty.
   *
   * @param avatar an address
   */
  public record User(String id, String username, String globalName, String avatar) {}
}
