package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.FenceNode;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.lease.ClusterQuery;
import dev.rookery.lease.ClusterQuery.OwnedLease;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.OperationsView.NodeBox;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The nodes of the cluster as a live map, and what each of them owns. */
final class ClusterPages implements ConsoleSection {
  static final String PATH = "/admin/cluster";
  static final String OWNERSHIP = PATH + "/ownership";
  private static final String LIVE = "cluster";
  private static final Pattern KIND = Pattern.compile("[a-z-]{1,40}");

  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("kind", "match, keyspace, duty, …: the part before the slash"),
          SearchQuery.Key.of("name", "the whole name of a lease, such as match/17: who owns it"));

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final LiveViews live;

  ClusterPages(Bus bus, Changes changes, InstantSource clock, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Cluster", PATH, "c", Permission.CLUSTER_READ));
    console.sharedPage(PATH, Permission.CLUSTER_READ, this::map);
    console.page(OWNERSHIP, Permission.CLUSTER_READ, this::ownership);
    console.action(PATH + "/drain", Permission.CLUSTER_DRAIN, this::drain);
    console.action(PATH + "/fence", Permission.CLUSTER_FENCE, this::fence);
    console.message(
        "node-fenced", "The run of the node has ended. Its process ends when it notices.");
    console.message("drain-asked", "The node drains: its clients connect to other nodes.");
    live.add(LIVE, Permission.CLUSTER_READ, Duration.ofSeconds(1), _ -> this::message);
  }

  private Future<JsonObject> message() {
    return bus.ask(new OperationsQuery.ListNodes())
        .map(
            nodes -> {
              List<NodeBox> boxes = NodeBoxes.of(nodes, clock);
              var values = new JsonObject();
              NodeBoxes.addValues(boxes, values);
              return JsonObject.of(
                  "values", values, "parts", JsonObject.of("nodes", NodeBoxes.version(boxes)));
            });
  }

  private Future<ConsoleView> map(ConsoleRequest request) {
    return bus.ask(new OperationsQuery.ListNodes()).map(nodes -> mapView(request, nodes));
  }

  /** Drains a node, if another one is ready that clients can connect to. */
  private Future<ConsoleView> drain(ConsoleRequest request) {
    String node = request.field("node");
    return bus.ask(new OperationsQuery.ListNodes())
        .compose(
            nodes -> {
              if (nodes.stream().noneMatch(one -> one.alive() && one.node().equals(node))) {
                return Future.failedFuture(Refused.missing("not_found"));
              }
              if (!NodeReport.hasOtherReady(nodes, node)) {
                return Future.failedFuture(Refused.conflict("last_node"));
              }
              return Confirmation.level2(
                      "Drain node " + node + "?",
                      "Its sockets are closed and its clients connect to the other nodes; what it"
                          + " owns is handed over. Then its process ends.",
                      "Drain " + node,
                      node)
                  .ask(request, PATH, () -> drain(request, node));
            });
  }

  private Future<ConsoleView> drain(ConsoleRequest request, String node) {
    return changes
        .recordRead(request, "admin_drain_node", "nodes/" + node, Map.of())
        .compose(_ -> bus.ask(new OperationsQuery.DrainNode(node)))
        .compose(
            taken ->
                taken
                    ? Future.succeededFuture(ConsoleView.done(PATH, "drain-asked"))
                    : Future.failedFuture(
                        new Refused(new Refusal.Unavailable("node_does_not_answer"))));
  }

  /** Ends the run of a node that harms the others, or does not answer any more. */
  private Future<ConsoleView> fence(ConsoleRequest request) {
    String node = request.field("node");
    return bus.ask(new OperationsQuery.ListNodes())
        .compose(
            nodes -> {
              NodeReport found =
                  nodes.stream()
                      .filter(one -> one.alive() && one.node().equals(node))
                      .findFirst()
                      .orElseThrow(() -> Refused.missing("node_not_found"));
              if (!NodeReport.hasOtherReady(nodes, node)) {
                throw Refused.conflict("last_node");
              }
              long run = found.run();
              return Confirmation.level2(
                      "Fence node " + node + "?",
                      "Run "
                          + run
                          + " ends at once, without a drain: what it owns is free, and what it"
                          + " still writes as an owner is refused. Its clients lose their sockets,"
                          + " and its process ends when it notices.",
                      "Fence " + node,
                      node)
                  .ask(
                      request,
                      PATH,
                      ConsoleView.done(PATH, "node-fenced"),
                      () ->
                          changes.make(
                              request,
                              new FenceNode(node, run),
                              "admin_fence_node",
                              "cluster/nodes/" + node,
                              Map.of("run", run)));
            });
  }

  private ConsoleView mapView(ConsoleRequest request, List<NodeReport> nodes) {
    List<NodeBox> boxes = NodeBoxes.of(nodes, clock);
    long living = nodes.stream().filter(NodeReport::alive).count();
    return ConsoleView.page(
        "cluster",
        "Cluster",
        Map.of(
            "live",
            LIVE,
            "nodes",
            boxes,
            "nodesVersion",
            NodeBoxes.version(boxes),
            "alone",
            living <= 1,
            "drainable",
            request.may(Permission.CLUSTER_DRAIN) ? replaceable(nodes) : List.of(),
            "fenceable",
            request.may(Permission.CLUSTER_FENCE) ? replaceable(nodes) : List.of(),
            "ownership",
            OWNERSHIP));
  }

  /** The living nodes that another one could stand in for. */
  private static List<String> replaceable(List<NodeReport> nodes) {
    return nodes.stream()
        .filter(NodeReport::alive)
        .map(NodeReport::node)
        .filter(node -> NodeReport.hasOtherReady(nodes, node))
        .toList();
  }

  private Future<ConsoleView> ownership(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    String name = list.search().value("name");
    if (name != null) {
      return bus.ask(new ClusterQuery.FindLease(name))
          .map(found -> page(request, list, found.stream().toList()));
    }
    String kind = list.search().value("kind");
    if (kind != null && !KIND.matcher(kind).matches()) {
      return Future.succeededFuture(page(request, list, List.of()));
    }
    return bus.ask(
            new ClusterQuery.ListLeases(kind == null ? "" : kind, list.after(), list.size() + 1))
        .map(leases -> page(request, list, leases));
  }

  private static ConsoleView page(
      ConsoleRequest request, ListRequest list, List<OwnedLease> leases) {
    boolean moves = request.may(Permission.CLUSTER_MOVE);
    var keyset = Keyset.of(list, leases, OwnedLease::name);
    var rows = new ArrayList<Row>();
    for (OwnedLease lease : keyset.items()) {
      rows.add(
          new Row(
              Integer.toHexString(lease.name().hashCode()),
              lease.name(),
              List.of(
                  Cell.code(lease.name()),
                  lease.node() == null
                      ? Cell.badge("no living owner", "warn")
                      : Cell.text(lease.node()),
                  Cell.number(lease.run()),
                  Cell.number(lease.epoch()),
                  moves && lease.node() != null
                      ? Cell.link(
                          "Move…",
                          ListLinks.of(MovePages.MOVE, "lease", lease.name(), "from", lease.node()))
                      : Cell.text(""))));
    }
    var table =
        new ListView(
            "list",
            "Leases",
            List.of(
                Column.of("Thing", 1),
                Column.of("Owner", 1),
                Column.of("Run", 3),
                Column.of("Epoch", 2),
                Column.of("Move", 2)),
            rows,
            false);
    var pager = Pager.forward(list, keyset);
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            table,
            pager,
            "No leases",
            "Nodes take leases for what they keep in memory, such as rooms of matches, and for"
                + " periodic work.",
            List.of(),
            List.of(new Link("Map", PATH), new Link("Moves", MovePages.PATH)),
            List.of())
        .render("Ownership");
  }
}
