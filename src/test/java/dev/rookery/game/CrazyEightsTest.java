package dev.rookery.game;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.game.GameSession.Outcome.Accepted;
import dev.rookery.game.GameSession.Outcome.Rejected;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CrazyEightsTest {
  private static final long START = 1_000_000;
  private static final List<String> PLAYERS = List.of("0", "1", "2");

  private final Game game = CrazyEights.game();

  private static MatchSetup setup() {
    String profile = "{\"played\":3,\"wins\":1}";
    return new MatchSetup(
        PLAYERS,
        "0",
        "seed",
        START,
        "{\"cards\":5,\"turnSeconds\":30}",
        Map.of("0", profile, "1", profile, "2", profile));
  }

  private static String hand(GameSession session, String player) {
    return new JsonObject(session.current().views().get(player)).getJsonArray("hand").encode();
  }

  /** Plays with bots and some timeouts to the end; the texts of all steps. */
  private static List<String> play(GameSession session) {
    var seen = new ArrayList<String>();
    long number = 0;
    while (!session.current().hasResult()) {
      number++;
      String player = session.current().activePlayers().getFirst();
      Accepted accepted;
      if (number % 7 == 0) {
        long deadline = session.current().deadline();
        assertThat(session.fireTimeout(number, deadline - 1)).isNull();
        accepted = session.fireTimeout(number, deadline);
      } else {
        BotDecision decided = session.decide(player, number % 2 == 0 ? "random" : "careful");
        assertThat(session.decide(player, number % 2 == 0 ? "random" : "careful"))
            .isEqualTo(decided);
        var action =
            new GameAction(
                number, player, decided.event(), decided.payload(), START + number * 1_000);
        accepted = (Accepted) session.apply(action);
      }
      accepted.steps().forEach(step -> seen.add(step.toString()));
    }
    return seen;
  }

  @Test
  void botsAndTimeoutsEndAMatchTheSameWayEachTime() {
    GameSession first = game.start(setup());
    GameSession second = game.start(setup());

    assertThat(play(first)).isEqualTo(play(second));
    assertThat(first.state()).isEqualTo(second.state());
    assertThat(first.settlement()).contains("\"played\"");
  }

  @Test
  void goesOnFromASavedStateAsIfItHadNeverStopped() {
    GameSession session = game.start(setup());
    session.fireTimeout(1, session.current().deadline());

    GameSession restored = game.restore(setup(), session.state());

    assertThat(restored.current()).isEqualTo(session.current());
    assertThat(play(restored)).isEqualTo(play(session));
  }

  @Test
  void aTimeoutDrawsForThePlayerAndTellsNobodyWhatTheyDrew() {
    GameSession session = game.start(setup());
    String before = hand(session, "0");

    Accepted fired = session.fireTimeout(1, START + 30_000);

    assertThat(fired.steps()).extracting(GameSession.Step::kind).containsOnly("internal");
    assertThat(new JsonObject(fired.steps().getFirst().record()).getString("event"))
        .isEqualTo("__timeout");
    JsonArray after = new JsonArray(hand(session, "0"));
    assertThat(after).hasSize(new JsonArray(before).size() + 1);
    String drawn = after.getString(after.size() - 1);
    for (GameSession.Step step : fired.steps()) {
      assertThat(step.record() + step.transition()).doesNotContain("\"" + drawn + "\"");
    }
    assertThat(session.current().activePlayers()).containsExactly("1");
    assertThat(session.current().deadline()).isEqualTo(START + 60_000);
  }

  @Test
  void rejectsWhatIsNotInTheHandAndEventsOfTheEngine() {
    GameSession session = game.start(setup());
    String other = new JsonArray(hand(session, "1")).getString(0);

    var play =
        (Rejected)
            session.apply(
                new GameAction(1, "0", "play", "{\"card\":\"" + other + "\"}", START + 1));
    var forged =
        (Rejected)
            session.apply(new GameAction(1, "0", "__gamekit_phase_outcome", "null", START + 1));

    assertThat(play.reason()).isEqualTo("not_in_hand");
    assertThat(forged.error()).isEqualTo("unknown_event");
  }
}
