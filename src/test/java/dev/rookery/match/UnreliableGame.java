package dev.rookery.match;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameInfo;
import dev.rookery.game.GameOverdueException;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.Snapshot;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Another game, whose code fails when a test wants it to. */
final class UnreliableGame implements Game {
  private final Game game;

  /** Whether the code fails at every action. */
  boolean actionsFail;

  /** While it is set, actions take longer than they may. */
  @Nullable BooleanSupplier overdue;

  /** Whether the state of a match can be taken. */
  boolean stateFails;

  /** Whether bots have no action. */
  boolean botsFail;

  /** How long bots wait before they act. */
  long botDelayMs;

  UnreliableGame(Game game) {
    this.game = game;
  }

  @Override
  public GameInfo info() {
    return game.info();
  }

  @Override
  public GameSession start(MatchSetup setup) {
    return new Session(game.start(setup));
  }

  @Override
  public GameSession restore(MatchSetup setup, String state) {
    return new Session(game.restore(setup, state));
  }

  private final class Session implements GameSession {
    private final GameSession session;

    Session(GameSession session) {
      this.session = session;
    }

    @Override
    public Outcome apply(GameAction action) {
      BooleanSupplier running = overdue;
      if (running != null) {
        throw new GameOverdueException("it takes too long", running);
      }
      if (actionsFail) {
        throw new IllegalStateException("the game is broken");
      }
      return session.apply(action);
    }

    @Override
    public Outcome.@Nullable Accepted fireTimeout(long number, long now) {
      return session.fireTimeout(number, now);
    }

    @Override
    public @Nullable BotDecision decide(String playerID, String botID) {
      BotDecision decided = botsFail ? null : session.decide(playerID, botID);
      return decided == null
          ? null
          : new BotDecision(decided.event(), decided.payload(), botDelayMs);
    }

    @Override
    public String settlement() {
      return session.settlement();
    }

    @Override
    public Snapshot current() {
      return session.current();
    }

    @Override
    public String state() {
      if (stateFails) {
        throw new IllegalStateException("no state");
      }
      return session.state();
    }
  }
}
