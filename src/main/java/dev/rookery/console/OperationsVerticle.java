package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.console.OperationsQuery.Configuration;
import dev.rookery.console.OperationsQuery.Fact;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.console.OperationsQuery.LogPage;
import dev.rookery.console.OperationsQuery.NodeLine;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@link OperationsQuery}, and the same questions of other nodes; samples the meters of
 * this node every 5 s. Runs on virtual threads.
 */
public final class OperationsVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(OperationsVerticle.class);

  private static final String NODE = "node";
  private static final String HISTORY = "history";
  private static final String LOGS = "log";
  private static final String CONFIGURATION = "configuration";
  private static final String RUNTIME = "runtime";
  private static final String THREADS = "threads";
  private static final String DRAIN = "drain";
  private static final String LIMITED = "limited";
  private static final String REFUSED = "refused";
  private static final String FORGET = "forget";
  private static final String LEVEL = "level";
  private static final int LIMITED_MAX = 100;
  private static final int WARNINGS_MAX = 20;

  /**
   * What the answers are made of.
   *
   * @param node the name of this node
   * @param configuration the configuration of this node
   * @param phase whether the node is {@code ready}, {@code starting} or {@code draining}
   * @param dataFolder a folder on the disk of the node's data
   * @param drain begins to drain this node and returns at once
   * @param limited the clients that have used up a limit here
   * @param refused the requests that were refused here lately
   * @param levels changes the levels of loggers here
   * @param warnings what an admin should know of the files of this node
   */
  public record Sources(
      String node,
      MetricHistory history,
      LogRing log,
      List<ConfigEntry> configuration,
      Supplier<String> phase,
      Path dataFolder,
      Runnable drain,
      LimitedClients limited,
      RefusedRequests refused,
      LogLevels levels,
      Supplier<List<String>> warnings) {}

  private final Bus bus;
  private final Membership membership;
  private final InstantSource clock;
  private final Sources sources;
  private final RuntimeFacts facts;
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final NodeCalls calls;
  private boolean restored;
  private boolean restoring;

  public OperationsVerticle(
      Bus bus, Membership membership, InstantSource clock, NodeCalls calls, Sources sources) {
    this.bus = bus;
    this.membership = membership;
    this.clock = clock;
    this.calls = calls;
    this.sources = sources;
    this.facts = new RuntimeFacts(sources.dataFolder());
  }

  @Override
  public Future<?> start() {
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
    vertx.setPeriodic(0, MetricHistory.SAMPLE_EVERY.toMillis(), _ -> sample());
    return Future.all(
        calls.start(), bus.<OperationsQuery<?>>serve(OperationsQuery.ADDRESS, this::answer));
  }

  private void sample() {
    try {
      if (!restored && !restoring) {
        restore();
      }
      sources.history().sample(clock.millis(), System.nanoTime());
    } catch (Refused unavailable) {
      LOG.debug("the history of meters was not stored", unavailable);
    } catch (RuntimeException failure) {
      LOG.warn("the meters were not sampled", failure);
    }
  }

  /** Samples go on meanwhile; what fails is tried again with the next one. */
  private void restore() {
    restoring = true;
    try {
      sources.history().restore(clock.millis());
      restored = true;
    } finally {
      restoring = false;
    }
  }

  private Object answer(OperationsQuery<?> query) {
    return switch (query) {
      case OperationsQuery.ListNodes _ -> listNodes();
      case OperationsQuery.ReadHistory read -> readHistory(read);
      case OperationsQuery.ReadLog read -> readLog(read);
      case OperationsQuery.ReadConfiguration _ -> readConfiguration();
      case OperationsQuery.ReadRuntime(var node) -> readRuntime(node);
      case OperationsQuery.DumpThreads(var node) -> dumpThreads(node);
      case OperationsQuery.ListLimited _ -> listLimited();
      case OperationsQuery.ListRefused _ -> listRefused();
      case OperationsQuery.ForgetLimited(var network) -> {
        askAll(FORGET, JsonObject.of("network", network));
        yield Done.DONE;
      }
      case OperationsQuery.SetLogLevel set -> setLevels(set);
      case OperationsQuery.DrainNode(var node) -> drain(node);
    };
  }

  private boolean drain(String node) {
    List<NodeReport> nodes = listNodes();
    if (nodes.stream().noneMatch(one -> one.alive() && one.node().equals(node))) {
      throw Refused.missing("not_found");
    }
    if (!NodeReport.hasOtherReady(nodes, node)) {
      throw Refused.conflict("last_node");
    }
    return askOne(DRAIN, node) != null;
  }

  private NodeCalls.Answers askAll(String question, JsonObject parameters) {
    return ask(question, parameters, calls.living(), NodeCalls.WITHIN);
  }

  private NodeCalls.Answers ask(
      String question, JsonObject parameters, Set<String> nodes, Duration within) {
    NodeCalls.Answers answers = calls.ask(question, parameters, nodes, within).await();
    long now = clock.millis();
    answers.byNode().keySet().forEach(name -> answered.put(name, now));
    return answers;
  }

  /** Asks one node; null if it does not answer. */
  private @Nullable JsonObject askOne(String question, String node) {
    return ask(question, new JsonObject(), Set.of(node), NodeCalls.LONG_WITHIN).byNode().get(node);
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

  private List<NodeReport> listNodes() {
    List<Member> members = membership.members();
    Map<String, JsonObject> answers = askAll(NODE, new JsonObject()).byNode();
    long here = membership.run();
    return members.stream()
        .map(member -> report(member, answers.get(member.node()), member.run() == here))
        .toList();
  }

  private NodeReport report(Member member, @Nullable JsonObject answer, boolean here) {
    NodeReport.Answer said = null;
    if (member.alive() && answer != null && answer.getLong("run") == member.run()) {
      var values = new HashMap<String, Double>();
      answer
          .getJsonObject("values")
          .forEach(value -> values.put(value.getKey(), ((Number) value.getValue()).doubleValue()));
      said =
          new NodeReport.Answer(
              answer.getString("phase"),
              answer.getBoolean("certain"),
              answer.getDouble("disk"),
              values,
              answer.getJsonArray("warnings", new JsonArray()).stream()
                  .map(String::valueOf)
                  .toList());
    }
    return new NodeReport(
        member.node(),
        member.run(),
        member.version(),
        member.started().toEpochMilli(),
        member.alive(),
        here,
        member.sockets(),
        member.players(),
        said,
        answered.getOrDefault(member.node(), 0L));
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

  private History readHistory(OperationsQuery.ReadHistory read) {
    long end = clock.millis();
    NodeCalls.Answers answers =
        askAll(
            HISTORY,
            JsonObject.of(
                "range",
                read.range().key(),
                "columns",
                new JsonArray(read.columns()),
                "points",
                read.points(),
                "end",
                end));
    var points = new LinkedHashMap<String, MetricPoints>();
    answers.byNode().forEach((name, json) -> points.put(name, MetricPoints.fromJson(json)));
    return new History(end, points, answers.silent());
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
      levels.add(toJson(change));
    }
    return JsonObject.of(
        "lines", lines,
        "oldest", excerpt.oldestMs(),
        "newest", excerpt.newest(),
        "missed", excerpt.missed(),
        "levels", levels);
  }

  private LogPage readLog(OperationsQuery.ReadLog read) {
    String only = read.filter().node();
    Set<String> nodes = only.isEmpty() ? calls.living() : Set.of(only);
    int max = Math.clamp(read.max(), 1, OperationsQuery.ReadLog.LINES_MAX);
    var after = new JsonObject();
    read.after().forEach(after::put);
    NodeCalls.Answers answers =
        ask(
            LOGS,
            JsonObject.of("filter", read.filter().toJson(), "after", after, "max", max),
            nodes,
            NodeCalls.WITHIN);
    var lines = new ArrayList<NodeLine>();
    var newest = new TreeMap<String, Long>(read.after());
    long oldest = 0;
    long missed = 0;
    for (Map.Entry<String, JsonObject> answer : answers.byNode().entrySet()) {
      JsonArray list = answer.getValue().getJsonArray("lines");
      for (int i = 0; i < list.size(); i++) {
        lines.add(new NodeLine(answer.getKey(), LogLine.fromJson(list.getJsonObject(i))));
      }
      newest.put(answer.getKey(), answer.getValue().getLong("newest"));
      oldest = Math.max(oldest, answer.getValue().getLong("oldest"));
      missed += answer.getValue().getLong("missed");
    }
    lines.sort(
        Comparator.<NodeLine>comparingLong(line -> line.line().timeMs())
            .thenComparing(NodeLine::node)
            .thenComparingLong(line -> line.line().sequence()));
    List<NodeLine> shown =
        lines.size() > max ? lines.subList(lines.size() - max, lines.size()) : lines;
    return new LogPage(
        List.copyOf(shown), newest, oldest, missed, levels(answers.byNode()), answers.silent());
  }

  private static List<OperationsQuery.NodeLevel> levels(Map<String, JsonObject> answers) {
    var levels = new ArrayList<OperationsQuery.NodeLevel>();
    answers.forEach(
        (name, answer) -> {
          JsonArray list = answer.getJsonArray("levels", new JsonArray());
          for (int i = 0; i < list.size(); i++) {
            levels.add(new OperationsQuery.NodeLevel(name, change(list.getJsonObject(i))));
          }
        });
    return List.copyOf(levels);
  }

  private static JsonObject toJson(LogLevels.Change change) {
    return JsonObject.of(
        "logger", change.logger(), "level", change.level().text(), "until", change.untilMs());
  }

  private static LogLevels.Change change(JsonObject json) {
    return new LogLevels.Change(
        json.getString("logger"), LogLine.Level.of(json.getString("level")), json.getLong("until"));
  }

  private JsonObject setLevel(JsonObject asked) {
    sources.levels().set(change(asked));
    return new JsonObject();
  }

  private List<String> setLevels(OperationsQuery.SetLogLevel set) {
    Set<String> nodes = set.node().isEmpty() ? calls.living() : Set.of(set.node());
    var change =
        new LogLevels.Change(
            set.logger(),
            set.level(),
            clock.millis() + OperationsQuery.SetLogLevel.LASTS.toMillis());
    return List.copyOf(ask(LEVEL, toJson(change), nodes, NodeCalls.LONG_WITHIN).byNode().keySet());
  }

  private JsonObject configuration() {
    var values = new JsonObject();
    for (ConfigEntry entry : sources.configuration()) {
      values.put(entry.key(), entry.value());
    }
    return JsonObject.of("values", values);
  }

  private Configuration readConfiguration() {
    NodeCalls.Answers answers = askAll(CONFIGURATION, new JsonObject());
    var differing = new TreeMap<String, Map<String, String>>();
    for (ConfigEntry entry : sources.configuration()) {
      var values = new TreeMap<String, String>();
      answers
          .byNode()
          .forEach(
              (name, answer) -> {
                String value = answer.getJsonObject("values").getString(entry.key());
                values.put(name, value == null ? "" : value);
              });
      if (Set.copyOf(values.values()).size() > 1) {
        differing.put(entry.key(), values);
      }
    }
    return new Configuration(sources.node(), sources.configuration(), differing, answers.silent());
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

  private OperationsQuery.LimitedPage listLimited() {
    NodeCalls.Answers answers = askAll(LIMITED, new JsonObject());
    var clients = new ArrayList<OperationsQuery.Limited>();
    answers
        .byNode()
        .forEach(
            (name, answer) -> {
              JsonArray list = answer.getJsonArray("clients");
              for (int i = 0; i < list.size(); i++) {
                JsonObject client = list.getJsonObject(i);
                clients.add(
                    new OperationsQuery.Limited(
                        name,
                        client.getString("limit"),
                        client.getString("network"),
                        client.getInteger("count"),
                        client.getLong("wait")));
              }
            });
    return new OperationsQuery.LimitedPage(List.copyOf(clients), answers.silent());
  }

  private JsonObject refused() {
    var requests = new JsonArray();
    sources
        .refused()
        .latest(OperationsQuery.ListRefused.MAX)
        .forEach(request -> requests.add(request.toJson()));
    return JsonObject.of("requests", requests);
  }

  private List<RefusedRequests.Request> listRefused() {
    var all = new ArrayList<RefusedRequests.Request>();
    askAll(REFUSED, new JsonObject())
        .byNode()
        .values()
        .forEach(
            answer -> {
              JsonArray list = answer.getJsonArray("requests");
              for (int i = 0; i < list.size(); i++) {
                all.add(RefusedRequests.Request.fromJson(list.getJsonObject(i)));
              }
            });
    all.sort(Comparator.comparingLong(RefusedRequests.Request::atMs).reversed());
    return all.stream().limit(OperationsQuery.ListRefused.MAX).toList();
  }

  private JsonObject forget(JsonObject asked) {
    sources.limited().forget(asked.getString("network"));
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

  private OperationsQuery.ProcessFacts readRuntime(String node) {
    JsonObject answer = askOne(RUNTIME, node);
    if (answer == null) {
      return new OperationsQuery.ProcessFacts(node, null);
    }
    var list = new ArrayList<Fact>();
    JsonArray facts = answer.getJsonArray("facts");
    for (int i = 0; i < facts.size(); i++) {
      JsonArray fact = facts.getJsonArray(i);
      list.add(new Fact(fact.getString(0), fact.getString(1), fact.getString(2)));
    }
    return new OperationsQuery.ProcessFacts(node, List.copyOf(list));
  }

  private String dumpThreads(String node) {
    JsonObject answer = askOne(THREADS, node);
    return answer == null ? "" : answer.getString("text");
  }
}
