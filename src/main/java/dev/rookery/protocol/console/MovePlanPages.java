package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.MoveCommand;
import dev.rookery.console.MovePlan;
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

/**
 * The page of a plan of moves: what it moves, how far it is, and the buttons to run or cancel it.
 */
final class MovePlanPages implements ConsoleSection {
  private static final String PLAN = MovePages.PATH + "/:plan";
  private static final String LIVE = "moves";

  /** Why a move failed, in words. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("lease_gone", "the room or the job has ended"),
          Map.entry("owner_changed", "another node owns it meanwhile"),
          Map.entry("owner_gone", "its node has ended, and another one takes it over"),
          Map.entry("owner_busy", "it did not stop in time; look at who owns it"),
          Map.entry("not_movable", "it is bound to its node"),
          Map.entry("target_silent", "the target node does not answer"),
          Map.entry("target_gone", "the target node has ended; nothing is lost"),
          Map.entry("target_not_ready", "the target node starts or drains"),
          Map.entry("target_cannot_serve", "the target node cannot serve it"));

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  MovePlanPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
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

  /** Where the page of a plan is. */
  static String path(MovePlan plan) {
    return MovePages.PATH + "/" + plan.id();
  }

  /** What a plan is for, in words. */
  static String kind(MovePlan plan) {
    return switch (plan.kind()) {
      case ONE -> "one move from " + plan.source();
      case SHARE -> "sharing what " + plan.source() + " owns";
      case BALANCE -> "balance";
    };
  }

  /** How far a plan is. */
  static Cell state(MovePlan plan) {
    return switch (plan.state()) {
      case READY -> Cell.badge("not started", "");
      case RUNNING -> Cell.badge("running", "warn");
      case DONE -> Cell.badge("done", plan.counts().failed() == 0 ? "good" : "warn");
      case CANCELLED -> Cell.badge("cancelled", "");
    };
  }

  /** How many of its moves are done. */
  static String counts(MovePlan plan) {
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
            List.of(new Link("Cluster", ClusterPages.PATH), new Link("Moves", MovePages.PATH)),
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
