package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import java.util.Random;

/**
 * Measures how long an index of a million records takes to fill from the rows, its memory, and how
 * long changes and questions take. Run the main method.
 */
final class RankIndexBench {
  private static final int RECORDS = 1_000_000;
  private static final int STEPS = 1_000_000;

  private static final int GENERATED_TOGETHER = 10_000;

  private static final String GENERATE =
      """
      INSERT INTO leaderboard_record (board_id, player_id, score, subscore, order_score,
        order_subscore, submissions, revision, metadata, created_ms, updated_ms)
      SELECT 1, number, number * 7919 % 1000003, 0, -1 - number * 7919 % 1000003, -1, 1, 1, '{}', 0, 0
      FROM (WITH RECURSIVE numbers (number) AS (
          SELECT CAST($1 AS BIGINT) UNION ALL
          SELECT number + 1 FROM numbers WHERE number < CAST($2 AS BIGINT))
        SELECT number FROM numbers) AS generated
      """;

  private RankIndexBench() {}

  public static void main(String[] arguments) {
    for (TestStore store : Databases.all().toList()) {
      try (store) {
        measure(store);
      }
    }
    System.exit(0);
  }

  private static void measure(TestStore store) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    """
                    INSERT INTO leaderboard (id, slug, title, sort_order, operator, metadata,
                      created_ms, updated_ms)
                    VALUES (1, 'bench', 'Bench', 'desc', 'set', '{}', 0, 0)
                    """));
    for (long first = 1; first < RECORDS; first += GENERATED_TOGETHER) {
      long from = first;
      store.database().write(tx -> tx.run(GENERATE, from, from + GENERATED_TOGETHER - 1));
    }
    for (int run = 0; run < 3; run++) {
      var index = new RankIndex(SortOrder.DESC);
      long started = System.nanoTime();
      new RankStore()
          .fill(
              store.database(),
              new BoardId(1),
              standings -> {
                for (Standing one : standings) {
                  index.load(one);
                }
              });
      long read = System.nanoTime();
      index.sort();
      long sorted = System.nanoTime();
      System.out.printf(
          "%s: %,d records, read in %,d ms, sorted in %,d ms, %.1f bytes a record%n",
          store,
          index.size(),
          (read - started) / 1_000_000,
          (sorted - read) / 1_000_000,
          (double) index.bytes() / RECORDS);
      change(index, run);
    }
  }

  private static void change(RankIndex index, int run) {
    var random = new Random(run);
    long started = System.nanoTime();
    for (int i = 0; i < STEPS; i++) {
      int record = 1 + random.nextInt(RECORDS);
      index.put(new Standing(record, record, random.nextInt(1_000_003), 0, i + 2L));
    }
    long changed = System.nanoTime();
    long found = 0;
    for (int i = 0; i < STEPS; i++) {
      var own = index.ofPlayer(1 + random.nextInt(RECORDS));
      found += own == null ? 0 : index.from(Math.max(1, own.rank() - 5), 11).size();
    }
    long asked = System.nanoTime();
    System.out.printf(
        "  %d ns a change, %d ns for 11 around a player (%,d), %.1f bytes a record afterwards%n",
        (changed - started) / STEPS,
        (asked - changed) / STEPS,
        found,
        (double) index.bytes() / RECORDS);
  }
}
