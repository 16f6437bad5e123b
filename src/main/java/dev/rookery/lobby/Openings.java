package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.player.LobbyMembership;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lobbies that are opened in one transaction, each with its host as first member. */
final class Openings {
  private final Transaction tx;
  private final BatchStore rows;
  private final List<Opening> all;
  private final Map<PlayerId, Roster> rosters = new HashMap<>();
  private Map<PlayerId, LobbyId> opened = Map.of();

  Openings(Transaction tx, BatchStore rows, List<Opening> all) {
    this.tx = tx;
    this.rows = rows;
    this.all = all;
  }

  /**
   * Opens them; their hosts are in none of them yet.
   *
   * @param run of this node, on which those hosts depend who come by a socket
   * @return where those hosts are to be seated whose lobbies were opened
   */
  Map<PlayerId, LobbyMembership> insert(Players players, long run) {
    List<PlayerId> asked =
        all.stream().filter(one -> one.code() != null).map(Opening::player).toList();
    if (!asked.isEmpty()) {
      players
          .findAll(tx, asked)
          .values()
          .forEach(host -> rosters.put(host.id(), RosterRules.with(Roster.EMPTY, host, Team.A)));
    }
    List<Opening> possible =
        all.stream()
            .filter(one -> one.code() == null || rosters.containsKey(one.player()))
            .toList();
    if (!possible.isEmpty()) {
      opened = rows.open(tx, possible, rosters);
    }
    var seats = new HashMap<PlayerId, LobbyMembership>();
    for (Opening one : possible) {
      LobbyId id = opened.get(one.player());
      if (id != null) {
        seats.put(one.player(), new LobbyMembership(id, one.code() == null ? null : run));
      }
    }
    return seats;
  }

  /**
   * Drops those whose hosts were not seated; their streams hear of the others.
   *
   * @return the others, by their hosts
   */
  Map<PlayerId, Lobby> tell(Map<PlayerId, Player> seated) {
    List<LobbyId> vain =
        opened.entrySet().stream()
            .filter(one -> !seated.containsKey(one.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    if (!vain.isEmpty()) {
      rows.drop(tx, vain);
    }
    var lobbies = new HashMap<PlayerId, Lobby>();
    for (Opening one : all) {
      Player host = seated.get(one.player());
      LobbyId id = opened.get(one.player());
      if (host != null && id != null) {
        Lobby lobby = fresh(one, id, host);
        tx.append(Topic.lobby(id), new LobbyEvent.Opened(lobby));
        lobbies.put(host.id(), lobby);
      }
    }
    return lobbies;
  }

  private Lobby fresh(Opening one, LobbyId id, Player host) {
    @Nullable Roster roster = rosters.get(host.id());
    return one.draft().opened(id, host, one.passwordHash() != null, one.code(), roster);
  }
}
