package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The comparison at the end of play finds what it is there for. */
final class ConsistencyCheckTest {
  private static final Map<LoadParameter, Integer> SMALL =
      Map.of(
          LoadParameter.PLAYERS, 6,
          LoadParameter.LOBBIES, 2,
          LoadParameter.THINK_MS, 10,
          LoadParameter.DROPS, 10,
          LoadParameter.MOVES, 0);

  private TestNode node;
  private BackgroundPlay playing;

  @BeforeEach
  void begin() {
    node = TestNode.start();
    playing = BackgroundPlay.begin(List.of(node.uri("")), 7, SMALL);
    playing.goOn(50);
  }

  @AfterEach
  void stop() {
    playing.close();
    node.close();
  }

  @Test
  void wherePromisesAreKeptThereIsNothingToTell() {
    playing.end();
    assertThat(playing.figures().drops()).isPositive();
  }

  @Test
  void anAcknowledgedMessageThatIsNotStoredIsTold() {
    playing.promise("never said");
    assertThat(playing.complaint()).isEqualTo("acknowledged and not stored: never said");
  }

  @Test
  void aMessageThatIsStoredTwiceIsTold() {
    playing.say("twice", "key 1");
    playing.say("twice", "key 2");
    assertThat(playing.complaint()).isEqualTo("stored 2 times: twice");
  }

  @Test
  void aMessageThatAClientDidNotHearIsTold() {
    playing.rest();
    playing.say("unheard", "key");
    playing.forget("unheard");
    assertThat(playing.complaint()).contains("messages, stored").contains("not heard: [");
  }

  @Test
  void aJoinThatWasAcknowledgedAndIsNotStoredIsTold() {
    playing.rest();
    playing.leaveBehindItsBack();
    assertThat(playing.complaint()).contains(" and is not stored in it");
  }

  @Test
  void aMemberThatAClientDoesNotSeeIsTold() {
    playing.rest();
    playing.overlookSomebody();
    assertThat(playing.complaint()).contains("sees members");
  }
}
