package dev.rookery.allocation;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Where nobody else starts game servers: a match is played in a room of the relay of this server.
 */
public final class LocalAllocator implements Allocator {
  private final Supplier<RelayAddress> here;

  /**
   * @param here asked for each match, for it is not known before the server listens
   */
  public LocalAllocator(Supplier<RelayAddress> here) {
    this.here = here;
  }

  /** Where players reach this server. */
  public record RelayAddress(String address, int port) {}

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    RelayAddress place = here.get();
    return Future.succeededFuture(
        new GameServer(place.address(), place.port(), "match-" + matchup.match()));
  }
}
