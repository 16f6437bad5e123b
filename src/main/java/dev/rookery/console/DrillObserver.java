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
 * stream from its beginning.
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
    Counter current = counter;
    if (current != null && (drill == null || current.drill != drill.id())) {
      current.cancel();
      counter = null;
      current = null;
    }
    if (drill == null) {
      return false;
    }
    if (current == null) {
      current = new Counter(drill.id());
      counter = current;
    }
    long resumed = drills.countResumed(database, drill);
    long received = current.received();
    long repeats = current.repeats();
    String problem = problem(drill);
    boolean ended = isMeasured(drill, received, resumed);
    database.write(
        tx -> {
          Leases.fence(tx, job);
          drills.measure(tx, drill.id(), resumed, received, repeats);
          if (ended || !problem.isEmpty()) {
            drills.end(tx, drill.id(), ended ? State.DONE : State.FAILED, ended ? "" : problem);
          }
          return Done.DONE;
        });
    return true;
  }

  private String problem(Drill drill) {
    long now = clock.millis();
    if (drill.state() == State.PREPARING) {
      return now - drill.times().createdMs() > BEGUN_WITHIN.toMillis()
          ? "the node did not begin"
          : "";
    }
    return now - drill.times().faultMs() > ENDED_WITHIN.toMillis()
        ? "not all was seen within three minutes"
        : "";
  }

  /** Whether there is nothing more to wait for. */
  private boolean isMeasured(Drill drill, long received, long resumed) {
    boolean waitedForPlayers = clock.millis() - drill.times().faultMs() > RESUMED_WITHIN.toMillis();
    return drill.state() == State.RUNNING
        && drill.times().firstMs() > 0
        && drill.times().detectedMs() > 0
        && leases.find(DrillProbe.lease(drill.id())).isEmpty()
        && received >= drill.acknowledged()
        && (resumed >= drill.players() || waitedForPlayers)
        && (drill.fault() == Drill.Fault.STOP || drill.refused() > 0);
  }
}
