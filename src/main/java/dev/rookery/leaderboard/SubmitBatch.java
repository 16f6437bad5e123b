package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.leaderboard.LeaderboardCommand.Submit;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import dev.rookery.leaderboard.RecordStore.Key;
import dev.rookery.leaderboard.RecordStore.Stored;
import dev.rookery.player.Players;
import dev.rookery.store.AppendResult;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the submissions that waited at the same time. The boards and records are
 * locked and read with a statement of each kind, each submission is decided in the order of
 * arrival, each changed record is written once, and each board gets one event, however many of its
 * records changed: a thousand submissions a second raise the head of the board's stream only as
 * often as there are batches.
 */
final class SubmitBatch {
  /** Thrown by a submission that has to be retried in the next batch. */
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  /**
   * A submission.
   *
   * @param board the season that is meant
   */
  record Task(BoardId board, Submit submit, @Nullable IdempotentCommand idempotent) {
    static Task of(BoardId board, Submit submit) {
      return new Task(
          board,
          submit,
          IdempotentCommand.of(submit.by(), submit.idempotencyKey(), "leaderboard.submit"));
    }

    Key key() {
      return new Key(board, submit.owner());
    }
  }

  /**
   * What the transaction did.
   *
   * @param appended the event of each board that changed
   */
  record Result(List<Outcome<BoardRecord>> outcomes, Map<BoardId, AppendResult> appended) {}

  private final Transaction tx;
  private final BoardStore boardStore;
  private final RecordStore store;
  private final Players players;
  private final BatchOutcomes<Task, BoardRecord> outcomes;

  private Map<BoardId, Board> boards = Map.of();
  private Set<PlayerId> existing = Set.of();
  private final Map<Key, Stored> records = new HashMap<>();
  private final Map<Key, BoardRecord> created = new LinkedHashMap<>();
  private final Map<Key, Stored> changed = new LinkedHashMap<>();
  private final Map<Task, BoardRecord> results = new IdentityHashMap<>();

  SubmitBatch(
      Transaction tx, BoardStore boardStore, RecordStore store, Players players, List<Task> tasks) {
    this.tx = tx;
    this.boardStore = boardStore;
    this.store = store;
    this.players = players;
    this.outcomes = new BatchOutcomes<>(tasks, Task::idempotent, RETRY);
  }

  Result carryOut() {
    outcomes.answerRepeated(
        tx,
        (answers, task) ->
            answers
                .find(task.idempotent, BoardRecord.class)
                .map(record -> mustBeAbout(task, record)));
    List<Task> open = outcomes.open();
    if (open.isEmpty()) {
      return new Result(outcomes.all(tx), Map.of());
    }
    lockAndRead(open);
    outcomes.attempt(outcomes.open(), this::decide);
    Map<BoardId, AppendResult> appended = write();
    outcomes.remember(tx, open, (_, record) -> record);
    return new Result(outcomes.all(tx), appended);
  }

  /** Refuses the answer about another record, whose key has been used again. */
  private BoardRecord mustBeAbout(Task task, BoardRecord record) {
    if (!new Stored(record, 1).key().owner().equals(task.submit.owner())
        || !isSeasonOfSameBoard(task.board, record.board())) {
      throw IdempotentCommand.reused();
    }
    return record;
  }

  /** The next season may have begun since. */
  private boolean isSeasonOfSameBoard(BoardId now, BoardId then) {
    if (now.equals(then)) {
      return true;
    }
    Map<BoardId, Board> both = boardStore.share(tx, List.of(now, then));
    Board one = both.get(now);
    Board other = both.get(then);
    return one == null || other == null || one.slug().equals(other.slug());
  }

  private void lockAndRead(List<Task> open) {
    boards = boardStore.share(tx, open.stream().map(Task::board).collect(Collectors.toSet()));
    outcomes.attempt(open, this::mustBeOpen);
    Set<Key> keys = outcomes.open().stream().map(Task::key).collect(Collectors.toSet());
    if (keys.isEmpty()) {
      return;
    }
    records.putAll(store.lock(tx, keys));
    Set<PlayerId> fresh = new HashSet<>();
    for (Key key : keys) {
      if (!records.containsKey(key) && key.owner() instanceof OfPlayer(var player)) {
        fresh.add(player);
      }
    }
    if (!fresh.isEmpty()) {
      existing = players.lockKeys(tx, fresh);
    }
  }

  private void mustBeOpen(Task task) {
    Board board = boards.get(task.board);
    if (board == null) {
      throw BoardRules.boardNotFound();
    }
    if (!board.isActive(tx.now().toEpochMilli())) {
      throw Refused.conflict("leaderboard_ended");
    }
  }

  private void decide(Task task) {
    Key key = task.key();
    long nowMs = tx.now().toEpochMilli();
    Stored before = records.get(key);
    BoardRecord unsaved = created.get(key);
    if (before == null && unsaved == null) {
      if (key.owner() instanceof OfPlayer(var player) && !existing.contains(player)) {
        throw Refused.invalid("user_id", "does not exist");
      }
      BoardRecord record = ScoreRules.first(task.board, task.submit, nowMs);
      created.put(key, record);
      results.put(task, record);
      return;
    }
    Board board = Objects.requireNonNull(boards.get(task.board));
    Stored pending = changed.get(key);
    BoardRecord current =
        unsaved != null
            ? unsaved
            : pending != null ? pending.record() : Objects.requireNonNull(before).record();
    BoardRecord after = ScoreRules.apply(board, current, task.submit, nowMs);
    if (unsaved != null) {
      created.put(key, after);
    } else {
      changed.put(key, Objects.requireNonNull(before).with(after));
    }
    results.put(task, after);
  }

  /** Writes all records, appends the events, and returns them by board. */
  private Map<BoardId, AppendResult> write() {
    var standings = new LinkedHashMap<BoardId, List<Standing>>();
    var ids = new HashMap<Key, RecordId>();
    if (!created.isEmpty()) {
      ids.putAll(store.insert(tx, created, this::order));
    }
    if (!changed.isEmpty()) {
      store.update(tx, changed.values(), this::order);
    }
    created.forEach(
        (key, record) -> {
          RecordId id = ids.get(key);
          if (id != null) {
            add(standings, new Stored(withId(record, id), 1));
          }
        });
    changed.values().forEach(one -> add(standings, one));
    results.forEach(
        (task, record) -> {
          if (!created.containsKey(task.key())) {
            outcomes.done(task, record);
            return;
          }
          RecordId id = ids.get(task.key());
          if (id == null) {
            outcomes.retry(task);
          } else {
            outcomes.done(task, withId(record, id));
          }
        });
    var appended = new HashMap<BoardId, AppendResult>();
    standings.forEach(
        (board, list) ->
            appended.put(
                board,
                tx.append(
                    LeaderboardEvent.stream(board), new LeaderboardEvent.Ranked(list, List.of()))));
    return appended;
  }

  private static void add(Map<BoardId, List<Standing>> standings, Stored one) {
    standings.computeIfAbsent(one.record().board(), _ -> new ArrayList<>()).add(one.standing());
  }

  private Board.SortOrder order(BoardId board) {
    return Objects.requireNonNull(boards.get(board)).sortOrder();
  }

  private static BoardRecord withId(BoardRecord record, RecordId id) {
    return new BoardRecord(
        id,
        record.board(),
        record.player(),
        record.label(),
        record.score(),
        record.subscore(),
        record.submissions(),
        record.metadata(),
        record.createdMs(),
        record.updatedMs());
  }
}
