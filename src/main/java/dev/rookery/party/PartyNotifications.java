package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.PlayerSummary;
import java.util.HashMap;
import java.util.Map;

/** The notifications about parties (Gamend HTTP contract, appendix B). */
final class PartyNotifications {
  /** The title of the notification about an invite, which is retracted with it. */
  static final String INVITE = "New Party Invite";

  private PartyNotifications() {}

  static Draft invited(PartyId party, PlayerSummary leader, PlayerSummary recipient) {
    return new Draft(
        leader.id(),
        recipient.id(),
        INVITE,
        "You have been invited to join a party.",
        Map.of(
            "type",
            "party_invite",
            "party_id",
            party.value(),
            "sender_name",
            leader.displayName(),
            "recipient_name",
            recipient.displayName()));
  }

  static Draft accepted(PartyInvite invite, PlayerSummary recipient) {
    return new Draft(
        invite.recipient(),
        invite.sender(),
        "Party Invite Accepted",
        recipient.displayName() + " accepted your party invite.",
        Map.of(
            "type",
            "party_invite_accepted",
            "party_id",
            invite.party().value(),
            "user_id",
            recipient.id().value(),
            "user_name",
            recipient.displayName()));
  }

  static Draft declined(PartyInvite invite, PlayerSummary recipient, boolean full) {
    Map<String, Object> metadata =
        Map.of(
            "type",
            "party_invite_declined",
            "party_id",
            invite.party().value(),
            "user_id",
            recipient.id().value(),
            "user_name",
            recipient.displayName());
    return new Draft(
        invite.recipient(),
        invite.sender(),
        "Party Invite Declined",
        recipient.displayName() + " declined your party invite.",
        full ? withReason(metadata) : metadata);
  }

  private static Map<String, Object> withReason(Map<String, Object> metadata) {
    var full = new HashMap<>(metadata);
    full.put("reason", "party_full");
    return full;
  }

  static Draft kicked(PartyId party, PlayerId leader, PlayerId target) {
    return new Draft(
        leader,
        target,
        "Removed From Party",
        "You have been removed from the party.",
        Map.of("type", "party_kicked", "party_id", party.value()));
  }
}
