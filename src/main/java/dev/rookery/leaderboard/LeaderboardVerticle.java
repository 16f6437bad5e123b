package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.friend.Friends;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import dev.rookery.leaderboard.RecordStore.Key;
import dev.rookery.leaderboard.RecordStore.Stored;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves leaderboards, on virtual threads. A command is answered once the index of its board on
 * this node has seen the change, so that what the client reads next on this node contains it.
 */
public final class LeaderboardVerticle extends VerticleBase {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final long SWEEP_MS = 1_000;

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final InstantSource clock;
  private final LeaderboardSettings settings;
  private final BoardStreams streams;
  private final ClusterScheduler scheduler;
  private final ChangeFeed feed;
  private final BoardRules rules;
  private final BoardStore boards = new BoardStore();
  private final BoardLists lists;
  private final RecordStore records = new RecordStore();
  private final RankStore rankStore = new RankStore();
  private final Seasons seasons;
  private BoardIndexes indexes;
  private BoardDirectory directory;
  private Ranks ranks;
  private Submissions submissions;

  /** The result of a transaction, with the event that it appended. */
  private record Written<T>(T result, BoardId board, AppendResult appended) {}

  @SuppressWarnings("NullAway.Init") // at the start
  public LeaderboardVerticle(
      Bus bus,
      Database database,
      Players players,
      InstantSource clock,
      LeaderboardSettings settings,
      BoardStreams streams,
      ClusterScheduler scheduler,
      Caches caches,
      ChangeFeed feed) {
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.clock = clock;
    this.settings = settings;
    this.streams = streams;
    this.scheduler = scheduler;
    this.feed = feed;
    this.lists = new BoardLists(database, boards, clock, caches);
    this.rules = new BoardRules(settings.limits());
    this.seasons = new Seasons(database, boards, records, clock);
  }

  @Override
  public Future<?> start() {
    indexes =
        new BoardIndexes(context, database, rankStore, boards, streams, clock, settings.index());
    directory = new BoardDirectory(database, boards, indexes, seasons, clock);
    ranks =
        new Ranks(
            context,
            database,
            rankStore,
            indexes,
            new Friends(),
            clock,
            settings.limits().friendsMax());
    submissions = new Submissions(context, database, boards, records, players, directory, indexes);
    lists.follow(feed);
    vertx.setPeriodic(SWEEP_MS, _ -> indexes.sweep());
    scheduler.schedule("leaderboards", EVERY, _ -> seasons.run());
    var exports = new ExportStore();
    return Future.all(
        bus.<LeaderboardCommand<?>>serve(LeaderboardCommand.ADDRESS, this::handle),
        bus.<LeaderboardQuery<?>>serve(LeaderboardQuery.ADDRESS, this::answer),
        bus.<Export>serve(
            Export.address("leaderboard_records"), export -> exports.records(database, export)));
  }

  @Override
  public Future<?> stop() {
    seasons.stop();
    indexes.close();
    return Future.succeededFuture();
  }

  private Object handle(LeaderboardCommand<?> command) {
    return switch (command) {
      case LeaderboardCommand.Create create -> create(create);
      case LeaderboardCommand.Update update ->
          change(update.board(), true, board -> rules.update(board, update, clock.millis()));
      case LeaderboardCommand.End(var board) ->
          change(board, false, found -> BoardRules.end(found, clock.millis()));
      case LeaderboardCommand.Delete(var board) -> delete(board);
      case LeaderboardCommand.Submit submit -> submit(submit);
      case LeaderboardCommand.UpdateRecord update -> updateRecord(update);
      case LeaderboardCommand.DeleteRecord(var record) -> deleteRecord(record);
      case LeaderboardCommand.DeletePlayerRecord(var board, var player) ->
          deletePlayerRecord(board, player);
      case LeaderboardCommand.Forget(var player) -> forget(player);
    };
  }

  private Object answer(LeaderboardQuery<?> query) {
    return switch (query) {
      case LeaderboardQuery.ListBoards list -> lists.list(list);
      case LeaderboardQuery.Find(var board) -> boards.seasons(database, directory.find(board));
      case LeaderboardQuery.FindStored(var board) ->
          boards.find(database, directory.find(board).id()).orElseThrow(BoardRules::boardNotFound);
      case LeaderboardQuery.Resolve(var slugs) -> resolve(slugs);
      case LeaderboardQuery.Top(var board, var page) -> ranks.top(directory.find(board), page);
      case LeaderboardQuery.Around(var board, var player, var limit) ->
          directory
              .tryFind(board)
              .map(found -> ranks.around(found, player, limit))
              .orElse(List.of());
      case LeaderboardQuery.FindOfPlayer(var board, var player) ->
          ranks.ofPlayer(directory.find(board), player).orElseThrow(BoardRules::recordNotFound);
      case LeaderboardQuery.OfFriends(var board, var player, var page) ->
          ranks.ofFriends(directory.find(board), player, page);
    };
  }

  private Map<String, Board> resolve(List<String> slugs) {
    var resolved = new LinkedHashMap<String, Board>();
    for (String slug : slugs) {
      directory.current(slug).ifPresent(board -> resolved.put(slug, board));
    }
    return resolved;
  }

  // Boards.

