package dev.rookery.console;

import dev.rookery.bus.Done;
import dev.rookery.console.Drill.State;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures a drill on one node of the cluster: follows the stream of the probe as a client does,
 * and counts what arrives and who is connected again. When that node ends, another one follows the
 * stream from its beginning. How long is waited goes by the clock of the node that measures, from
 * what it has seen first: the clocks of the others may differ.
 */
final class DrillObserver {
  private static final Duration BEGUN_WITHIN = Duration.ofMinutes(1);
  private static final Duration RESUMED_WITHIN = Duration.ofSeconds(60);
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(3);

  private final Database database;
  private final DrillStore drills;
  private final Leases leases;
  private final FanOut fanOut;
  private final InstantSource clock;
  private final Context context;
  private @Nullable Counter counter;

  DrillObserver(
      Database database,
      DrillStore drills,
      Leases leases,
      FanOut fanOut,
      InstantSource clock,
      Context context) {
    this.database = database;
    this.drills = drills;
    this.leases = leases;
    this.fanOut = fanOut;
    this.clock = clock;
    this.context = context;
  }

  /** Counts the messages of a drill. */
  private final class Counter implements Subscriber {
    private final long drill;
    private final Set<Long> numbers = new HashSet<>();
    private final long seenMs = clock.millis();
    private long faultSeenMs;
    private long repeats;
    private @Nullable Subscription subscription;

    Counter(long drill) {
      this.drill = drill;
      context.runOnContext(
          _ -> {
            Subscription own = fanOut.subscribeNode(DrillProbe.STREAM + drill, this);
            subscription = own;
            own.startNow();
          });
    }

    @Override
    public synchronized void onEvent(Delivery delivery) {
      if (delivery.posted().event() instanceof DrillEvent.Probed(var number)
          && !numbers.add(number)) {
        repeats++;
      }
    }

    @Override
    public void onLost() {}

    synchronized long received() {
      return numbers.size();
    }

    synchronized long repeats() {
      return repeats;
    }

    /** Since when this node has seen the drill in its state. */
    long sinceMs(State state) {
      if (state == State.PREPARING) {
        return seenMs;
      }
      if (faultSeenMs == 0) {
        faultSeenMs = clock.millis();
      }
      return faultSeenMs;
    }

    void cancel() {
      context.runOnContext(
          _ -> {
            if (subscription != null) {
              subscription.cancel();
            }
          });
    }
  }

  /** Measures the drill that is under way; false if there is none. One call at a time. */
  boolean measure(Lease job) {
    Drill drill = drills.active(database).orElse(null);
    if (drill == null) {
      close();
      return false;
    }
    Counter current = follow(drill.id());
    long resumed = drills.countResumed(database, drill);
    long received = current.received();
    long repeats = current.repeats();
    Duration waited = Duration.ofMillis(clock.millis() - current.sinceMs(drill.state()));
    String problem = problem(drill.state(), waited);
    boolean ended = isMeasured(drill, waited, received, resumed);
    boolean over = ended || !problem.isEmpty();
    database.write(
        tx -> {
          Leases.fence(tx, job);
          drills.measure(tx, drill.id(), resumed, received, repeats);
          if (over) {
            drills.end(tx, drill.id(), ended ? State.DONE : State.FAILED, ended ? "" : problem);
          }
          return Done.DONE;
        });
    if (over) {
      drills.find(database, drill.id()).ifPresent(this::count);
    }
    return true;
  }

  private void count(Drill drill) {
    String outcome =
        drill.isWithoutLoss() ? "done" : drill.state() == State.DONE ? "losses" : "failed";
    database
        .registry()
        .counter("rookery.drills", "fault", drill.fault().text(), "outcome", outcome)
        .increment();
  }

  private synchronized Counter follow(long drill) {
    Counter current = counter;
    if (current == null || current.drill != drill) {
      close();
      current = new Counter(drill);
      counter = current;
    }
    return current;
  }

  /** Follows no drill any more; does not block. It goes on with the next call of measure. */
  synchronized void close() {
    if (counter != null) {
      counter.cancel();
      counter = null;
    }
  }

  private static String problem(State state, Duration waited) {
    if (state == State.PREPARING) {
      return waited.compareTo(BEGUN_WITHIN) > 0 ? "the node did not begin" : "";
    }
    return waited.compareTo(ENDED_WITHIN) > 0 ? "not all was seen within three minutes" : "";
  }

  /** Whether there is nothing more to wait for. */
  private boolean isMeasured(Drill drill, Duration waited, long received, long resumed) {
    boolean waitedForPlayers = waited.compareTo(RESUMED_WITHIN) > 0;
    return drill.state() == State.RUNNING
        && drill.times().firstMs() > 0
        && drill.times().detectedMs() > 0
        && leases.find(DrillProbe.lease(drill.id())).isEmpty()
        && received >= drill.acknowledged()
        && (resumed >= drill.players() || waitedForPlayers)
        && (drill.fault() == Drill.Fault.STOP || drill.refused() > 0);
  }
}
