package dev.rookery.auth;

import dev.rookery.player.Provider;
import dev.rookery.provider.Discord;
import dev.rookery.provider.Google;
import dev.rookery.provider.IdentityProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The identity providers of a node.
 *
 * @param flows for browsers, and for codes of apps; one that is not configured fails each sign-in
 * @param configured those that have credentials
 * @param appleApp for codes of iOS apps
 * @param google for ID tokens of apps
 * @param googleClientIds accepted as the audience of these; empty if not configured
 * @param discord for access tokens of apps
 * @param publicUrl of this server, as browsers reach it
 */
public record IdentityProviders(
    Map<Provider, IdentityProvider> flows,
    Set<Provider> configured,
    IdentityProvider appleApp,
    Google google,
    List<String> googleClientIds,
    Discord discord,
    Supplier<String> publicUrl) {
  /** The callback URL of a provider, as it is registered there. */
  String redirectUri(Provider provider) {
    return publicUrl.get() + "/auth/" + provider.name().toLowerCase(Locale.ROOT) + "/callback";
  }
}
