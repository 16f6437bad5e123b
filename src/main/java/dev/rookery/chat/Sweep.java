package dev.rookery.chat;

import dev.rookery.base.LobbyId;
import dev.rookery.lobby.Lobbies;
import dev.rookery.store.Database;
import java.util.List;

/**
 * Removes the chat of closed lobbies, and then the rows of these lobbies. Nobody can read or write
 * there any more, so it may run late and in small steps, and two nodes may do it at once.
 */
final class Sweep {
  private final Database database;
  private final Lobbies lobbies;
  private final SweepStore rows = new SweepStore();

  Sweep(Database database, Lobbies lobbies) {
    this.database = database;
    this.lobbies = lobbies;
  }

  /** One step; false when there was nothing to do. */
  boolean step() {
    List<LobbyId> closed = lobbies.closed(database);
    if (closed.isEmpty()) {
      return false;
    }
    List<Long> ids = closed.stream().map(LobbyId::value).toList();
    database.write(
        tx -> {
          boolean all = rows.remove(tx, Conversation.Kind.LOBBY, ids);
          if (all) {
            lobbies.forget(tx, closed);
          }
          return all;
        });
    return true;
  }
}
