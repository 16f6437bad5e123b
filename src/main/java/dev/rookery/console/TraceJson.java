package dev.rookery.console;

import dev.rookery.trace.OperationSummary;
import dev.rookery.trace.Span;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Traces as the nodes send them to each other. */
final class TraceJson {
  private TraceJson() {}

  static JsonObject filter(TraceFilter filter) {
    return new JsonObject()
        .put("operation", filter.operation())
        .put("request", filter.requestId())
        .put("failed", filter.failed())
        .put("min", filter.microsMin())
        .put("slowest", filter.slowestFirst());
  }

  static TraceFilter filter(JsonObject json) {
    return new TraceFilter(
        json.getString("operation"),
        json.getString("request"),
        json.getBoolean("failed"),
        json.getLong("min"),
        json.getBoolean("slowest"));
  }

  static JsonObject summary(OperationSummary summary) {
    return new JsonObject()
        .put("operation", summary.operation())
        .put("sampled", summary.sampled())
        .put("failed", summary.failed())
        .put("p50", summary.p50Micros())
        .put("p99", summary.p99Micros())
        .put("kept", summary.kept());
  }

  static OperationSummary summary(JsonObject json) {
    return new OperationSummary(
        json.getString("operation"),
        json.getLong("sampled"),
        json.getLong("failed"),
        json.getLong("p50"),
        json.getLong("p99"),
        json.getInteger("kept"));
  }

  /** Without the parts. */
  static JsonObject head(Trace trace) {
    return new JsonObject()
        .put("id", trace.id())
        .put("request", trace.requestId())
        .put("operation", trace.operation())
        .put("start", trace.startMs())
        .put("micros", trace.micros())
        .put("outcome", trace.outcome().text())
        .put("sampled", trace.sampled())
        .put("left", trace.leftOut());
  }

  static JsonObject whole(Trace trace) {
    var parts = new JsonArray();
    for (Trace.Part part : trace.parts()) {
      parts.add(
          new JsonObject()
              .put("parent", part.parent())
              .put("kind", part.kind().text())
              .put("name", part.name())
              .put("start", part.startMicros())
              .put("wait", part.waitMicros())
              .put("micros", part.micros())
              .put("outcome", part.outcome().text()));
    }
    return head(trace).put("parts", parts);
  }

  static Trace trace(JsonObject json) {
    return new Trace(
        json.getString("id"),
        json.getString("request"),
        json.getString("operation"),
        json.getLong("start"),
        json.getLong("micros"),
        Span.Outcome.of(json.getString("outcome")),
        json.getBoolean("sampled"),
        parts(json.getJsonArray("parts", new JsonArray())),
        json.getInteger("left"));
  }

  private static List<Trace.Part> parts(JsonArray list) {
    var parts = new ArrayList<Trace.Part>();
    for (int i = 0; i < list.size(); i++) {
      JsonObject json = list.getJsonObject(i);
      parts.add(
          new Trace.Part(
              json.getInteger("parent"),
              Span.Kind.of(json.getString("kind")),
              json.getString("name"),
              json.getLong("start"),
              json.getLong("wait"),
              json.getLong("micros"),
              Span.Outcome.of(json.getString("outcome"))));
    }
    return List.copyOf(parts);
  }
}
