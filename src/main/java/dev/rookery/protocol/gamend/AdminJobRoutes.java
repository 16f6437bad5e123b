package dev.rookery.protocol.gamend;

import dev.rookery.console.JobQuery;
import dev.rookery.console.JobQuery.OwnedJob;
import dev.rookery.lease.ClusterJob;
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
        .ask(new JobQuery.ListJobs())
        .map(
            found -> {
              var data = new JsonArray();
              found.jobs().forEach(held -> data.add(view(held)));
              return Response.ok(
                  JsonObject.of("data", data, "silent", new JsonArray(found.silent())));
            });
  }

  private static JsonObject view(OwnedJob held) {
    ClusterJob job = held.job();
    return new JsonObject()
        .put("name", job.name())
        .put("node", held.node())
        .put("running", job.running())
        .put("ended_ago_ms", job.endedAgoMs() < 0 ? null : job.endedAgoMs())
        .put("took_ms", job.tookMs())
        .put("error", job.error())
        .put("next_in_ms", job.nextInMs());
  }

  private Future<Response> run(ApiRequest request) {
    return request
        .ask(new JobQuery.RunJob(request.input().textOrEmpty("job")))
        .map(Response::empty);
  }
}
