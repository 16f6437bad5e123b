package dev.rookery.protocol.page;

import dev.rookery.base.BoardId;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.leaderboard.LeaderboardEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the boards whose pages are open on this node: each board once, however many readers it
 * has, and at most {@value #BOARDS_MAX} of them. Readers are told of changes at most every {@value
 * #EVERY_MS} ms, because a board may change a thousand times a second. Thread-safe.
 */
final class BoardFollowers {
  static final int BOARDS_MAX = 500;
  private static final long EVERY_MS = 5_000;

  private final FanOut fanOut;
  private final Map<BoardId, FollowedBoard> boards = new HashMap<>();

  BoardFollowers(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  /** A reader, and the event loop on which it is told. */
  private record Reader(Context context, Runnable changed, Runnable lost) {}

  /** Ends the following of a reader. */
  interface BoardSubscription {
    void end();
  }

  /** How many boards are followed. */
  synchronized int size() {
    return boards.size();
  }

  /**
   * Tells the caller, on its context, of changes until the result is ended. Null if too many boards
   * are followed.
   *
   * @param changed the board has changed
   * @param lost nothing more is told; follow it again
   */
  synchronized @Nullable Future<BoardSubscription> follow(
      BoardId id, Runnable changed, Runnable lost) {
    FollowedBoard board = boards.get(id);
    if (board == null) {
      if (boards.size() >= BOARDS_MAX) {
        return null;
      }
      board = new FollowedBoard(id);
      boards.put(id, board);
      board.started = fanOut.subscribeFromNow(LeaderboardEvent.stream(id), board);
    }
    Context context = Objects.requireNonNull(Vertx.currentContext());
    var reader = new Reader(context, changed, lost);
    board.readers.add(reader);
    FollowedBoard followed = board;
    Promise<BoardSubscription> following = Promise.promise();
    board.started.onComplete(
        started -> {
          if (started.failed()) {
            remove(followed, reader);
          }
          context.runOnContext(
              _ -> following.handle(started.map(_ -> () -> remove(followed, reader))));
        });
    return following.future();
  }

  private synchronized void remove(FollowedBoard board, Reader reader) {
    if (board.readers.remove(reader) && board.readers.isEmpty()) {
      boards.remove(board.id, board);
      board.started.onSuccess(
          subscription -> board.context.runOnContext(_ -> subscription.cancel()));
    }
  }

  private synchronized List<Reader> readers(FollowedBoard board) {
    return List.copyOf(board.readers);
  }

  private synchronized void forget(FollowedBoard board) {
    boards.remove(board.id, board);
  }

  /** A board with its readers. Called on the event loop of its first reader. */
  private final class FollowedBoard implements Subscriber {
    private final BoardId id;
    private final Set<Reader> readers = new HashSet<>();
    private final Context context = Objects.requireNonNull(Vertx.currentContext());
    private Future<Subscription> started = Future.failedFuture("not begun");
    private boolean resting;
    private boolean changed;

    FollowedBoard(BoardId id) {
      this.id = id;
    }

    @Override
    public void onEvent(Delivery delivery) {
      if (resting) {
        changed = true;
      } else {
        tell();
      }
    }

    private void tell() {
      resting = true;
      changed = false;
      readers(this).forEach(reader -> reader.context.runOnContext(_ -> reader.changed.run()));
      context
          .owner()
          .setTimer(
              EVERY_MS,
              _ -> {
                resting = false;
                if (changed) {
                  tell();
                }
              });
    }

    @Override
    public void onLost() {
      forget(this);
      readers(this).forEach(reader -> reader.context.runOnContext(_ -> reader.lost.run()));
    }
  }
}
