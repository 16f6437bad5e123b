package dev.rookery.store;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.trace.SharedWork;
import dev.rookery.trace.Span;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers commands that wait at the same time and carries them out in batches: one unit of work,
 * one commit. The first command goes at once; those that arrive while its batch is under way go
 * together in the next one. A batch of one is the ordinary case on an idle node, and a busy node
 * needs fewer statements per command the busier it is.
 *
 * <p>Each command has its own {@link Outcome}: a result, a refusal, or a retry because it lost a
 * race. Commands are retried at most {@value #RETRIES_MAX} times, in a batch of their own kind that
 * is under way beside the others and may wait for locks; then they are refused. A batch that fails
 * as a whole is carried out again one command at a time, so that a command that cannot be carried
 * out fails alone; a {@link Refused} that is thrown for the whole batch (the database is away)
 * refuses all of it.
 *
 * <p>Commands of the same key (the player, say) are carried out one at a time in the order of their
 * arrival, so a batch holds at most one command of each key. A command whose {@link CommandScope}
 * shares no transaction is a batch of its own, which is carried out in that scope. Commands with
 * other scopes go with the rest, and the transaction records the scopes of those that are done
 * ({@link BatchScope}). The scope of the {@link ReadLane} has no effect here, because a batch that
 * waits for that lane would hold up all that wait behind it. At most {@value #WAITING_MAX} commands
 * (unless a smaller number is given) wait for an answer; more are refused as {@code
 * Unavailable("busy")}.
 */
public final class Batcher<C, R> {
  private static final int WAITING_MAX = 20_000;
  private static final int RETRIES_MAX = 5;

  private final Context context;
  private final int batchMax;
  private final Function<C, @Nullable Object> keyOf;
  private final Refusal exhausted;
  private final int waitingMax;
  private final Work<C, R> work;
  private final @Nullable Meters meters;
  private final Lane first = new Lane(false);
  private final Lane retries = new Lane(true);
  private final Map<Object, ArrayDeque<Pending<C, R>>> behind = new HashMap<>();
  private int waiting;

  /**
   * For commands.
   *
   * @param context of a verticle on virtual threads, where the work is done
   * @param database has the registry of the metrics
   * @param flow names the commands in the metrics
   * @param keyOf whose command it is; null for a command that need not keep an order
   * @param exhausted the refusal of a command that lost too many races
   */
  public Batcher(
      Context context,
      Database database,
      String flow,
      Function<C, @Nullable Object> keyOf,
      Refusal exhausted,
      Work<C, R> work) {
    this(context, database, flow, keyOf, exhausted, WAITING_MAX, work);
  }

  /**
   * For commands of clients without an account, of which fewer may wait than of others.
   *
   * @param waitingMax how many commands may wait
   */
  public Batcher(
      Context context,
      Database database,
      String flow,
      Function<C, @Nullable Object> keyOf,
      Refusal exhausted,
      int waitingMax,
      Work<C, R> work) {
    this(
        context,
        Placeholders.MANY_MAX,
        keyOf,
        exhausted,
        waitingMax,
        work,
        Meters.of(database.registry(), flow));
  }

  /**
   * For questions, which have neither an order nor races.
   *
   * @param context of a verticle on virtual threads, where the work is done
   * @param work from questions to as many answers, in their order
   */
  public Batcher(Context context, int batchMax, Function<List<C>, List<R>> work) {
    this(
        context,
        batchMax,
        _ -> null,
        new Refusal.Unavailable("busy"),
        WAITING_MAX,
        (batch, _) -> work.apply(batch).stream().map(Outcome::done).toList(),
        null);
  }

  private Batcher(
      Context context,
      int batchMax,
      Function<C, @Nullable Object> keyOf,
      Refusal exhausted,
      int waitingMax,
      Work<C, R> work,
      @Nullable Meters meters) {
    this.context = context;
    this.batchMax = batchMax;
    this.keyOf = keyOf;
    this.exhausted = exhausted;
    this.waitingMax = waitingMax;
    this.work = work;
    this.meters = meters;
  }

  /** Parks the calling virtual thread until the command was carried out and committed. */
  public R ask(C command) {
    return submit(command).await();
  }

  /** As {@link #ask}, without waiting. */
  public Future<R> submit(C command) {
    var pending = new Pending<C, R>(command, keyOf.apply(command), scope());
    synchronized (this) {
      if (waiting >= waitingMax) {
        return Future.failedFuture(new Refused(new Refusal.Unavailable("busy")));
      }
      waiting++;
      if (pending.key != null) {
        ArrayDeque<Pending<C, R>> before = behind.get(pending.key);
        if (before != null) {
          before.add(pending);
          return pending.answer.future();
        }
        behind.put(pending.key, new ArrayDeque<>(1));
      }
      first.add(pending);
    }
    return pending.answer.future();
  }

  private static @Nullable CommandScope scope() {
    return ReadLaneScope.isCurrent() ? null : CommandScope.current();
  }

  private void carryOut(List<Pending<C, R>> batch, boolean retry) {
    List<Pending<C, R>> left = batch;
    while (!left.isEmpty()) {
      try {
        List<C> commands = commands(left);
        CommandScope scope = scopeOf(left);
        List<Outcome<R>> outcomes =
            SharedWork.call(
                left,
                one -> one.span,
                () -> CommandScope.call(scope, () -> work.carryOut(commands, retry)));
        if (meters != null) {
          meters.size.record(left.size());
        }
        for (int i = 0; i < left.size(); i++) {
          settle(left.get(i), outcomes.get(i));
        }
        return;
      } catch (LostRace lost) {
        left = withoutLosers(left, lost);
      } catch (Refused refused) {
        left.forEach(one -> settle(one, Outcome.refused(refused)));
        return;
      } catch (RuntimeException broken) {
        if (left.size() == 1) {
          fail(left.getFirst(), broken);
        } else {
          left.forEach(one -> carryOut(List.of(one), retry));
        }
        return;
      }
    }
  }

  /** The scope of a batch; null if none of its commands has one. */
  private static <C, R> @Nullable CommandScope scopeOf(List<Pending<C, R>> batch) {
    CommandScope first = batch.getFirst().scope;
    if (first != null && !first.mayShareTransaction()) {
      return first;
    }
    BatchScope all = null;
    for (Pending<C, R> one : batch) {
      if (one.scope != null) {
        all = all == null ? new BatchScope() : all;
        all.add(one.command, one.scope);
      }
    }
    return all;
  }

  private List<Pending<C, R>> withoutLosers(List<Pending<C, R>> batch, LostRace lost) {
    var others = new ArrayList<Pending<C, R>>(batch.size());
    for (Pending<C, R> one : batch) {
      if (lost.commands.contains(one.command)) {
        settle(one, Outcome.retry());
      } else {
        others.add(one);
      }
    }
    if (others.size() == batch.size()) {
      throw new IllegalStateException("a race was lost by commands that are not in the batch");
    }
    return others;
  }

  private static <C, R> List<C> commands(List<Pending<C, R>> batch) {
    return batch.stream().map(one -> one.command).toList();
  }

  private void settle(Pending<C, R> pending, Outcome<R> outcome) {
    switch (outcome) {
      case Outcome.Done<R>(var result) -> {
        release(pending);
        pending.answer.tryComplete(result);
      }
      case Outcome.Rejected<R>(var refused) -> fail(pending, refused);
      case Outcome.Retry<R> _ -> retry(pending);
    }
  }

  private void retry(Pending<C, R> pending) {
    if (meters != null) {
      meters.retries.increment();
    }
    if (pending.retries == RETRIES_MAX) {
      fail(pending, new Refused(exhausted));
      return;
    }
    pending.retries++;
    synchronized (this) {
      retries.add(pending);
    }
  }

  private void fail(Pending<C, R> pending, Throwable failure) {
    release(pending);
    pending.answer.tryFail(failure);
  }

  /** The next command of the same key may go. */
  private synchronized void release(Pending<C, R> pending) {
    waiting--;
    if (pending.key == null) {
      return;
    }
    ArrayDeque<Pending<C, R>> after = behind.get(pending.key);
    Pending<C, R> next = after == null ? null : after.poll();
    if (next == null) {
      behind.remove(pending.key);
    } else {
      first.add(next);
    }
  }

  /** Carries out a batch. */
  @FunctionalInterface
  public interface Work<C, R> {
    /**
     * Outcomes in the order of the commands. Nothing may be left of a command that is refused or to
     * be retried.
     *
     * @param retry whether all of these lost a race before; such a batch waits for the locks that
     *     others hold, and takes nothing for granted
     * @throws LostRace when a command turned out to have lost one after it had changed something
     */
    List<Outcome<R>> carryOut(List<C> batch, boolean retry);
  }

  /** What became of one command. */
  public sealed interface Outcome<R> {
    /** It was carried out. */
    record Done<R>(R result) implements Outcome<R> {}

    /** A rule forbids it. */
    record Rejected<R>(Refused refused) implements Outcome<R> {}

    /** It lost a race; look again in the next batch. */
    record Retry<R>() implements Outcome<R> {}

    static <R> Outcome<R> done(R result) {
      return new Done<>(result);
    }

    static <R> Outcome<R> refused(Refused refused) {
      return new Rejected<>(refused);
    }

    static <R> Outcome<R> retry() {
      return new Retry<>();
    }
  }

  /**
   * Thrown out of a unit of work, to undo it: these commands lost a race and are retried, and the
   * rest of the batch is carried out again at once.
   */
  public static final class LostRace extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Set<?> commands;

    public LostRace(Set<?> commands) {
      super("lost a race", null, false, false);
      this.commands = commands;
    }

    public Set<?> commands() {
      return commands;
    }
  }

  /** A queue of which one batch is under way at a time. Its fields belong to the batcher's lock. */
  private final class Lane {
    private final boolean retry;
    private final ArrayDeque<Pending<C, R>> queue = new ArrayDeque<>();
    private boolean underWay;

    Lane(boolean retry) {
      this.retry = retry;
    }

    /** The caller has the lock. */
    void add(Pending<C, R> pending) {
      queue.add(pending);
      if (!underWay) {
        underWay = true;
        context.runOnContext(_ -> go());
      }
    }

    private void go() {
      List<Pending<C, R>> batch = gather();
      try {
        carryOut(batch, retry);
      } catch (Throwable broken) {
        FatalErrors.endIfFatal(broken);
        batch.stream()
            .filter(one -> !one.answer.future().isComplete())
            .forEach(one -> fail(one, broken));
      }
      synchronized (Batcher.this) {
        underWay = !queue.isEmpty();
        if (!underWay) {
          return;
        }
      }
      context.runOnContext(_ -> go());
    }

    private List<Pending<C, R>> gather() {
      synchronized (Batcher.this) {
        var batch = new ArrayList<Pending<C, R>>(Math.min(batchMax, queue.size()));
        while (!queue.isEmpty() && batch.size() < batchMax) {
          boolean alone = queue.element().mustBeAlone();
          if (alone && !batch.isEmpty()) {
            break;
          }
          batch.add(queue.poll());
          if (alone) {
            break;
          }
        }
        return batch;
      }
    }
  }

  private static final class Pending<C, R> {
    private final C command;
    private final @Nullable Object key;
    private final @Nullable CommandScope scope;
    private final @Nullable Span span = Span.current();
    private final Promise<R> answer = Promise.promise();
    private int retries;

    Pending(C command, @Nullable Object key, @Nullable CommandScope scope) {
      this.command = command;
      this.key = key;
      this.scope = scope;
    }

    boolean mustBeAlone() {
      return scope != null && !scope.mayShareTransaction();
    }
  }

  private record Meters(DistributionSummary size, Counter retries) {
    static Meters of(MeterRegistry registry, String flow) {
      return new Meters(
          DistributionSummary.builder("rookery.store.commands")
              .description("Commands that were carried out together in one unit of work")
              .tag("flow", flow)
              .register(registry),
          Counter.builder("rookery.store.commands.retried")
              .description("Commands that lost a race and were retried in a later batch")
              .tag("flow", flow)
              .register(registry));
    }
  }
}
