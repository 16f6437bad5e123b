package dev.rookery.protocol.gamend;

import dev.rookery.sample.SampleCommand;
import dev.rookery.sample.SampleRun;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/** Makes and removes sample data, for admins. */
final class AdminSampleRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_get_sample_data", request -> send(request, new SampleCommand.Find()));
    routes.put("admin_create_sample_data", request -> send(request, new SampleCommand.Make()));
    routes.put("admin_delete_sample_data", request -> send(request, new SampleCommand.Remove()));
  }

  private static Future<Response> send(ApiRequest request, SampleCommand command) {
    return request.ask(command).map(run -> Response.ok(JsonObject.of("data", view(run))));
  }

  private static JsonObject view(SampleRun run) {
    var counts = new JsonObject();
    run.counts().forEach(counts::put);
    return new JsonObject()
        .put("state", run.state().name().toLowerCase(Locale.ROOT))
        .put("done", run.done())
        .put("total", run.total())
        .put("counts", counts)
        .put("enabled", run.enabled());
  }
}
