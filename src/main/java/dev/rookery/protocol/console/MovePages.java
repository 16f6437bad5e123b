package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.MoveCommand;
import dev.rookery.console.MovePlan;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Moves what nodes own to other nodes: one thing, a share of a node, or to balance all. */
final class MovePages implements ConsoleSection {
  static final String PATH = ClusterPages.PATH + "/moves";
  static final String MOVE = ClusterPages.PATH + "/move";

  private static final String PLAN = PATH + "/:plan";
  private static final String LIVE = "moves";
  private static final String LEASE = "lease";
  private static final String NODE = "node";
  private static final String COUNT = "count";
  private static final int COUNT_DEFAULT = 20;

  /** Why a move failed, in words. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("lease_gone", "it is gone: what it stands for has ended"),
          Map.entry("owner_changed", "another node owns it meanwhile"),
          Map.entry("owner_gone", "its node has ended, and another one takes it over"),
          Map.entry("owner_busy", "it was not at rest in time; look at who owns it"),
          Map.entry("not_movable", "it is bound to its node"),
          Map.entry("target_silent", "the node that should get it does not answer"),
          Map.entry("target_gone", "the node that should get it has ended; nothing is lost"),
          Map.entry("target_not_ready", "the node that should get it starts or drains"),
          Map.entry("target_cannot_serve", "the node that should get it cannot serve it"));

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  MovePages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(MOVE, Permission.CLUSTER_MOVE, this::moveForm);
    console.action(MOVE, Permission.CLUSTER_MOVE, this::move);
    console.page(PATH, Permission.CLUSTER_READ, this::list);
    console.action(PATH + "/share", Permission.CLUSTER_MOVE, this::share);
    console.action(PATH + "/balance", Permission.CLUSTER_MOVE, this::balance);
    console.page(PLAN, Permission.CLUSTER_READ, this::show);
    console.action(PLAN + "/run", Permission.CLUSTER_MOVE, this::run);
    console.action(PLAN + "/cancel", Permission.CLUSTER_MOVE, this::cancel);
    console.message("plan-made", "This is the plan. Nothing has moved yet.");
    console.message("plan-started", "The moves are carried out one after the other.");
    console.message("plan-cancelled", "What had not moved yet stays where it is.");
    live.add(
        LIVE,
        Permission.CLUSTER_READ,
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters.getOrDefault("plan", "")));
  }

  private static String path(MovePlan plan) {
    return PATH + "/" + plan.id();
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
            ? Section.text("move", "Move", "No other node is ready to get it.")
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
    return new RecordPage(
            List.of(
                new Link("Cluster", ClusterPages.PATH),
                new Link("Ownership", ClusterPages.OWNERSHIP)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
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
                    .map(plan -> ConsoleView.done(path(plan), "plan-started")));
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
        .map(plan -> ConsoleView.done(path(plan), "plan-made"));
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
                  Cell.link("Plan " + plan.id(), path(plan)),
                  Cell.text(kind(plan)),
                  state(plan),
                  Cell.text(counts(plan)),
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

  private static String kind(MovePlan plan) {
    return switch (plan.kind()) {
      case ONE -> "one move from " + plan.source();
      case SHARE -> "sharing what " + plan.source() + " owns";
      case BALANCE -> "balance";
    };
  }

  private static Cell state(MovePlan plan) {
    return switch (plan.state()) {
      case READY -> Cell.badge("not started", "");
      case RUNNING -> Cell.badge("running", "warn");
      case DONE -> Cell.badge("done", plan.counts().failed() == 0 ? "good" : "warn");
      case CANCELLED -> Cell.badge("cancelled", "");
    };
  }

  private static String counts(MovePlan plan) {
    var counts = plan.counts();
    return counts.done() + " of " + counts.total() + " done, " + counts.failed() + " failed";
  }

  private static long id(ConsoleRequest request) {
    return request.id("plan");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var plan = bus.ask(new MoveCommand.FindPlan(id(request)));
    var steps = bus.ask(new MoveCommand.ListSteps(id(request)));
    return Future.all(plan, steps).map(_ -> show(request, plan.result(), steps.result()));
  }

  private static ConsoleView show(
      ConsoleRequest request, MovePlan plan, List<MovePlan.Step> steps) {
    boolean moves = request.may(Permission.CLUSTER_MOVE);
    var buttons = new ArrayList<Action>();
    if (moves && plan.state() == MovePlan.State.READY) {
      buttons.add(new Action("Carry out…", path(plan) + "/run", 2));
    }
    if (moves && isOpen(plan)) {
      buttons.add(new Action("Cancel", path(plan) + "/cancel", 1));
    }
    var rows = new ArrayList<Row>();
    for (MovePlan.Step step : steps) {
      rows.add(
          new Row(
              Long.toString(step.place()),
              step.lease(),
              List.of(
                  Cell.code(step.lease()),
                  Cell.text(step.fromNode()),
                  Cell.text(step.toNode()),
                  result(step))));
    }
    var table =
        new ListView(
            "steps",
            "Moves",
            List.of(
                Column.of("What", 1),
                Column.of("From", 1),
                Column.of("To", 1),
                Column.of("Result", 1)),
            rows,
            false);
    return new RecordPage(
            List.of(new Link("Cluster", ClusterPages.PATH), new Link("Moves", PATH)),
            List.of(state(plan)),
            List.of(),
            buttons,
            List.of(),
            List.of(
                Section.facts(
                    "plan",
                    "Plan",
                    List.of(
                        Fact.of("For", Cell.text(kind(plan))),
                        Fact.of("Moves", Cell.text(counts(plan))),
                        Fact.of("Made", Cell.time(plan.createdMs())),
                        Fact.of("Changed", Cell.time(plan.changedMs())))),
                Section.table("steps", "Moves", table, Pager.NONE, "No moves.")))
        .renderLive("Plan " + plan.id(), LIVE + "?plan=" + plan.id(), version(plan));
  }

  private static boolean isOpen(MovePlan plan) {
    return plan.state() == MovePlan.State.READY || plan.state() == MovePlan.State.RUNNING;
  }

  private static Cell result(MovePlan.Step step) {
    return switch (step.state()) {
      case "done" -> Cell.badge("done", "good");
      case "due" -> Cell.badge("waiting for its node", "warn");
      case "failed" -> Cell.text("failed: " + REASONS.getOrDefault(step.code(), step.code()));
      case "cancelled" -> Cell.text("cancelled");
      default -> Cell.text("");
    };
  }

  private static String version(MovePlan plan) {
    return Integer.toHexString(31 * plan.state().hashCode() + plan.counts().hashCode());
  }

  private Future<JsonObject> message(String plan) {
    if (!plan.matches("[0-9]{1,18}")) {
      return Future.failedFuture(Refused.missing("plan_not_found"));
    }
    return bus.ask(new MoveCommand.FindPlan(Long.parseLong(plan)))
        .map(found -> JsonObject.of("parts", JsonObject.of("record", version(found))));
  }

  private Future<ConsoleView> run(ConsoleRequest request) {
    return bus.ask(new MoveCommand.FindPlan(id(request)))
        .compose(
            plan -> {
              long total = plan.counts().total();
              return Confirmation.level2(
                      "Move " + total + " things?",
                      "Their nodes hand them over one after the other. Type the number of moves.",
                      "Carry out " + total + " moves",
                      Long.toString(total))
                  .ask(
                      request,
                      path(plan),
                      ConsoleView.done(path(plan), "plan-started"),
                      () ->
                          changes.make(
                              request,
                              new MoveCommand.RunPlan(plan.id()),
                              "admin_run_moves",
                              "cluster/plans/" + plan.id()));
            });
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    return bus.ask(new MoveCommand.FindPlan(id(request)))
        .compose(
            plan ->
                Confirmation.level1(
                        "Cancel this plan?",
                        "What has moved stays there; what has not stays where it is.",
                        "Cancel the plan")
                    .ask(
                        request,
                        path(plan),
                        ConsoleView.done(path(plan), "plan-cancelled"),
                        () ->
                            changes.make(
                                request,
                                new MoveCommand.CancelPlan(plan.id()),
                                "admin_cancel_moves",
                                "cluster/plans/" + plan.id())));
  }
}
