package dev.rookery.allocation;

import io.vertx.core.Future;

/** Gives a match a server. */
@FunctionalInterface
public interface Allocator {
  /**
   * A server for these players and nobody else. Fails with {@code Unavailable("allocation_failed")}
   * when there is none, whatever the reason, within a bounded time; a server may have been started
   * all the same, and will wait for nobody. May be called from any thread.
   */
  Future<GameServer> allocate(Matchup matchup);
}
