package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import java.time.Duration;

/**
 * The access token of a session that ends with it: there is nothing to refresh.
 *
 * @param displayName the display name of the player, empty if none
 */
public record ShortToken(
    String accessToken, Duration lifetime, PlayerId player, String displayName) {
  @Override
  public String toString() {
    return "ShortToken[player=" + player + "]";
  }
}
