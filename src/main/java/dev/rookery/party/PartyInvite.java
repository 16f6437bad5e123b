package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PartyInviteId;
import dev.rookery.base.PlayerId;

/**
 * An invite into a party.
 *
 * @param sender the leader of the party
 * @param senderName empty in events, and if the player has none
 * @param recipientName as {@code senderName}
 */
public record PartyInvite(
    PartyInviteId id,
    PartyId party,
    PlayerId sender,
    String senderName,
    PlayerId recipient,
    String recipientName,
    State state,
    long createdMs) {
  /** The states; their lower-case names are stored, and shown by wires. */
  public enum State {
    /** Waits for the recipient. */
    PENDING,
    ACCEPTED,
    /** By the recipient, or because the party was full when they accepted. */
    DECLINED,
    /** The recipient joined another party, or left this one. */
    CANCELLED
  }

  PartyInvite in(State next) {
    return new PartyInvite(
        id, party, sender, senderName, recipient, recipientName, next, createdMs);
  }
}
