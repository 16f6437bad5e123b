package dev.rookery.game;

import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a {@link TurnGame} as the transitions that the contract compiles such a game to, so that
 * clients see the same labels and evaluations as of a game in JavaScript.
 */
public final class TurnGameEngine implements Game {
  static final String PLAY = "play";
  static final String FINISHED = "__gamekit_finished";
  static final String TIMEOUT = "__timeout";
  static final String TIMEOUT_OUTCOME = "__gamekit_phase_outcome";

  /** The transitions of what happens at a deadline. */
  static final List<Candidate> TIMEOUT_CANDIDATES = candidatesOf(TIMEOUT);

  private final TurnGame game;
  private final GameInfo info;
  private final int charsMax;
  private final Map<String, List<Candidate>> candidates;

  /**
   * @param version the deployment version under which rooms know it
   */
  public TurnGameEngine(TurnGame game, String version) {
    this(game, version, Integer.MAX_VALUE);
  }

  /**
   * @param charsMax the maximum length of all views, and of the state, of one match, in UTF-16
   *     units; an action that leads to more fails
   */
  TurnGameEngine(TurnGame game, String version, int charsMax) {
    this.game = game;
    this.charsMax = charsMax;
    this.info = GameInfo.of(game.settings(), version);
    var byMove = new HashMap<String, List<Candidate>>();
    for (String move : game.moves().keySet()) {
      byMove.put(move, candidatesOf(move));
    }
    this.candidates = Map.copyOf(byMove);
  }

  private static List<Candidate> candidatesOf(String name) {
    var all = new ArrayList<Candidate>();
    for (Candidate.Kind kind : Candidate.Kind.values()) {
      all.add(new Candidate(name + ":" + PLAY + ":" + kind.label(), kind));
    }
    return List.copyOf(all);
  }

  @Override
  public GameInfo info() {
    return info;
  }

  @Override
  public GameSession start(MatchSetup setup) {
    return TurnGameSession.start(this, setup);
  }

  @Override
  public GameSession restore(MatchSetup setup, String state) {
    return TurnGameSession.restore(this, setup, state);
  }

  TurnGame game() {
    return game;
  }

  /** Checks what players would see. */
  Snapshot requireBounded(Snapshot seen) {
    long length = (long) seen.publicView().length() + seen.derived().length();
    for (String view : seen.views().values()) {
      length += view.length();
    }
    requireBounded("the views", length);
    return seen;
  }

  /** Checks the state after an action. */
  void requireBounded(JsonObject state) {
    if (charsMax < Integer.MAX_VALUE) {
      requireBounded("the state", state.encode().length());
    }
  }

  private void requireBounded(String what, long length) {
    if (length > charsMax) {
      throw new IllegalStateException(
          what + " of a match would be longer than " + charsMax + " characters");
    }
  }

  /** The transitions of a move, in their order; empty if there is no such move. */
  List<Candidate> candidates(String move) {
    return candidates.getOrDefault(move, List.of());
  }

  /**
   * A transition from the phase of play.
   *
   * @param label shown to clients
   */
  record Candidate(String label, Kind kind) {
    /** Which results of a move a transition stands for, in the order in which they are tried. */
    enum Kind {
      STAY("stay", PLAY, "preserve"),
      END_TURN("end_turn", PLAY, "increment"),
      FINISH("finish", FINISHED, "increment");

      private final String label;
      private final String target;
      private final String turn;

      Kind(String label, String target, String turn) {
        this.label = label;
        this.target = target;
        this.turn = turn;
      }

      String label() {
        return label;
      }

      String target() {
        return target;
      }

      /** What it does to the number of the turn. */
      String turn() {
        return turn;
      }

      boolean stands(TurnGame.Result result) {
        return switch (result) {
          case TurnGame.Result.KeepTurn _ -> this == STAY;
          case TurnGame.Result.EndTurn _ -> this == END_TURN;
          case TurnGame.Result.Finish _ -> this == FINISH;
          case TurnGame.Result.WithProfiles(var then, _) -> stands(then);
          case TurnGame.Result.Invalid _ -> false;
        };
      }
    }
  }
}
