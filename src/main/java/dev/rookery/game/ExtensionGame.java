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
 * as a failure of the action at hand.
 */
public final class ExtensionGame implements Game {
  private final TurnGameEngine engine;

  private ExtensionGame(TurnGameEngine engine) {
    this.engine = engine;
  }

  /**
   * Starts matches with a game, and restores one, before players do.
   *
   * @param version the deployment version under which rooms know it
   * @throws IllegalArgumentException if it cannot be used
   */
  public static ExtensionGame of(TurnGame game, String version) {
    ExtensionGame created;
    try {
      created = guard(() -> new ExtensionGame(new TurnGameEngine(game, version)));
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

  private static <T extends @Nullable Object> T guard(Supplier<T> work) {
    try {
      return work.get();
    } catch (Error failure) {
      FatalErrors.endIfFatal(failure);
      throw new IllegalStateException("the code of the game failed: " + failure, failure);
    }
  }

  @Override
  public GameInfo info() {
    return engine.info();
  }

  @Override
  public GameSession start(MatchSetup setup) {
    return new GuardedSession(guard(() -> engine.start(setup)));
  }

  @Override
  public GameSession restore(MatchSetup setup, String state) {
    return new GuardedSession(guard(() -> engine.restore(setup, state)));
  }

  private record GuardedSession(GameSession session) implements GameSession {
    @Override
    public Outcome apply(GameAction action) {
      return guard(() -> session.apply(action));
    }

    @Override
    public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
      return ExtensionGame.<Outcome.@Nullable Accepted>guard(
          () -> session.fireTimeout(number, now));
    }

    @Override
    public @Nullable BotDecision decide(String playerID, String botID) {
      return ExtensionGame.<@Nullable BotDecision>guard(() -> session.decide(playerID, botID));
    }

    @Override
    public String settlement() {
      return guard(session::settlement);
    }

    @Override
    public Snapshot current() {
      return session.current();
    }

    @Override
    public String state() {
      return guard(session::state);
    }
  }
}
