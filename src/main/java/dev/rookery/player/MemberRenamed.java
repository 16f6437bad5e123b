package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/**
 * Tells the domain of lobbies that a member has another name, which it stores with the teams of the
 * lobby. Sent after the commit, so a node that dies at that moment leaves the old name there until
 * the player gets another one or enters again.
 */
public record MemberRenamed(PlayerId player) implements Command<Done> {
  public static final String ADDRESS = "lobby/names";

  @Override
  public String address() {
    return ADDRESS;
  }
}
