package dev.rookery.protocol.gamend;

import dev.rookery.console.FenceNode;
import dev.rookery.lease.ClusterQuery;
import dev.rookery.lease.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Lists the nodes of the cluster for admins, and fences them. */
final class ClusterRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_cluster", this::show);
    routes.put("admin_fence_node", this::fence);
  }

  private Future<Response> show(ApiRequest request) {
    return request.ask(new ClusterQuery.ListNodes()).map(nodes -> Response.ok(view(nodes)));
  }

  private Future<Response> fence(ApiRequest request) {
    var input = request.input();
    return request
        .ask(new FenceNode(input.textOrEmpty("node"), input.id("run")))
        .map(Response::empty);
  }

  private static JsonObject view(List<NodeStatus> nodes) {
    var data = new JsonArray();
    nodes.forEach(node -> data.add(view(node)));
    return JsonObject.of("data", data);
  }

  private static JsonObject view(NodeStatus node) {
    var info = node.member();
    return JsonObject.of(
        "run", info.run(),
        "node", info.node(),
        "version", info.version(),
        "started_at", info.started().toString(),
        "sockets", info.sockets(),
        "players", info.players(),
        "leases", node.leases(),
        "here", node.here());
  }
}
