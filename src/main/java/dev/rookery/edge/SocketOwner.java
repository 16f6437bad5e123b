package dev.rookery.edge;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * The client to which a socket is counted: the player if the socket is signed in, otherwise the
 * network of the address.
 *
 * @param network as {@link ClientNetwork} has it; empty if it is not known
 * @param player null for a stranger
 */
public record SocketOwner(String network, @Nullable PlayerId player) {
  public static SocketOwner stranger(String address) {
    return new SocketOwner(ClientNetwork.of(address), null);
  }

  /** The same client, whose token has been verified. */
  public SocketOwner signedInAs(PlayerId signedIn) {
    return new SocketOwner(network, signedIn);
  }
}
