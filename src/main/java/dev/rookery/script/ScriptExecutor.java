package dev.rookery.script;

import dev.rookery.base.FatalErrors;
import dev.rookery.keyspace.Keyspace;
import dev.rookery.lease.Lease;
import dev.rookery.script.ScriptException.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the scripts of a keyspace one at a time, on a thread of its own, as long as this node
 * owns the keyspace.
 *
 * <p>At most {@link #WAITING_MAX} calls of {@link #WAITING_BYTES_MAX} bytes wait; further ones are
 * refused at once. A script that is stopped leaves what it has written so far, as in Redis, and
 * these changes are stored like all others.
 */
final class ScriptExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptExecutor.class);

  /** How many calls may wait for the thread. */
  static final int WAITING_MAX = 20_000;

  /** How many bytes the keys and arguments of the calls that wait may have together. */
  static final long WAITING_BYTES_MAX = 64L << 20;

  /** Messages are sent after so many bytes, or at the end of a batch. */
  private static final long PUBLISHED_BYTES = 1L << 20;

  private static final int BATCH_MAX = 256;
  private static final Duration IDLE = Duration.ofMillis(50);
  private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(2);
  private static final Duration EXPIRE_EVERY = Duration.ofMillis(100);
  private static final int EXPIRE_MAX = 1_000;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /** Lua functions that call each other recurse on this stack. */
  private static final long STACK_BYTES = 64L << 20;

  /** A snapshot is taken after so many bytes of log, or more if the last one was larger. */
  private static final long SNAPSHOT_AFTER = 16L << 20;

  private static final long SNAPSHOT_AFTER_MAX = 64L << 20;

  private final OwnedKeyspace owned;
  private final Keyspace keyspace;
  private final ScriptRunner runner;
  private final LogWriter log;
  private final Durability durability;
  private final Duration scriptTime;
  private final UpdateBroadcast updates;
  private final BooleanSupplier valid;
  private final InstantSource clock;
  private final KeyspaceMeters meters;
  private final BlockingQueue<List<ScriptCall>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AnswerBatch answers = new AnswerBatch();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Publication> published = new ArrayList<>();
  private long publishedBytes;
  private volatile boolean closed;
  private @Nullable SnapshotTask snapshot;
  private long snapshotBytes;
  private long expireNanos = System.nanoTime();

  /** A keyspace that this node has restored under its lease. */
  record OwnedKeyspace(Lease lease, Keyspace keyspace, ChangeBuffer changes, KeyspaceStore store) {}

  /**
   * @param valid whether no other node can own the keyspace
   */
  ScriptExecutor(
      OwnedKeyspace owned,
      LogWriter log,
      EmbeddedSettings settings,
      UpdateBroadcast updates,
      BooleanSupplier valid,
      InstantSource clock,
      KeyspaceMeters meters) {
    this.owned = owned;
    this.keyspace = owned.keyspace();
    this.log = log;
    this.durability = settings.durability();
    this.scriptTime = settings.scriptTime();
    this.updates = updates;
    this.valid = valid;
    this.clock = clock;
    this.meters = meters;
    this.runner = new ScriptRunner(keyspace, owned.changes(), settings, updates::receivers, clock);
  }

  void start() {
    Thread.ofPlatform().name("rookery-keyspace").daemon().stackSize(STACK_BYTES).start(this::loop);
  }

  Lease lease() {
    return owned.lease();
  }

  /** Whether it takes calls. */
  boolean isOpen() {
    return !closed;
  }

  /** Whether nothing more can be stored, because another node owns the keyspace. */
  boolean isLost() {
    return log.isAbandoned();
  }

  int waiting() {
    return waiting.get();
  }

  long unwritten() {
    return log.unwritten();
  }

  /**
   * Takes calls, and refuses those beyond what may wait; false if this is closed.
   *
   * @param calls that are executed in this order
   */
  boolean submit(List<ScriptCall> calls) {
    if (closed) {
      return false;
    }
    var taken = new ArrayList<ScriptCall>(calls.size());
    for (ScriptCall call : calls) {
      if (reserve(call)) {
        taken.add(call);
      } else {
        call.fail(tooManyWait());
      }
    }
    if (!taken.isEmpty()) {
      queue.add(taken);
    }
    if (closed) {
      rejectAll();
    }
    return true;
  }

  private boolean reserve(ScriptCall call) {
    long bytes = call.size();
    boolean fits = waitingBytes.addAndGet(bytes) <= WAITING_BYTES_MAX;
    if (fits && waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      fits = false;
    }
    if (!fits) {
      waitingBytes.addAndGet(-bytes);
    }
    return fits;
  }

  private void release(ScriptCall call) {
    waiting.decrementAndGet();
    waitingBytes.addAndGet(-call.size());
  }

  static ScriptException tooManyWait() {
    return new ScriptException(Kind.BUSY, "too many scripts wait; try again later");
  }

  private void rejectAll() {
    List<ScriptCall> calls = queue.poll();
    while (calls != null) {
      calls.forEach(this::reject);
      calls = queue.poll();
    }
  }

  private void reject(ScriptCall call) {
    release(call);
    call.reject(ScriptCall.Rejection.NOT_OWNER);
  }

  /** The longest time that {@link #stop} takes: for the script, a snapshot and the log. */
  static Duration stopsWithin(EmbeddedSettings settings) {
    return settings.scriptTime().plus(STOP_WITHIN).plus(STOP_WITHIN);
  }

  /** Ends after the present script, and stores everything; blocks. */
  void stop() {
    closed = true;
    rejectAll();
    try {
      Duration within = scriptTime.plus(STOP_WITHIN);
      if (!ended.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the keyspace did not stop within {}", within);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!log.close(STOP_WITHIN)) {
      LOG.error("{} bytes of changes of scripts could not be stored", log.unwritten());
      log.abandon();
    }
  }

  /** Ends without storing anything, because another node owns the keyspace. */
  void abandon() {
    closed = true;
    log.abandon();
    rejectAll();
  }

  private void loop() {
    var batch = new ArrayDeque<ScriptCall>(BATCH_MAX);
    try {
      while (!closed) {
        List<ScriptCall> next = batch.isEmpty() ? awaitCalls() : null;
        while (next != null) {
          batch.addAll(next);
          next = batch.size() < BATCH_MAX ? queue.poll() : null;
        }
        executeSome(batch);
        maintain();
      }
      batch.forEach(this::reject);
      batch.clear();
      finish();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cancelSnapshot();
    } catch (Throwable broken) {
      FatalErrors.endIfFatal(broken);
      LOG.error("the keyspace has stopped after an error of the server", broken);
      cancelSnapshot();
    } finally {
      closed = true;
      answers.flush();
      batch.forEach(this::reject);
      rejectAll();
      ended.countDown();
    }
  }

  /**
   * The next calls; null if none come for a while. Event loops that are about to submit calls are
   * let run first: to wake this thread for each of them would take longer than most scripts.
   */
  private @Nullable List<ScriptCall> awaitCalls() throws InterruptedException {
    List<ScriptCall> next = queue.poll();
    if (next != null) {
      return next;
    }
    Thread.yield();
    Duration wait = snapshot == null ? IDLE : BETWEEN_CHUNKS;
    return queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Executes the first {@link #BATCH_MAX} calls. Takes each out before: those that are left after
   * an error, or when this is closed, have not begun.
   */
  private void executeSome(Queue<ScriptCall> batch) {
    for (int executed = 0; executed < BATCH_MAX && !closed; executed++) {
      ScriptCall call = batch.poll();
      if (call == null) {
        break;
      }
      release(call);
      executeOrFail(call);
      answers.flushIfDue();
    }
    flushPublished();
    answers.flush();
  }

  private void executeOrFail(ScriptCall call) {
    try {
      execute(call);
    } catch (RuntimeException | Error broken) {
      FatalErrors.endIfFatal(broken);
      call.fail(
          new ScriptException(
              Kind.AWAY, "the server failed; the script may have been executed in part"));
      throw broken;
    }
  }

  private void flushPublished() {
    if (!published.isEmpty()) {
      updates.publish(owned.lease().epoch(), List.copyOf(published));
      published.clear();
      publishedBytes = 0;
    }
  }

  private void execute(ScriptCall call) {
    if (!valid.getAsBoolean()) {
      call.reject(ScriptCall.Rejection.NOT_OWNER);
      return;
    }
    String refusal = log.refusal();
    if (refusal != null) {
      call.fail(new ScriptException(Kind.BUSY, refusal));
      return;
    }
    if (!runner.knows(call.script()) && call.script().source() == ScriptForwarder.NO_SOURCE) {
      call.reject(ScriptCall.Rejection.SOURCE_MISSING);
      return;
    }
    var outcome = runner.run(call);
    byte[] changes = owned.changes().take();
    List<Publication> messages = runner.takePublished();
    if (durability == Durability.COMMIT) {
      settle(call, outcome, changes, messages);
      return;
    }
    boolean kept = changes == null || log.append(changes, null, 0);
    published.addAll(messages);
    publishedBytes += bytes(messages);
    if (publishedBytes > PUBLISHED_BYTES) {
      flushPublished();
    }
    if (kept && valid.getAsBoolean()) {
      answers.add(call, outcome);
    } else {
      call.fail(lost());
    }
  }

  private static long bytes(List<Publication> messages) {
    return messages.stream().mapToLong(Publication::size).sum();
  }

  private void settle(
      ScriptCall call,
      ScriptRunner.Outcome outcome,
      byte @Nullable [] changes,
      List<Publication> messages) {
    var settlement =
        new LogWriter.Settlement() {
          @Override
          public void onStored() {
            if (!messages.isEmpty()) {
              updates.publish(owned.lease().epoch(), messages);
            }
            outcome.answer(call);
          }

          @Override
          public void onDelayed() {
            call.fail(
                new ScriptException(
                    Kind.AWAY,
                    "the script was executed, but the database is away: its changes are not stored"
                        + " yet"));
          }

          @Override
          public void onLost() {
            call.fail(lost());
          }
        };
    if (changes == null && log.isSettled()) {
      settlement.onStored();
    } else {
      log.append(changes, settlement, outcome.bytes() + bytes(messages));
    }
  }

  private static ScriptException lost() {
    return new ScriptException(
        Kind.AWAY,
        "the script was executed, but this node has lost the keyspace: its changes may be lost");
  }

  /** What is to be done between scripts; each step is short. */
  private void maintain() {
    long now = System.nanoTime();
    if (now - expireNanos >= EXPIRE_EVERY.toNanos()) {
      expireNanos = now;
      expire();
      meters.update(keyspace.size(), keyspace.memory());
    }
    SnapshotTask running = snapshot;
    if (running != null) {
      running.step();
      if (running.isEnded()) {
        endSnapshot(running);
      }
    } else if (durability != Durability.NONE && log.sinceSnapshot() > snapshotAfter()) {
      beginSnapshot();
    }
  }

  private void expire() {
    if (valid.getAsBoolean() && log.refusal() == null) {
      keyspace.expire(clock.instant().toEpochMilli() * 1_000, EXPIRE_MAX);
      byte[] changes = owned.changes().take();
      if (changes != null) {
        log.append(changes, null, 0);
      }
    }
  }

  private long snapshotAfter() {
    return Math.clamp(2 * snapshotBytes, SNAPSHOT_AFTER, SNAPSHOT_AFTER_MAX);
  }

  private SnapshotTask beginSnapshot() {
    var task =
        new SnapshotTask(owned.store(), owned.lease(), keyspace.snapshot(SnapshotTask.CHUNK_BYTES));
    log.mark(task::numbered);
    task.start();
    snapshot = task;
    return task;
  }

  private void endSnapshot(SnapshotTask task) {
    snapshot = null;
    task.release();
    if (task.hasSucceeded()) {
      snapshotBytes = task.bytes();
      meters.snapshotTaken(task.took());
    }
  }

  private void cancelSnapshot() {
    SnapshotTask running = snapshot;
    if (running != null) {
      running.cancel();
    }
  }

  private void finish() {
    cancelSnapshot();
    if (durability == Durability.NONE && valid.getAsBoolean() && !isLost()) {
      if (!beginSnapshot().finish(STOP_WITHIN)) {
        LOG.error("the keyspace could not be stored when it stopped");
      }
    }
  }
}
