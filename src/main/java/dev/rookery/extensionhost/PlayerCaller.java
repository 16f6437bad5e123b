package dev.rookery.extensionhost;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.Caller;
import dev.rookery.extension.User;
import dev.rookery.store.TimedWait;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A player as extensions see them. */
record PlayerCaller(PlayerId player, UserLookup users) implements Caller {
  private static final Duration LOOKUP_WITHIN = Duration.ofSeconds(10);

  @Override
  public long id() {
    return player.value();
  }

  @Override
  public User user() {
    try {
      return TimedWait.await(users.find(player), LOOKUP_WITHIN);
    } catch (TimeoutException | RuntimeException failure) {
      throw new IllegalStateException(
          "the player " + player + " cannot be read: " + failure.getMessage(), failure);
    }
  }
}
