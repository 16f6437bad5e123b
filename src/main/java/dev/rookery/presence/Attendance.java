package dev.rookery.presence;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceStore.Run;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Shows players in and out: their rows, and what their lobbies hear of it, in one transaction. */
final class Attendance {
  private final Database database;
  private final Players players;
  private final PresenceStore rows;

  Attendance(Database database, Players players, PresenceStore rows) {
    this.database = database;
    this.players = players;
    this.rows = rows;
  }

  /** Empty if this run of the node was given up for dead. Two statements, besides what is told. */
  Optional<Arrival> showIn(PlayerId player, long epoch) {
    return database.write(
        tx -> {
          Player arrived = players.arrive(tx, player);
          return rows.arrive(tx, player, epoch)
              .map(
                  place -> {
                    if (place.first()) {
                      tellLobby(tx, arrived, true);
                    }
                    return new Arrival(arrived, place.position());
                  });
        });
  }

  /** By ascending id, as everybody who locks several players. */
  void showOut(List<PlayerId> gone, Run run) {
    database.write(
        tx -> {
          gone.forEach(player -> showOut(tx, player, run));
          return Done.DONE;
        });
  }

  private void showOut(Transaction tx, PlayerId player, Run run) {
    boolean exists = players.hold(tx, player);
    if (rows.departLast(tx, player, run) && exists) {
      tellLobby(tx, players.depart(tx, player), false);
    }
  }

  // His own stream is not told: that only presence changed is nothing his own sockets are shown.
  private void tellLobby(Transaction tx, Player player, boolean online) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      String stream = Topic.lobby(lobby);
      players.tell(tx, player, stream);
      tx.append(
          stream, online ? new PresenceEvent.Online(player) : new PresenceEvent.Offline(player));
    }
  }
}
