package dev.rookery.protocol.gamend;

import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterQuery;
import dev.rookery.lease.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** The nodes, for admins. */
final class ClusterRoutes {
  private final Bus bus;

  ClusterRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_cluster", this::show);
  }

  private Future<Response> show(ApiRequest call) {
    return bus.ask(new ClusterQuery.ListNodes()).map(nodes -> Response.ok(view(nodes)));
  }

  private static JsonObject view(List<NodeStatus> nodes) {
    var data = new JsonArray();
    nodes.forEach(node -> data.add(view(node)));
    return JsonObject.of("data", data);
  }

  private static JsonObject view(NodeStatus node) {
    var member = node.member();
    return JsonObject.of(
        "run", member.run(),
        "node", member.node(),
        "version", member.version(),
        "started_at", member.started().toString(),
        "sockets", member.sockets(),
        "players", member.players(),
        "leases", node.leases(),
        "here", node.here());
  }
}
