package dev.rookery.leaderboard;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of one board, from its filling to its end. It follows the board's stream from before
 * the first record is read: what changes while the rows are read is kept aside and applied on top
 * of them. After the last row the head of the stream is read, and the index is used once it has
 * seen every event up to there, which makes it equal to the rows at that position. From then on
 * each event changes it.
 *
 * <p>It ends when it may differ from the rows: an event was lost or cannot be read, the board was
 * deleted, or it took too long to catch up. It is never repaired; the next read fills a new one.
 *
 * <p>Thread-safe: its state is guarded by its monitor, which is never held across I/O.
 */
final class BoardIndex implements BoardStreams.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(BoardIndex.class);

  private enum State {
    FILLING,
    READY,
    ENDED
  }

  /** A position that somebody waits for. */
  private record PendingPosition(Position position, Promise<Void> reached) {}

  private final RankIndex ranks;
  private final Promise<Boolean> filled = Promise.promise();
  private final List<PendingPosition> waiting = new ArrayList<>();

  // What happened while the rows were read: the last standing of each record, empty if removed.
  private Map<Long, Optional<Standing>> aside = new LinkedHashMap<>();
  private State state = State.FILLING;
  private Board board;
  private Position position = Position.START;
  // Whether an event has told of the board, which is never older than what was read.
  private boolean changed;
  private boolean started;
  private long lastReadMs;
  private long bytes;
  private BoardStreams.@Nullable Subscription following;

  BoardIndex(Board board, long nowMs) {
    this.board = board;
    this.ranks = new RankIndex(board.sortOrder());
    this.lastReadMs = nowMs;
  }

  // Filling.

  /** Called on the context that follows the stream, with the position before the first row. */
  void start(BoardStreams.Subscription stream, Position head) {
    synchronized (this) {
      if (state == State.ENDED) {
        stream.cancel();
        return;
      }
      following = stream;
      position = head;
      started = true;
    }
    wakeWaiting();
    stream.startAfter(head);
  }

  /** The board as it was read after the stream was followed. */
  synchronized void begin(Board read) {
    if (!changed) {
      board = read;
    }
  }

  /** Adds rows; false if the index has ended meanwhile. */
  synchronized boolean load(Standing[] standings) {
    if (state != State.FILLING) {
      return false;
    }
    for (Standing standing : standings) {
      ranks.load(standing);
    }
    bytes = ranks.bytes();
    return true;
  }

  /** Orders the rows. Not guarded, since nobody else uses the ranks before {@link #finish}. */
  void sort() {
    ranks.sort();
  }

  /** Applies what happened meanwhile; the index can be used from now on. */
  void finish() {
    synchronized (this) {
      if (state != State.FILLING) {
        return;
      }
      aside.forEach(
          (record, standing) -> standing.ifPresentOrElse(ranks::put, () -> ranks.remove(record)));
      aside = new LinkedHashMap<>();
      state = State.READY;
      bytes = ranks.bytes();
    }
    filled.tryComplete(true);
  }

  /** Completes with whether the index can be used. */
  Future<Boolean> filled() {
    return filled.future();
  }

  // The stream.

  @Override
  public void onEvent(Event event, Position at) {
    boolean goesOn;
    synchronized (this) {
      if (state == State.ENDED) {
        return;
      }
      try {
        goesOn = apply(event);
      } catch (RuntimeException broken) {
        LOG.error(
            "the index of board {} is dropped, because it is inconsistent", board.id(), broken);
        goesOn = false;
      }
      position = at;
    }
    if (goesOn) {
      wakeWaiting();
    } else {
      end();
    }
  }

  @Override
  public void onLost() {
    end();
  }

  private boolean apply(Event event) {
    if (!(event instanceof LeaderboardEvent known)) {
      // Of a newer version of the server: what it changed is in the rows.
      return false;
    }
    switch (known) {
      case LeaderboardEvent.Ranked(var changed, var removed) -> {
        if (state == State.FILLING) {
          changed.forEach(one -> aside.put(one.record(), Optional.of(one)));
          removed.forEach(record -> aside.put(record, Optional.empty()));
        } else {
          changed.forEach(ranks::put);
          removed.forEach(ranks::remove);
        }
      }
      case LeaderboardEvent.Changed(var now) -> {
        board = now;
        changed = true;
      }
      case LeaderboardEvent.Deleted _, LeaderboardEvent.Listed _ -> {
        return false;
      }
    }
    return true;
  }

  /** Completes when the index has seen the event at the position, or has ended. */
  Future<Void> reached(Position wanted) {
    synchronized (this) {
      if (state == State.ENDED || (started && !wanted.isAfter(position))) {
        return Future.succeededFuture();
      }
      var one = new PendingPosition(wanted, Promise.promise());
      waiting.add(one);
      return one.reached.future();
    }
  }

  private void wakeWaiting() {
    List<PendingPosition> woken = List.of();
    synchronized (this) {
      if (!waiting.isEmpty()) {
        woken =
            waiting.stream()
                .filter(one -> state == State.ENDED || !one.position.isAfter(position))
                .toList();
        waiting.removeAll(woken);
      }
    }
    woken.forEach(one -> one.reached.tryComplete());
  }

  // Use.

  /** Reads the ranks; empty if the index cannot be used. */
  synchronized <T> Optional<T> read(long nowMs, Function<RankIndex, T> question) {
    if (state != State.READY) {
      return Optional.empty();
    }
    lastReadMs = nowMs;
    return Optional.of(question.apply(ranks));
  }

  /** The board as its stream tells it; empty if the index cannot be used. */
  synchronized Optional<Board> board() {
    return state == State.READY ? Optional.of(board) : Optional.empty();
  }

  /** Ends the index and forgets the ranks. Idempotent. */
  void end() {
    BoardStreams.Subscription stream;
    synchronized (this) {
      state = State.ENDED;
      stream = following;
      following = null;
      bytes = 0;
    }
    wakeWaiting();
    filled.tryComplete(false);
    if (stream != null) {
      stream.cancel();
    }
  }

  synchronized boolean isEnded() {
    return state == State.ENDED;
  }

  synchronized boolean isFilling() {
    return state == State.FILLING;
  }

  synchronized long lastReadMs() {
    return lastReadMs;
  }

  /** Its memory when it was last measured, in bytes. */
  synchronized long bytes() {
    return bytes;
  }

  synchronized void measure() {
    if (state == State.READY) {
      bytes = ranks.bytes();
    }
  }

  synchronized int entries() {
    return state == State.READY ? ranks.size() : 0;
  }
}
