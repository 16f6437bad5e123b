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
 * Takes players out of their lobbies when the node has ended by whose socket they had joined. One
 * node at a time does it for all; harmless if two do.
 *
 * <p>It looks among all members of lobbies, once for each run of a node that has ended, and at
 * times without one: a node that was declared dead may have let somebody join at its last moment.
 */
final class DisconnectedMembers {
  static final int LOOK_ANYWAY_EVERY = 30;
  static final int AT_ONCE = 100;

  private static final int ROUNDS_MAX = 100;

  private final Database database;
  private final Players players;
  private final Consumer<PlayerId> leave;
  private final Set<Long> done = new HashSet<>();
  private int calls;

  /**
   * @param leave takes a player out of the lobby that the player is in
   */
  DisconnectedMembers(Database database, Players players, Consumer<PlayerId> leave) {
    this.database = database;
    this.players = players;
    this.leave = leave;
  }

  void remove() {
    Set<Long> ended = NodeLiveness.findEndedRuns(database);
    done.retainAll(ended);
    boolean anyway = calls++ % LOOK_ANYWAY_EVERY == 0;
    if ((anyway || !done.containsAll(ended)) && noneIsLeft()) {
      done.addAll(ended);
    }
  }

  /** False if there were more than can be removed in one call. */
  private boolean noneIsLeft() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<PlayerId> found = players.findMembersOfEndedRuns(database, AT_ONCE);
      found.forEach(leave);
      if (found.size() < AT_ONCE) {
        return true;
      }
    }
    return false;
  }
}
