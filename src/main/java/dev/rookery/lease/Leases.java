package dev.rookery.lease;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.Membership;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of this node: each stands for the exclusive ownership of state that lives in memory.
 *
 * <p>A lease is acquired by compare-and-set and held as long as the run that acquired it is alive;
 * the heartbeat of {@link Membership} keeps all of them. An owner that was declared dead can do no
 * harm before it notices, because {@link #fence} fails inside the transaction once a newer owner
 * exists.
 *
 * <p>Calls block the virtual thread; any thread may call.
 */
public final class Leases {
  /** The code with which {@link #fence} refuses. */
  public static final String NOT_OWNER = "not_owner";

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final int RESULTS_MAX = 10_000;

  /** How long a run that was given a lease is offered it before it is free for others. */
  private static final Duration UNTAKEN_FOR = Duration.ofSeconds(30);

  private static final LeaseStore STORE = new LeaseStore();

  private final Database database;
  private final Membership membership;
  private final Map<String, Lease> held = new ConcurrentHashMap<>();
  private final Failover failover;

  public Leases(Database database, Membership membership) {
    this.database = database;
    this.membership = membership;
    this.failover = new Failover(this, membership);
    membership.addListener(failover);
  }

  /** The sweeps of this node, which are stored beside the leases. */
  Sweeps sweeps(MeterRegistry meters) {
    return new Sweeps(database, membership.node(), meters, System::nanoTime);
  }

  /**
   * Acquires a lease that no living node holds; returns the same lease again if this node already
   * holds it. Empty also on a node that an admin has fenced.
   */
  public Optional<Lease> acquire(String name) {
    long run = membership.run();
    if (membership.isFenced()) {
      return Optional.empty();
    }
    Optional<Lease> acquired = database.write(tx -> STORE.acquire(tx, name, run));
    acquired.ifPresent(lease -> held.put(name, lease));
    if (membership.run() != run) {
      // The run ended while the lease was being acquired.
      acquired.ifPresent(lease -> held.remove(name, lease));
      return Optional.empty();
    }
    return acquired;
  }

  /** Deletes the lease, because what it stands for no longer exists. */
  public void delete(Lease lease) {
    held.remove(lease.name(), lease);
    write(tx -> STORE.delete(tx, lease));
  }

  /** Releases the lease, so that another node can acquire it. */
  public void release(Lease lease) {
    held.remove(lease.name(), lease);
    write(tx -> STORE.release(tx, lease));
  }

  /**
   * Transfers a lease to a living run in one step. Empty if the lease was lost or that run has
   * ended. That run is offered the lease until it acquires it; if it does not for a while, the
   * lease is free.
   */
  public Optional<Lease> transfer(Lease lease, long toRun) {
    Optional<Lease> transferred = database.write(tx -> STORE.transfer(tx, lease, toRun));
    transferred.ifPresent(_ -> held.remove(lease.name(), lease));
    return transferred;
  }

  /**
   * Hands over what a lease of this node stands for to another run, as a shutdown does: when it is
   * at rest, and with everything stored. Blocks until then.
   */
  public HandoverResult handOver(String name, long toRun) {
    HandoverResult outcome = failover.handOver(name, toRun);
    return outcome == HandoverResult.NOT_OWNER
            && findOwner(name).equals(Optional.of(membership.run()))
        ? HandoverResult.NOT_ACQUIRED
        : outcome;
  }

  /** The kinds of leases that can be handed over while their owner lives. */
  public Set<String> movableKinds() {
    return failover.movableKinds();
  }

  /** Whether this node could acquire the lease and serve what it stands for. */
  public boolean canServe(String name) {
    return !membership.isFenced() && failover.canServe(name);
  }

  /** Offers free leases to the handlers of this node at once; does not block. */
  public void offerSoon() {
    failover.offerSoon();
  }

  /** How many leases of a kind each living run holds; those without any are left out. */
  public Map<Long, Long> countOfKind(String kind) {
    return STORE.countOfKind(database, kind);
  }

  /** The first leases of a kind that a run holds, according to the store. */
  public List<Lease> findOwned(long run, String kind, int max) {
    return STORE.findOwned(database, run, kind, Math.min(max, RESULTS_MAX));
  }

  /** The names of leases that were transferred to this run, which has not acquired them yet. */
  List<String> findUntaken(String kind, int max) {
    return STORE.findUntaken(database, membership.run(), kind, Math.min(max, RESULTS_MAX));
  }

  /** Releases the leases that were transferred to this run and that it has not acquired in time. */
  void releaseUntaken() {
    long run = membership.run();
    int released =
        database.write(
            tx -> STORE.releaseUntaken(tx, run, tx.now().minus(UNTAKEN_FOR).toEpochMilli()));
    if (released > 0) {
      LOG.warn(
          "{} leases were transferred to this node and not taken; they are free again", released);
    }
  }

  /** The names of leases whose runs have ended, up to {@code max}. */
  public List<String> findOrphans(String kind, int max) {
    return STORE.findOrphans(database, kind, Math.min(max, RESULTS_MAX));
  }

  /** The leases of a kind that this run holds, according to the store. */
  public List<Lease> findOwned(String kind) {
    return STORE.findOwned(database, membership.run(), kind, RESULTS_MAX);
  }

  /** The living run that holds the lease. */
  public Optional<Long> findOwner(String name) {
    return STORE.findOwner(database, name);
  }

  /** Leases in the order of their names, with their owners. */
  public List<ClusterQuery.OwnedLease> list(String kind, String after, int max) {
    return STORE.list(database, kind, after, max);
  }

  /** The lease of that name, with its owner. */
  public Optional<ClusterQuery.OwnedLease> find(String name) {
    return STORE.find(database, name);
  }

  /** Number of leases that a run holds, according to the store. */
  long countOwnedBy(long run) {
    return STORE.countOwnedBy(database, run);
  }

  /** Number of leases that this node believes it holds. */
  public int heldCount() {
    return held.size();
  }

  /**
   * Whether no other node can have acquired this lease of this node. While false, nothing that it
   * stands for may be answered from memory alone.
   */
  public boolean isValid(Lease lease) {
    // The run last: one that was declared dead is replaced before this node is confirmed again.
    return membership.isConfirmedAlive() && !isLost(lease);
  }

  /** Whether the run of this node that acquired the lease has ended, and the lease with it. */
  public boolean isLost(Lease lease) {
    return lease.run() != membership.run();
  }

  /** Registers the handler of a kind of lease, called on the context of the calling verticle. */
  public void registerHandler(String kind, FailoverHandler handler) {
    Context context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException("must be called by a verticle");
    }
    registerHandler(kind, handler, work -> context.runOnContext(_ -> work.run()));
  }

  /** As {@link #registerHandler(String, FailoverHandler)}, on threads that may block. */
  public void registerHandler(String kind, FailoverHandler handler, Executor executor) {
    failover.add(kind, handler, executor);
  }

  /** Shuts down all handlers and waits until they have stored their state. */
  public void shutDown() {
    failover.shutDown();
  }

  /** Removes and returns the leases that an earlier run held; they are lost with it. */
  List<Lease> removeLost(long run) {
    var lost = new ArrayList<Lease>();
    for (Lease lease : held.values()) {
      if (lease.run() == run && held.remove(lease.name(), lease)) {
        lost.add(lease);
      }
    }
    return lost;
  }

  /**
   * Locks the lease in a transaction in which its owner writes: nobody can acquire it until the
   * transaction ends. Throws {@code Unavailable("not_owner")} if another node has acquired it.
   */
  public static void fence(Transaction tx, Lease lease) {
    if (!STORE.isHeld(tx, lease)) {
      throw new Refused(new Refusal.Unavailable(NOT_OWNER));
    }
  }

  /**
   * As {@link #fence}, for many leases at once: returns those that this node still holds, locked.
   *
   * @param leases at most {@link dev.rookery.store.Placeholders#MANY_MAX}
   */
  public static Set<Lease> findHeld(Transaction tx, Collection<Lease> leases) {
    return STORE.findHeld(tx, leases);
  }

  /**
   * Releases all leases of a run that the transaction ends, so that its late writes are refused
   * from then on; returns how many.
   */
  public static int releaseAll(Transaction tx, long run) {
    return STORE.releaseAll(tx, run);
  }

  private void write(Consumer<Transaction> work) {
    database.write(
        tx -> {
          work.accept(tx);
          return true;
        });
  }
}
