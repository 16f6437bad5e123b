package dev.rookery.lease;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.Membership;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The leases of this node: exactly one owner for what lives in memory.
 *
 * <p>A lease is taken by compare-and-set, and held for as long as the run that took it lives: the
 * one beat of the {@link Membership} keeps all of them. An owner that was given up for dead can do
 * no harm before it notices, because {@link #fence} fails once there is a newer tenure, inside the
 * transaction that would have written.
 *
 * <p>Calls park the virtual thread, and may come from any.
 */
public final class Leases {
  private static final int LEASES_MAX = 10_000;
  private static final LeaseStore ROWS = new LeaseStore();

  private final Database database;
  private final Membership membership;
  private final Map<String, Lease> held = new ConcurrentHashMap<>();
  private final Failover heirs;

  public Leases(Database database, Membership membership) {
    this.database = database;
    this.membership = membership;
    this.heirs = new Failover(this, membership);
    membership.listen(heirs);
  }

  /** Takes what no living node holds; answers the same tenure again if it is ours already. */
  public Optional<Lease> take(String name) {
    long run = membership.run();
    Optional<Lease> taken = database.write(tx -> ROWS.take(tx, name, run));
    taken.ifPresent(lease -> held.put(name, lease));
    if (membership.run() != run) {
      // Lost at that very moment.
      taken.ifPresent(lease -> held.remove(name, lease));
      return Optional.empty();
    }
    return taken;
  }

  /** What was owned is no more. */
  public void end(Lease lease) {
    held.remove(lease.name(), lease);
    write(tx -> ROWS.end(tx, lease));
  }

  /** What is owned goes on, with whoever takes it. */
  public void release(Lease lease) {
    held.remove(lease.name(), lease);
    write(tx -> ROWS.release(tx, lease));
  }

  /** Passes a lease to a run that lives, in one step; empty if it was lost or that is gone. */
  public Optional<Lease> handOver(Lease lease, long toRun) {
    Optional<Lease> passed = database.write(tx -> ROWS.passOn(tx, lease, toRun));
    passed.ifPresent(_ -> held.remove(lease.name(), lease));
    return passed;
  }

  /** What belonged to runs that have ended, for whoever can go on with it. */
  public List<String> orphans(String kind, int max) {
    return ROWS.orphans(database, kind, Math.min(max, LEASES_MAX));
  }

  /** What this run holds, by what the store says. */
  public List<Lease> owned(String kind) {
    return ROWS.owned(database, membership.run(), kind, LEASES_MAX);
  }

  /** The living run that holds it. */
  public Optional<Long> holder(String name) {
    return ROWS.holder(database, name);
  }

  /** How many leases a run holds. */
  long countOf(long run) {
    return ROWS.countOf(database, run);
  }

  /** How many this node believes to hold. */
  public int held() {
    return held.size();
  }

  /**
   * Whether nobody can have taken what this node holds. If not, nothing may be answered from memory
   * alone until it is true again.
   */
  public boolean certain() {
    return membership.certain();
  }

  /** Tells the heir of the orphans of a kind, on the context of the calling verticle. */
  public void serve(String kind, FailoverHandler heir) {
    Context context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException("not called by a verticle");
    }
    serve(kind, heir, work -> context.runOnContext(_ -> work.run()));
  }

  /** As {@link #serve(String, FailoverHandler)}, on threads that may wait. */
  public void serve(String kind, FailoverHandler heir, Executor on) {
    heirs.add(kind, heir, on);
  }

  /** Asks every heir to store what must be stored; ends when they have done so. */
  public void leave() {
    heirs.leave();
  }

  /** What was taken by an earlier run, which is lost with it. */
  List<Lease> takeLost(long run) {
    var lost = new ArrayList<Lease>();
    for (Lease lease : held.values()) {
      if (lease.run() == run && held.remove(lease.name(), lease)) {
        lost.add(lease);
      }
    }
    return lost;
  }

  /**
   * To be called in every transaction in which an owner writes. Nobody can take the lease until
   * that transaction ends; {@code Unavailable("not_owner")} if somebody has.
   */
  public static void fence(Transaction tx, Lease lease) {
    if (!ROWS.holds(tx, lease)) {
      throw new Refused(new Refusal.Unavailable("not_owner"));
    }
  }

  private void write(Consumer<Transaction> work) {
    database.write(
        tx -> {
          work.accept(tx);
          return true;
        });
  }
}
