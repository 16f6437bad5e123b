package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import java.time.Duration;

/**
 * An access token and a refresh token of a session.
 *
 * @param accessLifetime how long the access token is valid
 * @param displayName the display name of the player, empty if none
 */
public record TokenPair(
    String accessToken,
    String refreshToken,
    Duration accessLifetime,
    PlayerId player,
    String displayName) {
  @Override
  public String toString() {
    return "TokenPair[player=" + player + "]";
  }
}
