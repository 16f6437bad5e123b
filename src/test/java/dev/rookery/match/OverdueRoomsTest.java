package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.TicTacToe;
import dev.rookery.match.RoomRow.Start;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rooms that are due while their matches cannot be run. */
final class OverdueRoomsTest {
  private final RoomStore rooms = new RoomStore();

  private void open(TestStore store, String id) {
    long now = store.clock().millis();
    var lobby = LobbyRules.opened(TicTacToe.game().info(), "ann");
    store
        .database()
        .write(
            tx -> {
              rooms.insert(tx, RoomRow.opened(id, lobby, "seed"));
              rooms.begin(tx, id, new Start(Phase.ACTIVE, "seed", now, "{}", now));
              return true;
            });
  }

  private List<String> due(TestStore store) {
    return rooms.due(store.database(), store.clock().millis(), 10);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void leavesRoomsThatCannotBeRunForAWhile(TestStore store) {
    Map<String, RuntimeException> failures =
        Map.of(
            "broken", new DamagedLogException("a snapshot of a match is damaged"),
            "unloaded", new Refused(new Refusal.Unavailable(Games.NOT_LOADED)),
            "busy", new Refused(new Refusal.Unavailable("room_busy")));
    failures.keySet().forEach(room -> open(store, room));
    var overdue =
        new OverdueRooms(
            store.database(),
            rooms,
            store.clock(),
            room -> {
              throw failures.get(room);
            });

    failures.keySet().forEach(overdue::wakeOnce);

    assertThat(due(store)).containsExactly("busy");
    store.clock().advance(Duration.ofMinutes(1));
    assertThat(due(store)).containsExactlyInAnyOrder("broken", "unloaded", "busy");
  }
}
