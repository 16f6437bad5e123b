package dev.rookery.node;

import dev.rookery.config.ConfigReader.Rule;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.CidrBlock;
import dev.rookery.edge.ClientAddressResolver;
import java.util.List;

/** What the parts of a node ask of their settings, checked together with everything else. */
public final class Rules {
  public static final List<Rule> ALL =
      List.of(
          new Rule(
              "http.trustedProxies (TRUSTED_PROXIES)",
              config -> config.http().trustedProxies().forEach(CidrBlock::parse)),
          new Rule(
              "http.addressHeaders (ROOKERY_HTTP_ADDRESS_HEADERS)",
              config -> config.http().addressHeaders().forEach(ClientAddressResolver::check)),
          new Rule("pages.theme (THEME_CONFIG)", PageParts::theme),
          new Rule("cache.redisUrl (REDIS_URL)", CacheSettings::check),
          new Rule(
              "http.allowedOrigins (PHX_ALLOWED_ORIGINS)",
              config -> {
                var unused = new AllowedOrigins(config.http().allowedOrigins(), "", false);
              }),
          new Rule("providers.apple.privateKey (APPLE_PRIVATE_KEY)", ProviderSettings::check),
          new Rule("store.url (DATABASE_URL)", StoreSettings::check));

  private Rules() {}
}
