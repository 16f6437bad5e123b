package dev.rookery.protocol.gamend;

import dev.rookery.console.JobQuery;
import dev.rookery.console.JobQuery.NodeDuty;
import dev.rookery.lease.Duty;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The periodic jobs of the server, for admins. */
final class AdminJobRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_jobs", this::list);
    routes.put("admin_run_job", this::run);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new JobQuery.ListDuties())
        .map(
            found -> {
              var data = new JsonArray();
              found.duties().forEach(held -> data.add(view(held)));
              return Response.ok(
                  JsonObject.of("data", data, "silent", new JsonArray(found.silent())));
            });
  }

  private static JsonObject view(NodeDuty held) {
    Duty duty = held.duty();
    return new JsonObject()
        .put("name", duty.name())
        .put("node", held.node())
        .put("running", duty.running())
        .put("ended_ago_ms", duty.endedAgoMs() < 0 ? null : duty.endedAgoMs())
        .put("took_ms", duty.tookMs())
        .put("error", duty.error())
        .put("next_in_ms", duty.nextInMs());
  }

  private Future<Response> run(ApiRequest request) {
    return request
        .ask(new JobQuery.RunDuty(request.input().textOrEmpty("job")))
        .map(Response::empty);
  }
}
