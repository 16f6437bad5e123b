package dev.rookery.player;

/** An identity provider that players can sign in with. */
public enum Provider {
  GOOGLE,
  FACEBOOK,
  DISCORD,
  APPLE,
  STEAM,
  /** The configured OpenID Connect provider. */
  OPENID
}
