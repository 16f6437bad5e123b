package dev.rookery.storage;

import dev.rookery.base.LobbyId;
import dev.rookery.lobby.Lobbies;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import java.util.HashSet;
import java.util.List;

/**
 * Deletes the objects of lobbies that have closed. Nobody can add to such a lobby, so it may run
 * late and in small steps, and two nodes may do it at once.
 */
final class ClosedLobbySweep {
  private final Database database;
  private final StorageStore store;
  private final StorageChanges changes;
  private final Lobbies lobbies;

  ClosedLobbySweep(Database database, StorageStore store, StorageChanges changes, Lobbies lobbies) {
    this.database = database;
    this.store = store;
    this.changes = changes;
    this.lobbies = lobbies;
  }

  /** Looks at all lobbies with objects, some at a time; returns how many objects it deleted. */
  long run() {
    long removed = 0;
    var after = new LobbyId(0);
    List<LobbyId> some;
    do {
      some = store.lobbies(database, after, Placeholders.MANY_MAX);
      if (!some.isEmpty()) {
        var closed = new HashSet<>(some);
        closed.removeAll(lobbies.titles(database, some).keySet());
        for (LobbyId lobby : closed) {
          removed += changes.deleteOf(lobby);
        }
        after = some.getLast();
      }
    } while (some.size() == Placeholders.MANY_MAX && !Thread.currentThread().isInterrupted());
    return removed;
  }
}
