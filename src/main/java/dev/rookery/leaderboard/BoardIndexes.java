package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Position;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Database;
import dev.rookery.store.Outbox;
import dev.rookery.store.TimedWait;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of this node. The first read of a board fills its index, and reads wait for it; after
 * {@link IndexSettings#idleFor} without a read it is dropped. All of them together use at most
 * {@link IndexSettings#bytesMax}: a board that does not fit is answered by SQL, and tried again
 * after {@link #REFUSED_FOR}. Indexes that are in use are not dropped for another one, since two
 * boards would push each other out with every read.
 */
final class BoardIndexes {
  private static final Logger LOG = LoggerFactory.getLogger(BoardIndexes.class);

  /** How long a board that did not fit is answered by SQL before it is tried again. */
  static final Duration REFUSED_FOR = Duration.ofMinutes(1);

  private static final Duration IN_USE = Duration.ofSeconds(10);
  private static final Duration FILL_WITHIN = Duration.ofMinutes(2);
  private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(30);
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);
  private static final Duration APPLIED_WITHIN = Duration.ofSeconds(2);
  private static final int FILLS_MAX = 2;
  private static final int REFUSED_MAX = 10_000;

  private final Context context;
  private final Database database;
  private final RankStore store;
  private final BoardStore boards;
  private final BoardStreams streams;
  private final InstantSource clock;
  private final IndexSettings settings;
  private final Map<BoardId, BoardIndex> indexes = new ConcurrentHashMap<>();
  private final Map<BoardId, Long> refusedUntil = new ConcurrentHashMap<>();
  private final Semaphore fills = new Semaphore(FILLS_MAX);
  private final Counter readsByIndex;
  private final Counter readsBySql;
  private final Timer filling;
  private final Counter failed;
  private final Counter tooLarge;
  private volatile boolean closed;

  /**
   * @param context of a verticle on virtual threads, on which streams are followed
   */
  BoardIndexes(
      Context context,
      Database database,
      RankStore store,
      BoardStore boards,
      BoardStreams streams,
      InstantSource clock,
      IndexSettings settings) {
    this.context = context;
    this.database = database;
    this.store = store;
    this.boards = boards;
    this.streams = streams;
    this.clock = clock;
    this.settings = settings;
    MeterRegistry meters = database.registry();
    readsByIndex = reads(meters, "index");
    readsBySql = reads(meters, "sql");
    filling =
        Timer.builder("rookery.leaderboards.index.fills")
            .description("Indexes of boards that were filled from the rows")
            .register(meters);
    failed = ended(meters, "failed");
    tooLarge = ended(meters, "too_large");
    gauge(meters, "boards", "Boards with an index in memory", indexes::size);
    gauge(meters, "entries", "Records in the indexes", this::entries);
    gauge(meters, "bytes", "Memory of the indexes in bytes", this::bytes);
  }

  private static Counter reads(MeterRegistry meters, String source) {
    return Counter.builder("rookery.leaderboards.reads")
        .description("Reads of ranks, by what answered them")
        .tag("source", source)
        .register(meters);
  }

  private static Counter ended(MeterRegistry meters, String reason) {
    return Counter.builder("rookery.leaderboards.index.refused")
        .description("Indexes that could not be filled, by reason")
        .tag("reason", reason)
        .register(meters);
  }

  private void gauge(MeterRegistry meters, String name, String description, LongSupplier value) {
    Gauge.builder("rookery.leaderboards.index." + name, value, LongSupplier::getAsLong)
        .description(description)
        .strongReference(true)
        .register(meters);
  }

  /** The board, if its index has it. */
  Optional<Board> board(BoardId id) {
    BoardIndex index = indexes.get(id);
    return index == null ? Optional.empty() : index.board();
  }

  /**
   * Reads the ranks of a board from its index; empty if SQL has to answer. Blocks the virtual
   * thread while the index is being filled, at most {@link #WAIT_MAX}.
   */
  <T> Optional<T> read(Board board, Function<RankIndex, T> question) {
    BoardIndex index = open(board);
    Optional<T> answer = Optional.empty();
    if (index != null) {
      answer = index.read(clock.millis(), question);
      if (answer.isEmpty() && isFilled(index)) {
        answer = index.read(clock.millis(), question);
      }
    }
    (answer.isPresent() ? readsByIndex : readsBySql).increment();
    return answer;
  }

  private static boolean isFilled(BoardIndex index) {
    return TimedWait.completes(index.filled(), WAIT_MAX) && index.filled().result();
  }

  /** Waits until the index has what was just committed, so that the caller can read it. */
  void awaitApplied(BoardId board, AppendResult appended) {
    applied(board, appended).await();
  }

  /** As {@link #awaitApplied}, without waiting. */
  Future<Void> applied(BoardId board, AppendResult appended) {
    BoardIndex index = indexes.get(board);
    return index == null
        ? Future.succeededFuture()
        : reached(board, index, appended.position(), APPLIED_WITHIN).mapEmpty();
  }

  /** Completes with false if the index does not get there in time; then it has ended. */
  private Future<Boolean> reached(
      BoardId board, BoardIndex index, Position position, Duration within) {
    Future<Void> reached = index.reached(position);
    return reached.isComplete()
        ? Future.succeededFuture(true)
        : reached
            .timeout(within.toMillis(), TimeUnit.MILLISECONDS)
            .map(true)
            .otherwise(
                _ -> {
                  LOG.warn("the index of board {} did not catch up within {}", board, within);
                  drop(board, index);
                  return false;
                });
  }

  /** The index of a board, filled or being filled; null if there is no room for it. */
  private @Nullable BoardIndex open(Board board) {
    BoardIndex known = indexes.get(board.id());
    if (known != null && !known.isEnded()) {
      return known;
    }
    if (closed || settings.bytesMax() == 0 || isRefused(board.id())) {
      return null;
    }
    var created = new BoardIndex(board, clock.millis());
    BoardIndex current =
        indexes.compute(
            board.id(), (_, other) -> other == null || other.isEnded() ? created : other);
    if (current == created) {
      // Not on the context, which serves commands meanwhile.
      Thread.startVirtualThread(() -> fill(board.id(), created));
    }
    return current;
  }

  private boolean isRefused(BoardId board) {
    Long until = refusedUntil.get(board);
    if (until == null) {
      return false;
    }
    if (clock.millis() < until) {
      return true;
    }
    refusedUntil.remove(board, until);
    return false;
  }

  private void fill(BoardId board, BoardIndex index) {
    fills.acquireUninterruptibly();
    long started = System.nanoTime();
    try {
      TimedWait.await(follow(board, index), FOLLOWED_WITHIN);
      // What the caller knows of the board may be older than the first event that is followed.
      Board current =
          boards
              .find(database, board)
              .orElseThrow(() -> new Unfilled("the board has been deleted"));
      index.begin(current);
      store.fill(
          database,
          board,
          standings -> {
            if (!index.load(standings)) {
              throw new Unfilled("it ended");
            }
            makeRoom(board, index);
          });
      Position head = Outbox.head(database, LeaderboardEvent.stream(board));
      index.sort();
      if (reached(board, index, head, FILL_WITHIN).await()) {
        index.finish();
        filling.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
      }
    } catch (Unfilled reason) {
      LOG.info("the index of board {} is not filled: {}", board, reason.getMessage());
      drop(board, index);
    } catch (TimeoutException | RuntimeException failure) {
      failed.increment();
      LOG.warn("the index of board {} could not be filled", board, failure);
      refuse(board, Duration.ofSeconds(1));
      drop(board, index);
    } catch (Error failure) {
      FatalErrors.endIfFatal(failure);
      drop(board, index);
      throw failure;
    } finally {
      fills.release();
    }
  }

  /** Follows the stream from its head on, before the first row is read. */
  private Future<Void> follow(BoardId board, BoardIndex index) {
    Promise<BoardStreams.Subscription> followed = Promise.promise();
    context.runOnContext(
        _ -> followed.complete(streams.follow(LeaderboardEvent.stream(board), index)));
    return followed
        .future()
        .compose(
            following -> {
              Promise<Void> started = Promise.promise();
              Thread.startVirtualThread(
                  () -> {
                    try {
                      Position head = Outbox.head(database, LeaderboardEvent.stream(board));
                      context.runOnContext(
                          _ -> {
                            index.start(following, head);
                            started.complete();
                          });
                    } catch (RuntimeException failure) {
                      context.runOnContext(_ -> following.cancel());
                      started.fail(failure);
                    }
                  });
              return started.future();
            });
  }

  /** Ends indexes that are not in use until the growing one fits. */
  private void makeRoom(BoardId board, BoardIndex index) {
    if (bytes() <= settings.bytesMax()) {
      return;
    }
    long inUseSince = clock.millis() - IN_USE.toMillis();
    var others = new ArrayList<Map.Entry<BoardId, BoardIndex>>(indexes.entrySet());
    others.removeIf(other -> other.getValue() == index);
    others.sort(Comparator.comparingLong(other -> other.getValue().lastReadMs()));
    for (Map.Entry<BoardId, BoardIndex> other : others) {
      if (bytes() <= settings.bytesMax() || other.getValue().lastReadMs() > inUseSince) {
        break;
      }
      drop(other.getKey(), other.getValue());
    }
    if (bytes() > settings.bytesMax()) {
      tooLarge.increment();
      refuse(board, REFUSED_FOR);
      throw new Unfilled("it does not fit into leaderboards.indexBytesMax; SQL answers instead");
    }
  }

  private void refuse(BoardId board, Duration time) {
    if (refusedUntil.size() >= REFUSED_MAX) {
      refusedUntil.clear();
    }
    refusedUntil.put(board, clock.millis() + time.toMillis());
  }

  /**
   * Drops indexes that were not read for long or have ended, and those that have grown too much.
   */
  void sweep() {
    long idleSince = clock.millis() - settings.idleFor().toMillis();
    indexes.forEach(
        (board, index) -> {
          index.measure();
          if (index.isEnded() || (!index.isFilling() && index.lastReadMs() < idleSince)) {
            drop(board, index);
          }
        });
    List<Map.Entry<BoardId, BoardIndex>> byAge =
        indexes.entrySet().stream()
            .sorted(Comparator.comparingLong(one -> one.getValue().lastReadMs()))
            .toList();
    for (Map.Entry<BoardId, BoardIndex> one : byAge) {
      if (bytes() <= settings.bytesMax()) {
        break;
      }
      refuse(one.getKey(), REFUSED_FOR);
      drop(one.getKey(), one.getValue());
    }
  }

  void close() {
    closed = true;
    indexes.forEach(this::drop);
  }

  private void drop(BoardId board, BoardIndex index) {
    indexes.remove(board, index);
    // Streams are left on the context that followed them.
    context.runOnContext(_ -> index.end());
  }

  private long bytes() {
    return indexes.values().stream().mapToLong(BoardIndex::bytes).sum();
  }

  private long entries() {
    return indexes.values().stream().mapToLong(BoardIndex::entries).sum();
  }

  /** The filling was given up; the message says why. */
  private static final class Unfilled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfilled(String message) {
      super(message, null, false, false);
    }
  }
}
