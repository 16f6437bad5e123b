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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the scripts of a keyspace one at a time, on a thread of its own, as long as this node
 * owns the keyspace.
 *
 * <p>A script that is stopped leaves what it has written so far, as in Redis, and these changes are
 * stored like all others.
 */
final class ScriptExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptExecutor.class);

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
  private final CallQueue queue = new CallQueue();
  private final KeyspaceSnapshots snapshots;
  private final AnswerBatch answers = new AnswerBatch();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Publication> published = new ArrayList<>();
  private long publishedBytes;
  private volatile boolean closed;
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
    this.snapshots = new KeyspaceSnapshots(owned, log, durability, meters);
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
    return queue.size();
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
    queue.add(calls);
    if (closed) {
      queue.rejectAll();
    }
    return true;
  }

  /** The longest time that {@link #stop} takes: for the script, a snapshot and the log. */
  static Duration stopsWithin(EmbeddedSettings settings) {
    return settings.scriptTime().plus(STOP_WITHIN).plus(STOP_WITHIN);
  }

  /** Ends after the present script, and stores everything; blocks. */
  void stop() {
    closed = true;
    queue.rejectAll();
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
    queue.rejectAll();
  }

  private void loop() {
    var batch = new ArrayDeque<ScriptCall>(BATCH_MAX);
    try {
      while (!closed) {
        List<ScriptCall> next = batch.isEmpty() ? queue.await(pause()) : null;
        while (next != null) {
          batch.addAll(next);
          next = batch.size() < BATCH_MAX ? queue.poll() : null;
        }
        executeSome(batch);
        maintain();
      }
      batch.forEach(queue::reject);
      batch.clear();
      finish();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      snapshots.cancel();
    } catch (Throwable broken) {
      FatalErrors.endIfFatal(broken);
      LOG.error("the keyspace has stopped after an error of the server", broken);
      snapshots.cancel();
    } finally {
      closed = true;
      answers.flush();
      batch.forEach(queue::reject);
      queue.rejectAll();
      ended.countDown();
    }
  }

  private Duration pause() {
    return snapshots.isUnderWay() ? BETWEEN_CHUNKS : IDLE;
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
      queue.release(call);
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
    snapshots.step();
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

  private void finish() {
    snapshots.cancel();
    if (durability == Durability.NONE && valid.getAsBoolean() && !isLost()) {
      if (!snapshots.takeLast(STOP_WITHIN)) {
        LOG.error("the keyspace could not be stored when it stopped");
      }
    }
  }
}
