package dev.rookery.protocol.gamend;

import dev.rookery.base.Refused;
import dev.rookery.loadrun.LoadCommand;
import dev.rookery.loadrun.LoadPlan;
import dev.rookery.loadrun.LoadRun;
import dev.rookery.loadrun.LoadScenario;
import dev.rookery.loadrun.LoadSecond;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Load tests, for admins. */
final class AdminLoadRoutes {
  private static final int PLAYERS = 50;
  private static final int RAMP_SECONDS = 10;
  private static final int SECONDS = 30;
  private static final int P99_MS = 250;

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_load_tests", this::list);
    routes.put("admin_start_load_test", this::start);
    routes.put("admin_get_load_test", this::find);
    routes.put(
        "admin_cancel_load_test",
        request -> run(request, new LoadCommand.Cancel(request.input().id("run"))));
    routes.put(
        "admin_remove_load_players",
        request -> run(request, new LoadCommand.RemovePlayers(request.input().id("run"))));
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new LoadCommand.ListRuns())
        .map(
            page -> {
              var data = new JsonArray();
              page.runs().forEach(run -> data.add(view(run)));
              return Response.ok(
                  new JsonObject()
                      .put("data", data)
                      .put("nodes", new JsonArray(page.nodes()))
                      .put("enabled", page.settings().enabled()));
            });
  }

  private Future<Response> start(ApiRequest request) {
    Input input = request.input();
    LoadScenario scenario =
        LoadScenario.of(input.textOrEmpty("scenario"))
            .orElseThrow(() -> Refused.invalid("scenario", "is unknown"));
    Boolean removes = input.flag("removes");
    var plan =
        new LoadPlan(
            scenario,
            input.textOrEmpty("node"),
            number(input, "players", PLAYERS),
            Duration.ofSeconds(number(input, "ramp", RAMP_SECONDS)),
            Duration.ofSeconds(number(input, "time", SECONDS)),
            number(input, "p99", P99_MS),
            removes == null || removes);
    return run(request, new LoadCommand.Start(plan, request.player()));
  }

  private static int number(Input input, String name, int standard) {
    Integer given = input.integer(name);
    return given == null ? standard : given;
  }

  private static Future<Response> run(ApiRequest request, LoadCommand<LoadRun> command) {
    return request.ask(command).map(run -> Response.ok(JsonObject.of("data", view(run))));
  }

  private Future<Response> find(ApiRequest request) {
    return request
        .ask(new LoadCommand.Find(request.input().id("run")))
        .map(
            found -> {
              var seconds = new JsonArray();
              found.seconds().forEach(second -> seconds.add(view(second)));
              return Response.ok(JsonObject.of("data", view(found.run()).put("seconds", seconds)));
            });
  }

  private static JsonObject view(LoadRun run) {
    LoadPlan plan = run.plan();
    return new JsonObject()
        .put("id", run.id())
        .put("scenario", plan.scenario().text())
        .put("node", plan.node())
        .put("players", plan.players())
        .put("ramp", plan.ramp().toSeconds())
        .put("time", plan.time().toSeconds())
        .put("p99_max_ms", plan.p99MaxMs())
        .put("started_by", run.admin())
        .put("state", run.state().text())
        .put("started_at", Views.time(run.startedMs()))
        .put("ended_at", run.endedMs() == 0 ? null : Views.time(run.endedMs()))
        .put("outcome", run.outcome())
        .put("first_error", run.problem())
        .put("unit", run.unit())
        .put("per_second", number(run.perSecond()))
        .put("p50_ms", number(run.p50Ms()))
        .put("p99_ms", number(run.p99Ms()))
        .put("answered", run.answered())
        .put("errors", run.errors())
        .put("players_left", run.players());
  }

  private static JsonObject view(LoadSecond second) {
    return new JsonObject()
        .put("second", second.second())
        .put("requests", number(second.requests()))
        .put("p99_ms", number(second.p99Ms()))
        .put("errors", second.errors())
        .put("server_requests", number(second.serverRequests()))
        .put("server_p99_ms", number(second.serverP99Ms()))
        .put("server_lag_ms", number(second.lagMs()))
        .put("server_cpu", number(second.cpu()));
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
