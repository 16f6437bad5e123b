package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import dev.rookery.player.PlayerSummary;
import java.util.HashMap;
import java.util.Map;

/** The notifications about parties (Gamend HTTP contract, appendix B). */
final class PartyNotifications {
  private PartyNotifications() {}

  static Draft invited(PartyId party, PlayerSummary leader, PlayerSummary recipient) {
    return Draft.of(
        NotificationKind.PARTY_INVITE,
        leader.id(),
        recipient.id(),
        "You have been invited to join a party.",
        Map.of(
            "party_id",
            party.value(),
            "sender_name",
            leader.displayName(),
            "recipient_name",
            recipient.displayName()));
  }

  /** Of the notification about an invite that is cancelled or answered. */
  static Retraction retraction(PartyInvite invite) {
    return new Retraction(
        NotificationKind.PARTY_INVITE,
        invite.sender(),
        invite.recipient(),
        "party:" + invite.party().value());
  }

  static Draft accepted(PartyInvite invite, PlayerSummary recipient) {
    return Draft.of(
        NotificationKind.PARTY_INVITE_ACCEPTED,
        invite.recipient(),
        invite.sender(),
        recipient.displayName() + " accepted your party invite.",
        answer(invite, recipient));
  }

  static Draft declined(PartyInvite invite, PlayerSummary recipient, boolean full) {
    Map<String, Object> metadata = answer(invite, recipient);
    if (full) {
      metadata.put("reason", "party_full");
    }
    return Draft.of(
        NotificationKind.PARTY_INVITE_DECLINED,
        invite.recipient(),
        invite.sender(),
        recipient.displayName() + " declined your party invite.",
        metadata);
  }

  private static Map<String, Object> answer(PartyInvite invite, PlayerSummary recipient) {
    var metadata = new HashMap<String, Object>();
    metadata.put("party_id", invite.party().value());
    metadata.put("user_id", recipient.id().value());
    metadata.put("user_name", recipient.displayName());
    return metadata;
  }

  static Draft kicked(PartyId party, PlayerId leader, PlayerId target) {
    return Draft.of(
        NotificationKind.PARTY_KICKED,
        leader,
        target,
        "You have been removed from the party.",
        Map.of("party_id", party.value()));
  }
}
