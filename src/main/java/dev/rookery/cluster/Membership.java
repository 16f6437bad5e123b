package dev.rookery.cluster;

import dev.rookery.store.Database;
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
 * This run of this node among those of the others.
 *
 * <p>A run that lives raises its beat. Whoever sees another's beat stand still for too long, by a
 * clock of its own, buries that run, on condition that the beat is still the same; from then on
 * whatever the run held may be taken. A node that was merely paused finds its run buried, knows
 * that it has lost everything, and goes on as a new run. Until it notices it can do no harm: what
 * is held is fenced where it is written.
 *
 * <p>A node that has the database for itself is missed by nobody, and beats only to say how far it
 * has posted. Calls park the virtual thread, or block a platform thread.
 */
public final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final NodeStore rows;
  private final Database database;
  private final LocalNode self;
  private final HeartbeatSettings pace;
  private final Instant started;
  private final LongSupplier nanos;
  private final FailureDetector watch;
  private final Map<Long, EndedRun> ended = new HashMap<>();
  private final List<MembershipListener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock round = new ReentrantLock();
  private volatile List<EndedRun> endedNow = List.of();
  private volatile int living = 1;
  private volatile long run;
  private volatile long beatNanos;
  private volatile boolean over;
  private volatile boolean looked;
  private long toldUpto;

  private Membership(
      Database database,
      LocalNode self,
      HeartbeatSettings pace,
      Instant started,
      LongSupplier nanos) {
    this.rows = new NodeStore(database);
    this.database = database;
    this.self = self;
    this.pace = pace;
    this.started = started;
    this.nanos = nanos;
    this.watch = new FailureDetector(pace);
  }

  /**
   * Begins a run.
   *
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  public static Membership join(
      Database database,
      LocalNode self,
      HeartbeatSettings pace,
      Instant started,
      LongSupplier nanos) {
    var membership = new Membership(database, self, pace, started, nanos);
    membership.beatNanos = nanos.getAsLong();
    membership.run = membership.rows.begin(self, started);
    return membership;
  }

  /** The present run of this node. */
  public long run() {
    return run;
  }

  public boolean alone() {
    return self.alone();
  }

  public HeartbeatSettings pace() {
    return pace;
  }

  /** How many runs live, this one included, as of the last round. */
  public int living() {
    return living;
  }

  /** By the clock that measures how long a run has been silent. */
  public long nanos() {
    return nanos.getAsLong();
  }

  public void listen(MembershipListener listener) {
    listeners.add(listener);
  }

  /**
   * Whether the others cannot have buried this run yet. If not, nothing may be answered from what
   * is held in memory alone, until it is true again. Whether the transport has told them something
   * is nothing that this node can know.
   */
  public boolean certain() {
    return self.alone() || nanos.getAsLong() - beatNanos < pace.silenceMaxOfSuspects().toNanos();
  }

  /** The transport says that the node is gone: a hint to believe its silence sooner. */
  public void suspect(String node) {
    watch.suspect(node);
  }

  /** Runs of other nodes that have ended and are not forgotten yet. */
  public List<EndedRun> ended() {
    return endedNow;
  }

  /** All runs that are remembered, those that live first; this one as it is now. */
  public List<Member> members() {
    return rows.all(database).stream().map(one -> one.run() == run ? present(one) : one).toList();
  }

  private Member present(Member row) {
    return new Member(
        row.run(),
        row.node(),
        row.version(),
        row.started(),
        row.alive(),
        row.beat(),
        self.postedUpto().getAsLong(),
        row.swept(),
        self.sockets().getAsLong(),
        self.players().getAsLong());
  }

  /**
   * Says that this run lives, and looks at the others; to be called once in every beat. Whoever
   * learns otherwise that this run was buried may call it, too, to go on as a new one.
   */
  public void round() {
    round.lock();
    try {
      if (over) {
        return;
      }
      beat();
      if (!self.alone() || !looked) {
        look();
        looked = true;
      }
    } finally {
      round.unlock();
    }
  }

  private void beat() {
    long began = nanos.getAsLong();
    long upto = self.postedUpto().getAsLong();
    if (self.alone() && upto == toldUpto) {
      return;
    }
    if (!rows.beat(run, self)) {
      beginAgain();
    }
    beatNanos = began;
    // On SQLite the beat itself is a write, with a number of its own.
    toldUpto = self.postedUpto().getAsLong();
  }

  private void beginAgain() {
    long before = run;
    long now = rows.beginAgain(self, started);
    LOG.warn("this node was silent for so long that it was given up for dead; it goes on anew");
    run = now;
    listeners.forEach(listener -> listener.lost(before, now));
  }

  private void look() {
    long now = nanos.getAsLong();
    List<Member> all = rows.all(database);
    List<Member> others =
        all.stream().filter(member -> member.alive() && member.run() != run).toList();
    List<EndedRun> news = new ArrayList<>();
    for (Member member : all) {
      EndedRun known = ended.get(member.run());
      if (known != null) {
        ended.put(member.run(), new EndedRun(member, known.sinceNanos()));
      } else if (!member.alive() && member.run() != run) {
        news.add(new EndedRun(member, watch.lastSeen(member.run(), now)));
      }
    }
    int gone = 0;
    for (Member silent : watch.look(others, now)) {
      if (rows.bury(silent)) {
        LOG.warn("node {} is silent; it was given up for dead", silent.node());
        news.add(new EndedRun(silent, watch.lastSeen(silent.run(), now)));
        gone++;
      }
    }
    living = 1 + others.size() - gone;
    ended.keySet().retainAll(all.stream().map(Member::run).toList());
    news.forEach(one -> ended.put(one.run(), one));
    endedNow = List.copyOf(ended.values());
    if (!news.isEmpty()) {
      listeners.forEach(listener -> listener.ended(news));
    }
    listeners.forEach(MembershipListener::looked);
  }

  /** What the run had not posted has been posted. */
  public void swept(long ended) {
    rows.swept(ended);
    looked = false;
  }

  /** Nothing refers to a run that has ended any more. */
  public void forget(long ended) {
    rows.forget(ended);
    looked = false;
  }

  /** Leaves in order: whatever this run still holds is free at once. */
  public void leave() {
    round.lock();
    try {
      over = true;
      rows.leave(run, self.postedUpto().getAsLong());
    } finally {
      round.unlock();
    }
  }
}
