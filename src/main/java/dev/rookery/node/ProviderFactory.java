package dev.rookery.node;

import dev.rookery.auth.AdminOidcSettings;
import dev.rookery.auth.IdentityProviders;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.ProvidersConfig;
import dev.rookery.config.Secret;
import dev.rookery.console.RoleTemplate;
import dev.rookery.player.Provider;
import dev.rookery.provider.Apple;
import dev.rookery.provider.Discord;
import dev.rookery.provider.Facebook;
import dev.rookery.provider.Google;
import dev.rookery.provider.IdentityProvider;
import dev.rookery.provider.OpenIdConnect;
import dev.rookery.provider.ProviderHttpClient;
import dev.rookery.provider.Steam;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the identity providers of a node from its configuration. */
final class ProviderFactory {
  private ProviderFactory() {}

  static IdentityProviders of(
      NodeConfig config, ProviderHttpClient http, InstantSource clock, Supplier<String> publicUrl) {
    var from = config.providers();
    var flows = new EnumMap<Provider, IdentityProvider>(Provider.class);
    var configured = EnumSet.noneOf(Provider.class);

    var discord =
        new Discord(
            http,
            url(from.discord().url()),
            text(from.discord().clientId()),
            text(from.discord().clientSecret()));
    flows.put(Provider.DISCORD, discord.flow());
    mark(configured, Provider.DISCORD, from.discord().clientId());

    var google = new Google(http, url(from.google().url()), clock);
    flows.put(
        Provider.GOOGLE,
        google.flow(text(from.google().clientId()), text(from.google().clientSecret())));
    mark(configured, Provider.GOOGLE, from.google().clientId());

    var facebook = from.facebook();
    flows.put(
        Provider.FACEBOOK,
        Facebook.flow(
            http, url(facebook.url()), text(facebook.clientId()), text(facebook.clientSecret())));
    mark(configured, Provider.FACEBOOK, facebook.clientId());

    var apple = new Apple(http, url(from.apple().url()), signing(from.apple()), clock);
    flows.put(Provider.APPLE, apple.flow(text(from.apple().webClientId())));
    mark(configured, Provider.APPLE, from.apple().webClientId());

    var steam = from.steam();
    flows.put(
        Provider.STEAM, new Steam(http, url(steam.url()), text(steam.key()), text(steam.app())));
    mark(configured, Provider.STEAM, steam.key());

    var openId = from.openId();
    if (openId.issuer() != null) {
      flows.put(
          Provider.OPENID,
          new OpenIdConnect(
                  http,
                  openId.issuer(),
                  text(openId.clientId()),
                  text(openId.clientSecret()),
                  openId.scope(),
                  clock)
              .flow());
      configured.add(Provider.OPENID);
    }
    return new IdentityProviders(
        flows,
        configured,
        apple.flow(text(from.apple().phoneClientId())),
        google,
        Stream.of(from.google().webClientId(), from.google().clientId())
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList(),
        discord,
        publicUrl);
  }

  /** The identity provider of admins; null if there is none. */
  static @Nullable AdminOidcSettings ofAdmins(
      NodeConfig config, ProviderHttpClient http, InstantSource clock, Supplier<String> publicUrl) {
    var oidc = config.admin().oidc();
    if (oidc.issuer() == null) {
      return null;
    }
    var provider =
        new OpenIdConnect(
            http,
            oidc.issuer(),
            text(oidc.clientId()),
            text(oidc.clientSecret()),
            oidc.scope(),
            clock);
    return new AdminOidcSettings(
        provider,
        oidc.groupsClaim(),
        rolesOfGroups(config),
        oidc.factorAcr(),
        Set.copyOf(oidc.factorAmr()),
        publicUrl);
  }

  /** Fails with {@link IllegalArgumentException} if an entry is not {@code group=role}. */
  static Map<String, String> rolesOfGroups(NodeConfig config) {
    var roles = new LinkedHashMap<String, String>();
    for (String entry : config.admin().oidc().roles()) {
      // Names of groups may have the character, as those of LDAP do.
      int end = entry.lastIndexOf('=');
      String group = end < 0 ? "" : entry.substring(0, end).strip();
      String role = entry.substring(end + 1).strip();
      // Whether a custom role exists is checked at each sign-in: it may be created or deleted.
      if (!RoleTemplate.isName(role)) {
        throw new IllegalArgumentException("names no role: " + role);
      }
      if (group.isEmpty() || roles.put(group, role) != null) {
        throw new IllegalArgumentException("is no list of different groups such as staff=viewer");
      }
    }
    return roles;
  }

  /** Fails with {@link IllegalArgumentException} if Apple's private key cannot be read. */
  static void check(NodeConfig config) {
    signing(config.providers().apple()).check();
  }

  private static Apple.SigningKey signing(ProvidersConfig.Apple apple) {
    return new Apple.SigningKey(text(apple.team()), text(apple.keyId()), text(apple.privateKey()));
  }

  private static void mark(EnumSet<Provider> configured, Provider provider, @Nullable Object by) {
    if (by != null) {
      configured.add(provider);
    }
  }

  private static String url(@Nullable String given) {
    String url = text(given);
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }

  private static String text(@Nullable Secret given) {
    return given == null ? "" : given.value();
  }
}
