package dev.rookery.cluster;

import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The membership of this node in the cluster.
 *
 * <p>A living run increases its heartbeat counter. A node that sees the counter of another run
 * stand still for too long, by its own clock, marks that run dead, on condition that the counter is
 * still the same; from then on the leases of that run may be acquired by others. A node that was
 * merely paused finds its run marked dead, gives up everything it held, and continues as a new run.
 * Until it notices it can do no harm, because every write under a lease is fenced.
 *
 * <p>A node that has the database for itself needs no heartbeat and writes only how far it has
 * published. Calls block the virtual or platform thread.
 */
public final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final NodeStore store;
  private final Database database;
  private final LocalNode localNode;
  private final HeartbeatSettings settings;
  private final Instant started;
  private final LongSupplier nanos;
  private final FailureDetector failureDetector;
  private final Map<Long, EndedRun> endedRuns = new HashMap<>();
  private final List<MembershipListener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock heartbeatLock = new ReentrantLock();
  private volatile List<EndedRun> endedSnapshot = List.of();
  private volatile int aliveCount = 1;
  private volatile long run;
  private volatile long heartbeatNanos;
  private volatile boolean left;
  private volatile boolean fenced;
  private volatile boolean checked;
  private long reportedUpTo;

  private Membership(
      Database database,
      LocalNode localNode,
      HeartbeatSettings settings,
      Instant started,
      LongSupplier nanos) {
    this.store = new NodeStore(database);
    this.database = database;
    this.localNode = localNode;
    this.settings = settings;
    this.started = started;
    this.nanos = nanos;
    this.failureDetector = new FailureDetector(settings);
  }

  /**
   * Joins the cluster with a new run.
   *
   * @param nanos a monotonic clock, such as {@link System#nanoTime}
   * @throws IllegalStateException if nodes of another cluster, or with another key, run on this
   *     database
   */
  public static Membership join(
      Database database,
      LocalNode localNode,
      HeartbeatSettings settings,
      Instant started,
      LongSupplier nanos) {
    var membership = new Membership(database, localNode, settings, started, nanos);
    membership.heartbeatNanos = nanos.getAsLong();
    membership.start();
    return membership;
  }

  private void start() {
    ClusterIdentity identity = localNode.identity();
    if (identity == null || localNode.standalone()) {
      run = store.insertFirstRun(localNode, started);
      return;
    }
    var check = new IdentityCheck(store, settings);
    // Before, because the first run of a node ends those of the same name.
    check.run(identity, 0);
    run = store.insertFirstRun(localNode, started);
    try {
      // Again, because another node may have started meanwhile: at least one of both sees the
      // other.
      check.run(identity, run);
    } catch (IllegalStateException refused) {
      store.markLeft(run, 0);
      throw refused;
    }
  }

  /** The current run of this node. */
  public long run() {
    return run;
  }

  /** The name of this node. */
  public String node() {
    return localNode.name();
  }

  public boolean isStandalone() {
    return localNode.standalone();
  }

  public HeartbeatSettings settings() {
    return settings;
  }

  /** Number of living runs, this one included, as of the last check. */
  public int aliveCount() {
    return aliveCount;
  }

  /** The time by the clock that measures silence. */
  public long nanos() {
    return nanos.getAsLong();
  }

  public void addListener(MembershipListener listener) {
    listeners.add(listener);
  }

  /**
   * Whether no other node can have declared this run dead yet. While false, nothing may be answered
   * from state that is held in memory alone. The bound is the suspect timeout, because this node
   * cannot know whether the transport has reported it lost to the others.
   */
  public boolean isConfirmedAlive() {
    return localNode.standalone()
        || nanos.getAsLong() - heartbeatNanos < settings.suspectTimeout().toNanos();
  }

  /**
   * Whether an admin has ended a run of this process. It then owns nothing any more, and its
   * current run is there only to end in order.
   */
  public boolean isFenced() {
    return fenced;
  }

  /** Reports that the transport has lost the node, so that its silence is believed sooner. */
  public void suspect(String node) {
    failureDetector.suspect(node);
  }

  /** Runs of other nodes that have ended and are not deleted yet. */
  public List<EndedRun> endedRuns() {
    return endedSnapshot;
  }

  /**
   * Whether a node of an earlier release is alive, which does not know all that nodes of this one
   * store.
   */
  public boolean hasEarlierNodes() {
    return store.hasEarlier();
  }

  /**
   * Ends a run in the name of an admin, with the transaction; false if it has ended. Its node
   * notices with its next heartbeat. {@code Conflict("last_node")} if no run is alive beside it
   * whose node is not fenced itself, also when nodes fence each other at once.
   */
  public static boolean fence(Transaction tx, long run) {
    return NodeStore.fence(tx, run);
  }

  /** All runs that are not deleted, living ones first; this one with its current figures. */
  public List<Member> members() {
    return store.findAll(database).stream()
        .map(member -> member.run() == run ? withCurrentFigures(member) : member)
        .toList();
  }

  private Member withCurrentFigures(Member row) {
    return new Member(
        row.run(),
        row.node(),
        row.version(),
        row.started(),
        row.alive(),
        row.beat(),
        localNode.publishedUpTo().getAsLong(),
        row.swept(),
        localNode.sockets().getAsLong(),
        localNode.players().getAsLong());
  }

  /**
   * Sends a heartbeat and checks the other runs; called once in every interval. It may also be
   * called by code that learns that this run was declared dead, to continue as a new run.
   */
  public void heartbeat() {
    heartbeatLock.lock();
    try {
      if (left) {
        return;
      }
      sendHeartbeat();
      if (!localNode.standalone() || !checked) {
        checkOthers();
        checked = true;
      }
    } finally {
      heartbeatLock.unlock();
    }
  }

  private void sendHeartbeat() {
    long startedNanos = nanos.getAsLong();
    long upTo = localNode.publishedUpTo().getAsLong();
    if (localNode.standalone() && upTo == reportedUpTo) {
      return;
    }
    if (!store.updateHeartbeat(run, localNode)) {
      startNewRun();
    }
    heartbeatNanos = startedNanos;
    // On SQLite the heartbeat itself is a write with a number of its own.
    reportedUpTo = localNode.publishedUpTo().getAsLong();
  }

  private void startNewRun() {
    long oldRun = run;
    boolean endedByAdmin = store.isFenced(oldRun);
    if (endedByAdmin) {
      // Before there is a run that could take back what was freed.
      fenced = true;
    }
    long newRun = store.insertNewRun(localNode, started, fenced);
    LOG.warn("this node was declared dead; it continues as a new run");
    run = newRun;
    listeners.forEach(listener -> listener.onRunLost(oldRun, newRun));
    if (endedByAdmin) {
      listeners.forEach(MembershipListener::onFenced);
    }
  }

  private void checkOthers() {
    long now = nanos.getAsLong();
    List<Member> all = store.findAll(database);
    List<Member> others =
        all.stream().filter(member -> member.alive() && member.run() != run).toList();
    List<EndedRun> newlyEnded = new ArrayList<>();
    for (Member member : all) {
      EndedRun known = endedRuns.get(member.run());
      if (known != null) {
        endedRuns.put(member.run(), new EndedRun(member, known.lastSeenNanos()));
      } else if (!member.alive() && member.run() != run) {
        newlyEnded.add(new EndedRun(member, failureDetector.lastSeen(member.run(), now)));
      }
    }
    int deadCount = 0;
    for (Member silentRun : failureDetector.findSilent(others, now)) {
      if (store.markDead(silentRun)) {
        LOG.warn("node {} is silent; it was declared dead", silentRun.node());
        newlyEnded.add(new EndedRun(silentRun, failureDetector.lastSeen(silentRun.run(), now)));
        deadCount++;
      }
    }
    aliveCount = 1 + others.size() - deadCount;
    endedRuns.keySet().retainAll(all.stream().map(Member::run).toList());
    newlyEnded.forEach(ended -> endedRuns.put(ended.run(), ended));
    endedSnapshot = List.copyOf(endedRuns.values());
    if (!newlyEnded.isEmpty()) {
      listeners.forEach(listener -> listener.onRunsEnded(newlyEnded));
    }
    listeners.forEach(MembershipListener::onChecked);
  }

  /** Marks that the unpublished events of an ended run have been published. */
  public void markSwept(long endedRun) {
    store.markSwept(endedRun);
    checked = false;
  }

  /** Deletes an ended run that nothing refers to any more. */
  public void deleteRun(long endedRun) {
    store.delete(endedRun);
    checked = false;
  }

  /** Leaves the cluster in order: the leases that this run still holds are free at once. */
  public void leave() {
    heartbeatLock.lock();
    try {
      left = true;
      store.markLeft(run, localNode.publishedUpTo().getAsLong());
    } finally {
      heartbeatLock.unlock();
    }
  }
}
