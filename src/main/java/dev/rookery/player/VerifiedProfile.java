package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * Somebody for whom a provider vouches; all of it was checked and fits.
 *
 * @param id never given to anybody else by that provider
 * @param email lower-cased; null unless the provider knows that it is his
 * @param name empty if none
 * @param picture an address, empty if none
 */
public record VerifiedProfile(
    Provider provider, String id, @Nullable String email, String name, String picture) {
  @Override
  public String toString() {
    return "VerifiedProfile[" + provider + "]";
  }
}
