package dev.rookery.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
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

/**
 * Serves {@link OperationsQuery}: asks the nodes, with {@link NodeAnswers} on each of them, and
 * combines what they answer. Samples the meters of this node every 5 s. Runs on virtual threads.
 */
public final class OperationsVerticle extends VerticleBase {
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
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final NodeCalls calls;
  private final NodeAnswers nodeAnswers;
  private final MetricSampler sampler;

  public OperationsVerticle(
      Bus bus, Membership membership, InstantSource clock, NodeCalls calls, Sources sources) {
    this.bus = bus;
    this.membership = membership;
    this.clock = clock;
    this.calls = calls;
    this.sources = sources;
    this.nodeAnswers = new NodeAnswers(sources, membership);
    this.sampler = new MetricSampler(sources.history(), clock);
  }

  @Override
  public Future<?> start() {
    nodeAnswers.register(calls);
    vertx.setPeriodic(0, MetricHistory.SAMPLE_EVERY.toMillis(), _ -> sampler.sample());
    return Future.all(
        calls.start(), bus.<OperationsQuery<?>>serve(OperationsQuery.ADDRESS, this::answer));
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
        askAll(NodeAnswers.FORGET, JsonObject.of("network", network));
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
    return askOne(NodeAnswers.DRAIN, node) != null;
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

  private List<NodeReport> listNodes() {
    List<Member> members = membership.members();
    Map<String, JsonObject> answers = askAll(NodeAnswers.NODE, new JsonObject()).byNode();
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

  private History readHistory(OperationsQuery.ReadHistory read) {
    long end = clock.millis();
    NodeCalls.Answers answers =
        askAll(
            NodeAnswers.HISTORY,
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

  private LogPage readLog(OperationsQuery.ReadLog read) {
    String only = read.filter().node();
    Set<String> nodes = only.isEmpty() ? calls.living() : Set.of(only);
    int max = Math.clamp(read.max(), 1, OperationsQuery.ReadLog.LINES_MAX);
    var after = new JsonObject();
    read.after().forEach(after::put);
    NodeCalls.Answers answers =
        ask(
            NodeAnswers.LOGS,
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
            levels.add(
                new OperationsQuery.NodeLevel(
                    name, LogLevels.Change.fromJson(list.getJsonObject(i))));
          }
        });
    return List.copyOf(levels);
  }

  private List<String> setLevels(OperationsQuery.SetLogLevel set) {
    Set<String> nodes = set.node().isEmpty() ? calls.living() : Set.of(set.node());
    var change =
        new LogLevels.Change(
            set.logger(),
            set.level(),
            clock.millis() + OperationsQuery.SetLogLevel.LASTS.toMillis());
    return List.copyOf(
        ask(NodeAnswers.LEVEL, change.toJson(), nodes, NodeCalls.LONG_WITHIN).byNode().keySet());
  }

  private Configuration readConfiguration() {
    NodeCalls.Answers answers = askAll(NodeAnswers.CONFIGURATION, new JsonObject());
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

  private OperationsQuery.LimitedPage listLimited() {
    NodeCalls.Answers answers = askAll(NodeAnswers.LIMITED, new JsonObject());
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

  private List<RefusedRequests.Request> listRefused() {
    var all = new ArrayList<RefusedRequests.Request>();
    askAll(NodeAnswers.REFUSED, new JsonObject())
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

  private OperationsQuery.ProcessFacts readRuntime(String node) {
    JsonObject answer = askOne(NodeAnswers.RUNTIME, node);
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
    JsonObject answer = askOne(NodeAnswers.THREADS, node);
    return answer == null ? "" : answer.getString("text");
  }
}
