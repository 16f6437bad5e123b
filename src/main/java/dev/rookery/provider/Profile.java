package dev.rookery.provider;

/**
 * A player as an identity provider describes them. What the provider does not tell is empty.
 *
 * @param id the subject; the provider never gives it to another account
 * @param email empty, too, where the provider has not verified the address
 * @param picture URL
 */
public record Profile(String id, String email, String name, String picture) {
  @Override
  public String toString() {
    return "Profile";
  }
}
