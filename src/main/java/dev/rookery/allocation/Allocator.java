package dev.rookery.allocation;

import io.vertx.core.Future;

/** Allocates game servers for matches. */
@FunctionalInterface
public interface Allocator {
  /**
   * Allocates a server for this match alone. Completes within a bounded time; any error fails with
   * {@code Unavailable("allocation_failed")}. After a failure the provider may still have started a
   * server, which then remains unused. May be called from any thread.
   */
  Future<GameServer> allocate(Matchup matchup);
}
