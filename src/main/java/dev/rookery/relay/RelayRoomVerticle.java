package dev.rookery.relay;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.console.NodeCalls;
import dev.rookery.relay.RelayRoomQuery.ClosedRoom;
import dev.rookery.relay.RelayRoomQuery.RelayRoom;
import dev.rookery.relay.RelayRoomQuery.RoomPage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Answers {@link RelayRoomQuery}: each node says which rooms have sockets on it. */
public final class RelayRoomVerticle extends VerticleBase {
  private static final String LIST = "relay_rooms";
  private static final String CLOSE = "close_relay_room";
  private static final String ROOM = "room";
  private static final String ROOMS = "rooms";
  private static final String SOCKETS = "sockets";

  private final Bus bus;
  private final Membership membership;
  private final NodeCalls calls;
  private final Relay relay;
  private final String node;

  /**
   * @param node the name of this node
   */
  public RelayRoomVerticle(
      Bus bus, Membership membership, NodeCalls calls, Relay relay, String node) {
    this.bus = bus;
    this.membership = membership;
    this.calls = calls;
    this.relay = relay;
    this.node = node;
  }

  @Override
  public Future<?> start() {
    calls.answer(LIST, asked -> rooms(asked.getString("prefix")));
    calls.answer(CLOSE, asked -> JsonObject.of(SOCKETS, relay.close(asked.getString(ROOM))));
    return bus.<RelayRoomQuery<?>>serve(RelayRoomQuery.ADDRESS, this::answer);
  }

  private JsonObject rooms(String prefix) {
    Map<String, Integer> found = relay.list(prefix, RelayRoomQuery.ROOMS_MAX + 1);
    var rooms = new JsonArray();
    found.entrySet().stream()
        .limit(RelayRoomQuery.ROOMS_MAX)
        .forEach(room -> rooms.add(JsonObject.of(ROOM, room.getKey(), SOCKETS, room.getValue())));
    return JsonObject.of(ROOMS, rooms, "more", found.size() > RelayRoomQuery.ROOMS_MAX);
  }

  private Object answer(RelayRoomQuery<?> query) {
    return switch (query) {
      case RelayRoomQuery.ListRooms(var prefix, var named) ->
          named ? list(prefix) : list("").withoutNames();
      case RelayRoomQuery.CloseRoom(var room) -> close(room);
    };
  }

  private Set<String> living() {
    var names = new TreeSet<String>();
    membership.members().stream().filter(Member::alive).forEach(member -> names.add(member.node()));
    names.add(node);
    return names;
  }

  private Map<String, JsonObject> ask(String question, JsonObject parameters, Set<String> nodes) {
    return calls.ask(question, parameters, nodes).await();
  }

  private RoomPage list(String prefix) {
    Set<String> nodes = living();
    Map<String, JsonObject> answers = ask(LIST, JsonObject.of("prefix", prefix), nodes);
    Map<String, RelayRoom> rooms = new TreeMap<>();
    boolean more = false;
    for (var answer : answers.entrySet()) {
      more |= answer.getValue().getBoolean("more");
      JsonArray found = answer.getValue().getJsonArray(ROOMS);
      for (int i = 0; i < found.size(); i++) {
        JsonObject room = found.getJsonObject(i);
        rooms.merge(
            room.getString(ROOM),
            new RelayRoom(room.getString(ROOM), List.of(answer.getKey()), room.getInteger(SOCKETS)),
            RelayRoomVerticle::both);
      }
    }
    return new RoomPage(
        List.copyOf(rooms.values()),
        more,
        nodes.stream().filter(name -> !answers.containsKey(name)).toList());
  }

  private static RelayRoom both(RelayRoom one, RelayRoom other) {
    var nodes = new ArrayList<>(one.nodes());
    nodes.addAll(other.nodes());
    return new RelayRoom(one.name(), nodes, one.sockets() + other.sockets());
  }

  private ClosedRoom close(String room) {
    int closed = 0;
    for (JsonObject answer : ask(CLOSE, JsonObject.of(ROOM, room), living()).values()) {
      closed += answer.getInteger(SOCKETS);
    }
    if (closed == 0) {
      throw Refused.missing("relay_room_not_found");
    }
    return new ClosedRoom(closed);
  }
}
