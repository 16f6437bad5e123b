package dev.rookery.protocol.gamend;

import dev.rookery.console.TraceQuery;
import dev.rookery.console.TraceQuery.NodeTrace;
import dev.rookery.console.TraceQuery.TracePage;
import dev.rookery.trace.OperationSummary;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Traces of requests and frames that the nodes keep, for admins. */
final class AdminTraceRoutes {
  private static final String SLOWEST = "slowest";

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_traces", this::list);
    routes.put("admin_get_trace", this::show);
  }

  private Future<Response> list(ApiRequest request) {
    Input in = request.input();
    Integer millis = in.integer("min_ms");
    var filter =
        new TraceFilter(
            in.textOrEmpty("operation"),
            in.textOrEmpty("request_id"),
            Boolean.TRUE.equals(in.flag("failed")),
            millis == null ? 0 : millis * 1_000L,
            in.textOrEmpty("order").equals(SLOWEST));
    return request
        .ask(new TraceQuery.ListTraces(filter, in.textOrEmpty("node")))
        .map(page -> Response.ok(view(page)));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new TraceQuery.FindTrace(request.input().textOrEmpty("trace")))
        .map(found -> Response.ok(JsonObject.of("data", whole(found))));
  }

  private static JsonObject view(TracePage page) {
    var data = new JsonArray();
    page.traces().forEach(trace -> data.add(head(trace)));
    var operations = new JsonArray();
    page.operations().forEach(operation -> operations.add(view(operation)));
    return new JsonObject()
        .put("data", data)
        .put("operations", operations)
        .put("sample", page.sample())
        .put("silent", new JsonArray(page.silent()));
  }

  private static JsonObject view(OperationSummary operation) {
    return new JsonObject()
        .put("operation", operation.operation())
        .put("sampled", operation.sampled())
        .put("failed", operation.failed())
        .put("p50_us", operation.p50Micros())
        .put("p99_us", operation.p99Micros())
        .put("kept", operation.kept());
  }

  private static JsonObject head(NodeTrace of) {
    Trace trace = of.trace();
    return new JsonObject()
        .put("id", trace.id())
        .put("node", of.node())
        .put("operation", trace.operation())
        .put("request_id", trace.requestId())
        .put("outcome", trace.outcome().text())
        .put("duration_us", trace.micros())
        .put("sampled", trace.sampled())
        .put("created_at", Views.time(trace.startMs()));
  }

  private static JsonObject whole(NodeTrace of) {
    var parts = new JsonArray();
    for (Trace.Part part : of.trace().parts()) {
      parts.add(
          new JsonObject()
              .put("parent", part.parent() == Trace.NO_PARENT ? null : part.parent())
              .put("kind", part.kind().text())
              .put("name", part.name())
              .put("start_us", part.startMicros())
              .put("waited_us", part.waitMicros())
              .put("duration_us", part.micros())
              .put("outcome", part.outcome().text()));
    }
    return head(of).put("parts", parts).put("left_out", of.trace().leftOut());
  }
}
