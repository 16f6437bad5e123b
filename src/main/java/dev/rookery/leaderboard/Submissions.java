package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.leaderboard.LeaderboardCommand.Submit;
import dev.rookery.leaderboard.SubmitBatch.Task;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Submits scores in batches, a transaction each. A submission completes once it is committed and
 * the index of its board on this node has seen it. One whose season has ended in the meantime goes
 * to the season that follows.
 */
final class Submissions {
  private static final Future<Void> APPLIED = Future.succeededFuture();

  private final Context context;
  private final Database database;
  private final BoardStore boards;
  private final RecordStore records;
  private final Players players;
  private final BoardDirectory directory;
  private final BoardIndexes indexes;
  private final Map<Board.Operator, Counter> submitted;
  private final Batcher<Task, Submitted> batcher;

  /**
   * A record after a submission.
   *
   * @param applied completes when the index of its board has seen the change
   */
  private record Submitted(BoardRecord record, Future<Void> applied) {}

  /**
   * @param context where the batches run
   */
  Submissions(
      Context context,
      Database database,
      BoardStore boards,
      RecordStore records,
      Players players,
      BoardDirectory directory,
      BoardIndexes indexes) {
    this.context = context;
    this.database = database;
    this.boards = boards;
    this.records = records;
    this.players = players;
    this.directory = directory;
    this.indexes = indexes;
    this.submitted = counters(database.registry());
    this.batcher =
        new Batcher<>(
            context,
            database,
            "leaderboard",
            // Submissions for one record are applied one after another within a batch.
            _ -> null,
            SubmitBatch.RETRY.refusal(),
            (tasks, _) -> carryOut(tasks));
  }

  private static Map<Board.Operator, Counter> counters(MeterRegistry registry) {
    var counters = new EnumMap<Board.Operator, Counter>(Board.Operator.class);
    for (Board.Operator operator : Board.Operator.values()) {
      counters.put(
          operator,
          Counter.builder("rookery.leaderboards.submitted")
              .description("Scores that were submitted, by the operator of the board")
              .tag("operator", operator.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return counters;
  }

  /** Submits a validated score to the current season of its board; called from a command. */
  Future<BoardRecord> submit(Submit submit) {
    Board board = directory.find(submit.board());
    CommandScope scope = CommandScope.current();
    return submitTo(board, submit)
        .recover(
            failure ->
                hasEnded(failure)
                    ? submitToNextSeason(board, submit, failure, scope)
                    : Future.failedFuture(failure));
  }

  private Future<BoardRecord> submitTo(Board board, Submit submit) {
    return batcher
        .submit(Task.of(board.id(), submit))
        .compose(
            done -> {
              Objects.requireNonNull(submitted.get(board.operator())).increment();
              return done.applied.map(done.record);
            });
  }

  /** Submits to the season that may have begun since the directory looked; fails without one. */
  private Future<BoardRecord> submitToNextSeason(
      Board ended, Submit submit, Throwable failure, @Nullable CommandScope scope) {
    Promise<BoardRecord> answer = Promise.promise();
    // On a thread of its own: that of the batch must not wait for the read.
    context.runOnContext(
        _ ->
            CommandScope.call(scope, () -> tryNextSeason(ended, submit, failure))
                .onComplete(answer));
    return answer.future();
  }

  private Future<BoardRecord> tryNextSeason(Board ended, Submit submit, Throwable failure) {
    try {
      directory.forget();
      return directory
          .tryFind(submit.board())
          .filter(now -> !now.id().equals(ended.id()))
          .map(now -> submitTo(now, submit))
          .orElseGet(() -> Future.failedFuture(failure));
    } catch (RuntimeException broken) {
      return Future.failedFuture(broken);
    }
  }

  private static boolean hasEnded(Throwable failure) {
    return failure instanceof Refused refused
        && refused.refusal() instanceof Refusal.Conflict(var code)
        && code.equals("leaderboard_ended");
  }

  private List<Outcome<Submitted>> carryOut(List<Task> tasks) {
    SubmitBatch.Result result =
        database.write(tx -> new SubmitBatch(tx, boards, records, players, tasks).carryOut());
    // One wait for all records of a board.
    var applied = new HashMap<BoardId, Future<Void>>();
    result.appended().forEach((board, event) -> applied.put(board, indexes.applied(board, event)));
    var outcomes = new ArrayList<Outcome<Submitted>>(tasks.size());
    for (Outcome<BoardRecord> outcome : result.outcomes()) {
      outcomes.add(
          switch (outcome) {
            case Outcome.Done<BoardRecord>(var record) ->
                Outcome.done(new Submitted(record, applied.getOrDefault(record.board(), APPLIED)));
            case Outcome.Rejected<BoardRecord>(var refused) -> Outcome.refused(refused);
            case Outcome.Retry<BoardRecord> _ -> Outcome.retry();
          });
    }
    return outcomes;
  }
}
