package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import java.time.Duration;

/** A fresh pair of tokens. */
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
