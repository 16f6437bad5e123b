package dev.rookery.relay;

import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of this node. One object for all of it; never blocks.
 *
 * <p>Two players of one node reach each other by reference. On a single node nothing else is
 * needed. Where there are several, each seat is a row that says at which node it was taken last,
 * and what one says goes straight to the node of the other, over one bus address for each node, as
 * it was said. Who takes a seat tells the nodes concerned before his first word goes out, so that
 * the answer finds its way.
 */
public final class Relay {
  private static final String PREFIX = "relay/";

  private final Bus bus;
  private final String node;
  private final boolean clustered;
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final AtomicInteger seatCount = new AtomicInteger();
  private final AtomicLong localClaims = new AtomicLong();
  private final Set<Long> unfreedClaims = ConcurrentHashMap.newKeySet();
  private final Counter localFrames;
  private final Counter remoteFrames;
  private final Counter droppedFrames;

  /**
   * @param node its name among the nodes, the same after a restart
   */
  public Relay(Vertx vertx, Bus bus, MeterRegistry meters, String node) {
    this.bus = bus;
    this.node = node;
    this.clustered = vertx.isClustered();
    Gauge.builder("rookery.relay.rooms", rooms, Map::size)
        .description("Rooms of the relay in which somebody of this node sits")
        .register(meters);
    Gauge.builder("rookery.relay.sitting", seatCount, AtomicInteger::get)
        .description("Sockets that asked for a seat in a room of the relay")
        .register(meters);
    localFrames = frames(meters, "here");
    remoteFrames = frames(meters, "there");
    droppedFrames = frames(meters, "nobody");
  }

  private static Counter frames(MeterRegistry meters, String to) {
    return Counter.builder("rookery.relay.frames")
        .description("Frames relayed to players of this node and of others, or to nobody")
        .tag("to", to)
        .register(meters);
  }

  /** Takes a seat, whoever has it; from the event loop of the socket. */
  public LocalSeat takeSeat(Seat seat, SeatListener sitter) {
    Room room =
        rooms.compute(
            seat.room(), (name, found) -> (found == null ? new Room(name) : found).addSocket());
    seatCount.incrementAndGet();
    var mine = new LocalSeat(this, room, seat.number(), sitter);
    mine.state().request(mine);
    if (clustered) {
      Future<SeatGrant> seated = bus.ask(new RelayCommand.Sit(seat));
      mine.setClaim(seated.map(SeatGrant::claim));
      seated.onSuccess(answer -> onGranted(mine, answer)).onFailure(_ -> mine.reject());
    } else {
      long claim = localClaims.incrementAndGet();
      mine.state().take(mine, claim);
      mine.onGranted(claim);
    }
    return mine;
  }

  private void onGranted(LocalSeat mine, SeatGrant answer) {
    if (mine.isReleased()) {
      return;
    }
    mine.state().take(mine, answer.claim());
    SeatClaim other = answer.otherClaim();
    if (other != null) {
      applyClaim(other);
    }
    Buffer letter = RelayFrame.encodeSeatTaken(mine.seat(), answer.claim(), node);
    sendTo(answer.previousNode(), letter);
    if (other != null && !other.node().equals(answer.previousNode())) {
      sendTo(other.node(), letter);
    }
    mine.onGranted(answer.claim());
  }

  Future<?> release(LocalSeat mine, Future<Long> claimed) {
    mine.state().release(mine);
    SeatOccupant other = mine.room().seat(mine.seat().other().number()).occupant();
    rooms.computeIfPresent(mine.seat().room(), (_, room) -> room.removeSocket() ? null : room);
    seatCount.decrementAndGet();
    if (!clustered) {
      return Future.succeededFuture();
    }
    return claimed
        .compose(
            claim -> {
              if (other instanceof RemoteSeat elsewhere) {
                sendTo(elsewhere.node(), RelayFrame.encodeSeatLeft(mine.seat(), claim));
              }
              return free(claim);
            })
        .otherwiseEmpty();
  }

  private Future<Done> free(long claim) {
    unfreedClaims.add(claim);
    return bus.ask(new RelayCommand.Stand(claim)).onSuccess(_ -> unfreedClaims.remove(claim));
  }

  /** Tries again to free what could not be freed; as many as there were sockets at the time. */
  void retryFreeing() {
    unfreedClaims.forEach(this::free);
  }

  /** That somebody sat down at some node; a row of this node in whose room nobody sits is freed. */
  void applyClaim(SeatClaim claim) {
    Room room = rooms.get(claim.seat().room());
    boolean own = claim.node().equals(node);
    if (room == null && own) {
      free(claim.claim());
    } else if (room != null && !own) {
      room.seat(claim.seat().number())
          .take(new RemoteSeat(this::sendTo, claim.node(), claim.claim()), claim.claim());
    }
  }

  /** Hears the other nodes from now on. */
  Future<Void> listen() {
    return bus.listen(PREFIX + node, letter -> receive(RelayFrame.decode(letter)));
  }

  private void receive(RelayFrame letter) {
    switch (letter) {
      case RelayFrame.Message said -> deliver(said);
      case RelayFrame.SeatTaken(var seat, var claim, var by) ->
          applyClaim(new SeatClaim(seat, claim, by));
      case RelayFrame.SeatLeft(var seat, var claim) -> {
        Room room = rooms.get(seat.room());
        if (room != null) {
          room.seat(seat.number()).releaseRemote(claim);
        }
      }
    }
  }

  private void deliver(RelayFrame.Message said) {
    Room room = rooms.get(said.seat().room());
    SeatOccupant to = room == null ? null : room.seat(said.seat().other().number()).occupant();
    if (room == null || !(to instanceof LocalSeat player) || isDuplicate(room, said)) {
      countDropped();
      return;
    }
    player.deliver(player, said.message(), said.text());
    localFrames.increment();
  }

  private static boolean isDuplicate(Room room, RelayFrame.Message said) {
    return room.seat(said.seat().number()).occupant() instanceof RemoteSeat by
        && by.claim() == said.claim()
        && !by.isNewer(said.number());
  }

  private void sendTo(@Nullable String other, Buffer letter) {
    if (other != null && !other.equals(node)) {
      bus.broadcast(PREFIX + other, letter);
    }
  }

  void countRelayed(SeatOccupant to) {
    (to instanceof LocalSeat ? localFrames : remoteFrames).increment();
  }

  void countDropped() {
    droppedFrames.increment();
  }
}
