package dev.rookery.protocol.gamend;

import dev.rookery.console.Drill;
import dev.rookery.console.DrillCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drills, for admins. */
final class AdminDrillRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_drills", this::list);
    routes.put("admin_start_drill", this::start);
    routes.put("admin_get_drill", this::show);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new DrillCommand.ListDrills())
        .map(
            page -> {
              var data = new JsonArray();
              page.drills().forEach(drill -> data.add(view(drill)));
              return Response.ok(JsonObject.of("data", data, "enabled", page.enabled()));
            });
  }

  private Future<Response> start(ApiRequest request) {
    var input = request.input();
    var fault =
        switch (input.textOrEmpty("fault")) {
          case "pause" -> Drill.Fault.PAUSE;
          case "cut" -> Drill.Fault.CUT;
          default -> Drill.Fault.STOP;
        };
    return request
        .ask(new DrillCommand.StartDrill(input.textOrEmpty("node"), fault))
        .map(drill -> Response.accepted(JsonObject.of("data", view(drill))));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new DrillCommand.FindDrill(request.input().id("drill")))
        .map(drill -> Response.ok(JsonObject.of("data", view(drill))));
  }

  private static JsonObject view(Drill drill) {
    var times = drill.times();
    return new JsonObject()
        .put("id", drill.id())
        .put("node", drill.node())
        .put("run", drill.run())
        .put("fault", drill.fault().text())
        .put("state", drill.state().text())
        .put("problem", drill.problem())
        .put("owned", drill.owned())
        .put("players", drill.players())
        .put("resumed", drill.resumed())
        .put("acknowledged", drill.acknowledged())
        .put("lost", drill.lost())
        .put("repeats", drill.repeats())
        .put("refused", drill.refused())
        .put("taken_by", drill.takenBy())
        .put("detected_after_ms", after(drill, times.detectedMs()))
        .put("taken_after_ms", after(drill, times.takenMs()))
        .put("first_after_ms", after(drill, times.firstMs()))
        .put("back_after_ms", after(drill, times.backMs()))
        .put("created_at", Instant.ofEpochMilli(times.createdMs()).toString());
  }

  private static @Nullable Long after(Drill drill, long ms) {
    return ms == 0 || drill.times().faultMs() == 0 ? null : ms - drill.times().faultMs();
  }
}
