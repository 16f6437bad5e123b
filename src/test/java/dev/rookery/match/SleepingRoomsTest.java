package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rooms that nobody uses: they are rows, and what looks for some of them does not read all. */
final class SleepingRoomsTest {
  private static final int ROOMS = 100_000;
  private static final int PART = 10_000;
  private static final int BATCH = 1_000;
  private static final long TOUCHED = 1_000;

  private static final String INSERT =
      """
      WITH RECURSIVE number (n) AS (
        SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < CAST($3 AS BIGINT))
      INSERT INTO match_room (room_id, game_key, game_version, host_user, phase, target_capacity,
        seed, initial_now_ms, revision, actions, created_ms, touched_ms)
      SELECT 'room_' || n, 'tic-tac-toe', 'builtin-1', 'user_' || n, 'active', 2,
        'seed', 1, 0, 0, CAST($2 AS BIGINT), CAST($2 AS BIGINT) + n
      FROM number
      """;

  private final RoomStore rooms = new RoomStore();

  private static void sleep(TestStore store) {
    // In parts, each within the time limit of a statement on a busy machine.
    for (int i = 0; i < ROOMS; i += PART) {
      long first = i + 1L;
      store
          .database()
          .write(
              tx -> {
                tx.run(INSERT, first, TOUCHED, first + PART - 1);
                return true;
              });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void areSweptInBatchesAndNotReadByANodeThatStarts(Databases.TestDatabase database) {
    try (var store = TestStore.open(database.shared())) {
      sleep(store);
      sweepsDeleteABoundedNumberOfTheOldestRooms(store);
    }
    try (var node = TestNode.start(database)) {
      assertThat(node.get("/metrics").body())
          .contains("rookery_matches_loaded 0.0")
          .contains("rookery_matches_restore_seconds_count 0");
    }
  }

  private void sweepsDeleteABoundedNumberOfTheOldestRooms(TestStore store) {
    long before = TOUCHED + ROOMS;

    List<String> unused = rooms.unused(store.database(), before, BATCH);

    assertThat(unused).hasSize(BATCH).startsWith("room_1", "room_2");
    assertThat(new RoomSocketStore().roomsWithDeadSockets(store.database(), BATCH)).isEmpty();
    Boolean deleted =
        store.database().write(tx -> rooms.deleteUnused(tx, unused.getFirst(), before));
    assertThat(deleted).isTrue();
    assertThat(rooms.unused(store.database(), before, 1)).containsExactly("room_2");
    assertThat(rooms.find(store.database(), "room_" + ROOMS).map(RoomRow::phase))
        .contains(Phase.ACTIVE);
  }
}
