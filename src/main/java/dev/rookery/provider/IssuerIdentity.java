package dev.rookery.provider;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person as an issuer of OpenID Connect describes them, with what it says about the sign-in.
 *
 * @param profile its id names the issuer too
 * @param groups empty if the issuer tells none
 * @param acr the authentication context class; empty if the issuer tells none
 * @param amr the authentication methods
 * @param authenticated when the person gave their credentials; null if the issuer does not tell
 */
public record IssuerIdentity(
    Profile profile,
    List<String> groups,
    String acr,
    List<String> amr,
    @Nullable Instant authenticated) {
  @Override
  public String toString() {
    return "IssuerIdentity";
  }
}
