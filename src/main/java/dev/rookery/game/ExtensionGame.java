package dev.rookery.game;

import dev.rookery.base.FatalErrors;
import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A game in Java of an extension. Whatever its code throws, errors of its classes included, counts
 * as a failure of the action at hand. What takes too long throws {@link GameOverdueException}.
 */
public final class ExtensionGame implements Game {
  /** Maximum length of all views, and of the state, of one match. */
  private static final int CHARS_MAX = 1 << 20;

  private final TurnGameEngine engine;
  private final GameCalls calls;

  private ExtensionGame(TurnGameEngine engine, GameCalls calls) {
    this.engine = engine;
    this.calls = calls;
  }

  /**
   * Starts matches with a game, and restores one, before players do.
   *
   * @param version the deployment version under which rooms know it
   * @param calls runs its code
   * @throws IllegalArgumentException if it cannot be used
   */
  public static ExtensionGame of(TurnGame game, String version, GameCalls calls) {
    ExtensionGame created;
    try {
      TurnGameEngine engine = run(calls, () -> new TurnGameEngine(game, version, CHARS_MAX));
      created = new ExtensionGame(engine, calls);
      created.tryOut();
    } catch (RuntimeException failure) {
      throw new IllegalArgumentException(
          "the game cannot be used: " + failure.getMessage(), failure);
    }
    return created;
  }

  private void tryOut() {
    GameInfo info = info();
    for (List<String> players :
        List.of(info.playerIDs(), info.playerIDs().subList(0, info.minPlayers()))) {
      MatchSetup setup = setup(players);
      String first = start(setup).state();
      if (!start(setup).state().equals(first)) {
        throw new IllegalStateException("two matches with the same seed begin differently");
      }
      if (!restore(setup, first).state().equals(first)) {
        throw new IllegalStateException("a match is not the same after it was restored");
      }
    }
  }

  private MatchSetup setup(List<String> players) {
    GameInfo info = info();
    String config =
        info.config().isEmpty() ? null : info.config().complete(new JsonObject()).encode();
    var profiles = new HashMap<String, String>();
    ProfileInfo profile = info.profile();
    if (profile != null) {
      players.forEach(player -> profiles.put(player, profile.initial()));
    }
    return new MatchSetup(players, null, "try-out", 0, config, profiles);
  }

  private static <T extends @Nullable Object> T run(GameCalls calls, Supplier<T> work) {
    return calls.<T>run(
        () -> {
          try {
            return work.get();
          } catch (Error failure) {
            FatalErrors.endIfFatal(failure);
            throw new IllegalStateException("the code of the game failed: " + failure, failure);
          }
        });
  }

  @Override
  public GameInfo info() {
    return engine.info();
  }

  @Override
  public GameSession start(MatchSetup setup) {
    return new LimitedSession(calls, run(calls, () -> engine.start(setup)));
  }

  @Override
  public GameSession restore(MatchSetup setup, String state) {
    return new LimitedSession(calls, run(calls, () -> engine.restore(setup, state)));
  }

  private record LimitedSession(GameCalls calls, GameSession session) implements GameSession {
    @Override
    public Outcome apply(GameAction action) {
      return run(calls, () -> session.apply(action));
    }

    @Override
    public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
      return ExtensionGame.<Outcome.@Nullable Accepted>run(
          calls, () -> session.fireTimeout(number, now));
    }

    @Override
    public @Nullable BotDecision decide(String playerID, String botID) {
      return ExtensionGame.<@Nullable BotDecision>run(calls, () -> session.decide(playerID, botID));
    }

    @Override
    public String settlement() {
      return run(calls, session::settlement);
    }

    @Override
    public Snapshot current() {
      return session.current();
    }

    @Override
    public @Nullable Long deadline() {
      return session.deadline();
    }

    @Override
    public String state() {
      return run(calls, session::state);
    }
  }
}
