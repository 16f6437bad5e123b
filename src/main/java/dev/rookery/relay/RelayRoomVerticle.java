package dev.rookery.relay;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
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
import java.util.TreeMap;

/** Answers {@link RelayRoomQuery}: each node says which rooms have sockets on it. */
public final class RelayRoomVerticle extends VerticleBase {
  private static final String LIST = "relay_rooms";
  private static final String CLOSE = "close_relay_room";
  private static final String ROOM = "room";
  private static final String ROOMS = "rooms";
  private static final String SOCKETS = "sockets";

  private final Bus bus;
  private final NodeCalls calls;
  private final Relay relay;

  public RelayRoomVerticle(Bus bus, NodeCalls calls, Relay relay) {
    this.bus = bus;
    this.calls = calls;
    this.relay = relay;
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

  private RoomPage list(String prefix) {
    NodeCalls.Answers answers = calls.askAll(LIST, JsonObject.of("prefix", prefix)).await();
    Map<String, RelayRoom> rooms = new TreeMap<>();
    boolean more = false;
    for (var answer : answers.byNode().entrySet()) {
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
    return new RoomPage(List.copyOf(rooms.values()), more, answers.silent());
  }

  private static RelayRoom both(RelayRoom one, RelayRoom other) {
    var nodes = new ArrayList<>(one.nodes());
    nodes.addAll(other.nodes());
    return new RelayRoom(one.name(), nodes, one.sockets() + other.sockets());
  }

  private ClosedRoom close(String room) {
    NodeCalls.Answers answers =
        calls.askAll(CLOSE, JsonObject.of(ROOM, room), NodeCalls.LONG_WITHIN).await();
    int closed =
        answers.byNode().values().stream().mapToInt(answer -> answer.getInteger(SOCKETS)).sum();
    if (closed == 0 && answers.silent().isEmpty()) {
      throw Refused.missing("relay_room_not_found");
    }
    return new ClosedRoom(closed, answers.silent());
  }
}
