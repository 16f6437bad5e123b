package dev.rookery.auth;

import dev.rookery.player.Provider;
import dev.rookery.provider.Discord;
import dev.rookery.provider.Google;
import dev.rookery.provider.IdentityProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The services that vouch for players of this node.
 *
 * @param flows for browsers, and for codes of apps; one that is not configured vouches for nobody
 * @param configured which of them are
 * @param appleApp for codes of apps on Apple's phones
 * @param googleClientIds apps for which a token of Google's may be made; none if not configured
 * @param publicUrl where browsers reach this server
 */
public record IdentityProviders(
    Map<Provider, IdentityProvider> flows,
    Set<Provider> configured,
    IdentityProvider appleApp,
    Google google,
    List<String> googleClientIds,
    Discord discord,
    Supplier<String> publicUrl) {
  /** Where the provider sends browsers back to. */
  String redirectUri(Provider provider) {
    return publicUrl.get()
        + "/auth/"
        + provider.name().toLowerCase(java.util.Locale.ROOT)
        + "/callback";
  }
}
