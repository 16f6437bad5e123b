package dev.rookery.relay;

import dev.rookery.bus.Bus;
import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The relay of one node: its rooms, and the connection to the relays of other nodes. One instance
 * per node; thread-safe, never blocks.
 *
 * <p>Two players on the same node exchange messages by reference. In a cluster each seat is a row
 * that names the node on which it was taken last, and messages are sent directly to the node of the
 * other player, over one bus address per node. A node that takes a seat notifies the nodes
 * concerned before it sends the player's first message, so that replies reach it.
 */
public final class Relay {
  private static final String PREFIX = "relay/";

  private final Bus bus;
  private final String node;
  private final boolean clustered;
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final AtomicInteger seatCount = new AtomicInteger();
  private final AtomicLong localClaims = new AtomicLong();
  private final Counter localFrames;
  private final Counter remoteFrames;
  private final Counter droppedFrames;

  /**
   * @param node the name of this node in the cluster, the same after a restart
   */
  public Relay(Vertx vertx, Bus bus, MeterRegistry meters, String node) {
    this.bus = bus;
    this.node = node;
    this.clustered = vertx.isClustered();
    Gauge.builder("rookery.relay.rooms", rooms, Map::size)
        .description("Relay rooms with an occupant on this node")
        .register(meters);
    Gauge.builder("rookery.relay.sitting", seatCount, AtomicInteger::get)
        .description("Sockets that hold or have requested a relay seat")
        .register(meters);
    localFrames = frames(meters, "here");
    remoteFrames = frames(meters, "there");
    droppedFrames = frames(meters, "nobody");
  }

  private static Counter frames(MeterRegistry meters, String to) {
    return Counter.builder("rookery.relay.frames")
        .description("Messages relayed to a player on this node, on another node, or dropped")
        .tag("to", to)
        .register(meters);
  }

  /** Takes a seat, even if it is occupied. Must be called on the socket's event loop. */
  public LocalSeat takeSeat(Seat seat, SeatListener listener) {
    Room room =
        rooms.compute(
            seat.room(),
            (name, existing) -> (existing == null ? new Room(name) : existing).addSocket());
    seatCount.incrementAndGet();
    var local = new LocalSeat(this, room, seat.number(), listener);
    local.state().request(local);
    if (clustered) {
      Future<SeatGrant> granted = bus.ask(new RelayCommand.Sit(seat));
      local.setClaim(granted.map(SeatGrant::claim));
      granted.onSuccess(grant -> onGranted(local, grant)).onFailure(_ -> local.reject());
    } else {
      long claim = localClaims.incrementAndGet();
      local.state().take(local, claim);
      local.onGranted(claim);
    }
    return local;
  }

  private void onGranted(LocalSeat local, SeatGrant grant) {
    if (local.isReleased()) {
      return;
    }
    local.state().take(local, grant.claim());
    SeatClaim other = grant.otherClaim();
    if (other != null) {
      applyClaim(other);
    }
    Buffer frame = RelayFrame.encodeSeatTaken(local.seat(), grant.claim(), node);
    sendTo(grant.previousNode(), frame);
    if (other != null && !other.node().equals(grant.previousNode())) {
      sendTo(other.node(), frame);
    }
    local.onGranted(grant.claim());
  }

  Future<?> release(LocalSeat local, Future<Long> claimFuture) {
    local.state().release(local);
    SeatOccupant other = local.room().seat(local.seat().other().number()).occupant();
    rooms.computeIfPresent(local.seat().room(), (_, room) -> room.removeSocket() ? null : room);
    seatCount.decrementAndGet();
    if (!clustered) {
      return Future.succeededFuture();
    }
    return claimFuture
        .compose(
            claim -> {
              if (other instanceof RemoteSeat remote) {
                sendTo(remote.node(), RelayFrame.encodeSeatLeft(local.seat(), claim));
              }
              return free(claim);
            })
        .otherwiseEmpty();
  }

  private Future<?> free(long claim) {
    return bus.undo(new RelayCommand.Stand(claim));
  }

  /**
   * Applies a claim of some node. A claim of this node for a room without sockets is stale and is
   * released.
   */
  void applyClaim(SeatClaim claim) {
    Room room = rooms.get(claim.seat().room());
    boolean isLocal = claim.node().equals(node);
    if (room == null && isLocal) {
      free(claim.claim());
    } else if (room != null && !isLocal) {
      room.seat(claim.seat().number())
          .take(new RemoteSeat(this::sendTo, claim.node(), claim.claim()), claim.claim());
    }
  }

  /** Starts to receive frames from other nodes. */
  Future<Void> listen() {
    return bus.listen(PREFIX + node, frame -> receive(RelayFrame.decode(frame)));
  }

  private void receive(RelayFrame frame) {
    switch (frame) {
      case RelayFrame.Message message -> deliver(message);
      case RelayFrame.SeatTaken(var seat, var claim, var holder) ->
          applyClaim(new SeatClaim(seat, claim, holder));
      case RelayFrame.SeatLeft(var seat, var claim) -> {
        Room room = rooms.get(seat.room());
        if (room != null) {
          room.seat(seat.number()).releaseRemote(claim);
        }
      }
    }
  }

  private void deliver(RelayFrame.Message message) {
    Room room = rooms.get(message.seat().room());
    SeatOccupant to = room == null ? null : room.seat(message.seat().other().number()).occupant();
    if (room == null || !(to instanceof LocalSeat target) || isDuplicate(room, message)) {
      countDropped();
      return;
    }
    target.deliver(target, message.message(), message.text());
    localFrames.increment();
  }

  private static boolean isDuplicate(Room room, RelayFrame.Message message) {
    return room.seat(message.seat().number()).occupant() instanceof RemoteSeat remote
        && remote.claim() == message.claim()
        && !remote.isNewer(message.number());
  }

  private void sendTo(@Nullable String otherNode, Buffer frame) {
    if (otherNode != null && !otherNode.equals(node)) {
      bus.broadcast(PREFIX + otherNode, frame);
    }
  }

  /**
   * The rooms with a socket on this node, with the number of their sockets here.
   *
   * @param prefix of their names
   */
  Map<String, Integer> list(String prefix, int max) {
    Map<String, Integer> found = new TreeMap<>();
    for (Room room : rooms.values()) {
      if (room.name().startsWith(prefix)) {
        found.put(room.name(), room.locals().size());
        if (found.size() == max) {
          break;
        }
      }
    }
    return found;
  }

  /** Closes the sockets of a room on this node; returns how many there were. */
  int close(String name) {
    Room room = rooms.get(name);
    List<LocalSeat> seats = room == null ? List.of() : room.locals();
    seats.forEach(LocalSeat::close);
    return seats.size();
  }

  void countRelayed(SeatOccupant to) {
    (to instanceof LocalSeat ? localFrames : remoteFrames).increment();
  }

  void countDropped() {
    droppedFrames.increment();
  }
}
