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
  private final boolean shared;
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final AtomicInteger sitting = new AtomicInteger();
  private final AtomicLong claims = new AtomicLong();
  private final Set<Long> unfreed = ConcurrentHashMap.newKeySet();
  private final Counter here;
  private final Counter there;
  private final Counter dropped;

  /**
   * @param node its name among the nodes, the same after a restart
   */
  public Relay(Vertx vertx, Bus bus, MeterRegistry meters, String node) {
    this.bus = bus;
    this.node = node;
    this.shared = vertx.isClustered();
    Gauge.builder("rookery.relay.rooms", rooms, Map::size)
        .description("Rooms of the relay in which somebody of this node sits")
        .register(meters);
    Gauge.builder("rookery.relay.sitting", sitting, AtomicInteger::get)
        .description("Sockets that asked for a seat in a room of the relay")
        .register(meters);
    here = frames(meters, "here");
    there = frames(meters, "there");
    dropped = frames(meters, "nobody");
  }

  private static Counter frames(MeterRegistry meters, String to) {
    return Counter.builder("rookery.relay.frames")
        .description("Frames relayed to players of this node and of others, or to nobody")
        .tag("to", to)
        .register(meters);
  }

  /** Takes a seat, whoever has it; from the event loop of the socket. */
  public LocalSeat sit(Seat seat, SeatListener sitter) {
    Room room =
        rooms.compute(
            seat.room(), (name, found) -> (found == null ? new Room(name) : found).entered());
    sitting.incrementAndGet();
    var mine = new LocalSeat(this, room, seat.number(), sitter);
    mine.place().ask(mine);
    if (shared) {
      Future<SeatGrant> seated = bus.ask(new RelayCommand.Sit(seat));
      mine.claims(seated.map(SeatGrant::claim));
      seated.onSuccess(answer -> seated(mine, answer)).onFailure(_ -> mine.turnAway());
    } else {
      long claim = claims.incrementAndGet();
      mine.place().take(mine, claim);
      mine.seated(claim);
    }
    return mine;
  }

  private void seated(LocalSeat mine, SeatGrant answer) {
    if (mine.isOver()) {
      return;
    }
    mine.place().take(mine, answer.claim());
    SeatClaim other = answer.other();
    if (other != null) {
      heardOf(other);
    }
    Buffer letter = RelayFrame.taken(mine.seat(), answer.claim(), node);
    tell(answer.before(), letter);
    if (other != null && !other.node().equals(answer.before())) {
      tell(other.node(), letter);
    }
    mine.seated(answer.claim());
  }

  Future<?> end(LocalSeat mine, Future<Long> claimed) {
    mine.place().leave(mine);
    SeatOccupant other = mine.room().place(mine.seat().other().number()).holder();
    rooms.computeIfPresent(mine.seat().room(), (_, room) -> room.isEmptyWithoutOne() ? null : room);
    sitting.decrementAndGet();
    if (!shared) {
      return Future.succeededFuture();
    }
    return claimed
        .compose(
            claim -> {
              if (other instanceof RemoteSeat elsewhere) {
                tell(elsewhere.node(), RelayFrame.left(mine.seat(), claim));
              }
              return stand(claim);
            })
        .otherwiseEmpty();
  }

  private Future<Done> stand(long claim) {
    unfreed.add(claim);
    return bus.ask(new RelayCommand.Stand(claim)).onSuccess(_ -> unfreed.remove(claim));
  }

  /** Tries again to free what could not be freed; as many as there were sockets at the time. */
  void standAgain() {
    unfreed.forEach(this::stand);
  }

  /** That somebody sat down at some node; a row of this node in whose room nobody sits is freed. */
  void heardOf(SeatClaim claim) {
    Room room = rooms.get(claim.seat().room());
    boolean own = claim.node().equals(node);
    if (room == null && own) {
      stand(claim.claim());
    } else if (room != null && !own) {
      room.place(claim.seat().number())
          .take(new RemoteSeat(this::tell, claim.node(), claim.claim()), claim.claim());
    }
  }

  /** Hears the other nodes from now on. */
  Future<Void> listen() {
    return bus.listen(PREFIX + node, letter -> read(RelayFrame.read(letter)));
  }

  private void read(RelayFrame letter) {
    switch (letter) {
      case RelayFrame.Message said -> hear(said);
      case RelayFrame.SeatTaken(var seat, var claim, var by) ->
          heardOf(new SeatClaim(seat, claim, by));
      case RelayFrame.SeatLeft(var seat, var claim) -> {
        Room room = rooms.get(seat.room());
        if (room != null) {
          room.place(seat.number()).left(claim);
        }
      }
    }
  }

  private void hear(RelayFrame.Message said) {
    Room room = rooms.get(said.seat().room());
    SeatOccupant to = room == null ? null : room.place(said.seat().other().number()).holder();
    if (room == null || !(to instanceof LocalSeat player) || isStale(room, said)) {
      dropped();
      return;
    }
    player.hear(player, said.message(), said.text());
    here.increment();
  }

  private static boolean isStale(Room room, RelayFrame.Message said) {
    return room.place(said.seat().number()).holder() instanceof RemoteSeat by
        && by.claim() == said.claim()
        && !by.isNews(said.number());
  }

  private void tell(@Nullable String other, Buffer letter) {
    if (other != null && !other.equals(node)) {
      bus.broadcast(PREFIX + other, letter);
    }
  }

  void passed(SeatOccupant to) {
    (to instanceof LocalSeat ? here : there).increment();
  }

  void dropped() {
    dropped.increment();
  }
}
