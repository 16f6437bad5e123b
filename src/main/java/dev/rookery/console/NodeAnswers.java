package dev.rookery.console;

import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.OperationsQuery.Fact;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what the nodes of the cluster ask this one, from its memory: {@link OperationsVerticle}
 * asks, here and on the others.
 */
final class NodeAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAnswers.class);

  static final String NODE = "node";
  static final String HISTORY = "history";
  static final String LOGS = "log";
  static final String CONFIGURATION = "configuration";
  static final String RUNTIME = "runtime";
  static final String THREADS = "threads";
  static final String DRAIN = "drain";
  static final String LIMITED = "limited";
  static final String REFUSED = "refused";
  static final String FORGET = "forget";
  static final String LEVEL = "level";
  private static final int LIMITED_MAX = 100;
  private static final int WARNINGS_MAX = 20;

  private final OperationsVerticle.Sources sources;
  private final Membership membership;
  private final RuntimeFacts facts;

  NodeAnswers(OperationsVerticle.Sources sources, Membership membership) {
    this.sources = sources;
    this.membership = membership;
    this.facts = new RuntimeFacts(sources.dataFolder());
  }

  /** Answers from now on. */
  void register(NodeCalls calls) {
    calls.answer(NODE, _ -> node());
    calls.answer(HISTORY, this::history);
    calls.answer(LOGS, this::log);
    calls.answer(CONFIGURATION, _ -> configuration());
    calls.answer(RUNTIME, _ -> runtime());
    calls.answer(THREADS, _ -> JsonObject.of("text", RuntimeFacts.dumpThreads()));
    calls.answer(DRAIN, _ -> drain());
    calls.answer(LIMITED, _ -> limited());
    calls.answer(REFUSED, _ -> refused());
    calls.answer(FORGET, this::forget);
    calls.answer(LEVEL, this::setLevel);
  }

  private JsonObject node() {
    var values = new JsonObject();
    sources.history().latest().forEach(values::put);
    return JsonObject.of(
        "run", membership.run(),
        "phase", sources.phase().get(),
        "certain", membership.isConfirmedAlive(),
        "disk", facts.diskFree(),
        "values", values,
        "warnings", new JsonArray(sources.warnings().get().stream().limit(WARNINGS_MAX).toList()));
  }

  private JsonObject history(JsonObject asked) {
    var columns = new ArrayList<String>();
    JsonArray keys = asked.getJsonArray("columns");
    for (int i = 0; i < Math.min(keys.size(), OperationsQuery.ReadHistory.COLUMNS_MAX); i++) {
      columns.add(keys.getString(i));
    }
    return sources
        .history()
        .read(
            MetricRange.of(asked.getString("range")),
            columns,
            asked.getLong("end"),
            Math.clamp(asked.getInteger("points"), 1, OperationsQuery.ReadHistory.POINTS_MAX))
        .toJson();
  }

  private JsonObject log(JsonObject asked) {
    var filter = LogFilter.fromJson(asked.getJsonObject("filter"));
    Long after = asked.getJsonObject("after").getLong(sources.node());
    LogRing.Excerpt excerpt =
        after == null
            ? sources.log().newest(filter, asked.getInteger("max"))
            : sources.log().after(after, filter, asked.getInteger("max"));
    // Whole lines from the newest on, as many as fit into an answer.
    var lines = new JsonArray();
    int bytes = 0;
    for (LogLine line : excerpt.lines().reversed()) {
      bytes += 2 * line.bytes();
      if (bytes > NodeCalls.ANSWER_BYTES_MAX / 2) {
        break;
      }
      lines.add(line.toJson());
    }
    var levels = new JsonArray();
    for (LogLevels.Change change : sources.levels().list()) {
      levels.add(change.toJson());
    }
    return JsonObject.of(
        "lines", lines,
        "oldest", excerpt.oldestMs(),
        "newest", excerpt.newest(),
        "missed", excerpt.missed(),
        "levels", levels);
  }

  private JsonObject configuration() {
    var values = new JsonObject();
    for (ConfigEntry entry : sources.configuration()) {
      values.put(entry.key(), entry.value());
    }
    return JsonObject.of("values", values);
  }

  private JsonObject limited() {
    var clients = new JsonArray();
    for (LimitedClients.Client client : sources.limited().list(LIMITED_MAX)) {
      clients.add(
          JsonObject.of(
              "limit", client.limit(),
              "network", client.network(),
              "count", client.count(),
              "wait", client.waitMs()));
    }
    return JsonObject.of("clients", clients);
  }

  private JsonObject refused() {
    var requests = new JsonArray();
    sources
        .refused()
        .latest(OperationsQuery.ListRefused.MAX)
        .forEach(request -> requests.add(request.toJson()));
    return JsonObject.of("requests", requests);
  }

  private JsonObject forget(JsonObject asked) {
    sources.limited().forget(asked.getString("network"));
    return new JsonObject();
  }

  private JsonObject setLevel(JsonObject asked) {
    sources.levels().set(LogLevels.Change.fromJson(asked));
    return new JsonObject();
  }

  private JsonObject drain() {
    LOG.info("an admin asks this node to drain");
    sources.drain().run();
    return new JsonObject();
  }

  private JsonObject runtime() {
    var list = new JsonArray();
    for (Fact fact : facts.list()) {
      list.add(new JsonArray(List.of(fact.group(), fact.name(), fact.value())));
    }
    return JsonObject.of("facts", list);
  }
}
