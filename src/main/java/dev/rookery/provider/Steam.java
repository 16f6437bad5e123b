package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steam: OpenID 2.0 for browsers, and session tickets of games. An assertion that a browser brings
 * counts only if it belongs to this flow and Steam, asked directly, confirms it.
 */
public final class Steam implements IdentityProvider {
  private static final Logger LOG = LoggerFactory.getLogger(Steam.class);
  private static final String NAME = "steam";
  private static final String NAMESPACE = "http://specs.openid.net/auth/2.0";
  private static final String IDENTIFIER_SELECT = NAMESPACE + "/identifier_select";
  private static final Pattern CLAIMED =
      Pattern.compile("https?://steamcommunity\\.com/openid/id/(\\d{17})");
  private static final Set<String> SIGNED =
      Set.of("op_endpoint", "claimed_id", "identity", "return_to", "response_nonce");
  // Whole bytes as hexadecimal digits. A Steam id has 17 digits, so it is never taken for a ticket.
  private static final Pattern TICKET = Pattern.compile("(?:[0-9a-fA-F]{2}){4,2560}");
  private static final int FIELDS_MAX = 30;

  private final ProviderHttpClient http;
  private final String login;
  private final String api;
  private final String key;
  private final String app;

  /**
   * @param baseUrl used instead of Steam's; empty for Steam
   * @param key of the Web API; if empty, players have no name and tickets are not accepted
   * @param app id of the app whose tickets are accepted
   */
  public Steam(ProviderHttpClient http, String baseUrl, String key, String app) {
    this.http = http;
    this.login = (baseUrl.isEmpty() ? "https://steamcommunity.com" : baseUrl) + "/openid/login";
    this.api = baseUrl.isEmpty() ? "https://api.steampowered.com" : baseUrl;
    this.key = key;
    this.app = app;
  }

  @Override
  public String authorizationUrl(AuthorizationRequest request) {
    var query = new LinkedHashMap<String, String>();
    query.put("openid.ns", NAMESPACE);
    query.put("openid.mode", "checkid_setup");
    query.put("openid.return_to", returnTo(request));
    query.put("openid.realm", realm(request.redirectUri()));
    query.put("openid.identity", IDENTIFIER_SELECT);
    query.put("openid.claimed_id", IDENTIFIER_SELECT);
    return login + "?" + ProviderHttpClient.formEncoded(query);
  }

  private static String returnTo(AuthorizationRequest request) {
    return request.redirectUri() + "?state=" + ProviderHttpClient.urlEncoded(request.state());
  }

  private static String realm(String redirectUri) {
    int path = redirectUri.indexOf('/', redirectUri.indexOf("//") + 2);
    return path < 0 ? redirectUri : redirectUri.substring(0, path);
  }

  @Override
  public boolean isGranted(Map<String, String> parameters) {
    return "id_res".equals(parameters.get("openid.mode"));
  }

  @Override
  public Profile authenticate(Map<String, String> parameters, AuthorizationRequest request) {
    String claimed = parameters.getOrDefault("openid.claimed_id", "");
    Matcher id = CLAIMED.matcher(claimed);
    var signed = Arrays.asList(parameters.getOrDefault("openid.signed", "").split(",", FIELDS_MAX));
    boolean belongs =
        NAMESPACE.equals(parameters.get("openid.ns"))
            && login.equals(parameters.get("openid.op_endpoint"))
            && returnTo(request).equals(parameters.get("openid.return_to"))
            && claimed.equals(parameters.get("openid.identity"))
            && new HashSet<>(signed).containsAll(SIGNED)
            && id.matches();
    if (!belongs) {
      throw new ProviderException(Reason.FORGED, "assertion of another flow");
    }
    var form = new LinkedHashMap<String, String>();
    parameters.forEach(
        (name, value) -> {
          if (name.startsWith("openid.") && form.size() < FIELDS_MAX) {
            form.put(name, value);
          }
        });
    form.put("openid.mode", "check_authentication");
    if (!isValid(http.postForm(NAME, login, form))) {
      throw new ProviderException(Reason.REFUSED, "Steam does not confirm the assertion");
    }
    return profile(id.group(1));
  }

  private static boolean isValid(String answer) {
    List<String> lines = answer.lines().toList();
    return lines.contains("is_valid:true") && lines.contains("ns:" + NAMESPACE);
  }

  @Override
  public Profile exchange(String code, String redirectUri) {
    if (key.isEmpty() || app.isEmpty()) {
      throw new ProviderException(Reason.NOT_CONFIGURED, "no Web API key or no app id");
    }
    if (!TICKET.matcher(code).matches()) {
      throw new ProviderException(Reason.REFUSED, "not a session ticket");
    }
    var query = new LinkedHashMap<String, String>();
    query.put("key", key);
    query.put("appid", app);
    query.put("ticket", code);
    var answer = get("/ISteamUserAuth/AuthenticateUserTicket/v1/", query);
    if (!(answer.getValue("params") instanceof JsonObject params)
        || !"OK".equals(params.getValue("result"))) {
      throw new ProviderException(Reason.REFUSED, "Steam refused the ticket");
    }
    String owner = Claims.text(params, "ownersteamid");
    return profile(owner.isEmpty() ? Claims.required(params, "steamid") : owner);
  }

  /** Without a key, and while Steam cannot be asked, the player signs in without a name. */
  private Profile profile(String id) {
    if (key.isEmpty()) {
      return new Profile(id, "", "", "");
    }
    var query = new LinkedHashMap<String, String>();
    query.put("key", key);
    query.put("steamids", id);
    try {
      var answer = get("/ISteamUser/GetPlayerSummaries/v2/", query);
      if (answer.getValue("players") instanceof JsonArray players
          && !players.isEmpty()
          && players.getValue(0) instanceof JsonObject player
          && id.equals(player.getValue("steamid"))) {
        return new Profile(
            id, "", Claims.text(player, "personaname"), Claims.text(player, "profileurl"));
      }
    } catch (ProviderException failed) {
      LOG.info("steam: signed in without a name: {}", failed.getMessage());
    }
    return new Profile(id, "", "", "");
  }

  private JsonObject get(String path, Map<String, String> query) {
    var answer = http.getJson(NAME, api + path + "?" + ProviderHttpClient.formEncoded(query), null);
    if (answer.getValue("response") instanceof JsonObject response) {
      return response;
    }
    throw new ProviderException(Reason.MALFORMED, "answer without a response");
  }
}
