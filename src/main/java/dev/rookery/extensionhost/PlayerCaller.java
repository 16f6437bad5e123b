package dev.rookery.extensionhost;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.Caller;
import dev.rookery.extension.User;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A player as extensions see them. */
record PlayerCaller(PlayerId player, UserLookup users) implements Caller {
  private static final long LOOKUP_SECONDS = 10;

  @Override
  public long id() {
    return player.value();
  }

  @Override
  public User user() {
    try {
      return users.find(player).await(LOOKUP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | RuntimeException failure) {
      throw new IllegalStateException(
          "the player " + player + " cannot be read: " + failure.getMessage(), failure);
    }
  }
}
