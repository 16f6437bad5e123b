package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.Batched.Wish;
import dev.rookery.player.LobbyMembership;
import dev.rookery.player.Player;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Players who come into lobbies in one transaction. */
final class Arrivals {
  private final Held held;
  private final List<Arrival> all;

  Arrivals(Held held, List<Arrival> all) {
    this.held = held;
    this.all = all;
  }

  /**
   * Those for whom the door is open and a seat is free, and where to.
   *
   * @param run of this node, on which those depend who come by a socket
   */
  Map<PlayerId, LobbyMembership> admitted(long run) {
    var admitted = new HashMap<PlayerId, LobbyMembership>();
    var seats = new HashMap<LobbyId, Integer>();
    for (Arrival one : all) {
      Lobby lobby = held.get(one.lobby());
      if (lobby != null && mayEnter(one, lobby)) {
        int left = seats.getOrDefault(lobby.id(), lobby.seatsMax() - lobby.members());
        if (left > 0) {
          seats.put(lobby.id(), left - 1);
          admitted.put(
              one.player(), new LobbyMembership(lobby.id(), one.wish() == null ? null : run));
        }
      }
    }
    return admitted;
  }

  private static boolean mayEnter(Arrival one, Lobby lobby) {
    Wish wish = one.wish();
    return LobbyRules.isOpen(lobby)
        && (wish == null || (lobby.roster() != null && LobbyRules.mayFind(lobby, wish.code())));
  }

  /** Their lobbies hear of those who were seated; answers what came of each. */
  Map<PlayerId, Outcome> tell(Transaction tx, Map<PlayerId, Player> seated) {
    var joined = new HashMap<PlayerId, Outcome>();
    for (Arrival one : all) {
      Lobby lobby = held.get(one.lobby());
      Player player = seated.get(one.player());
      if (lobby != null && player != null) {
        Lobby now = with(lobby, player, one.wish());
        held.put(now);
        AppendResult told = tx.append(Topic.lobby(now.id()), new LobbyEvent.Joined(now, player));
        joined.put(player.id(), Outcome.came(now, told));
      }
    }
    return joined;
  }

  private static Lobby with(Lobby lobby, Player player, @Nullable Wish wish) {
    Roster roster = lobby.roster();
    Team team = wish == null ? null : wish.team();
    return lobby.next(
        lobby.members() + 1,
        lobby.host(),
        lobby.hostName(),
        roster == null ? null : RosterRules.with(roster, player, team));
  }
}
