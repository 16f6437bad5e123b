package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Players who go out of lobbies in one transaction. */
final class Departures {
  private final Transaction tx;
  private final Players players;
  private final Held held;

  Departures(Transaction tx, Players players, Held held) {
    this.tx = tx;
    this.players = players;
    this.held = held;
  }

  /**
   * Their lobbies hear of it.
   *
   * @param goers with the lobbies they are in, which are held
   * @return who went: not, who was not in his any more
   */
  Set<PlayerId> leave(Map<PlayerId, LobbyId> goers) {
    if (goers.isEmpty()) {
      return Set.of();
    }
    Map<PlayerId, Player> gone = players.leaveLobbies(tx, goers);
    Map<LobbyId, Player> heirs = heirs(gone.keySet(), goers);
    var told = new LinkedHashMap<>(goers);
    told.keySet().retainAll(gone.keySet());
    told.forEach(
        (player, place) -> {
          Lobby lobby = held.get(place);
          Player goer = gone.get(player);
          if (lobby != null && goer != null) {
            leave(lobby, goer, heirs.get(place));
          }
        });
    return gone.keySet();
  }

  /** Who decides over those whose hosts are gone: somebody who stays. */
  private Map<LobbyId, Player> heirs(Set<PlayerId> gone, Map<PlayerId, LobbyId> goers) {
    var chosen = new HashMap<LobbyId, PlayerId>();
    var unchosen = new HashSet<LobbyId>();
    for (PlayerId player : gone) {
      Lobby lobby = held.get(goers.get(player));
      if (lobby == null || !player.equals(lobby.host())) {
        continue;
      }
      Roster roster = lobby.roster();
      if (roster == null) {
        unchosen.add(lobby.id());
        continue;
      }
      Roster rest = roster;
      for (PlayerId one : gone) {
        rest = RosterRules.without(rest, one);
      }
      RosterRules.heir(rest).ifPresent(heir -> chosen.put(lobby.id(), heir));
    }
    var heirs = new HashMap<LobbyId, Player>();
    if (!unchosen.isEmpty()) {
      heirs.putAll(players.findOldestMembers(tx, unchosen));
    }
    if (!chosen.isEmpty()) {
      Map<PlayerId, Player> found = players.findAll(tx, chosen.values());
      chosen.forEach((lobby, heir) -> heirs.put(lobby, found.get(heir)));
    }
    return heirs;
  }

  private void leave(Lobby lobby, Player goer, @Nullable Player heir) {
    boolean wasHost = goer.id().equals(lobby.host());
    Roster roster = lobby.roster();
    if (roster != null) {
      roster = RosterRules.without(roster, goer.id());
    }
    Lobby before =
        lobby.next(
            lobby.members() - 1,
            wasHost ? null : lobby.host(),
            wasHost ? "" : lobby.hostName(),
            roster);
    Lobby after = before;
    if (Exits.isClosed(before)) {
      held.close(before);
    } else {
      if (Exits.isHeadless(before) && heir != null) {
        after = before.headed(heir);
      }
      held.put(after);
    }
    Exits.tell(tx, before, after, goer);
  }
}
