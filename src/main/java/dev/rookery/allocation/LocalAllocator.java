package dev.rookery.allocation;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Where nobody else starts game servers: a match is played in a room of the relay of this server.
 */
public final class LocalAllocator implements Allocator {
  private final Supplier<RelayAddress> address;

  /**
   * @param address asked for each match, for it is not known before the server listens
   */
  public LocalAllocator(Supplier<RelayAddress> address) {
    this.address = address;
  }

  /** Where players reach this server. */
  public record RelayAddress(String address, int port) {}

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    RelayAddress place = address.get();
    return Future.succeededFuture(
        new GameServer(place.address(), place.port(), "match-" + matchup.match()));
  }
}
