package dev.rookery.lobby;

import dev.rookery.lease.Lease;
import dev.rookery.store.Database;
import java.util.List;

/**
 * Brings those out of their lobbies whose node has ended with their socket. A duty of one node at a
 * time; harmless if two do it.
 */
final class Ties {
  private static final int AT_ONCE = 100;

  private final Database database;
  private final TieStore rows;
  private final Exits exits;

  Ties(Database database, TieStore rows, Exits exits) {
    this.database = database;
    this.rows = rows;
    this.exits = exits;
  }

  void clear(Lease ignored) {
    List<TieStore.Loose> loose = rows.loose(database, AT_ONCE);
    for (TieStore.Loose one : loose) {
      if (one.present()) {
        exits.leave(one.player());
      }
      database.write(
          tx -> {
            rows.untie(tx, one.player(), one.lobby());
            return one;
          });
    }
  }
}
