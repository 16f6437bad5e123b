package dev.rookery.game;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.GameSession.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TicTacToeTest {
  private static final MatchSetup SETUP =
      new MatchSetup(List.of("0", "1"), "0", "room_123:seed", 1_000);

  private final Game game = TicTacToe.game();
  private final GameSession session = game.start(SETUP);
  private int actions;

  private Outcome place(GameSession at, String player, int row, int col) {
    return act(at, player, "placeMark", JsonObject.of("row", row, "col", col).encode());
  }

  private Outcome act(GameSession at, String player, String event, String payload) {
    Outcome outcome =
        at.apply(new GameAction(actions + 1L, player, event, payload, 2_000 + actions));
    if (outcome instanceof Outcome.Accepted) {
      actions++;
    }
    return outcome;
  }

  private static String error(Outcome outcome) {
    return ((Outcome.Rejected) outcome).error();
  }

  @Test
  void showsWhatTheContractShowsAtTheStart() {
    Snapshot first = session.current();

    assertThat(first.derived())
        .isEqualTo(
            "{\"activePlayers\":[\"0\"],\"control\":null,\"controlMeta\":{\"deadline\":null,"
                + "\"label\":\"play\",\"metadata\":[],\"pendingTargets\":[\"play\","
                + "\"__gamekit_finished\"]},\"selectors\":{\"boardFull\":false,\"winner\":null,"
                + "\"currentPlayer\":\"0\"}}");
    assertThat(first.views().get("0"))
        .isEqualTo(
            "{\"board\":[[null,null,null],[null,null,null],[null,null,null]],"
                + "\"currentPlayer\":\"0\",\"myMark\":\"X\"}");
    assertThat(first.position()).isEqualTo("{\"node\":\"play\",\"path\":[\"play\"],\"turn\":1}");
    assertThat(first.hasResult()).isFalse();
  }

  @Test
  void recordsAnActionAsTheContractDoes() {
    var accepted = (Outcome.Accepted) place(session, "0", 0, 0);

    var step = accepted.steps().getFirst();
    assertThat(step.record())
        .isEqualTo(
            "{\"actionID\":\"m_1\",\"at\":2000,\"event\":\"placeMark\","
                + "\"payload\":{\"row\":0,\"col\":0},\"playerID\":\"0\",\"turn\":1,"
                + "\"type\":\"event\"}");
    assertThat(step.transition())
        .isEqualTo(
            "{\"enqueued\":[],\"event\":\"placeMark\",\"evaluations\":[{\"event\":\"placeMark\","
                + "\"from\":\"play\",\"matchedTo\":\"play\",\"outcome\":\"selected\","
                + "\"path\":[\"play\"],\"transitions\":[{\"from\":\"play\",\"matched\":false,"
                + "\"rejectedBy\":\"resolver\",\"resolver\":\"placeMark:play:stay\","
                + "\"to\":\"play\"},{\"from\":\"play\",\"matched\":true,\"rejectedBy\":null,"
                + "\"resolver\":\"placeMark:play:end_turn\",\"to\":\"play\"},{\"from\":\"play\","
                + "\"matched\":false,\"rejectedBy\":\"resolver\","
                + "\"resolver\":\"placeMark:play:finish\",\"to\":\"__gamekit_finished\"}]}],"
                + "\"from\":\"play\",\"fromPath\":[\"play\"],\"matchedFrom\":\"play\","
                + "\"matchedFromPath\":[\"play\"],\"resolver\":\"placeMark:play:end_turn\","
                + "\"rng\":null,\"to\":\"play\",\"toPath\":[\"play\"],\"turn\":\"increment\"}");
  }

  @Test
  void rejectsWhatIsNotAllowedAndChangesNothing() {
    place(session, "0", 0, 0);
    String before = session.state();

    assertThat(error(place(session, "0", 1, 1))).isEqualTo("inactive_player");
    assertThat(error(place(session, "7", 1, 1))).isEqualTo("unknown_player");
    assertThat(error(act(session, "1", "fly", "null"))).isEqualTo("unknown_event");
    assertThat(error(act(session, "1", "__gamekit_phase_outcome", "null")))
        .isEqualTo("unknown_event");
    assertThat(place(session, "1", 0, 0))
        .isEqualTo(new Outcome.Rejected("invalid_event", "occupied", "{\"col\":0,\"row\":0}"));
    assertThat(act(session, "1", "placeMark", "{\"row\":3,\"col\":0.5}"))
        .isEqualTo(new Outcome.Rejected("invalid_event", "invalid_square", "{}"));
    assertThat(session.state()).isEqualTo(before);
  }

  @Test
  void endsWithTheWinnerAndAcceptsNothingMore() {
    playColumn();

    assertThat(session.current().result()).isEqualTo("{\"winner\":\"0\"}");
    assertThat(session.current().derived()).contains("\"activePlayers\":[]", "\"Finished\"");
    assertThat(error(place(session, "1", 2, 2))).isEqualTo("game_over");
  }

  private void playColumn() {
    place(session, "0", 0, 0);
    place(session, "1", 0, 1);
    place(session, "0", 1, 0);
    place(session, "1", 1, 1);
    place(session, "0", 2, 0);
  }

  @Test
  void endsWithADrawWhenTheBoardIsFull() {
    int[][] squares = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {2, 1}, {2, 0}, {0, 2}, {1, 2}, {1, 0}};
    for (int i = 0; i < squares.length; i++) {
      place(session, Integer.toString(i % 2), squares[i][0], squares[i][1]);
    }

    assertThat(session.current().result()).isEqualTo("{\"draw\":true}");
  }

  @Test
  void aRestoredMatchGoesOnToTheSameBytes() {
    place(session, "0", 0, 0);
    GameSession restored = game.restore(SETUP, session.state());
    assertThat(restored.state()).isEqualTo(session.state());
    assertThat(restored.current()).isEqualTo(session.current());

    restored.apply(new GameAction(2, "1", "placeMark", "{\"row\":1,\"col\":1}", 9));
    session.apply(new GameAction(2, "1", "placeMark", "{\"row\":1,\"col\":1}", 9));

    assertThat(restored.state()).isEqualTo(session.state());
    assertThat(new JsonObject(session.state()).getJsonObject("meta").getJsonArray("log"))
        .isEqualTo(new JsonArray());
  }

  @ParameterizedTest
  @CsvSource({
    "default, 2470140894, 628949173, 4095144186, 2485680686, 2, 37, 619",
    "room_123:seed, 3659297632, 3847678181, 2758593363, 23374252, 4, 33, 704",
    "'', 2166136261, 2625274932, 2119670693, 3324411561, 2, 42, 57",
    "é♜🎲, 2790714346, 1893519502, 4128426180, 1270867699, 0, 24, 750"
  })
  void randomNumbersAreThoseOfTheContract(
      String seed, long state, long first, long second, long third, int six, int deck, int many) {
    var random = SeededRandom.seeded(seed);

    assertThat(random.state()).isEqualTo(state);
    assertThat(List.of(unsigned(random), unsigned(random), unsigned(random)))
        .containsExactly(first, second, third);
    assertThat(List.of(random.nextInt(6), random.nextInt(52), random.nextInt(1_000)))
        .containsExactly(six, deck, many);
    assertThat(random.draws()).isEqualTo(6);
  }

  private static long unsigned(SeededRandom random) {
    return (long) (random.next() * 4_294_967_296.0);
  }
}
