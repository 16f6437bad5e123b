package dev.rookery.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.BoardId;
import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventHistory;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.friend.Friends;
import dev.rookery.leaderboard.Board.Operator;
import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.RecordOwner.OfLabel;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import dev.rookery.player.Credentials;
import dev.rookery.player.Players;
import dev.rookery.store.Dialect;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares what an index answers with what SQL answers, while and after records change. */
final class RanksTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Page.Request PAGE = new Page.Request(1, 100);
  private static final long ENOUGH = 1 << 20;
  private static final int PLAYERS = 30;
  private static final String CACHE = "rookery.cache.reads";

  private static final String INDEXED_SQLITE =
      """
      SELECT part.name AS name FROM pragma_index_list('leaderboard_record') AS one
      JOIN pragma_index_info(one.name) AS part
      """;

  private static final String INDEXED_POSTGRES =
      """
      SELECT CAST(attname AS TEXT) AS name FROM pg_index JOIN pg_attribute
        ON attrelid = indrelid AND attnum = ANY (indkey)
      WHERE indrelid = CAST('leaderboard_record' AS regclass)
      """;

  // Counted when a connection of the server ends.
  private static final String DEADLOCKS =
      "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";

  @ParameterizedTest
  @MethodSource(ALL)
  void aSubmissionChangesNoIndexedColumn(TestStore store) {
    String indexed =
        store.database().dialect() == Dialect.SQLITE ? INDEXED_SQLITE : INDEXED_POSTGRES;
    assertThat(store.database().read(indexed).all(row -> row.text("name")))
        .contains("board_id", "player_id", "label")
        .doesNotContain(
            "score",
            "subscore",
            "order_score",
            "order_subscore",
            "submissions",
            "revision",
            "metadata",
            "updated_ms");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theIndexRanksAsSqlDoes(TestStore store) throws Exception {
    long seed = TestSeed.of("RanksTest on " + store);
    try (var indexed = node(store, ENOUGH)) {
      List<PlayerId> players = players(store);
      var boards = new ArrayList<Board>();
      for (SortOrder order : SortOrder.values()) {
        Board board = board(indexed, order);
        boards.add(board);
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
          var walks = new ArrayList<java.util.concurrent.Future<?>>();
          for (int i = 0; i < 6; i++) {
            var random = new Random(seed + i);
            walks.add(crowd.submit(() -> walk(indexed, board, players, random)));
          }
          for (java.util.concurrent.Future<?> walk : walks) {
            walk.get();
          }
        }
      }
      assertThat(reads(store, "sql")).isZero();
      assertThat(reads(store, "index")).isPositive();
      for (Board board : boards) {
        compare(store, indexed, board, players);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void changesOfSeveralBoardsAtOnceDoNotDeadlock(TestStore store) throws Exception {
    long seed = TestSeed.of("RanksTest on " + store);
    try (var one = node(store, 0);
        var other = node(store, 0)) {
      List<PlayerId> players = players(store).subList(0, 6);
      var boards = IntStream.range(0, 4).mapToObj(_ -> board(one, SortOrder.DESC)).toList();
      try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
        var walks = new ArrayList<java.util.concurrent.Future<?>>();
        for (int i = 0; i < 16; i++) {
          var random = new Random(seed + i);
          TestBus node = i % 2 == 0 ? one : other;
          walks.add(crowd.submit(() -> walkBoards(node, boards, players, random)));
        }
        for (java.util.concurrent.Future<?> walk : walks) {
          walk.get();
        }
      }
    }
    if (store.database().dialect() == Dialect.POSTGRES) {
      store.reopen();
      assertThat(store.database().read(DEADLOCKS).row(0).number("deadlocks")).isZero();
    }
  }

  private static void walkBoards(
      TestBus node, List<Board> boards, List<PlayerId> players, Random random) {
    for (int step = 0; step < 60; step++) {
      PlayerId player = players.get(random.nextInt(players.size()));
      if (random.nextInt(8) == 0) {
        node.ask(new LeaderboardCommand.Forget(player));
      } else {
        Board board = boards.get(random.nextInt(boards.size()));
        boolean label = random.nextInt(6) == 0;
        submit(
            node,
            board,
            label ? new OfLabel("team " + random.nextInt(3)) : new OfPlayer(player),
            random.nextInt(5),
            0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aBoardThatDoesNotFitIsAnsweredBySql(TestStore store) {
    try (var small = node(store, 100)) {
      List<PlayerId> players = players(store);
      Board board = board(small, SortOrder.DESC);
      for (int i = 0; i < 10; i++) {
        submit(small, board, new OfPlayer(players.get(i)), i % 3, i % 2);
      }
      compare(store, small, board, players);
      assertThat(reads(store, "index")).isZero();
      assertThat(reads(store, "sql")).isPositive();
      assertThat(
              store
                  .meters()
                  .counter("rookery.leaderboards.index.refused", "reason", "too_large")
                  .count())
          .as("and not tried again with every read")
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void dropsAnIndexThatNobodyReads(TestStore store) {
    try (var node = node(store, ENOUGH)) {
      List<PlayerId> players = players(store);
      Board board = board(node, SortOrder.DESC);
      submit(node, board, new OfPlayer(players.getFirst()), 5, 0);
      assertThat(top(node, board)).hasSize(1);
      assertThat(boards(store)).isEqualTo(1);
      store.clock().advance(Duration.ofMinutes(2));
      Eventually.holds(() -> boards(store) == 0);
      submit(node, board, new OfPlayer(players.getLast()), 6, 0);
      assertThat(top(node, board)).hasSize(2);
      assertThat(boards(store)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anIndexOutlivesNeitherItsBoardNorAChangeOfIt(TestStore store) {
    try (var one = node(store, ENOUGH);
        var other = node(store, ENOUGH)) {
      Board deleted = board(one, SortOrder.DESC);
      Board ended = board(one, SortOrder.DESC);
      submit(one, deleted, new OfPlayer(players(store).getFirst()), 5, 0);
      for (Board board : List.of(deleted, ended)) {
        // The other node remembers the board for a second, and has no index of it.
        other.ask(new LeaderboardQuery.Find(BoardRef.of(board.id())));
      }
      one.ask(new LeaderboardCommand.Delete(BoardRef.of(deleted.id())));
      one.ask(new LeaderboardCommand.End(BoardRef.of(ended.id())));
      assertThat(top(other, ended)).isEmpty();
      assertThat(other.ask(new LeaderboardQuery.Find(BoardRef.of(ended.id()))).board().endsMs())
          .isNotNull();
      top(other, deleted);
      store.clock().advance(BoardDirectory.KEPT_FOR);
      assertThat(other.refusal(new LeaderboardQuery.Top(BoardRef.of(deleted.id()), PAGE)).code())
          .isEqualTo("leaderboard_not_found");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsShowEveryChangeAndEndOfSeason(TestStore store) {
    try (var one = node(store, ENOUGH);
        var other = node(store, ENOUGH)) {
      Board first = board(one, SortOrder.DESC);
      Board second = board(one, SortOrder.ASC);
      BoardRef ref = BoardRef.of(second.id());
      for (int read = 0; read < 3; read++) {
        assertThat(active(one)).containsExactly(second.id(), first.id());
        Eventually.holds(() -> active(other).equals(List.of(second.id(), first.id())));
      }
      assertThat(store.meters().counter(CACHE, "cache", "boards", "from", "local").count())
          .isPositive();

      long endsMs = store.clock().instant().plusSeconds(20).toEpochMilli();
      one.ask(new LeaderboardCommand.End(BoardRef.of(first.id())));
      assertThat(active(one)).containsExactly(second.id());
      Eventually.holds(() -> active(other).equals(List.of(second.id())));
      one.ask(
          new LeaderboardCommand.Create(
              "short", "Board", null, SortOrder.DESC, Operator.SET, null, endsMs, null, null));
      assertThat(active(one)).hasSize(2);
      Eventually.holds(() -> active(other).size() == 2);
      store.clock().advance(Duration.ofSeconds(20));
      assertThat(active(one)).containsExactly(second.id());
      assertThat(active(other)).containsExactly(second.id());
      one.ask(new LeaderboardCommand.Delete(ref));
      assertThat(active(one)).isEmpty();
      Eventually.holds(() -> active(other).isEmpty());
    }
  }

  private static List<BoardId> active(TestBus node) {
    var filter = new LeaderboardQuery.Filter(null, true, null, null, null, null);
    var list = new LeaderboardQuery.ListBoards(filter, LeaderboardQuery.ListOrder.ENDS_AT, PAGE);
    return node.ask(list).items().stream().map(Board::id).toList();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void pastSeasonsLeaveRoomForNewBoards(TestStore store) {
    try (var node = node(store, ENOUGH, 2)) {
      node.ask(create("hourly", "0 * * * *"));
      for (int season = 0; season < 3; season++) {
        store.clock().advance(Duration.ofHours(1));
        assertThat(node.ask(new LeaderboardQuery.Resolve(List.of("hourly")))).hasSize(1);
      }
      long rows =
          store.database().read("SELECT COUNT(*) AS total FROM leaderboard").row(0).number("total");
      assertThat(rows).isEqualTo(4);
      node.ask(create("second", null));
      assertThat(node.refusal(create("third", null)).code()).isEqualTo("too_many_leaderboards");
    }
  }

  private static LeaderboardCommand.Create create(String slug, @Nullable String reset) {
    return new LeaderboardCommand.Create(
        slug, "Board", null, SortOrder.DESC, Operator.SET, null, null, null, reset);
  }

  private static int walk(TestBus node, Board board, List<PlayerId> players, Random random) {
    int read = 0;
    for (int step = 0; step < 60; step++) {
      PlayerId player = players.get(random.nextInt(players.size()));
      switch (random.nextInt(10)) {
        case 0 ->
            node.ask(new LeaderboardCommand.DeletePlayerRecord(BoardRef.of(board.id()), player));
        case 1 -> submit(node, board, new OfLabel("team " + random.nextInt(4)), 3, 0);
        case 2, 3, 4 -> read += top(node, board).size();
        default -> {
          long score = random.nextInt(5) - 2;
          var record = submit(node, board, new OfPlayer(player), score, random.nextInt(3) - 1);
          assertThat(record.score()).isEqualTo(score);
        }
      }
    }
    return read;
  }

  private static void compare(TestStore store, TestBus node, Board board, List<PlayerId> players) {
    try (var other = new TestBus()) {
      var domain = new Domain();
      other.deploy(domain);
      var sql =
          new Ranks(
              domain.context(),
              store.database(),
              new RankStore(),
              new BoardIndexes(
                  domain.context(),
                  store.database(),
                  new RankStore(),
                  new BoardStore(),
                  (_, _) -> {
                    throw new IllegalStateException("there is no index");
                  },
                  store.clock(),
                  new IndexSettings(0, Duration.ofMinutes(1))),
              new Friends(),
              store.clock(),
              500);
      BoardRef ref = BoardRef.of(board.id());
      for (int page = 1; page <= 6; page++) {
        var request = new Page.Request(page, 7);
        assertThat(node.ask(new LeaderboardQuery.Top(ref, request)))
            .isEqualTo(sql.top(board, request));
      }
      for (PlayerId player : players) {
        assertThat(node.ask(new LeaderboardQuery.Around(ref, player, 5)))
            .isEqualTo(sql.around(board, player, 5));
        assertThat(node.ask(new LeaderboardQuery.OfFriends(ref, player, PAGE)))
            .isEqualTo(sql.ofFriends(board, player, PAGE));
        sql.ofPlayer(board, player)
            .ifPresentOrElse(
                own ->
                    assertThat(node.ask(new LeaderboardQuery.FindOfPlayer(ref, player)))
                        .isEqualTo(own),
                () ->
                    assertThat(node.refusal(new LeaderboardQuery.FindOfPlayer(ref, player)).code())
                        .isEqualTo("record_not_found"));
      }
    }
  }

  private static BoardRecord submit(
      TestBus node, Board board, RecordOwner owner, long score, long subscore) {
    return node.ask(
        new LeaderboardCommand.Submit(
            BoardRef.of(board.id()), owner, score, subscore, Map.of(), new PlayerId(1), null));
  }

  private static List<RankedRecord> top(TestBus node, Board board) {
    return node.ask(new LeaderboardQuery.Top(BoardRef.of(board.id()), PAGE)).items();
  }

  private static Board board(TestBus node, SortOrder order) {
    return node.ask(
        new LeaderboardCommand.Create(
            "board", "Board", null, order, Operator.SET, null, null, null, null));
  }

  private static double reads(TestStore store, String source) {
    return store.meters().counter("rookery.leaderboards.reads", "source", source).count();
  }

  private static double boards(TestStore store) {
    return store.meters().get("rookery.leaderboards.index.boards").gauge().value();
  }

  private static TestBus node(TestStore store, long indexBytesMax) {
    return node(store, indexBytesMax, 100);
  }

  private static TestBus node(TestStore store, long indexBytesMax, int boardsMax) {
    var node = new TestBus();
    var fanOut =
        new FanOut(
            node.vertx(),
            node.bus(),
            Databases.EVENTS,
            new History(store),
            new SimpleMeterRegistry(),
            "node",
            4);
    store.onPublished(fanOut::publish);
    node.deploy(
        new LeaderboardVerticle(
            node.bus(),
            store.database(),
            new Players(store.clock()),
            store.clock(),
            new LeaderboardSettings(
                Limits.DEFAULTS,
                boardsMax,
                new IndexSettings(indexBytesMax, Duration.ofMinutes(1))),
            (stream, listener) -> follow(fanOut, stream, listener),
            TestClusterMember.join(store, "node").scheduler(),
            new Caches(
                true, store.clock(), 1_000, ENOUGH, Duration.ofMinutes(1), null, store.meters()),
            (stream, listener) -> follow(store, stream, listener)));
    return node;
  }

  /** Tells a cache of the events of a stream as soon as they are published. */
  private static void follow(TestStore store, String stream, ChangeFeed.Listener listener) {
    listener.onStart(Position.START);
    store.onPublished(
        events ->
            events.stream()
                .filter(one -> one.stream().equals(stream))
                .forEach(one -> listener.onEvent(one.event(), one.position())));
  }

  private static BoardStreams.Subscription follow(
      FanOut fanOut, String stream, BoardStreams.Listener listener) {
    var subscription =
        fanOut.subscribe(
            stream,
            new Subscriber() {
              @Override
              public void onEvent(Delivery delivery) {
                Event event = delivery.posted().event();
                listener.onEvent(event, delivery.position());
              }

              @Override
              public void onLost() {
                listener.onLost();
              }
            });
    return new BoardStreams.Subscription() {
      @Override
      public void startAfter(Position position) {
        subscription.startAfter(position);
      }

      @Override
      public void cancel() {
        subscription.cancel();
      }
    };
  }

  private static List<PlayerId> players(TestStore store) {
    return IntStream.range(0, PLAYERS)
        .mapToObj(
            number -> {
              var credentials =
                  new Credentials(store.clock(), new SeededIds(number), TestStore.DIGESTS);
              return store
                  .database()
                  .write(
                      tx ->
                          credentials
                              .findOrCreateByDevice(tx, Set.of("device-" + number))
                              .get("device-" + number)
                              .player());
            })
        .toList();
  }

  /** Has a context on virtual threads. */
  private static final class Domain extends VerticleBase {
    Context context() {
      return context;
    }
  }

  /** Reads the events of the store, as a node does. */
  private record History(TestStore store) implements EventHistory {
    @Override
    public Future<CatchUp<CommittedEvent>> readAfter(String stream, Position position, int max) {
      return call(() -> store.outbox().readAfter(stream, position, max));
    }

    @Override
    public Future<Map<String, Position>> readHeads(List<String> streams) {
      return call(() -> store.outbox().heads(streams));
    }

    @Override
    public Position beginning() {
      return store.outbox().beginning();
    }

    @Override
    public boolean hasOneEpochSince(Position beginning) {
      return store.outbox().hasOneEpochSince(beginning);
    }

    private static <T> Future<T> call(Supplier<T> read) {
      Promise<T> promise = Promise.promise();
      Thread.startVirtualThread(
          () -> {
            try {
              promise.complete(read.get());
            } catch (RuntimeException failure) {
              promise.fail(failure);
            }
          });
      return promise.future();
    }
  }
}
