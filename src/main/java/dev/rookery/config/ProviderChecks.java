package dev.rookery.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Checks that the settings of the identity providers are complete and consistent. */
final class ProviderChecks {
  private final BiConsumer<String, String> report;

  private final boolean production;

  ProviderChecks(BiConsumer<String, String> mistake, boolean production) {
    this.report = mistake;
    this.production = production;
  }

  void check(NodeConfig config) {
    var providers = config.providers();
    var discord = providers.discord();
    url(discord.url(), "discord.url (DISCORD_API_BASE_URL)");
    requireWith(
        discord.clientId(), discord.clientSecret(), "discord.clientSecret (DISCORD_CLIENT_SECRET)");
    var google = providers.google();
    url(google.url(), "google.url (GOOGLE_API_BASE_URL)");
    requireWith(
        google.clientId(), google.clientSecret(), "google.clientSecret (GOOGLE_CLIENT_SECRET)");
    var facebook = providers.facebook();
    url(facebook.url(), "facebook.url (FACEBOOK_API_BASE_URL)");
    requireWith(
        facebook.clientId(),
        facebook.clientSecret(),
        "facebook.clientSecret (FACEBOOK_CLIENT_SECRET)");
    var apple = providers.apple();
    url(apple.url(), "apple.url (APPLE_API_BASE_URL)");
    Object client = apple.webClientId() == null ? apple.phoneClientId() : apple.webClientId();
    requireWith(client, apple.team(), "apple.team (APPLE_TEAM_ID)");
    requireWith(client, apple.keyId(), "apple.keyId (APPLE_KEY_ID)");
    requireWith(client, apple.privateKey(), "apple.privateKey (APPLE_PRIVATE_KEY)");
    url(providers.steam().url(), "steam.url (STEAM_API_BASE_URL)");
    var openId = providers.openId();
    url(openId.issuer(), "openId.issuer (OPENID_ISSUER)");
    requireWith(openId.issuer(), openId.clientId(), "openId.clientId (OPENID_CLIENT_ID)");
    requireWith(
        openId.issuer(), openId.clientSecret(), "openId.clientSecret (OPENID_CLIENT_SECRET)");
  }

  private void requireWith(@Nullable Object one, @Nullable Object other, String key) {
    if (one != null && other == null) {
      report.accept("providers." + key, "is required for this provider");
    }
  }

  private void url(@Nullable String url, String key) {
    if (url != null && !isHttpUrl(url)) {
      report.accept("providers." + key, "is not an http:// or https:// URL");
    } else if (url != null && production && !isEncryptedOrLocal(url)) {
      report.accept("providers." + key, "must begin with https:// in production");
    }
  }

  /** Secrets go there: by TLS, or not off this machine. */
  private static boolean isEncryptedOrLocal(String url) {
    var uri = URI.create(url);
    String host = uri.getHost();
    return "https".equals(uri.getScheme())
        || host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("[::1]");
  }

  private static boolean isHttpUrl(String text) {
    try {
      var uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null;
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
