package dev.rookery.match;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameInfo;
import dev.rookery.game.GameOverdueException;
import dev.rookery.game.GameSession;
import dev.rookery.game.GameSession.Outcome;
import dev.rookery.game.GameSession.Outcome.Accepted;
import dev.rookery.game.Snapshot;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.ProfileStore.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running match of a room: actions of players, actions of bots and timeouts, each of which is
 * committed as a record before anybody hears of it. Not thread-safe.
 *
 * <p>What a bot decides depends on nothing but the state, so a new owner decides the same again. A
 * bot whose action is rejected, and a deadline at which the game does nothing, wait for the next
 * change of the match; a bot also until a player connects.
 */
final class RoomMatch {
  private static final Logger LOG = LoggerFactory.getLogger(RoomMatch.class);
  private static final String INVALID_EVENT = "invalid_event";

  private final RoomDependencies with;
  private final String id;
  private final Lease lease;
  private final GameInfo game;
  private final MatchLog log;
  private final Map<String, String> bots;
  private final Map<String, String> users;
  private final Consumer<ActionWriter.Action> append;
  private final ActionLimit limit;
  private final RoomTimes times;
  private Turn turn;
  private final Set<String> stuckBots = new HashSet<>();
  private @Nullable PlannedAction planned;

  /**
   * Who may act and until when, as far as the server has to do with it.
   *
   * @param bots players that are bots and may act
   * @param deadline of the turn; null for none
   */
  private record Turn(List<String> bots, @Nullable Long deadline) {
    static final Turn NOTHING = new Turn(List.of(), null);
  }

  private record PlannedAction(String player, BotDecision decision, long at) {}

  /**
   * @param times of the room, as they are stored before the next action
   * @param append stores an action; after a failure this object is not used any more
   */
  RoomMatch(
      RoomDependencies with,
      String id,
      Lease lease,
      LobbyRules lobby,
      MatchLog log,
      RoomTimes times,
      Consumer<ActionWriter.Action> append) {
    this.with = with;
    this.id = id;
    this.lease = lease;
    this.game = lobby.game();
    this.log = log;
    this.bots = lobby.bots();
    this.users = new HashMap<>(lobby.users());
    this.times = times;
    this.append = append;
    this.limit = new ActionLimit(with.settings().actionsPerSecond());
    this.turn = turnNow();
  }

  private Turn turnNow() {
    GameSession session = log.session();
    return turn(session.current(), session.deadline(), bots);
  }

  private static Turn turn(Snapshot now, @Nullable Long deadline, Map<String, String> bots) {
    if (now.hasResult()) {
      return Turn.NOTHING;
    }
    List<String> active =
        bots.isEmpty()
            ? List.of()
            : now.activePlayers().stream().filter(bots::containsKey).toList();
    return new Turn(active, deadline);
  }

  /** When a match that starts with a state needs its owner; null for never. */
  static @Nullable Long firstWake(Snapshot state, Map<String, String> bots, long now) {
    Turn first = turn(state, state.deadline(), bots);
    return first.bots.isEmpty() ? first.deadline : (Long) now;
  }

  MatchView view() {
    return log.view(id);
  }

  long revision() {
    return log.revision();
  }

  /** Nobody gets a profile any more for the seat of a user. */
  void forget(String user) {
    users.values().removeIf(user::equals);
  }

  /** When {@link #advance} has something to do; null for never. */
  @Nullable Long wakeAt() {
    PlannedAction next = planned;
    Long deadline = turn.deadline;
    if (next != null) {
      return deadline == null ? next.at : Math.min(next.at, deadline);
    }
    return nextBot() == null ? deadline : (Long) with.clock().millis();
  }

  private @Nullable String nextBot() {
    return turn.bots.stream().filter(bot -> !stuckBots.contains(bot)).findFirst().orElse(null);
  }

  /** Does one thing that is due: an action of a bot, or the timeout. False if nothing was. */
  boolean advance() {
    long now = with.clock().millis();
    Long deadline = turn.deadline;
    if (deadline != null && deadline <= now) {
      planned = null;
      return fireTimeout(deadline, now);
    }
    if (planned == null) {
      String bot = nextBot();
      planned = bot == null ? null : decide(bot, now);
    }
    PlannedAction due = planned;
    if (due == null || due.at > now) {
      return false;
    }
    planned = null;
    return act(due, now);
  }

  private @Nullable PlannedAction decide(String player, long now) {
    BotDecision decision = null;
    try {
      decision = log.session().decide(player, bots.getOrDefault(player, ""));
    } catch (GameOverdueException overdue) {
      throw overdue;
    } catch (RuntimeException broken) {
      LOG.warn("a bot of {} failed in room {}", game.gameKey(), id, broken);
    }
    if (decision == null) {
      giveUp(player);
      return null;
    }
    return new PlannedAction(player, decision, now + Math.max(0, decision.delayMs()));
  }

  /** The bot acts again after the next change of the match. */
  private void giveUp(String player) {
    with.meters().failedBots().increment();
    stuckBots.add(player);
    if (nextBot() == null) {
      saveWake(turn.deadline);
    }
  }

  /** Bots that waited for a change of the match are asked once more. */
  void askBotsAgain() {
    stuckBots.clear();
  }

