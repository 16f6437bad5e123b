package dev.rookery.party;

import dev.rookery.base.Event;

/**
 * What became of invites: on the stream of the sender if the recipient answered, on that of the
 * recipient if the sender withdrew the invite.
 */
public sealed interface PartyInviteEvent extends Event {
  PartyInvite invite();

  record Accepted(PartyInvite invite) implements PartyInviteEvent {}

  /**
   * The recipient declined, or accepted and found the party full.
   *
   * @param full whether it was full
   */
  record Declined(PartyInvite invite, boolean full) implements PartyInviteEvent {}

  record Cancelled(PartyInvite invite) implements PartyInviteEvent {}
}
