package dev.rookery.protocol.openturn;

import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchView;
import java.util.ArrayList;
import java.util.List;

/**
 * What a player has been shown of their match: kept at the socket, so that a snapshot is answered
 * without asking the owner, and never runs ahead of the batches.
 */
record SeatView(String room, String playerID, long revision, Snapshot snapshot, List<String> log) {
  static SeatView of(MatchView match, String playerID) {
    return new SeatView(match.room(), playerID, match.revision(), match.snapshot(), match.log());
  }

  SeatView after(MatchEvent.Advanced event) {
    var longer = new ArrayList<String>(log.size() + 1);
    longer.addAll(log);
    longer.add(event.steps().getFirst().record());
    return new SeatView(room, playerID, event.revision(), event.steps().getLast().after(), longer);
  }
}
