package dev.rookery.lease;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sweeps of this node, and what their last runs did.
 *
 * <p>A run is stored when it removed rows, failed, or was asked for, at most every ten seconds for
 * the first two, and at least every five minutes. So a sweep that looks every second and finds
 * nothing writes nothing.
 */
public final class Sweeps {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);
  private static final Duration STORED_EVERY = Duration.ofSeconds(10);
  private static final Duration STORED_WITHIN = Duration.ofMinutes(5);

  /** A request whose message was lost is found after this time, or with the next run after it. */
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final String node;
  private final MeterRegistry meters;
  private final LongSupplier nanos;
  private final SweepStore store = new SweepStore();
  private final Map<String, State> sweeps = new ConcurrentHashMap<>();

  /**
   * A sweep and what is not stored yet of it. Apart from the flag used by the thread that runs it.
   */
  private static final class State {
    private final Sweep sweep;
    private volatile boolean asked = true;
    private long lookedNanos;
    private long removed;
    private long storedNanos;
    private boolean stored;

    State(Sweep sweep) {
      this.sweep = sweep;
    }
  }

  /**
   * @param node the name of this node
   * @param nanos a monotonic clock, such as {@link System#nanoTime}
   */
  Sweeps(Database database, String node, MeterRegistry meters, LongSupplier nanos) {
    this.database = database;
    this.node = node;
    this.meters = meters;
    this.nanos = nanos;
  }

  /** Registers what is no job of the cluster, for the overview alone. */
  public void register(Sweep sweep) {
    if (sweeps.putIfAbsent(sweep.name(), new State(sweep)) != null) {
      throw new IllegalStateException("a sweep " + sweep.name() + " is already registered");
    }
  }

  /** All sweeps by their names. */
  public List<Sweep> list() {
    return sweeps.values().stream()
        .map(state -> state.sweep)
        .sorted(Comparator.comparing(Sweep::name))
        .toList();
  }

  /** The sweep of that name. */
  public Optional<Sweep> find(String name) {
    return Optional.ofNullable(sweeps.get(name)).map(state -> state.sweep);
  }

  /** The last run of each sweep that is stored. */
  public List<SweepRun> lastRuns(Reader reader) {
    return store.list(reader);
  }

  /** The latest runs that admins asked for. */
  public List<SweepRun> askedRuns(Reader reader, int max) {
    return store.listAsked(reader, max);
  }

  /**
   * Stores that an admin wants a sweep to run. {@code Conflict("sweep_is_running")} while another
   * such run has not ended.
   */
  public long ask(Transaction tx, String sweep, PlayerId admin) {
    return store.ask(tx, sweep, admin).orElseThrow(() -> Refused.conflict("sweep_is_running"));
  }

  /** Lets the next run of a sweep look for what admins asked for. */
  void expectAsked(String sweep) {
    State state = sweeps.get(sweep);
    if (state != null) {
      state.asked = true;
    }
  }

  /** Runs a sweep and stores what it did. */
  void run(Sweep sweep, Sweep.Job job, Lease lease) {
    State state = sweeps.get(sweep.name());
    if (state == null) {
      return;
    }
    OptionalLong asked = takeAsked(state);
    long started = nanos.getAsLong();
    long removed = 0;
    String problem = "";
    try {
      removed = job.run(lease);
      count(sweep, removed);
    } catch (RuntimeException failure) {
      problem =
          failure instanceof Refused refused
              ? refused.refusal().code()
              : failure.getClass().getSimpleName();
      throw failure;
    } finally {
      state.removed += removed;
      long took = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - started);
      store(
          state,
          new SweepRun(
              asked.orElse(0),
              sweep.name(),
              null,
              0,
              0,
              took,
              asked.isPresent() ? removed : state.removed,
              node,
              problem));
    }
  }

  private void count(Sweep sweep, long removed) {
    if (removed > 0) {
      meters.counter("rookery.sweeps.removed", "sweep", sweep.name()).increment(removed);
    }
  }

  /**
   * The run that is waited for. Looked for only when one may be there: at first, on request, and
   * from time to time in case a request did not arrive.
   */
  private OptionalLong takeAsked(State state) {
    long now = nanos.getAsLong();
    if (!state.asked && now - state.lookedNanos < LOOK_EVERY.toNanos()) {
      return OptionalLong.empty();
    }
    // Before the read, so that what is asked for during it is looked for with the next run.
    state.asked = false;
    try {
      Optional<Long> open = store.open(database, state.sweep.name());
      state.lookedNanos = now;
      return open.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    } catch (Refused unavailable) {
      // Looked for again with the next run; the sweep itself will say what it cannot do.
      state.asked = true;
      LOG.debug("the sweep {} could not look for requests", state.sweep.name(), unavailable);
      return OptionalLong.empty();
    }
  }

  private void store(State state, SweepRun run) {
    long now = nanos.getAsLong();
    long since = now - state.storedNanos;
    boolean eventful = run.removed() > 0 || !run.problem().isEmpty();
    boolean due =
        !state.stored
            || run.id() != 0
            || since > STORED_WITHIN.toNanos()
            || (eventful && since > STORED_EVERY.toNanos());
    if (!due) {
      return;
    }
    try {
      database.write(
          tx -> {
            SweepRun ended = run.endedAt(tx.now().toEpochMilli());
            store.put(tx, ended);
            if (run.id() != 0) {
              store.end(tx, ended);
            }
            return ended;
          });
      state.stored = true;
      state.storedNanos = now;
      state.removed = 0;
    } catch (RuntimeException failure) {
      if (run.id() != 0) {
        // It is still open, and the next run ends it.
        state.asked = true;
      }
      LOG.warn("the run of the sweep {} was not stored", run.sweep(), failure);
    }
  }
}
