package dev.rookery.extension;

import java.time.Instant;

/**
 * A pending invite to a party.
 *
 * @param senderId the leader of the party
 */
public record PartyInvite(
    long id, long partyId, long senderId, long recipientId, Instant insertedAt) {}
