package dev.rookery.party;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Player;
import java.util.List;

/** What happens to a party, on its stream. */
public sealed interface PartyEvent extends Event {
  /** A player created it. For durable consumers alone, and appended only while one reads it. */
  record Created(Party party) implements PartyEvent {}

  /** Settings were saved. */
  record Changed(Party party, List<Player> members) implements PartyEvent {}

  record Joined(Party party, Player player) implements PartyEvent {}

  record Left(Party party, PlayerId player, String displayName) implements PartyEvent {}

  record Kicked(Party party, PlayerId player, String displayName) implements PartyEvent {}

  /** The leader left, and nobody is in the party any more. */
  record Disbanded(Party party) implements PartyEvent {}
}
