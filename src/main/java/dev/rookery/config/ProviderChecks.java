package dev.rookery.config;

import dev.rookery.base.ServiceUrl;
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

  private void url(@Nullable String text, String key) {
    if (text == null) {
      return;
    }
    try {
      ServiceUrl url = ServiceUrl.parseHttp(text);
      if (production && !isEncryptedOrLocal(url)) {
        report.accept("providers." + key, "must begin with https:// in production");
      }
    } catch (IllegalArgumentException wrong) {
      report.accept("providers." + key, String.valueOf(wrong.getMessage()));
    }
  }

  /** Secrets go there: by TLS, or not off this machine. */
  private static boolean isEncryptedOrLocal(ServiceUrl url) {
    return url.scheme().equals("https")
        || url.host().equals("localhost")
        || url.host().matches("127\\.[0-9.]+")
        || url.host().equals("::1");
  }
}
