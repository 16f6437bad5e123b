package dev.rookery.allocation;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Allocates a room of this server's own relay for each match; used when no provider of game servers
 * is configured.
 */
public final class LocalAllocator implements Allocator {
  private final Supplier<RelayAddress> address;

  /**
   * @param address supplies the address of the relay; called for each match, because it is not
   *     known before the server listens
   */
  public LocalAllocator(Supplier<RelayAddress> address) {
    this.address = address;
  }

  /** The address at which players reach this server. */
  public record RelayAddress(String address, int port) {}

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    RelayAddress relay = address.get();
    return Future.succeededFuture(
        new GameServer(relay.address(), relay.port(), "match-" + matchup.match()));
  }
}
