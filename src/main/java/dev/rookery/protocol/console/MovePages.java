package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.MoveCommand;
import dev.rookery.console.MovePlan;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Moves what nodes own to other nodes: one lease, or by a plan that shares what a node owns or
 * balances all nodes.
 */
final class MovePages implements ConsoleSection {
  static final String PATH = ClusterPages.PATH + "/moves";
  static final String MOVE = ClusterPages.PATH + "/move";

  private static final String LEASE = "lease";
  private static final String NODE = "node";
  private static final String COUNT = "count";
  private static final int COUNT_DEFAULT = 20;

  private final Bus bus;
  private final Changes changes;

  MovePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(MOVE, Permission.CLUSTER_MOVE, this::moveForm);
    console.action(MOVE, Permission.CLUSTER_MOVE, this::move);
    console.page(PATH, Permission.CLUSTER_READ, this::list);
    console.action(PATH + "/share", Permission.CLUSTER_MOVE, this::share);
    console.action(PATH + "/balance", Permission.CLUSTER_MOVE, this::balance);
  }

  /** The names of nodes that clients may connect to, but for one. */
  private static List<String> ready(List<NodeReport> nodes, String except) {
    return nodes.stream()
        .filter(NodeReport::isReady)
        .map(NodeReport::node)
        .filter(node -> !node.equals(except))
        .toList();
  }

  private Future<ConsoleView> moveForm(ConsoleRequest request) {
    String lease = request.query(LEASE);
    return bus.ask(new OperationsQuery.ListNodes())
        .map(nodes -> moveForm(lease, ready(nodes, request.query("from"))));
  }

  private static ConsoleView moveForm(String lease, List<String> targets) {
    Section section =
        targets.isEmpty()
            ? Section.text("move", "Move", "No other node is ready to take it.")
            : Section.form(
                "move",
                "Move",
                new FormView(
                    MOVE,
                    "",
                    List.of(
                        FormView.Field.of(LEASE, "What", "text", lease).needed(),
                        FormView.Field.select(NODE, "To node", targets.getFirst(), targets)),
                    "Move…",
                    1,
                    ClusterPages.OWNERSHIP,
                    List.of()));
    return RecordPage.of(
            List.of(
                new Link("Cluster", ClusterPages.PATH),
                new Link("Ownership", ClusterPages.OWNERSHIP)),
            List.of(
                section.withNote(
                    "Its node stores what is under way and hands it over, as it does when it"
                        + " drains. Players stay connected; commands that arrive meanwhile wait.")))
        .render("Move a lease");
  }

  private Future<ConsoleView> move(ConsoleRequest request) {
    String lease = request.field(LEASE).strip();
    String node = request.field(NODE);
    return Confirmation.level1(
            "Move " + lease + " to node " + node + "?",
            "Commands that arrive meanwhile wait a moment.",
            "Move " + lease)
        .ask(
            request,
            ClusterPages.OWNERSHIP,
            () ->
                changes
                    .make(
                        request,
                        new MoveCommand.MoveLease(lease, node),
                        "admin_move_lease",
                        "cluster/" + lease,
                        Map.of(NODE, node))
                    .map(plan -> ConsoleView.done(MovePlanPages.path(plan), "plan-started")));
  }

  private Future<ConsoleView> share(ConsoleRequest request) {
    String from = request.field("from");
    String count = request.field(COUNT);
    if (!count.matches("[1-9][0-9]{0,2}") || Integer.parseInt(count) > MovePlan.STEPS_MAX) {
      return Future.failedFuture(Refused.invalid(COUNT, "must be from 1 to " + MovePlan.STEPS_MAX));
    }
    return make(request, from, Integer.parseInt(count));
  }

  private Future<ConsoleView> balance(ConsoleRequest request) {
    return make(request, "", 0);
  }

  /** A plan moves nothing, so that nothing is asked before it is made. */
  private Future<ConsoleView> make(ConsoleRequest request, String from, int count) {
    return changes
        .make(
            request,
            new MoveCommand.MakePlan(from, count),
            "admin_plan_moves",
            "cluster/plans",
            Changes.values("from", from.isEmpty() ? null : from))
        .map(plan -> ConsoleView.done(MovePlanPages.path(plan), "plan-made"));
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    Long before = list.after().matches("[0-9]{1,18}") ? Long.valueOf(list.after()) : null;
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var plans = bus.ask(new MoveCommand.ListPlans(before, list.size() + 1));
    return Future.all(nodes, plans).map(_ -> page(request, list, nodes.result(), plans.result()));
  }

  private static ConsoleView page(
      ConsoleRequest request, ListRequest list, List<NodeReport> nodes, List<MovePlan> plans) {
    var keyset = Keyset.of(list, plans, plan -> Long.toString(plan.id()));
    var rows = new ArrayList<Row>();
    for (MovePlan plan : keyset.items()) {
      rows.add(
          new Row(
              Long.toString(plan.id()),
              "Plan " + plan.id(),
              List.of(
                  Cell.link("Plan " + plan.id(), MovePlanPages.path(plan)),
                  Cell.text(MovePlanPages.kind(plan)),
                  MovePlanPages.state(plan),
                  Cell.text(MovePlanPages.counts(plan)),
                  plan.admin() == null ? Cell.text("") : Cell.player(null, plan.admin().value()),
                  Cell.time(plan.createdMs()))));
    }
    var table =
        new ListView(
            "plans",
            "Plans",
            List.of(
                Column.of("Plan", 1),
                Column.of("For", 1),
                Column.of("State", 1),
                Column.of("Moves", 2),
                Column.of("By", 2),
                Column.of("Made", 3)),
            rows,
            false);
    var pager = Pager.forward(list, keyset);
    var sections = new ArrayList<Section>();
    if (request.may(Permission.CLUSTER_MOVE)) {
      sections.addAll(forms(nodes));
    }
    sections.add(Section.table("plans", "Plans", table, pager, "Nothing was moved yet."));
    return new RecordPage(
            List.of(new Link("Cluster", ClusterPages.PATH)),
            List.of(),
            List.of(new Link("Ownership", ClusterPages.OWNERSHIP)),
            List.of(),
            List.of(),
            sections)
        .render("Moves");
  }

  private static List<Section> forms(List<NodeReport> nodes) {
    List<String> living =
        nodes.stream().filter(NodeReport::alive).map(NodeReport::node).distinct().toList();
    if (living.size() < 2) {
      return List.of(
          Section.text("forms", "Balance", "It takes two nodes to move something between them."));
    }
    return List.of(
        Section.form(
                "balance",
                "Balance",
                new FormView(PATH + "/balance", "", List.of(), "Plan", 0, "", List.of()))
            .withNote("Evens out what the nodes own, each kind by itself. You see the plan first."),
        Section.form(
                "share",
                "Share",
                new FormView(
                    PATH + "/share",
                    "",
                    List.of(
                        FormView.Field.select("from", "Node", living.getFirst(), living),
                        FormView.Field.of(
                            COUNT, "How many", "number", Integer.toString(COUNT_DEFAULT))),
                    "Plan",
                    0,
                    "",
                    List.of()))
            .withNote("Spreads some of what a node owns over the others. You see the plan first."));
  }
}
