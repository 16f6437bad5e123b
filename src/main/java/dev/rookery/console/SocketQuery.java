package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.cluster.NodeCalls;
import java.util.List;

/**
 * Questions about the open sockets of a player on all nodes, which are answered from memory; nodes
 * that do not answer within {@link NodeCalls#WITHIN} are named.
 */
public sealed interface SocketQuery<R> extends Command<R> {
  String ADDRESS = "console.sockets";

  /** The most sockets of a player that a node tells of. */
  int LISTED_MAX = 50;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** The open sockets of a player. */
  record ListSockets(PlayerId player) implements SocketQuery<SocketPage> {}

  /** A socket on a node. */
  record NodeSocket(String node, PlayerSockets.PlayerSocket socket) {}

  /** Sockets, in the order of their nodes. */
  record SocketPage(List<NodeSocket> sockets, List<String> silent) {}

  /**
   * Closes a socket of a player; the client may connect again. {@code Missing("socket_not_found")};
   * {@code Unavailable("timeout")} if its node does not answer, which may close it all the same.
   */
  record CloseSocket(PlayerId player, String node, long socket) implements SocketQuery<Done> {}
}
