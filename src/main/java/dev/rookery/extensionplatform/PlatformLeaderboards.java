package dev.rookery.extensionplatform;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.extension.Leaderboard;
import dev.rookery.extension.LeaderboardSettings;
import dev.rookery.extension.Leaderboards;
import dev.rookery.extension.RankedScore;
import dev.rookery.extension.ResultPage;
import dev.rookery.extension.ScoreRecord;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRecord;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RankedRecord;
import dev.rookery.leaderboard.RecordOwner;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Leaderboards} by commands. */
final class PlatformLeaderboards implements Leaderboards {
  // Whose idempotency key it is where there is no player; without a key it means nothing.
  private static final PlayerId NOBODY = new PlayerId(0);
  private static final int AROUND_MAX = 100;

  private final PlatformBus bus;

  PlatformLeaderboards(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public Leaderboard create(LeaderboardSettings settings) {
    return leaderboard(
        bus.ask(
            new LeaderboardCommand.Create(
                settings.slug(),
                settings.title(),
                settings.description(),
                switch (settings.sortOrder()) {
                  case ASC -> Board.SortOrder.ASC;
                  case DESC -> Board.SortOrder.DESC;
                },
                switch (settings.operator()) {
                  case SET -> Board.Operator.SET;
                  case BEST -> Board.Operator.BEST;
                  case INCR -> Board.Operator.INCR;
                  case DECR -> Board.Operator.DECR;
                },
                millis(settings.startsAt()),
                millis(settings.endsAt()),
                settings.metadata(),
                settings.reset())));
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  @Override
  public @Nullable Leaderboard find(String board) {
    var found = bus.find(new LeaderboardQuery.Find(new BoardRef(board)));
    return found == null ? null : leaderboard(found.board());
  }

  @Override
  public ResultPage<Leaderboard> list(@Nullable String slug, int page, int pageSize) {
    var filter = new LeaderboardQuery.Filter(slug, null, null, null, null, null);
    return PlatformBus.result(
        bus.ask(
            new LeaderboardQuery.ListBoards(
                filter, LeaderboardQuery.ListOrder.INSERTED_AT, PlatformBus.page(page, pageSize))),
        PlatformLeaderboards::leaderboard);
  }

  @Override
  public Leaderboard update(
      String board,
      @Nullable String title,
      @Nullable String description,
      @Nullable Map<String, Object> metadata) {
    return leaderboard(
        bus.ask(
            new LeaderboardCommand.Update(
                new BoardRef(board), title, description, null, null, metadata, Set.of(), null)));
  }

  @Override
  public Leaderboard end(String board) {
    return leaderboard(bus.ask(new LeaderboardCommand.End(new BoardRef(board))));
  }

  @Override
  public void delete(String board) {
    bus.ask(new LeaderboardCommand.Delete(new BoardRef(board)));
  }

  @Override
  public ScoreRecord submit(
      String board,
      long userId,
      long score,
      long subscore,
      @Nullable Map<String, Object> metadata,
      @Nullable String idempotencyKey) {
    var player = new PlayerId(userId);
    return record(
        bus.ask(
            new LeaderboardCommand.Submit(
                new BoardRef(board),
                new RecordOwner.OfPlayer(player),
                score,
                subscore,
                metadata,
                player,
                bus.key(idempotencyKey))));
  }

  @Override
  public ScoreRecord submitLabel(String board, String label, long score) {
    return record(
        bus.ask(
            new LeaderboardCommand.Submit(
                new BoardRef(board),
                new RecordOwner.OfLabel(label),
                score,
                0,
                null,
                NOBODY,
                null)));
  }

  @Override
  public @Nullable RankedScore findRecord(String board, long userId) {
    var found =
        bus.find(new LeaderboardQuery.FindOfPlayer(new BoardRef(board), new PlayerId(userId)));
    return found == null ? null : ranked(found);
  }

  @Override
  public ResultPage<RankedScore> top(String board, int page, int pageSize) {
    Page.Request request = PlatformBus.page(page, pageSize);
    return PlatformBus.result(
        bus.ask(new LeaderboardQuery.Top(new BoardRef(board), request)),
        PlatformLeaderboards::ranked);
  }

  @Override
  public List<RankedScore> around(String board, long userId, int limit) {
    var around =
        new LeaderboardQuery.Around(
            new BoardRef(board), new PlayerId(userId), Math.clamp(limit, 1, AROUND_MAX));
    return bus.ask(around).stream().map(PlatformLeaderboards::ranked).toList();
  }

  @Override
  public ResultPage<RankedScore> ofFriends(String board, long userId, int page, int pageSize) {
    Page.Request request = PlatformBus.page(page, pageSize);
    return PlatformBus.result(
        bus.ask(new LeaderboardQuery.OfFriends(new BoardRef(board), new PlayerId(userId), request)),
        PlatformLeaderboards::ranked);
  }

  @Override
  public ScoreRecord updateRecord(
      long recordId, @Nullable Long score, @Nullable Map<String, Object> metadata) {
    return record(
        bus.ask(new LeaderboardCommand.UpdateRecord(new RecordId(recordId), score, metadata)));
  }

  @Override
  public void deleteRecord(long recordId) {
    bus.ask(new LeaderboardCommand.DeleteRecord(new RecordId(recordId)));
  }

  @Override
  public void deleteRecord(String board, long userId) {
    bus.ask(new LeaderboardCommand.DeletePlayerRecord(new BoardRef(board), new PlayerId(userId)));
  }

  private static Leaderboard leaderboard(Board board) {
    return new Leaderboard(
        board.id().value(),
        board.slug(),
        board.title(),
        board.description(),
        switch (board.sortOrder()) {
          case ASC -> Leaderboard.SortOrder.ASC;
          case DESC -> Leaderboard.SortOrder.DESC;
        },
        switch (board.operator()) {
          case SET -> Leaderboard.Operator.SET;
          case BEST -> Leaderboard.Operator.BEST;
          case INCR -> Leaderboard.Operator.INCR;
          case DECR -> Leaderboard.Operator.DECR;
        },
        instant(board.startsMs()),
        instant(board.endsMs()),
        board.metadata(),
        board.reset());
  }

  private static RankedScore ranked(RankedRecord ranked) {
    return new RankedScore(ranked.rank(), record(ranked.record()), ranked.name());
  }

  private static ScoreRecord record(BoardRecord stored) {
    PlayerId player = stored.player();
    return new ScoreRecord(
        stored.id().value(),
        stored.board().value(),
        player == null ? null : player.value(),
        stored.label(),
        stored.score(),
        stored.subscore(),
        stored.submissions(),
        stored.metadata(),
        Instant.ofEpochMilli(stored.createdMs()),
        Instant.ofEpochMilli(stored.updatedMs()));
  }
}
