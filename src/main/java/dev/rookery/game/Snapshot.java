package dev.rookery.game;

import java.util.Map;

/**
 * What players see of a match at one moment; every text is JSON.
 *
 * @param derived who may act, and what the game shows beside its state
 * @param position the node, its path and the number of the turn
 * @param result {@code null} as long as the match goes on
 * @param publicView what spectators see
 * @param views what each player sees, by player
 */
public record Snapshot(
    String derived, String position, String result, String publicView, Map<String, String> views) {
  private static final String NONE = "null";

  public Snapshot {
    views = Map.copyOf(views);
  }

  public boolean hasResult() {
    return !result.equals(NONE);
  }
}