  private void saveWake(@Nullable Long wake) {
    with.database()
        .write(
            tx -> {
              Leases.fence(tx, lease);
              with.stores().rooms().saveWake(tx, id, wake);
              return true;
            });
    times.stored(wake);
  }

  private boolean act(PlannedAction due, long now) {
    BotDecision decision = due.decision;
    long number = log.actions() + 1L;
    String request = "bot:%s:%d".formatted(due.player, number);
    var action = new GameAction(number, due.player, decision.event(), decision.payload(), now);
    Outcome outcome = log.isFull() ? rejected("log_full") : apply(action);
    if (!(outcome instanceof Accepted accepted)) {
      LOG.warn("an action of a bot of {} was rejected in room {}", game.gameKey(), id);
      giveUp(due.player);
      return false;
    }
    commit(number, due.player, null, request, accepted);
    with.meters().botActions().increment();
    return true;
  }

  private boolean fireTimeout(long deadline, long now) {
    long number = log.actions() + 1L;
    Accepted fired = null;
    if (!log.isFull()) {
      try {
        fired = log.session().fireTimeout(number, now);
      } catch (GameOverdueException overdue) {
        throw overdue;
      } catch (RuntimeException broken) {
        LOG.error("a timeout of {} failed in room {}", game.gameKey(), id, broken);
      }
    }
    if (fired == null) {
      turn = new Turn(turn.bots, null);
      saveWake(nextBot() == null ? null : (Long) now);
      return false;
    }
    with.meters().lateness().record(Duration.ofMillis(now - deadline));
    commit(number, "", null, "timeout:" + number, fired);
    return true;
  }

  ActResult act(MatchCommand.Act command) {
    ActResult before = log.answered(command.request());
    if (before != null) {
      return before;
    }
    ActResult result = actNow(command);
    if (result.error() == null) {
      with.meters().accepted().increment();
    } else {
      with.meters().rejected().increment();
    }
    return result;
  }

  private ActResult actNow(MatchCommand.Act command) {
    long now = with.clock().millis();
    Long base = command.baseRevision();
    if (base != null && base != log.revision()) {
      return new ActResult(log.revision(), "stale_revision", null, null);
    }
    if (!limit.admit(command.playerID(), now)) {
      return result(rejected("too_many_actions"));
    }
    if (log.isFull()) {
      return result(rejected("log_full"));
    }
    if (command.payload().length() > MatchCommand.PAYLOAD_MAX) {
      return result(rejected("payload_too_large"));
    }
    long number = log.actions() + 1L;
    var action =
        new GameAction(number, command.playerID(), command.event(), command.payload(), now);
    return switch (apply(action)) {
      case Outcome.Rejected rejected -> result(rejected);
      case Accepted accepted ->
          commit(number, command.playerID(), command.clientActionID(), command.request(), accepted);
    };
  }

  /** An action that is rejected for a reason of the server. */
  static ActResult rejected(long revision, String reason) {
    return new ActResult(revision, INVALID_EVENT, reason, null);
  }

  private static Outcome.Rejected rejected(String reason) {
    return new Outcome.Rejected(INVALID_EVENT, reason, null);
  }

  private ActResult result(Outcome.Rejected rejected) {
    return new ActResult(log.revision(), rejected.error(), rejected.reason(), rejected.details());
  }

  private Outcome apply(GameAction action) {
    try {
      return log.session().apply(action);
    } catch (GameOverdueException overdue) {
      throw overdue;
    } catch (RuntimeException broken) {
      LOG.error("an action of {} failed in room {}", game.gameKey(), id, broken);
      return new Outcome.Rejected(INVALID_EVENT, null, null);
    }
  }

  /**
   * @param player empty for a timeout
   * @param clientActionID null for a bot and a timeout
   */
  private ActResult commit(
      long number,
      String player,
      @Nullable String clientActionID,
      String request,
      Accepted accepted) {
    List<GameSession.Step> steps = accepted.steps();
    long revision = log.revision() + steps.size();
    stuckBots.clear();
    planned = null;
    turn = turnNow();
    boolean finished = steps.getLast().after().hasResult();
    var row =
        new RecordRow(
            number,
            steps.getFirst().record(),
            revision,
            request,
            times.change(wakeAt(), finished, clientActionID != null, with.clock().millis()));
    List<GameSession.Step> shown =
        with.settings().hideInternalPayloads() ? InternalPayloads.hide(steps) : steps;
    String action = "m_" + number;
    append.accept(
        new ActionWriter.Action(
            lease,
            id,
            row,
            log.dueSnapshot(number),
            new MatchEvent.Advanced(id, revision, action, player, clientActionID, shown),
            commits(action, accepted.profileDelta(), finished)));
    return log.add(row);
  }

  private List<Commit> commits(String action, @Nullable String delta, boolean finished) {
    ProfileInfo profile = game.profile();
    if (profile == null) {
      return List.of();
    }
    var commits = new ArrayList<Commit>();
    if (delta != null) {
      commits.addAll(Commit.of(id, action, game, profile, delta, users));
    }
    if (finished) {
      commits.addAll(Commit.of(id, Commit.END, game, profile, settlement(), users));
    }
    return commits;
  }

  private String settlement() {
    try {
      return log.session().settlement();
    } catch (GameOverdueException overdue) {
      throw overdue;
    } catch (RuntimeException broken) {
      LOG.error("the settlement of a match of {} failed in room {}", game.gameKey(), id, broken);
      return "{}";
    }
  }
}
