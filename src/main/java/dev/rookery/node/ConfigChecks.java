package dev.rookery.node;

import dev.rookery.base.CidrBlock;
import dev.rookery.config.ConfigReader.Check;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.ClientAddressResolver;
import dev.rookery.translation.Translations;
import java.util.List;

/** The checks that components make of their settings, reported together with all other problems. */
public final class ConfigChecks {
  public static final List<Check> ALL =
      List.of(
          new Check(
              "http.trustedProxies (TRUSTED_PROXIES)",
              config -> config.http().trustedProxies().forEach(CidrBlock::parse)),
          new Check(
              "http.addressHeaders (ROOKERY_HTTP_ADDRESS_HEADERS)",
              config -> config.http().addressHeaders().forEach(ClientAddressResolver::checkHeader)),
          new Check("pages.theme (THEME_CONFIG)", PageSettingsFactory::checkTheme),
          new Check(
              "pages.defaultLocale (ROOKERY_PAGES_DEFAULT_LOCALE)",
              config -> Translations.checkTag(config.pages().defaultLocale())),
          new Check("cache.redisUrl (REDIS_URL)", CacheFactory::check),
          new Check("godra.redisUrl (GODRA_REDIS_URL)", CacheFactory::checkGodra),
          new Check(
              "godra.redisClusterNodes (GODRA_REDIS_CLUSTER_NODES)",
              CacheFactory::checkGodraCluster),
          new Check(
              "http.allowedOrigins (PHX_ALLOWED_ORIGINS)",
              config -> {
                var unused = new AllowedOrigins(config.http().allowedOrigins(), "", false);
              }),
          new Check("providers.apple.privateKey (APPLE_PRIVATE_KEY)", ProviderFactory::check),
          new Check("admin.oidc.roles (ADMIN_OIDC_ROLES)", ProviderFactory::rolesOfGroups),
          new Check(
              "matches.scripts.callStatements (ROOKERY_MATCHES_SCRIPTS_CALL_STATEMENTS)",
              MatchSetup::checkStatements),
          new Check("store.url (DATABASE_URL)", StoreFactory::check),
          new Check("staticFiles.folder (STATIC_DIR)", StaticFolderCheck::check),
          new Check("store.host (POSTGRES_HOST)", StoreFactory::checkHost),
          new Check("store.sslMode (POSTGRES_SSLMODE)", StoreFactory::checkTls),
          new Check("store.sqlitePath (SQLITE_DATABASE_PATH)", StoreFactory::checkFile),
          new Check("sentry.dsn (SENTRY_DSN)", ErrorMonitoring::check));

  private ConfigChecks() {}
}
