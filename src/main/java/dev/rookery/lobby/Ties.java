package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings those out of their lobbies whose node has ended with their socket. A duty of one node at a
 * time; harmless if two do it.
 *
 * <p>It looks among all who are in lobbies, once for each run that has ended, and now and then
 * without one: a node that was given up for dead may have seated somebody at its last moment.
 */
final class Ties {
  static final int LOOK_ANYWAY_EVERY = 30;
  static final int AT_ONCE = 100;

  private static final int ROUNDS_MAX = 100;

  private final Database database;
  private final Players players;
  private final Consumer<PlayerId> leave;
  private final Set<Long> seenTo = new HashSet<>();
  private int calls;

  /**
   * @param leave takes a player out of the lobby he is in
   */
  Ties(Database database, Players players, Consumer<PlayerId> leave) {
    this.database = database;
    this.players = players;
    this.leave = leave;
  }

  void clear() {
    Set<Long> ended = NodeLiveness.findEndedRuns(database);
    seenTo.retainAll(ended);
    boolean anyway = calls++ % LOOK_ANYWAY_EVERY == 0;
    if ((anyway || !seenTo.containsAll(ended)) && noneIsLeft()) {
      seenTo.addAll(ended);
    }
  }

  /** False if there were more than can be seen to at once. */
  private boolean noneIsLeft() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<PlayerId> loose = players.findMembersOfEndedRuns(database, AT_ONCE);
      loose.forEach(leave);
      if (loose.size() < AT_ONCE) {
        return true;
      }
    }
    return false;
  }
}
