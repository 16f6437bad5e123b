package dev.rookery.match;

import dev.rookery.game.Snapshot;
import java.util.List;

/**
 * A match at one moment.
 *
 * @param revision the number of steps so far
 * @param headActionID the id of the last action; empty if there was none
 * @param log the records of all accepted actions, as JSON texts
 */
public record MatchView(
    String room, long revision, String headActionID, Snapshot snapshot, List<String> log) {
  public MatchView {
    log = List.copyOf(log);
  }
}
