package dev.rookery.extension;

/** Where a player can have an account with which they sign in here. Later versions may add some. */
public enum IdentityProvider {
  GOOGLE,
  FACEBOOK,
  DISCORD,
  APPLE,
  STEAM,
  /** The OpenID Connect provider of the configuration. */
  OPENID
}
