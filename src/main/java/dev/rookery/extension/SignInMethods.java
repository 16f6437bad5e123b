package dev.rookery.extension;

import java.util.Set;

/**
 * How a player can sign in.
 *
 * @param providers of which an account is linked
 * @param device whether a device is linked
 * @param password whether they have an email address and a password
 */
public record SignInMethods(Set<IdentityProvider> providers, boolean device, boolean password) {
  public SignInMethods {
    providers = Set.copyOf(providers);
  }
}
