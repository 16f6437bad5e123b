package dev.rookery.protocol.openturn;

import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchView;
import dev.rookery.match.ShownPayloads;
import java.util.ArrayList;
import java.util.List;

/**
 * What a player has been shown of their match: kept at the socket, so that a snapshot is answered
 * without asking the owner, and never runs ahead of the batches.
 *
 * @param log all records as they are
 * @param shownLog the records as the player is shown them
 */
record SeatView(
    ShownPayloads payloads,
    String room,
    String playerID,
    long revision,
    Snapshot snapshot,
    List<String> log,
    List<String> shownLog) {
  static SeatView of(MatchView match, String playerID, ShownPayloads payloads) {
    boolean all = payloads == ShownPayloads.ALL || match.snapshot().hasResult();
    return new SeatView(
        payloads,
        match.room(),
        playerID,
        match.revision(),
        match.snapshot(),
        match.log(),
        all
            ? match.log()
            : match.log().stream().map(record -> payloads.record(record, playerID)).toList());
  }

  /** The records as the player is shown them before the last step of an action. */
  List<String> logBefore(MatchEvent.Advanced event) {
    return ShownPayloads.isOver(event) ? log : shownLog;
  }

  SeatView after(MatchEvent.Advanced event) {
    String record = event.steps().getFirst().record();
    List<String> longer = with(log, record);
    return new SeatView(
        payloads,
        room,
        playerID,
        event.revision(),
        event.steps().getLast().after(),
        longer,
        payloads == ShownPayloads.ALL || ShownPayloads.isOver(event)
            ? longer
            : with(shownLog, payloads.record(record, playerID)));
  }

  private static List<String> with(List<String> records, String record) {
    var longer = new ArrayList<String>(records.size() + 1);
    longer.addAll(records);
    longer.add(record);
    return longer;
  }
}
