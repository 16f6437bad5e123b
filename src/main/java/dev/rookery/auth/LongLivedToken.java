package dev.rookery.auth;

import dev.rookery.base.PlayerId;

/**
 * The result of a sign-in without a refresh token: one token that lasts as long as the session.
 *
 * @param uuid the UUID of the player
 * @param name the display name of the player
 */
public record LongLivedToken(String token, PlayerId player, String uuid, String name) {
  @Override
  public String toString() {
    return "LongLivedToken[player=" + player + "]";
  }
}
