package dev.rookery.auth;

import dev.rookery.console.RoleTemplate;
import dev.rookery.provider.IssuerIdentity;
import dev.rookery.provider.OpenIdConnect;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The identity provider of admins.
 *
 * @param groupsClaim the claim that lists the groups of a person
 * @param roles the role that each group gives
 * @param factorAcr authentication context classes that stand for a second factor
 * @param factorAmr authentication methods, any of which stands for a second factor
 * @param publicUrl of this server, as browsers reach it
 */
public record AdminOidcSettings(
    OpenIdConnect provider,
    String groupsClaim,
    Map<String, RoleTemplate> roles,
    List<String> factorAcr,
    Set<String> factorAmr,
    Supplier<String> publicUrl) {
  /** Returns the role that the groups give, the one with the most rights; empty if none does. */
  Optional<RoleTemplate> roleOf(List<String> groups) {
    // They are listed from the one with the most rights down.
    return groups.stream()
        .map(roles::get)
        .filter(Objects::nonNull)
        .min(Comparator.comparing(RoleTemplate.BUILT_IN::indexOf));
  }

  /** Whether the provider has asked for a second factor. */
  boolean hasFactor(IssuerIdentity identity) {
    return factorAcr.contains(identity.acr())
        || identity.amr().stream().anyMatch(factorAmr::contains);
  }

  /** The callback URL, as it is registered at the provider. */
  String redirectUri() {
    return publicUrl.get() + "/admin/sign-in/oidc/callback";
  }
}
