package dev.rookery.protocol.gamend;

import dev.rookery.console.MoveCommand;
import dev.rookery.console.MovePlan;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Moves what nodes own to other nodes, for admins. */
final class AdminMoveRoutes {
  private static final int PLANS_MAX = 100;
  private static final int COUNT_DEFAULT = 20;

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_move_lease", this::move);
    routes.put("admin_list_move_plans", this::list);
    routes.put("admin_plan_moves", this::plan);
    routes.put("admin_get_move_plan", this::show);
    routes.put("admin_run_moves", this::run);
    routes.put("admin_cancel_moves", this::cancel);
  }

  private Future<Response> move(ApiRequest request) {
    return request
        .ask(
            new MoveCommand.MoveLease(
                request.input().textOrEmpty("lease"), request.input().textOrEmpty("node")))
        .map(plan -> Response.accepted(data(plan)));
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new MoveCommand.ListPlans(null, PLANS_MAX))
        .map(
            plans -> {
              var data = new JsonArray();
              plans.forEach(plan -> data.add(view(plan)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> plan(ApiRequest request) {
    Integer count = request.input().integer("count");
    return request
        .ask(
            new MoveCommand.MakePlan(
                request.input().textOrEmpty("from"), count == null ? COUNT_DEFAULT : count))
        .map(plan -> Response.created(data(plan)));
  }

  private Future<Response> show(ApiRequest request) {
    long id = request.input().id("plan");
    var plan = request.ask(new MoveCommand.FindPlan(id));
    var steps = request.ask(new MoveCommand.ListSteps(id));
    return Future.all(plan, steps)
        .map(
            _ ->
                Response.ok(
                    JsonObject.of(
                        "data", view(plan.result()).put("moves", moves(steps.result())))));
  }

  private Future<Response> run(ApiRequest request) {
    return request
        .ask(new MoveCommand.RunPlan(request.input().id("plan")))
        .map(plan -> Response.accepted(data(plan)));
  }

  private Future<Response> cancel(ApiRequest request) {
    return request
        .ask(new MoveCommand.CancelPlan(request.input().id("plan")))
        .map(plan -> Response.ok(data(plan)));
  }

  private static JsonObject data(MovePlan plan) {
    return JsonObject.of("data", view(plan));
  }

  private static JsonObject view(MovePlan plan) {
    return new JsonObject()
        .put("id", plan.id())
        .put("kind", plan.kind().text())
        .put("state", plan.state().text())
        .put("source", plan.source())
        .put("admin_id", plan.admin() == null ? null : plan.admin().value())
        .put("total", plan.counts().total())
        .put("done", plan.counts().done())
        .put("failed", plan.counts().failed())
        .put("created_at", Instant.ofEpochMilli(plan.createdMs()).toString());
  }

  private static JsonArray moves(List<MovePlan.Step> steps) {
    var moves = new JsonArray();
    for (MovePlan.Step step : steps) {
      moves.add(
          JsonObject.of(
              "lease", step.lease(),
              "from", step.fromNode(),
              "to", step.toNode(),
              "state", step.state(),
              "reason", step.code()));
    }
    return moves;
  }
}
