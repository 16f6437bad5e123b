package dev.rookery.cluster;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.OwnThread;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node follow rows that say what all nodes run, and that any of them may change: when
 * another node says that it has changed them, and once a second in case that message was lost.
 *
 * <p>The node that has changed them may wait until the others follow, so that who is told of the
 * change finds it on every node.
 */
public final class RowFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowFollower.class);
  private static final long INTERVAL_MS = 1_000;

  private final Vertx vertx;
  private final NodeCalls calls;
  private final String rows;
  private final Runnable follow;
  private final Duration within;
  private final Counter late;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock following = new ReentrantLock();
  // Completed when the rows have been followed once more; null if nobody waits for that.
  private @Nullable Promise<Void> waiting;
  private boolean scheduled;
  private boolean closed;
  private volatile boolean failing;
  private long timer = -1;

  /**
   * @param rows names them in logs and metrics, and for other nodes; any noun, as it stands alone
   * @param follow makes this node do what the rows say; blocks, and is called by one thread at a
   *     time
   */
  public RowFollower(
      Vertx vertx, NodeCalls calls, MeterRegistry meters, String rows, Runnable follow) {
    this(vertx, calls, meters, rows, follow, NodeCalls.LONG_WITHIN);
  }

  RowFollower(
      Vertx vertx,
      NodeCalls calls,
      MeterRegistry meters,
      String rows,
      Runnable follow,
      Duration within) {
    this.vertx = vertx;
    this.calls = calls;
    this.rows = rows;
    this.follow = follow;
    this.within = within;
    this.late =
        Counter.builder("rookery.cluster.changes.late")
            .description("Changes that another node did not follow in time")
            .tag("rows", rows)
            .register(meters);
  }

  /**
   * Follows the rows from now on. The first reading, which the caller begins after this, finds what
   * was changed before.
   */
  public void start() {
    calls.answerLater(question(), _ -> followSoon().map(_ -> new JsonObject()));
    timer = vertx.setPeriodic(INTERVAL_MS, _ -> followSoon());
  }

  /** As {@link #start}, with the first reading; fails if the rows cannot be read. */
  public Future<Void> startWithReading() {
    start();
    return followNow()
        .compose(
            followed ->
                followed ? Future.succeededFuture() : Future.failedFuture("cannot read: " + rows));
  }

  /**
   * Follows the rows on a thread of its own. The result completes when they have been read after
   * this call, and is false if that failed.
   */
  public Future<Boolean> followNow() {
    return OwnThread.run(rows, this::tryToFollow);
  }

  /**
   * Makes this node follow rows that it has changed, and then the others, as {@link
   * #announceAndWait}. Blocks.
   */
  public void followOnAllNodes() {
    var _ = followNow().await();
    announceAndWait();
  }

  private String question() {
    return "follow " + rows;
  }

  /**
   * Follows the rows on a thread of its own. The result completes when they have been read after
   * this call; a reading that fails is repeated.
   */
  public Future<Void> followSoon() {
    lock.lock();
    try {
      if (closed) {
        return Future.failedFuture("this node is being stopped");
      }
      if (waiting == null) {
        waiting = Promise.promise();
      }
      if (!scheduled) {
        scheduled = true;
        Thread.ofVirtual().name(rows).start(this::followOnce);
      }
      return waiting.future();
    } finally {
      lock.unlock();
    }
  }

  private void followOnce() {
    Promise<Void> done;
    boolean followed;
    following.lock();
    try {
      // Not before its turn: however long a reading takes, one thread waits for the next.
      done = takeWaiting();
      followed = done == null || tryToFollow();
    } finally {
      following.unlock();
    }
    if (done == null) {
      return;
    }
    if (followed) {
      done.complete();
    } else {
      completeWithNext(done);
    }
  }

  private @Nullable Promise<Void> takeWaiting() {
    lock.lock();
    try {
      scheduled = false;
      Promise<Void> taken = waiting;
      waiting = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** False if that failed, which is logged the first time. */
  private boolean tryToFollow() {
    following.lock();
    try {
      follow.run();
      failing = false;
      return true;
    } catch (Refused unavailable) {
      LOG.debug("cannot read: {}: {}", rows, unavailable.getMessage());
      return false;
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      if (!failing) {
        failing = true;
        LOG.error("cannot follow changes, which is tried again every second: {}", rows, failure);
      }
      return false;
    } finally {
      following.unlock();
    }
  }

  private void completeWithNext(Promise<Void> done) {
    lock.lock();
    try {
      if (closed) {
        done.fail("this node is being stopped");
      } else if (waiting == null) {
        waiting = done;
      } else {
        waiting.future().onComplete(done);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells the other nodes that the rows have changed, and does not wait. */
  public void announce() {
    if (!others().isEmpty()) {
      var _ = calls.ask(question(), new JsonObject(), others(), within);
    }
  }

  /**
   * Tells the other nodes that the rows have changed, and waits until all that are alive follow
   * them, for at most {@link NodeCalls#LONG_WITHIN}; later ones are counted and logged. Blocks.
   */
  public void announceAndWait() {
    Set<String> others = others();
    if (others.isEmpty()) {
      return;
    }
    var answers = calls.ask(question(), new JsonObject(), others, within).await();
    var missing = new TreeSet<>(answers.silent());
    // They read the rows when they begin to follow them.
    missing.removeAll(answers.unaware());
    missing.retainAll(calls.living());
    if (!missing.isEmpty()) {
      late.increment();
      LOG.warn("{} did not follow a change in time: {}", missing, rows);
    }
  }

  private Set<String> others() {
    var others = new HashSet<>(calls.living());
    others.remove(calls.node());
    return others;
  }

  /** From now on nothing is followed. */
  @Override
  public void close() {
    vertx.cancelTimer(timer);
    lock.lock();
    try {
      closed = true;
      if (waiting != null) {
        waiting.tryFail("this node is being stopped");
        waiting = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
