package dev.rookery.game;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.TurnGame;
import dev.rookery.game.GameSession.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bounds of a game in Java of an extension. */
final class ExtensionGameTest {
  /** Each move appends as many characters as its payload says to a text. */
  private record Growing(boolean shown) implements TurnGame {
    private static final String TEXT = "text";

    @Override
    public GameSettings settings() {
      return new GameSettings("growing", "1", List.of("0", "1"), 2);
    }

    @Override
    public JsonObject setup(Match match) {
      return JsonObject.of(TEXT, "");
    }

    @Override
    public Map<String, Move> moves() {
      return Map.of(
          "grow",
          (context, _, payload) ->
              new Result.EndTurn(
                  JsonObject.of(
                      TEXT, context.state().getString(TEXT) + "x".repeat((Integer) payload))));
    }

    @Override
    public LinkedHashMap<String, Object> computed(Context context) {
      return new LinkedHashMap<>();
    }

    @Override
    public JsonObject publicView(Context context) {
      return shown ? context.state() : new JsonObject();
    }

    @Override
    public JsonObject playerView(Context context, String player) {
      return publicView(context);
    }
  }

  private static GameSession start(boolean shown) {
    var calls =
        new GameCalls(
            "growing",
            Duration.ofMinutes(5),
            4,
            Thread.ofPlatform().daemon().factory(),
            new GameCallMeters(new SimpleMeterRegistry()));
    return ExtensionGame.of(new Growing(shown), "1", calls)
        .start(new MatchSetup(List.of("0", "1"), null, "seed", 0, null, Map.of()));
  }

  private static Outcome grow(GameSession session, long number, int by) {
    String player = number % 2 == 1 ? "0" : "1";
    return session.apply(new GameAction(number, player, "grow", Integer.toString(by), number));
  }

  @Test
  void carriesOutNoActionAfterWhichTheViewsAreTooLong() {
    GameSession session = start(true);
    assertThat(grow(session, 1, 300_000)).isInstanceOf(Outcome.Accepted.class);
    String before = session.state();

    assertThatThrownBy(() -> grow(session, 2, 100_000)).hasMessageContaining("the views");

    assertThat(session.state()).isEqualTo(before);
    assertThat(grow(session, 2, 1_000)).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void carriesOutNoActionAfterWhichTheStateIsTooLong() {
    GameSession session = start(false);
    assertThat(grow(session, 1, 1_000_000)).isInstanceOf(Outcome.Accepted.class);
    String before = session.state();

    assertThatThrownBy(() -> grow(session, 2, 100_000)).hasMessageContaining("the state");

    assertThat(session.state()).isEqualTo(before);
  }
}
