package dev.rookery.protocol.gamend;

import dev.rookery.console.RetentionCommand;
import dev.rookery.console.RetentionCommand.SweepFacts;
import dev.rookery.console.RetentionCommand.TableFacts;
import dev.rookery.lease.SweepRun;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is removed when, for admins. */
final class AdminRetentionRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_sweeps", this::list);
    routes.put("admin_run_sweep", this::run);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new RetentionCommand.ListSweeps())
        .map(
            found -> {
              var data = new JsonArray();
              found.sweeps().forEach(sweep -> data.add(view(sweep)));
              var asked = new JsonArray();
              found.asked().forEach(run -> asked.add(view(run)));
              return Response.ok(
                  JsonObject.of(
                      "data", data, "runs", asked, "silent", new JsonArray(found.silent())));
            });
  }

  private static JsonObject view(SweepFacts facts) {
    @Nullable Duration interval = facts.sweep().interval();
    @Nullable SweepRun last = facts.last();
    var tables = new JsonArray();
    facts.tables().forEach(table -> tables.add(view(table)));
    return new JsonObject()
        .put("name", facts.sweep().name())
        .put("interval_ms", interval == null ? null : interval.toMillis())
        .put("node", facts.owner().isEmpty() ? null : facts.owner())
        .put("last_run", last == null ? null : view(last))
        .put("tables", tables);
  }

  private static JsonObject view(TableFacts facts) {
    return new JsonObject()
        .put("table", facts.swept().table())
        .put("rule", facts.swept().rule())
        .put("setting", facts.swept().setting())
        .put("value", facts.kept())
        .put("source", facts.source())
        .put("rows", facts.rows())
        .put("rows_exact", facts.exact())
        .put("oldest_at", time(facts.oldestMs()))
        .put("due", facts.due());
  }

  private static JsonObject view(SweepRun run) {
    return new JsonObject()
        .put("id", run.id() == 0 ? null : run.id())
        .put("sweep", run.sweep())
        .put("asked_by", run.admin())
        .put("asked_at", time(run.askedMs()))
        .put("ended_at", run.isOpen() ? null : time(run.endedMs()))
        .put("took_ms", run.tookMs())
        .put("removed", run.removed())
        .put("node", run.node())
        .put("problem", run.problem());
  }

  private static @Nullable Object time(@Nullable Long ms) {
    return ms == null ? null : Views.time(ms);
  }

  private Future<Response> run(ApiRequest request) {
    return request
        .ask(new RetentionCommand.RunSweep(request.input().textOrEmpty("sweep"), request.player()))
        .map(run -> Response.ok(JsonObject.of("data", view(run))));
  }
}
