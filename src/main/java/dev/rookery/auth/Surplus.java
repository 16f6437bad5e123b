package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices who signs in over and over without ever signing out, so that his oldest sessions can be
 * ended. Counts on this node only and forgets now and then: the bound on a player's sessions is
 * {@link #SESSIONS_MAX} and some. Confined to one verticle.
 */
final class Surplus {
  /** Sessions of a player that stay open, the latest used ones. */
  static final int SESSIONS_MAX = 1_000;

  private static final int LOOK_EVERY = 250;
  private static final int COUNTED_MAX = 50_000;

  private final Map<PlayerId, Integer> signIns = new HashMap<>();

  /** Whether it is time to look how many sessions the player has. */
  boolean isDue(PlayerId player) {
    if (signIns.size() >= COUNTED_MAX) {
      signIns.clear();
    }
    if (signIns.merge(player, 1, Integer::sum) < LOOK_EVERY) {
      return false;
    }
    signIns.remove(player);
    return true;
  }
}
