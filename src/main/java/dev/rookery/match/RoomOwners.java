package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.cluster.Membership;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out each command of a room on the node that owns it: here if this node is the owner or
 * the room has none, and otherwise through {@link RoomForwarder}. Thread-safe; blocks virtual
 * threads, not those of a Vert.x context.
 *
 * <p>The rooms of a node that has ended are taken over at once, by the node that is first. What is
 * in memory is read again with the next command.
 */
final class RoomOwners implements FailoverHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RoomOwners.class);

  static final String KIND = "match";
  static final String NOT_OWNER = "not_owner";
  private static final String PREFIX = KIND + "/";

  /** How long a command looks for the owner: longer than it takes to find that a node is dead. */
  private static final Duration SEARCH = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(250);

  /** What is due in a room is tried again after this time if it failed. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** How long the commands of a room are waited for before another node gets it. */
  private static final Duration TRANSFER_WITHIN = Duration.ofSeconds(5);

  private final RoomDependencies with;
  private final Leases leases;
  private final Membership membership;
  private final RoomForwarder forwarder;
  private final Duration awakeFor;
  private final Map<String, OwnedRoom> owned = new ConcurrentHashMap<>();

  /** The names of nodes by their runs, which never change. */
  private final Map<Long, String> nodes = new ConcurrentHashMap<>();

  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * @param awakeFor how long a room that gets no commands stays in memory
   */
  RoomOwners(
      RoomDependencies with, Membership membership, RoomForwarder forwarder, Duration awakeFor) {
    this.with = with;
    this.leases = with.leases();
    this.membership = membership;
    this.forwarder = forwarder;
    this.awakeFor = awakeFor;
  }

  /** Number of rooms in memory. */
  int count() {
    return owned.size();
  }

  /** Carries out a command on the owner's node. */
  Object ask(MatchCommand.InRoom<?> command) {
    String request = isRepeatable(command) ? null : with.ids().uuid();
    long deadline = System.nanoTime() + SEARCH.toNanos();
    do {
      Object answer = attempt(command, request);
      if (answer != null) {
        return answer;
      }
      pause();
    } while (!isStopping() && System.nanoTime() - deadline < 0);
    throw new Refused(new Refusal.Unavailable("room_busy"));
  }

  /** Whether a command that is carried out twice has the effect and the answer of one. */
  private static boolean isRepeatable(MatchCommand.InRoom<?> command) {
    return switch (command) {
      case MatchCommand.LeaveSeat _,
          MatchCommand.ClearSeat _,
          MatchCommand.SetReady _,
          MatchCommand.TakeSeat _,
          MatchCommand.AssignBot _,
          MatchCommand.SetTargetCapacity _,
          MatchCommand.SetConfig _,
          MatchCommand.CloseRoom _,
          MatchCommand.Start _,
          MatchCommand.Reset _,
          MatchCommand.ReturnToLobby _ ->
          false;
      // By its own id, or because it only says what is the case already.
      case MatchCommand.Act _,
          MatchCommand.ConnectToLobby _,
          MatchCommand.ConnectToMatch _,
          MatchCommand.Disconnect _,
          MatchCommand.RemoveDeadSockets _,
          MatchCommand.Wake _,
          MatchCommand.ForgetUser _,
          MatchCommand.View _ ->
          true;
    };
  }

  /**
   * Carries out a command that another node has sent.
   *
   * @param request as in {@link Room#carryOut}
   */
  Object serve(MatchCommand.InRoom<?> command, @Nullable String request) {
    Object answer = attemptHere(command, request);
    if (answer == null) {
      throw new Refused(new Refusal.Unavailable(NOT_OWNER));
    }
    return answer;
  }

  private @Nullable Object attempt(MatchCommand.InRoom<?> command, @Nullable String request) {
    if (!owned.containsKey(command.room())) {
      Optional<Long> owner = leases.findOwner(PREFIX + command.room());
      if (owner.isPresent() && owner.get() != membership.run()) {
        String node = nodeOf(owner.get());
        if (node == null) {
          return null;
        }
        recordBegun();
        return forwarder.ask(node, command, request);
      }
    }
    return attemptHere(command, request);
  }

  /**
   * Writes the entry of a command for the audit log before another node carries it out, which does
   * not know on whose behalf. A refusal gets an entry of its own after it.
   */
  private void recordBegun() {
    CommandScope scope = CommandScope.current();
    if (scope != null && scope.needsRecord()) {
      with.database().write(_ -> scope);
    }
  }

  private @Nullable Object attemptHere(MatchCommand.InRoom<?> command, @Nullable String request) {
    if (isStopping()) {
      return null;
    }
    return owned.computeIfAbsent(command.room(), OwnedRoom::new).carryOut(command, request);
  }

  private @Nullable String nodeOf(long run) {
    String known = nodes.get(run);
    if (known == null) {
      membership.members().forEach(member -> nodes.put(member.run(), member.node()));
      known = nodes.get(run);
    }
    return known;
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Waits before the next try; not at all while the node shuts down. */
  private void pause() {
    try {
      if (stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("a command of a room is not tried again, because the node shuts down");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Refused(new Refusal.Unavailable("not_serving"));
    }
  }

  /** Carries out what is due in the rooms of this node, each on a thread of its own. */
  void wakeDue() {
    long now = with.clock().millis();
    owned.values().forEach(room -> room.driveIfDue(now));
  }

  /** Removes rooms from memory that got no commands for a while. */
  void sleepUnused() {
    owned.values().forEach(OwnedRoom::sleepIfUnused);
  }

  @Override
  public void onOrphaned(String name) {
    if (!isStopping()) {
      owned.computeIfAbsent(name.substring(PREFIX.length()), OwnedRoom::new).acquireIfFree();
    }
  }

  @Override
  public void onLost(Lease lease) {
    OwnedRoom lost = owned.get(lease.name().substring(PREFIX.length()));
    if (lost != null) {
      lost.forget();
    }
  }

  @Override
  public boolean isMovable() {
    return true;
  }

  @Override
  public boolean canServe(String name) {
    return !isStopping();
  }

  @Override
  public HandoverResult handOver(String name, long toRun) {
    OwnedRoom room = owned.get(name.substring(PREFIX.length()));
    return room == null ? HandoverResult.NOT_OWNER : room.transfer(toRun);
  }

  @Override
  public void onShutdown() {
    if (!owned.isEmpty()) {
      LOG.info("{} rooms are handed over to other nodes", owned.size());
    }
    stopping.countDown();
    owned.values().forEach(OwnedRoom::forget);
  }

  /** A room that this node owns or is about to acquire. */
  private final class OwnedRoom {
    private final String id;
    private final ReentrantLock lock = new ReentrantLock(true);
    private @Nullable Room room;
    private boolean forgotten;
    private volatile long usedNanos = System.nanoTime();

    /** When something is due; {@link Long#MAX_VALUE} for never. */
    private volatile long wakeMs = Long.MAX_VALUE;

    /**
     * When what failed is tried again, by {@link System#nanoTime}, because no change of the clock
     * may delay or hasten it; null if nothing failed.
     */
    private volatile @Nullable Long retryNanos;

    private final AtomicBoolean driving = new AtomicBoolean();

    OwnedRoom(String id) {
      this.id = id;
    }

    /** Null if this node is not the owner. */
    @Nullable Object carryOut(MatchCommand.InRoom<?> command, @Nullable String request) {
      usedNanos = System.nanoTime();
      lock.lock();
      try {
        Room acquired = acquire();
        if (acquired == null) {
          return null;
        }
        Object answer = acquired.carryOut(command, request);
        noteWake(acquired);
        return answer;
      } catch (Refused refused) {
        if (refused.refusal().code().equals(Games.NOT_LOADED)) {
          handOver();
        }
        if (!refused.refusal().code().equals(NOT_OWNER)) {
          throw refused;
        }
        with.meters().refused().increment();
        drop();
        return null;
      } finally {
        lock.unlock();
      }
    }

    private void noteWake(Room present) {
      wakeAt(present.wakeAt());
      driveIfDue(with.clock().millis());
    }

    private void wakeAt(@Nullable Long wake) {
      wakeMs = wake == null ? Long.MAX_VALUE : wake;
      retryNanos = null;
    }

    void driveIfDue(long now) {
      Long retry = retryNanos;
      boolean due = retry == null ? wakeMs <= now : System.nanoTime() - retry >= 0;
      if (due && driving.compareAndSet(false, true)) {
        Thread.startVirtualThread(this::drive);
      }
    }

    /** Between two things that are due the commands of players have their turn. */
    private void drive() {
      try {
        boolean more = true;
        while (more && !isStopping()) {
          more = driveOnce();
        }
      } catch (RuntimeException failed) {
        LOG.warn("what is due in a room could not be carried out", failed);
        retryLater();
      } finally {
        driving.set(false);
      }
    }

    private void retryLater() {
      retryNanos = System.nanoTime() + RETRY_AFTER.toNanos();
    }

    private boolean driveOnce() {
      lock.lock();
      try {
        Room present = room;
        if (present == null) {
          wakeAt(null);
          return false;
        }
        usedNanos = System.nanoTime();
        boolean done = present.advance();
        wakeAt(present.wakeAt());
        return done || wakeMs <= with.clock().millis();
      } catch (Refused refused) {
        if (refused.refusal().code().equals(NOT_OWNER)) {
          drop();
        } else if (refused.refusal().code().equals(Games.NOT_LOADED)) {
          handOver();
        }
        retryLater();
        return false;
      } finally {
        lock.unlock();
      }
    }

    void acquireIfFree() {
      lock.lock();
      try {
        acquire();
      } finally {
        lock.unlock();
      }
    }

    private @Nullable Room acquire() {
      if (room == null && !forgotten) {
        boolean done = false;
        try {
          room = leases.acquire(PREFIX + id).map(this::own).orElse(null);
          done = room != null;
        } finally {
          if (!done) {
            drop();
          }
        }
      }
      return room;
    }

    /** A lease that had no owner before is in its first epoch. */
    private Room own(Lease lease) {
      if (lease.epoch() > 1) {
        with.meters().takenOver().increment();
      }
      return new Room(with, id, lease);
    }

    void sleepIfUnused() {
      if (System.nanoTime() - usedNanos < awakeFor.toNanos() || !lock.tryLock()) {
        return;
      }
      try {
        Room present = room;
        if (present == null || !present.isOverdue()) {
          handOver();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Any node may acquire it from now on: another one may be able to load its game. */
    private void handOver() {
      Room present = room;
      if (present != null) {
        leases.delete(present.lease());
      }
      drop();
    }

    /** Between two commands: what was answered is stored, and what comes goes to the new owner. */
    HandoverResult transfer(long toRun) {
      try {
        if (!lock.tryLock(TRANSFER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return HandoverResult.BUSY;
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return HandoverResult.BUSY;
      }
      try {
        Room present = room;
        if (present == null) {
          return HandoverResult.NOT_OWNER;
        }
        if (present.isOverdue()) {
          return HandoverResult.BUSY;
        }
        if (leases.transfer(present.lease(), toRun).isEmpty()) {
          return HandoverResult.TARGET_GONE;
        }
        drop();
        return HandoverResult.DONE;
      } finally {
        lock.unlock();
      }
    }

    void forget() {
      lock.lock();
      try {
        drop();
      } finally {
        lock.unlock();
      }
    }

    private void drop() {
      forgotten = true;
      room = null;
      owned.remove(id, this);
    }
  }
}
