package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room that this node owns or is about to acquire. Its commands and what is due in it are carried
 * out one at a time, under the lease that it acquires with the first of them. Thread-safe; blocks
 * virtual threads.
 *
 * <p>A room that has been dropped stays so: whatever comes after that finds this node not to be the
 * owner, and has to ask for the room again.
 */
final class OwnedRoom {
  private static final Logger LOG = LoggerFactory.getLogger(OwnedRoom.class);

  /** What is due in a room is tried again after this time if it failed. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** How long the commands of a room are waited for before another node gets it. */
  private static final Duration TRANSFER_WITHIN = Duration.ofSeconds(5);

  private final RoomDependencies with;
  private final Leases leases;
  private final String id;
  private final String leaseName;
  private final BooleanSupplier stopping;
  private final Consumer<OwnedRoom> onDropped;
  private final ReentrantLock lock = new ReentrantLock(true);
  private @Nullable Room room;
  private boolean forgotten;
  private volatile long usedNanos = System.nanoTime();

  /** When something is due; {@link Long#MAX_VALUE} for never. */
  private volatile long wakeMs = Long.MAX_VALUE;

  /**
   * When what failed is tried again, by {@link System#nanoTime}, because no change of the clock may
   * delay or hasten it; null if nothing failed.
   */
  private volatile @Nullable Long retryNanos;

  private final AtomicBoolean driving = new AtomicBoolean();

  /**
   * @param stopping whether the node shuts down, so that nothing more that is due is carried out
   * @param onDropped called each time that this room is dropped, under its lock
   */
  OwnedRoom(
      RoomDependencies with,
      String id,
      String leaseName,
      BooleanSupplier stopping,
      Consumer<OwnedRoom> onDropped) {
    this.with = with;
    this.leases = with.leases();
    this.id = id;
    this.leaseName = leaseName;
    this.stopping = stopping;
    this.onDropped = onDropped;
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
      if (!refused.refusal().code().equals(RoomStore.NOT_OWNER)) {
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

  /** Carries out what is due by now, if anything is, on a thread of its own. */
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
      while (more && !stopping.getAsBoolean()) {
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
      if (refused.refusal().code().equals(RoomStore.NOT_OWNER)) {
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

  /** Acquires the lease of the room unless another node owns it. */
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
        room = leases.acquire(leaseName).map(this::own).orElse(null);
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

  /** Gives up the lease and drops the room if it was unused for so long and nothing is overdue. */
  void sleepIfUnused(Duration awakeFor) {
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

  /** Drops the room without giving up its lease. */
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
    onDropped.accept(this);
  }
}
