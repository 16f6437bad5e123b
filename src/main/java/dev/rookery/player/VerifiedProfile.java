package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * A profile that an identity provider has verified, with all fields checked against the limits of
 * this server.
 *
 * @param id the provider's subject; never given to another account there
 * @param email lower case; null unless the provider has verified it
 * @param name empty if the provider tells none
 * @param picture URL, empty if there is none
 */
public record VerifiedProfile(
    Provider provider, String id, @Nullable String email, String name, String picture) {
  @Override
  public String toString() {
    return "VerifiedProfile[" + provider + "]";
  }
}
