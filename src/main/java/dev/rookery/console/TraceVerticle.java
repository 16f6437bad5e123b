package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.TraceQuery.ListTraces;
import dev.rookery.console.TraceQuery.NodeTrace;
import dev.rookery.console.TraceQuery.TracePage;
import dev.rookery.trace.OperationSummary;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import dev.rookery.trace.TraceRing;
import dev.rookery.trace.Tracer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Answers {@link TraceQuery}, and the same questions of other nodes. Runs on virtual threads. */
public final class TraceVerticle extends VerticleBase {
  private static final String LIST = "traces";
  private static final String FIND = "trace";

  private final Bus bus;
  private final NodeCalls calls;
  private final Tracer tracer;

  /**
   * @param calls shared with others; started by one of them
   */
  public TraceVerticle(Bus bus, NodeCalls calls, Tracer tracer) {
    this.bus = bus;
    this.calls = calls;
    this.tracer = tracer;
  }

  @Override
  public Future<?> start() {
    calls.answer(LIST, this::list);
    calls.answer(FIND, this::find);
    return bus.<TraceQuery<?>>serve(TraceQuery.ADDRESS, this::answer);
  }

  private Object answer(TraceQuery<?> query) {
    return switch (query) {
      case ListTraces list -> list(list);
      case TraceQuery.FindTrace(var id) -> find(id);
    };
  }

  private JsonObject list(JsonObject asked) {
    TraceFilter filter = TraceJson.filter(asked);
    var traces = new JsonArray();
    tracer
        .ring()
        .find(filter, ListTraces.LISTED_MAX)
        .forEach(trace -> traces.add(TraceJson.head(trace)));
    var operations = new JsonArray();
    tracer.ring().operations().forEach(one -> operations.add(TraceJson.summary(one)));
    return JsonObject.of("traces", traces, "operations", operations);
  }

  private TracePage list(ListTraces list) {
    Set<String> nodes = list.node().isEmpty() ? calls.living() : Set.of(list.node());
    NodeCalls.Answers answers =
        calls.ask(LIST, TraceJson.filter(list.filter()), nodes, NodeCalls.WITHIN).await();
    var traces = new ArrayList<NodeTrace>();
    var operations = new TreeMap<String, OperationSummary>();
    for (Map.Entry<String, JsonObject> answer : answers.byNode().entrySet()) {
      JsonArray found = answer.getValue().getJsonArray("traces");
      for (int i = 0; i < found.size(); i++) {
        traces.add(new NodeTrace(answer.getKey(), TraceJson.trace(found.getJsonObject(i))));
      }
      JsonArray sampled = answer.getValue().getJsonArray("operations");
      for (int i = 0; i < sampled.size(); i++) {
        OperationSummary summary = TraceJson.summary(sampled.getJsonObject(i));
        operations.merge(summary.operation(), summary, OperationSummary::with);
      }
    }
    Comparator<Trace> order = TraceRing.order(list.filter());
    List<NodeTrace> shown =
        traces.stream()
            .sorted(Comparator.comparing(NodeTrace::trace, order))
            .limit(ListTraces.LISTED_MAX)
            .toList();
    return new TracePage(
        List.copyOf(operations.values()), shown, tracer.sample(), answers.silent());
  }

  private JsonObject find(JsonObject asked) {
    var answer = new JsonObject();
    tracer
        .ring()
        .find(asked.getString("id"))
        .ifPresent(trace -> answer.put("trace", TraceJson.whole(trace)));
    return answer;
  }

  private NodeTrace find(String id) {
    NodeCalls.Answers answers = calls.askAll(FIND, JsonObject.of("id", id)).await();
    for (Map.Entry<String, JsonObject> answer : answers.byNode().entrySet()) {
      JsonObject trace = answer.getValue().getJsonObject("trace");
      if (trace != null) {
        return new NodeTrace(answer.getKey(), TraceJson.trace(trace));
      }
    }
    if (!answers.silent().isEmpty()) {
      throw new Refused(new Refusal.Unavailable("timeout"));
    }
    throw Refused.missing("trace_not_found");
  }
}