  private Board create(LeaderboardCommand.Create command) {
    var idempotent =
        IdempotentCommand.of(command.admin(), command.idempotencyKey(), "leaderboard.create");
    return define(
        tx -> IdempotentCommand.once(tx, idempotent, Board.class, () -> create(tx, command)));
  }

  private Board create(Transaction tx, LeaderboardCommand.Create command) {
    long now = tx.now().toEpochMilli();
    if (boards.count(tx, now) >= settings.boardsMax()) {
      throw Refused.conflict("too_many_leaderboards");
    }
    return boards.insert(tx, rules.create(command, now));
  }

  private Board change(BoardRef ref, boolean renews, Function<Board, Board> rule) {
    BoardId id = directory.find(ref).id();
    return applied(
        define(
            tx -> {
              Board before = boards.lock(tx, id).orElseThrow(BoardRules::boardNotFound);
              Board after = rule.apply(before);
              boards.update(tx, after, renews);
              return new Written<>(after, id, append(tx, id, new LeaderboardEvent.Changed(after)));
            }));
  }

  private Done delete(BoardRef ref) {
    BoardId id = directory.find(ref).id();
    return applied(
        define(
            tx -> {
              if (boards.lock(tx, id).isEmpty()) {
                throw BoardRules.boardNotFound();
              }
              boards.delete(tx, id);
              return new Written<>(Done.DONE, id, append(tx, id, new LeaderboardEvent.Deleted()));
            }));
  }

  /** Changes a board; what is kept of boards is dropped before the change is acknowledged. */
  private <T> T define(Function<Transaction, T> change) {
    try {
      return database.write(change);
    } finally {
      directory.forget();
      lists.forget();
    }
  }

  // Records.

  private Future<BoardRecord> submit(LeaderboardCommand.Submit command) {
    rules.validateSubmission(command.owner(), command.metadata());
    return submissions.submit(command);
  }

  private BoardRecord updateRecord(LeaderboardCommand.UpdateRecord command) {
    rules.validateMetadata(command.metadata());
    return applied(
        database.write(
            tx -> {
              Stored before =
                  records.lock(tx, command.record()).orElseThrow(BoardRules::recordNotFound);
              BoardRecord record = before.record();
              Board board = boards.find(tx, record.board()).orElseThrow(BoardRules::recordNotFound);
              Stored after =
                  before.with(
                      ScoreRules.with(
                          record,
                          command.score() == null ? record.score() : command.score(),
                          command.metadata() == null ? record.metadata() : command.metadata(),
                          tx.now().toEpochMilli()));
              records.update(tx, List.of(after), _ -> board.sortOrder());
              var event = new LeaderboardEvent.Ranked(List.of(after.standing()), List.of());
              return new Written<>(after.record(), board.id(), append(tx, board.id(), event));
            }));
  }

  private Done deleteRecord(RecordId id) {
    return applied(
        database.write(
            tx -> {
              Stored found = records.lock(tx, id).orElseThrow(BoardRules::recordNotFound);
              BoardId board = found.record().board();
              if (boards.find(tx, board).isEmpty()) {
                throw BoardRules.recordNotFound();
              }
              records.delete(tx, List.of(id));
              return new Written<>(Done.DONE, board, append(tx, board, removed(List.of(id))));
            }));
  }

  private Done deletePlayerRecord(BoardRef ref, PlayerId player) {
    Optional<Board> board = directory.tryFind(ref);
    if (board.isEmpty()) {
      return Done.DONE;
    }
    BoardId id = board.get().id();
    Optional<Written<Done>> written =
        database.write(
            tx -> {
              var key = new Key(id, new OfPlayer(player));
              Stored found = records.lock(tx, List.of(key)).get(key);
              if (found == null) {
                return Optional.empty();
              }
              RecordId record = found.record().id();
              records.delete(tx, List.of(record));
              return Optional.of(
                  new Written<>(Done.DONE, id, append(tx, id, removed(List.of(record)))));
            });
    written.ifPresent(this::applied);
    return Done.DONE;
  }

  private Done forget(PlayerId player) {
    boolean more = true;
    while (more) {
      Map<BoardId, AppendResult> appended = database.write(tx -> forgetSome(tx, player));
      appended.forEach(indexes::awaitApplied);
      more = appended.size() == Placeholders.MANY_MAX;
    }
    return Done.DONE;
  }

  private Map<BoardId, AppendResult> forgetSome(Transaction tx, PlayerId player) {
    Map<RecordId, BoardId> found = records.lockOfPlayer(tx, player, Placeholders.MANY_MAX);
    if (found.isEmpty()) {
      return Map.of();
    }
    records.delete(tx, found.keySet());
    var appended = new HashMap<BoardId, AppendResult>();
    found.entrySet().stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
        .forEach((board, ids) -> appended.put(board, append(tx, board, removed(ids))));
    return appended;
  }

  private static LeaderboardEvent.Ranked removed(List<RecordId> ids) {
    return new LeaderboardEvent.Ranked(List.of(), ids.stream().map(RecordId::value).toList());
  }

  private static AppendResult append(Transaction tx, BoardId board, LeaderboardEvent event) {
    return tx.append(LeaderboardEvent.stream(board), event);
  }

  private <T> T applied(Written<T> written) {
    indexes.awaitApplied(written.board, written.appended);
    return written.result;
  }
}
