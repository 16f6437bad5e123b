package dev.rookery.lobby;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.party.Party;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A party that its leader takes into a lobby: all members, or none. The party is locked, so these
 * are its members until the end of the transaction.
 *
 * @param members with the leader, oldest account first
 */
record EnteringParty(Party party, List<Player> members) {
  /** How long ago a member who is offline may have been seen last. */
  private static final Duration RECENTLY = Duration.ofMinutes(5);

  int size() {
    return members.size();
  }

  boolean isLedBy(PlayerId player) {
    return party.leader().equals(player);
  }

  List<PlayerSummary> summaries() {
    return members.stream().map(EnteringParty::summary).toList();
  }

  static PlayerSummary summary(Player member) {
    return new PlayerSummary(
        member.id(),
        member.uuid(),
        member.displayName(),
        member.lobby(),
        member.partyId() == null ? null : new PartyId(member.partyId()));
  }

  void mustBeInNoLobby() {
    if (members.stream().anyMatch(member -> member.lobby() != null)) {
      throw Refused.conflict("member_in_lobby");
    }
  }

  /** Each member is online, or was so a moment ago. */
  void mustBeActive(Instant now) {
    long since = now.minus(RECENTLY).toEpochMilli();
    if (members.stream().anyMatch(member -> !member.online() && member.lastSeenMs() < since)) {
      throw Refused.conflict("members_offline");
    }
  }

  /** There is a seat for each in a new lobby. */
  void mustFitInto(int seats) {
    if (size() > seats) {
      throw Refused.denied("lobby_too_small_for_party");
    }
  }

  /** There is a free seat for each. */
  void mustFitInto(Lobby lobby) {
    if (lobby.members() + size() > lobby.seatsMax()) {
      throw Refused.denied("not_enough_space");
    }
  }
}
