package dev.rookery.sample;

import dev.rookery.account.AccountCommand;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerMark;
import dev.rookery.sample.SampleRun.State;
import dev.rookery.sample.SampleStore.Stored;
import dev.rookery.sample.SampleStore.Thing;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link SampleCommand}, and makes and removes sample data as a job of the cluster, one
 * portion after another. How far it is stands in rows, so another node goes on after a restart.
 */
public final class SampleVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SampleVerticle.class);
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration NEXT = Duration.ofMillis(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int FAILURES_MAX = 5;
  private static final int REMOVED_AT_A_TIME = 20;
  private static final String PLAYERS = "players";

  private final Bus bus;
  private final SampleStore store;
  private final SamplePortions portions;
  private final ClusterScheduler scheduler;
  private final boolean enabled;
  private @Nullable ClusterSingleton job;

  /**
   * @param enabled whether it makes sample data; false in production, where it only removes it
   */
  public SampleVerticle(Bus bus, Database database, ClusterScheduler scheduler, boolean enabled) {
    this.bus = bus;
    this.store = new SampleStore(database);
    this.portions = new SamplePortions(bus, store);
    this.scheduler = scheduler;
    this.enabled = enabled;
  }

  @Override
  public Future<?> start() {
    job = scheduler.schedulePaced("sample data", AFTER_FAILURE, _ -> work());
    return bus.<SampleCommand>serve(SampleCommand.ADDRESS, this::handle);
  }

  private Object handle(SampleCommand command) {
    switch (command) {
      case SampleCommand.Find _ -> {}
      case SampleCommand.Make _ -> make();
      case SampleCommand.Remove _ -> store.beginRemoval();
    }
    if (job != null && !(command instanceof SampleCommand.Find)) {
      job.runSoon();
    }
    return run();
  }

  private void make() {
    if (!enabled) {
      throw Refused.denied("sample_data_disabled");
    }
    if (store.find().filter(run -> run.state() == State.REMOVING).isPresent()) {
      throw Refused.conflict("sample_data_is_removed");
    }
    store.begin();
  }

  private SampleRun run() {
    Stored stored = store.find().orElse(null);
    if (stored == null) {
      return new SampleRun(State.NONE, 0, portions.size(), Map.of(), enabled);
    }
    boolean there = stored.state() == State.MAKING || stored.state() == State.MADE;
    return new SampleRun(
        stored.state(), stored.done(), portions.size(), there ? count() : stored.counts(), enabled);
  }

  private Map<String, Long> count() {
    var counts = new TreeMap<>(store.count());
    var marked =
        PlayerCommand.AccountFilter.withMark(PlayerCommand.MarkFilter.of(PlayerMark.SAMPLE));
    counts.put(
        PLAYERS, bus.ask(new PlayerCommand.CountAccounts(marked, PlayerMark.SAMPLE.max())).await());
    return counts;
  }

  /** Does a little, and returns when to do more. */
  private Duration work() {
    Stored stored = store.find().orElse(null);
    if (stored == null) {
      return IDLE;
    }
    return switch (stored.state()) {
      case MAKING -> enabled ? makeNext(stored) : IDLE;
      case REMOVING -> removeNext(stored);
      case NONE, MADE, REMOVED -> IDLE;
    };
  }

  private Duration makeNext(Stored stored) {
    int next = stored.done();
    if (next >= portions.size()) {
      store.end(State.MAKING, State.MADE, count());
      return IDLE;
    }
    try {
      portions.make(next);
      store.advance(next);
      return NEXT;
    } catch (RuntimeException failure) {
      LOG.warn("portion {} of the sample data was not made", next, failure);
      if (stored.failures() + 1 >= FAILURES_MAX) {
        store.advance(next);
      } else {
        store.countFailure(next);
      }
      return AFTER_FAILURE;
    }
  }

  private Duration removeNext(Stored stored) {
    var removed = new TreeMap<>(stored.counts());
    List<Thing> things = store.listSome(REMOVED_AT_A_TIME);
    for (Thing thing : things) {
      portions.remove(thing);
      store.remove(thing);
      removed.merge(thing.kind().plural(), 1L, Long::sum);
    }
    if (!things.isEmpty()) {
      store.setRemoved(removed);
      return NEXT;
    }
    List<Account> players =
        bus.ask(
                new PlayerCommand.ListAccounts(
                    PlayerCommand.AccountFilter.withMark(
                        PlayerCommand.MarkFilter.of(PlayerMark.SAMPLE)),
                    PlayerCommand.AccountOrder.NEWEST,
                    null,
                    false,
                    REMOVED_AT_A_TIME))
            .await();
    // At once, so that the domains carry out their parts in batches.
    Future.join(
            players.stream()
                .map(account -> bus.ask(new AccountCommand.Delete(account.player().id())))
                .toList())
        .await();
    removed.merge(PLAYERS, (long) players.size(), Long::sum);
    if (players.isEmpty()) {
      store.end(State.REMOVING, State.REMOVED, removed);
      return IDLE;
    }
    store.setRemoved(removed);
    return NEXT;
  }
}
