package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/** Who is online, derived from the connections that follow their own player. */
public sealed interface PresenceCommand<R> extends Command<R> {
  String ADDRESS = "presence";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * A connection of the player was opened on this node. Answers the player, who is online now.
   *
   * @param connection names the socket and its channel, of all in the cluster; given again at the
   *     end
   */
  record Arrive(PlayerId player, String connection) implements PresenceCommand<Arrival> {}

  /**
   * The connection was closed.
   *
   * @param deliberate whether the player wants to be offline; otherwise the grace period begins, in
   *     which the player may come back
   */
  record Depart(PlayerId player, String connection, boolean deliberate)
      implements PresenceCommand<Done> {}
}
