package dev.rookery.match;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RoomGaugesTest {
  private static final String INSERT =
      """
      INSERT INTO match_room (room_id, game_key, game_version, host_user, phase, target_capacity,
        seed, finished_ms, revision, actions, created_ms, touched_ms)
      VALUES ($1, 'tic-tac-toe', 'builtin-1', 'ann', $2, 2, 'seed', $3, 0, 0, 1, 1)
      """;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void countsRoomsByPhase(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.run(INSERT, "room_1", "lobby", null);
              tx.run(INSERT, "room_2", "active", null);
              tx.run(INSERT, "room_3", "active", null);
              tx.run(INSERT, "room_4", "active", 5L);
              tx.run(INSERT, "room_5", "closed", 5L);
              return null;
            });
    var member = TestClusterMember.join(store, "node");

    RoomGauges.schedule(member.scheduler(), store.database(), new RoomStore());

    Eventually.holds(() -> rooms(store, "lobby") == 1);
    Eventually.holds(() -> rooms(store, "active") == 2);
    Eventually.holds(() -> rooms(store, "finished") == 1);
    Eventually.holds(() -> rooms(store, "closed") == 1);
  }

  private static double rooms(TestStore store, String phase) {
    return store.meters().get("rookery.matches.rooms").tag("phase", phase).gauge().value();
  }
}
