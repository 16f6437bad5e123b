package dev.rookery.protocol.gamend;

import dev.rookery.console.Permission;
import dev.rookery.relay.RelayRoomQuery;
import dev.rookery.relay.RelayRoomQuery.RelayRoom;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Rooms of the relay, for admins. */
final class AdminRelayRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_relay_rooms", this::list);
    routes.put("admin_close_relay_room", this::close);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(
            new RelayRoomQuery.ListRooms(
                request.input().textOrEmpty("prefix"),
                request.requiredSession().may(Permission.RELAY_CLOSE)))
        .map(
            found -> {
              var data = new JsonArray();
              for (RelayRoom room : found.rooms()) {
                data.add(
                    JsonObject.of(
                        "room",
                        room.name(),
                        "sockets",
                        room.sockets(),
                        "nodes",
                        new JsonArray(room.nodes())));
              }
              return Response.ok(
                  JsonObject.of(
                      "data", data, "more", found.more(), "silent", new JsonArray(found.silent())));
            });
  }

  private Future<Response> close(ApiRequest request) {
    return request
        .ask(new RelayRoomQuery.CloseRoom(request.input().textOrEmpty("room")))
        .map(closed -> Response.ok(JsonObject.of("silent", new JsonArray(closed.silent()))));
  }
}
