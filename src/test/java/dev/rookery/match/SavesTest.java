package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.game.MatchSetup;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SavesTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void opensNoRoomWithALogAtWhichTheGameFails(TestStore store) {
    var game = new UnreliableGame(CountingGame.create());
    var member = TestClusterMember.join(store, "node");
    var saves = new Saves(TestRooms.dependencies(store, member, game));
    var setup = new MatchSetup(List.of("0", "1"), null, "seed", 1_000, null, Map.of());
    var match =
        new SaveCommand.CapturedMatch(
            "local",
            "counting",
            "1",
            "1",
            setup,
            1,
            "{}",
            List.of("{\"playerID\":\"0\",\"event\":\"roll\",\"payload\":null,\"at\":1001}"));
    var open = new SaveCommand.OpenRoom("ann", match);
    assertThat(((RoomInfo) saves.carryOut(open)).hostUser()).isEqualTo("ann");

    game.actionsFail = true;

    assertThatThrownBy(() -> saves.carryOut(open))
        .isInstanceOf(Refused.class)
        .hasMessage("replay_differs");
    assertThat(new UserRoomStore().countHosted(store.database(), "ann")).isEqualTo(1);
  }
}
