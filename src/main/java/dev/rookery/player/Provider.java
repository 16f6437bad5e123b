package dev.rookery.player;

/** A foreign service that vouches for a player. */
public enum Provider {
  GOOGLE,
  FACEBOOK,
  DISCORD,
  APPLE,
  STEAM,
  /** The issuer of OpenID Connect that this server was told of. */
  OPENID
}
