package dev.rookery.extensionhost;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.User;
import io.vertx.core.Future;

/** Reads players for extensions. */
@FunctionalInterface
public interface UserLookup {
  Future<User> find(PlayerId player);
}
