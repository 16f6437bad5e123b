package dev.rookery.bus;

import dev.rookery.base.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the commands that undo what ended connections have left behind, each until it is carried
 * out or refused by a rule. Nobody else would send them again: the client is gone. Thread-safe.
 *
 * <p>A command is sent at once; one that fails is sent again every few seconds, for an hour at
 * most. At most {@value #WAITING_MAX} wait, and {@value #AT_ONCE} of them are sent at a time, so
 * that a database that comes back is not flooded. What is beyond that is dropped and counted; it
 * ends with the run of this node.
 */
final class UndoQueue {
  private static final Logger LOG = LoggerFactory.getLogger(UndoQueue.class);

  static final int WAITING_MAX = 100_000;
  static final int AT_ONCE = 500;
  static final Duration AGAIN_AFTER = Duration.ofSeconds(2);
  static final Duration KEPT_FOR = Duration.ofHours(1);

  private final Sender sender;
  private final LongSupplier nanoTime;
  private final Queue<Undo> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Counter dropped;
  private volatile long notBeforeNanos;

  /** Sends a command in a scope, null for none. */
  @FunctionalInterface
  interface Sender {
    Future<?> send(Command<?> command, @Nullable CommandScope scope);
  }

  private record Undo(Command<?> command, @Nullable CommandScope scope, long sinceNanos) {}

  UndoQueue(Sender sender, LongSupplier nanoTime, MeterRegistry meters) {
    this.sender = sender;
    this.nanoTime = nanoTime;
    this.notBeforeNanos = nanoTime.getAsLong();
    this.dropped =
        Counter.builder("rookery.undos.dropped")
            .description("Commands that undo what a connection has left, given up")
            .register(meters);
    Gauge.builder("rookery.undos.waiting", count, AtomicInteger::get)
        .description("Commands that undo what a connection has left, to be sent again")
        .register(meters);
  }

  /**
   * Sends a command, which must be harmless when repeated or late. The result completes after the
   * first attempt, and never fails.
   */
  Future<?> add(Command<?> command, @Nullable CommandScope scope) {
    return attempt(new Undo(command, scope, nanoTime.getAsLong()));
  }

  /** Whether it is answered; if not, it waits. */
  private Future<Boolean> attempt(Undo undo) {
    // Composed: also a sender that throws is one that fails.
    return Future.succeededFuture()
        .compose(_ -> sender.send(undo.command, undo.scope))
        .map(true)
        .recover(
            failure -> {
              boolean refused = Refused.isByRule(failure);
              if (!refused) {
                keep(undo);
              }
              return Future.succeededFuture(refused);
            });
  }

  private void keep(Undo undo) {
    if (nanoTime.getAsLong() - undo.sinceNanos > KEPT_FOR.toNanos()) {
      drop(undo);
    } else if (count.incrementAndGet() > WAITING_MAX) {
      count.decrementAndGet();
      drop(undo);
    } else {
      waiting.add(undo);
    }
  }

  private void drop(Undo undo) {
    dropped.increment();
    LOG.debug("{} is not sent again", undo.command.getClass().getSimpleName());
  }

  /** Sends what waits, unless it was tried a moment ago. To be called often. */
  void sendAgain() {
    if (count.get() > 0
        && nanoTime.getAsLong() - notBeforeNanos >= 0
        && sending.compareAndSet(false, true)) {
      sendSome();
    }
  }

  private void sendSome() {
    List<Undo> some = new ArrayList<>();
    for (Undo undo = waiting.poll(); undo != null; undo = waiting.poll()) {
      count.decrementAndGet();
      some.add(undo);
      if (some.size() == AT_ONCE) {
        break;
      }
    }
    Future.join(some.stream().map(this::attempt).toList())
        .onComplete(
            done -> {
              // None: what they need is away still. One that always fails holds nobody up.
              if (done.result().<Boolean>list().contains(true) && count.get() > 0) {
                sendSome();
              } else {
                notBeforeNanos = nanoTime.getAsLong() + AGAIN_AFTER.toNanos();
                sending.set(false);
              }
            });
  }
}
