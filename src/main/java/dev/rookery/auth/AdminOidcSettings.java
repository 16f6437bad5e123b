package dev.rookery.auth;

import dev.rookery.provider.IssuerIdentity;
import dev.rookery.provider.OpenIdConnect;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The identity provider of admins.
 *
 * @param groupsClaim the claim that lists the groups of a person
 * @param roles the name of the role that each group gives
 * @param factorAcr authentication context classes that stand for a second factor
 * @param factorAmr authentication methods, any of which stands for a second factor
 * @param publicUrl of this server, as browsers reach it
 */
public record AdminOidcSettings(
    OpenIdConnect provider,
    String groupsClaim,
    Map<String, String> roles,
    List<String> factorAcr,
    Set<String> factorAmr,
    Supplier<String> publicUrl) {
  /** Returns the names of the roles that the groups give. */
  List<String> rolesOf(List<String> groups) {
    return groups.stream().map(roles::get).filter(Objects::nonNull).distinct().toList();
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
