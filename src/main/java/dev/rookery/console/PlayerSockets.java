package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.List;

/** The open sockets of players on this node. Does not wait for anything. */
public interface PlayerSockets {
  /**
   * A socket.
   *
   * @param path that the client has asked for, which tells the wire
   */
  record PlayerSocket(long id, String path, List<String> topics, long queuedBytes) {}

  /** The sockets of a player, at most so many. */
  List<PlayerSocket> of(PlayerId player, int max);

  /** Closes a socket of the player; false if there is none. */
  boolean close(PlayerId player, long socket);
}
