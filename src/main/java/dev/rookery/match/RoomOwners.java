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
  private static final String PREFIX = KIND + "/";

  /** How long a command looks for the owner: longer than it takes to find that a node is dead. */
  private static final Duration SEARCH = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(250);

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
      throw new Refused(new Refusal.Unavailable(RoomStore.NOT_OWNER));
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
    return owned.computeIfAbsent(command.room(), this::newRoom).carryOut(command, request);
  }

  private OwnedRoom newRoom(String id) {
    return new OwnedRoom(
        with, id, PREFIX + id, this::isStopping, dropped -> owned.remove(id, dropped));
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
    owned.values().forEach(room -> room.sleepIfUnused(awakeFor));
  }

  @Override
  public void onOrphaned(String name) {
    if (!isStopping()) {
      owned.computeIfAbsent(name.substring(PREFIX.length()), this::newRoom).acquireIfFree();
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
}
