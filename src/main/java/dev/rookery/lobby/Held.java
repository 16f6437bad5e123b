package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lobbies that a transaction holds, as they become while players come, go and do something in them.
 * Read once, saved once.
 */
final class Held {
  private final Transaction tx;
  private final BatchStore rows;
  private final Map<LobbyId, Lobby> open = new HashMap<>();
  private final Map<LobbyId, Lobby> changed = new LinkedHashMap<>();
  private final Set<LobbyId> closed = new HashSet<>();

  Held(Transaction tx, BatchStore rows) {
    this.tx = tx;
    this.rows = rows;
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

  void save() {
    if (!changed.isEmpty()) {
      rows.save(tx, changed.values(), closed);
    }
  }
}
