package dev.rookery.bus;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.trace.Span;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of a node that wait for their answer: bounds their number, answers each once, and
 * refuses those that take too long. Thread-safe.
 */
final class PendingCommands {
  private static final Logger LOG = LoggerFactory.getLogger(PendingCommands.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Set<PendingCommand> commands = ConcurrentHashMap.newKeySet();
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();
  private final Counter rejected;

  PendingCommands(MeterRegistry meters) {
    this.rejected =
        Counter.builder("rookery.commands.turned.away")
            .description("Commands refused because too many were waiting")
            .register(meters);
    Gauge.builder("rookery.commands.waiting", number, AtomicInteger::get)
        .description("Commands that wait for their answer")
        .register(meters);
  }

  /**
   * Admits a command that is going to be sent.
   *
   * @param scope null for none
   * @param answer to complete on the context of the sender
   * @return null if too many commands wait
   */
  @Nullable PendingCommand add(
      Command<?> command, @Nullable CommandScope scope, Promise<Object> answer) {
    if (!count(command.isFromStranger())) {
      rejected.increment();
      return null;
    }
    var pending = new PendingCommand(command, scope, answer, System.nanoTime());
    commands.add(pending);
    return pending;
  }

  private boolean count(boolean stranger) {
    if (stranger && strangers.incrementAndGet() > Bus.STRANGERS_MAX) {
      strangers.decrementAndGet();
      return false;
    }
    if (number.incrementAndGet() > Bus.PENDING_MAX) {
      uncount(stranger);
      return false;
    }
    return true;
  }

  private void uncount(boolean stranger) {
    number.decrementAndGet();
    if (stranger) {
      strangers.decrementAndGet();
    }
  }

  /** Answers a command with its result or {@link Refusal}, unless it has been answered. */
  void answer(PendingCommand pending, @Nullable Object answer) {
    if (!commands.remove(pending)) {
      return;
    }
    uncount(pending.command().isFromStranger());
    Span span = pending.span();
    if (span == null) {
      complete(pending, answer);
    } else {
      span.end(outcome(answer), () -> complete(pending, answer));
    }
  }

  private static Span.Outcome outcome(@Nullable Object answer) {
    return switch (answer) {
      case Refusal.Unavailable _ -> Span.Outcome.FAILED;
      case Refusal _ -> Span.Outcome.REFUSED;
      case null, default -> Span.Outcome.DONE;
    };
  }

  private static void complete(PendingCommand pending, @Nullable Object answer) {
    if (answer instanceof Refusal refusal) {
      pending.answer().fail(new Refused(refusal));
    } else {
      pending.answer().complete(answer);
    }
  }

  /** Refuses commands for which there is no handler. */
  void refuseUnserved(Iterable<PendingCommand> unserved, Throwable cause) {
    for (PendingCommand pending : unserved) {
      LOG.warn("{} has no handler: {}", pending.name(), cause.getMessage());
      answer(pending, new Refusal.Unavailable("not_serving"));
    }
  }

  /** Refuses the commands that have waited too long. Their handlers go on. */
  void checkTimeouts() {
    long now = System.nanoTime();
    for (PendingCommand pending : commands) {
      if (now - pending.sentNanos() > TIMEOUT.toNanos()) {
        LOG.error("{} was not answered within {}", pending.name(), TIMEOUT);
        answer(pending, new Refusal.Unavailable("timeout"));
      }
    }
  }
}
