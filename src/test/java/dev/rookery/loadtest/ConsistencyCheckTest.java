package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consistency check finds each kind of inconsistency. */
final class ConsistencyCheckTest {
  private static final Map<LoadParameter, Integer> SMALL =
      Map.of(
          LoadParameter.PLAYERS, 6,
          LoadParameter.LOBBIES, 2,
          LoadParameter.THINK_MS, 10,
          LoadParameter.DROPS, 10,
          LoadParameter.MOVES, 0);

  private TestNode node;
  private BackgroundPlay play;

  @BeforeEach
  void start() {
    node = TestNode.start();
    play = BackgroundPlay.start(List.of(node.uri("")), 7, SMALL);
    play.awaitCommands(50);
  }

  @AfterEach
  void stop() {
    play.close();
    node.close();
  }

  @Test
  void findsNothingWhenEverythingIsConsistent() {
    play.finish();
    assertThat(play.metrics().drops()).isPositive();
  }

  @Test
  void findsAcknowledgedMessageThatIsNotStored() {
    play.recordAcknowledged("never sent");
    assertThat(play.firstProblem()).isEqualTo("acknowledged and not stored: never sent");
  }

  @Test
  void findsMessageThatIsStoredTwice() {
    play.sendMessage("twice", "key 1");
    play.sendMessage("twice", "key 2");
    assertThat(play.firstProblem()).isEqualTo("stored 2 times: twice");
  }

  @Test
  void findsMessageThatClientDidNotReceive() {
    play.rest();
    play.sendMessage("not received", "key");
    play.removeFromView("not received");
    assertThat(play.firstProblem()).contains("messages, stored").contains("not received: [");
  }

  @Test
  void findsAcknowledgedJoinThatIsNotStored() {
    play.rest();
    play.leaveUnnoticed();
    assertThat(play.firstProblem()).contains(" and is not stored in it");
  }

  @Test
  void findsMemberThatClientDoesNotSee() {
    play.rest();
    play.removeMemberFromView();
    assertThat(play.firstProblem()).contains("sees members");
  }
}
