package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Wish;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
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

  /** Those for whom the door is open and a seat is free, and where to. */
  Map<PlayerId, LobbyId> admitted() {
    var admitted = new HashMap<PlayerId, LobbyId>();
    var seats = new HashMap<LobbyId, Integer>();
    for (Arrival one : all) {
      Lobby lobby = held.get(one.lobby());
      if (lobby != null && mayEnter(one, lobby)) {
        int left = seats.getOrDefault(lobby.id(), lobby.seatsMax() - lobby.members());
        if (left > 0) {
          seats.put(lobby.id(), left - 1);
          admitted.put(one.player(), lobby.id());
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

  /** Their lobbies hear of those who were seated; answers what each came into. */
  Map<PlayerId, Lobby> tell(Transaction tx, Players players, Map<PlayerId, Player> seated) {
    var joined = new HashMap<PlayerId, Lobby>();
    for (Arrival one : all) {
      Lobby lobby = held.get(one.lobby());
      Player player = seated.get(one.player());
      if (lobby != null && player != null) {
        Lobby now = with(lobby, player, one.wish());
        held.put(now);
        Entrances.tell(tx, players, now, player);
        joined.put(player.id(), now);
      }
    }
    return joined;
  }

  private Lobby with(Lobby lobby, Player player, @Nullable Wish wish) {
    if (wish != null) {
      held.tie(player.id(), lobby.id());
    }
    Roster roster = lobby.roster();
    Team team = wish == null ? null : wish.team();
    return lobby.next(
        lobby.members() + 1,
        lobby.host(),
        lobby.hostName(),
        roster == null ? null : RosterRules.with(roster, player, team));
  }
}
