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
    admins(config.admin());
  }

  private void admins(AdminConfig admin) {
    var oidc = admin.oidc();
    url("admin", oidc.issuer(), "oidc.issuer (ADMIN_OIDC_ISSUER)");
    requireWith("admin", oidc.issuer(), oidc.clientId(), "oidc.clientId (ADMIN_OIDC_CLIENT_ID)");
    requireWith(
        "admin",
        oidc.issuer(),
        oidc.clientSecret(),
        "oidc.clientSecret (ADMIN_OIDC_CLIENT_SECRET)");
    if (oidc.issuer() != null && oidc.roles().isEmpty()) {
      report.accept("admin.oidc.roles (ADMIN_OIDC_ROLES)", "is required: no group gives a role");
    }
    if (oidc.issuer() == null && !admin.passwords()) {
      report.accept(
          "admin.passwords (ADMIN_PASSWORDS)",
          "closes the console: there is no admin.oidc.issuer (ADMIN_OIDC_ISSUER)");
    }
  }

  private void requireWith(@Nullable Object one, @Nullable Object other, String key) {
    requireWith("providers", one, other, key);
  }

  private void url(@Nullable String text, String key) {
    url("providers", text, key);
  }

  private void requireWith(
      String parent, @Nullable Object one, @Nullable Object other, String key) {
    if (one != null && other == null) {
      report.accept(parent + "." + key, "is required for this provider");
    }
  }

  private void url(String parent, @Nullable String text, String key) {
    if (text == null) {
      return;
    }
    try {
      ServiceUrl url = ServiceUrl.parseHttp(text);
      if (production && !isEncryptedOrLocal(url)) {
        report.accept(parent + "." + key, "must begin with https:// in production");
      }
    } catch (IllegalArgumentException wrong) {
      report.accept(parent + "." + key, String.valueOf(wrong.getMessage()));
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
