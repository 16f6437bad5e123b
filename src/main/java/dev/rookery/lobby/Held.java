package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lobbies that a transaction holds, as they become while players come, go and do something in them;
 * and whose place in them depends on a socket. Read once, saved once.
 */
final class Held {
  private final Transaction tx;
  private final BatchStore rows;
  private final TieStore ties;
  private final Map<LobbyId, Lobby> open = new HashMap<>();
  private final Map<LobbyId, Lobby> changed = new LinkedHashMap<>();
  private final Set<LobbyId> closed = new HashSet<>();
  private final Map<PlayerId, LobbyId> tied = new LinkedHashMap<>();
  private final List<PlayerId> untied = new ArrayList<>();

  Held(Transaction tx, BatchStore rows, TieStore ties) {
    this.tx = tx;
    this.rows = rows;
    this.ties = ties;
  }

  void hold(Set<LobbyId> wanted) {
    if (!wanted.isEmpty()) {
      open.putAll(rows.hold(tx, wanted));
    }
  }

  /** As it is by now; null if it is not open, or somebody else holds it. */
  @Nullable Lobby get(@Nullable LobbyId id) {
    return id == null ? null : open.get(id);
  }

  void put(Lobby lobby) {
    open.put(lobby.id(), lobby);
    changed.put(lobby.id(), lobby);
  }

  /** It is no more. */
  void close(Lobby lobby) {
    open.remove(lobby.id());
    changed.put(lobby.id(), lobby);
    closed.add(lobby.id());
  }

  /** He is in it only as long as his socket. */
  void tie(PlayerId player, LobbyId lobby) {
    tied.put(player, lobby);
  }

  void untie(PlayerId player) {
    untied.add(player);
  }

  /**
   * @param run of this node, which those depend on who are tied now
   */
  void save(long run) {
    if (!changed.isEmpty()) {
      rows.save(tx, changed.values(), closed);
    }
    if (!tied.isEmpty()) {
      ties.tie(tx, tied, run);
    }
    if (!untied.isEmpty()) {
      ties.untie(tx, untied);
    }
    List<LobbyId> ended =
        changed.values().stream()
            .filter(lobby -> closed.contains(lobby.id()) && lobby.roster() != null)
            .map(Lobby::id)
            .toList();
    if (!ended.isEmpty()) {
      ties.untieAll(tx, ended);
    }
  }
}
