package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/** Who is here, derived from the connections that follow their own player. */
public sealed interface PresenceCommand<R> extends Command<R> {
  String ADDRESS = "presence";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * A connection of the player appeared on this node. Answers how the player is now: online.
   *
   * @param connection unique for the socket and its channel, given again at the end
   */
  record Arrive(PlayerId player, String connection) implements PresenceCommand<Arrival> {}

  /**
   * The connection has ended.
   *
   * @param meant whether the player wants to be away; otherwise he has a moment to come back
   */
  record Depart(PlayerId player, String connection, boolean meant)
      implements PresenceCommand<Done> {}
}
