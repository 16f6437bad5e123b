package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.store.Database;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Opens the next seasons of recurring boards, and removes the records of deleted boards. Past
 * seasons are kept with their records.
 */
final class Seasons {
  private static final int RENEWALS_MAX = 64;
  private static final int DELETIONS_MAX = 500;
  private static final int STEPS_MAX = 20;

  private final Database database;
  private final BoardStore boards;
  private final RecordStore records;
  private final InstantSource clock;
  private volatile boolean stopping;

  Seasons(Database database, BoardStore boards, RecordStore records, InstantSource clock) {
    this.database = database;
    this.boards = boards;
    this.records = records;
    this.clock = clock;
  }

  /** Opens the next season if the board has ended and has none; harmless when repeated. */
  void renew(BoardId id) {
    database.write(
        tx -> {
          Optional<Board> ended = boards.claimRenewal(tx, id);
          ended.ifPresent(
              board -> boards.insert(tx, BoardRules.renew(board, tx.now().toEpochMilli())));
          return ended.isPresent();
        });
  }

  /** One run of the periodic job. */
  void run() {
    for (BoardId due : boards.due(database, clock.millis(), RENEWALS_MAX)) {
      renew(due);
    }
    int steps = 0;
    while (steps < STEPS_MAX && !stopping && removeSome()) {
      steps++;
    }
  }

  void stop() {
    stopping = true;
  }

  /** Removes a bounded number of records of a deleted board; false if there is none. */
  private boolean removeSome() {
    Optional<BoardId> deleted = boards.deleted(database);
    deleted.ifPresent(
        board ->
            database.write(
                tx -> {
                  int removed = records.deleteOfBoard(tx, board, DELETIONS_MAX);
                  if (removed < DELETIONS_MAX) {
                    boards.remove(tx, board);
                  }
                  return removed;
                }));
    return deleted.isPresent();
  }
}
