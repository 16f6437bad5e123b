package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.party.PartyStore.Positioned;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Optional;

/**
 * Shows parties to their members. A snapshot is of one moment: party, position and members are read
 * without a lock, and read again if the party's revision changed meanwhile; every change of its
 * members changes the revision.
 */
final class PartyViews {
  private static final int TRIES_MAX = 20;

  private final Database database;
  private final PartyStore parties;
  private final Players players;

  PartyViews(Database database, PartyStore parties, Players players) {
    this.database = database;
    this.parties = parties;
    this.players = players;
  }

  PartySnapshot show(PlayerId player) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Long party = players.find(database, player).partyId();
      if (party == null) {
        throw Refused.missing("not_in_party");
      }
      Optional<PartySnapshot> found = find(new PartyId(party));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw busy();
  }

  PartySnapshot watch(PlayerId player, PartyId party) {
    PartySnapshot found = find(party).orElseThrow(PartyViews::notMember);
    boolean member = found.members().stream().anyMatch(one -> one.id().equals(player));
    // A player who joined after the snapshot is told so by the stream.
    if (!member && !Long.valueOf(party.value()).equals(players.find(database, player).partyId())) {
      throw notMember();
    }
    return found;
  }

  /** Empty if the party is not open. */
  Optional<PartySnapshot> find(PartyId id) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Optional<Positioned> found = parties.find(database, id);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Party party = found.get().party();
      List<Player> members =
          players.findInParties(database, List.of(id)).getOrDefault(id, List.of());
      if (parties.revision(database, id).filter(now -> now == party.revision()).isPresent()) {
        return Optional.of(new PartySnapshot(party, members, found.get().position()));
      }
    }
    throw busy();
  }

  private static Refused notMember() {
    return Refused.denied("not_a_member");
  }

  private static Refused busy() {
    return new Refused(new Refusal.Unavailable("party_busy"));
  }
}
