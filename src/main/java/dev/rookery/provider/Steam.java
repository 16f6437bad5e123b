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
 * Steam: OpenID 2.0 for browsers, session tickets of games. What a browser brings is believed only
 * after Steam itself was asked whether it said so, and if it was said for this very flow.
 */
public final class Steam implements IdentityProvider {
  private static final Logger LOG = LoggerFactory.getLogger(Steam.class);
  private static final String SERVICE = "steam";
  private static final String NAMESPACE = "http://specs.openid.net/auth/2.0";
  private static final String ANYBODY = NAMESPACE + "/identifier_select";
  private static final Pattern CLAIMED =
      Pattern.compile("https?://steamcommunity\\.com/openid/id/(\\d{17})");
  private static final Set<String> SIGNED =
      Set.of("op_endpoint", "claimed_id", "identity", "return_to", "response_nonce");
  // A session ticket as hexadecimal digits; an id of a player is none.
  private static final Pattern TICKET = Pattern.compile("(?:[0-9a-fA-F]{2}){4,2560}");
  private static final int FIELDS_MAX = 30;

  private final ProviderHttpClient web;
  private final String login;
  private final String api;
  private final String key;
  private final String app;

  /**
   * @param base where to ask instead of at Steam; empty for Steam
   * @param key of the web API, without which a player has no name and no ticket is worth anything
   * @param app whose tickets count
   */
  public Steam(ProviderHttpClient web, String base, String key, String app) {
    this.web = web;
    this.login = (base.isEmpty() ? "https://steamcommunity.com" : base) + "/openid/login";
    this.api = base.isEmpty() ? "https://api.steampowered.com" : base;
    this.key = key;
    this.app = app;
  }

  @Override
  public String authorizationUrl(AuthorizationRequest ticket) {
    var query = new LinkedHashMap<String, String>();
    query.put("openid.ns", NAMESPACE);
    query.put("openid.mode", "checkid_setup");
    query.put("openid.return_to", returnTo(ticket));
    query.put("openid.realm", realm(ticket.redirectUri()));
    query.put("openid.identity", ANYBODY);
    query.put("openid.claimed_id", ANYBODY);
    return login + "?" + ProviderHttpClient.form(query);
  }

  private static String returnTo(AuthorizationRequest ticket) {
    return ticket.redirectUri() + "?state=" + ProviderHttpClient.encoded(ticket.state());
  }

  private static String realm(String redirectUri) {
    int path = redirectUri.indexOf('/', redirectUri.indexOf("//") + 2);
    return path < 0 ? redirectUri : redirectUri.substring(0, path);
  }

  @Override
  public boolean isGranted(Map<String, String> brought) {
    return "id_res".equals(brought.get("openid.mode"));
  }

  @Override
  public Profile authenticate(Map<String, String> brought, AuthorizationRequest ticket) {
    String claimed = brought.getOrDefault("openid.claimed_id", "");
    Matcher id = CLAIMED.matcher(claimed);
    var signed = Arrays.asList(brought.getOrDefault("openid.signed", "").split(",", FIELDS_MAX));
    boolean ours =
        NAMESPACE.equals(brought.get("openid.ns"))
            && login.equals(brought.get("openid.op_endpoint"))
            && returnTo(ticket).equals(brought.get("openid.return_to"))
            && claimed.equals(brought.get("openid.identity"))
            && new HashSet<>(signed).containsAll(SIGNED)
            && id.matches();
    if (!ours) {
      throw new ProviderException(Reason.FORGED, "an answer that is not for this flow");
    }
    var asked = new LinkedHashMap<String, String>();
    brought.forEach(
        (name, value) -> {
          if (name.startsWith("openid.") && asked.size() < FIELDS_MAX) {
            asked.put(name, value);
          }
        });
    asked.put("openid.mode", "check_authentication");
    if (!isValid(web.postFormForText(SERVICE, login, asked))) {
      throw new ProviderException(Reason.REFUSED, "Steam did not say so");
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
      throw new ProviderException(Reason.NOT_CONFIGURED, "no key or no app");
    }
    if (!TICKET.matcher(code).matches()) {
      throw new ProviderException(Reason.REFUSED, "no ticket");
    }
    var query = new LinkedHashMap<String, String>();
    query.put("key", key);
    query.put("appid", app);
    query.put("ticket", code);
    var said = ask("/ISteamUserAuth/AuthenticateUserTicket/v1/", query);
    if (!(said.getValue("params") instanceof JsonObject params)
        || !"OK".equals(params.getValue("result"))) {
      throw new ProviderException(Reason.REFUSED, "Steam refused the ticket");
    }
    String owner = Claims.text(params, "ownersteamid");
    return profile(owner.isEmpty() ? Claims.required(params, "steamid") : owner);
  }

  /** Without a key, or while Steam does not tell, a player comes in without name and address. */
  private Profile profile(String id) {
    if (key.isEmpty()) {
      return new Profile(id, "", "", "");
    }
    var query = new LinkedHashMap<String, String>();
    query.put("key", key);
    query.put("steamids", id);
    try {
      var said = ask("/ISteamUser/GetPlayerSummaries/v2/", query);
      if (said.getValue("players") instanceof JsonArray players
          && !players.isEmpty()
          && players.getValue(0) instanceof JsonObject player
          && id.equals(player.getValue("steamid"))) {
        return new Profile(
            id, "", Claims.text(player, "personaname"), Claims.text(player, "profileurl"));
      }
    } catch (ProviderException away) {
      LOG.info("a player of Steam stays without a name: {}", away.getMessage());
    }
    return new Profile(id, "", "", "");
  }

  private JsonObject ask(String path, Map<String, String> query) {
    var said = web.getJson(SERVICE, api + path + "?" + ProviderHttpClient.form(query), null);
    if (said.getValue("response") instanceof JsonObject response) {
      return response;
    }
    throw new ProviderException(Reason.MALFORMED, "no response");
  }
}
