package dev.rookery.presence;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.bus.Done;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.List;

/** Shows players out: their rows, and what their lobbies hear of it, in one transaction. */
final class Attendance {
  /** How many are shown out in one transaction. */
  static final int AT_ONCE_MAX = 20;

  private static final int PAGE = 200;
  private static final int RUNS_AT_ONCE_MAX = 16;

  private final Database database;
  private final Players players;
  private final PresenceStore rows = new PresenceStore();

  Attendance(Database database, Players players) {
    this.database = database;
    this.players = players;
  }

  /** A player who was last seen there, and when. */
  record Gone(PlayerId player, long seenMs) {}

  /** By ascending id, as everybody who locks several players. */
  void showOut(List<Gone> gone, long run) {
    database.write(
        tx -> {
          gone.forEach(one -> showOut(tx, one, run));
          return Done.DONE;
        });
  }

  /** Shows out everybody who is still said to be at a run that has ended. */
  void clear(long run, long seenMs) {
    List<PlayerId> left = rows.of(database, run, PAGE);
    while (!left.isEmpty()) {
      for (int from = 0; from < left.size(); from += AT_ONCE_MAX) {
        var some = left.subList(from, Math.min(left.size(), from + AT_ONCE_MAX));
        showOut(some.stream().map(player -> new Gone(player, seenMs)).toList(), run);
      }
      left = rows.of(database, run, PAGE);
    }
  }

  /** Runs that nobody remembers, of which there are players left all the same. */
  List<Long> forgotten() {
    return rows.orphans(database, RUNS_AT_ONCE_MAX);
  }

  private void showOut(Transaction tx, Gone gone, long run) {
    boolean exists = players.lockRow(tx, gone.player);
    if (rows.departLast(tx, gone.player, run) && exists) {
      tellLobby(tx, players.setOffline(tx, gone.player, gone.seenMs), false);
    }
  }

  // His own stream is not told: that only presence changed is nothing his own sockets are shown.
  void tellLobby(Transaction tx, Player player, boolean online) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      String stream = Topic.lobby(lobby);
      players.appendChange(tx, player, stream);
      tx.append(
          stream, online ? new PresenceEvent.Online(player) : new PresenceEvent.Offline(player));
    }
  }
}
