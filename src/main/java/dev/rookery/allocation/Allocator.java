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

  /**
   * As {@link #allocate}, with what is to be opened by the transaction that starts the match. A
   * match that does not start leaves nothing behind of that.
   */
  default Future<Allocation> prepare(Matchup matchup) {
    return allocate(matchup).map(server -> new Allocation(matchup, server, null));
  }
}
