package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionDeployment;
import dev.rookery.extensionhost.ExtensionJar;
import dev.rookery.extensionhost.ExtensionStatus;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deployment of extensions by admins. */
final class AdminExtensionRoutes {
  static final String UPLOAD = "admin_upload_extension";

  private static final ErrorShape INVALID_NAME = ErrorShape.of(400, "invalid_name");
  private static final ErrorShape NO_JAR = ErrorShape.of(400, "invalid_request");

  private final Limits limits;

  AdminExtensionRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_extensions", this::list);
    routes.put(UPLOAD, this::upload);
    routes.put("admin_remove_extension", this::remove);
    routes.put("admin_rollback_extension", this::rollback);
    routes.put("admin_list_extension_schedules", this::schedules);
    routes.put("admin_run_extension_schedule", this::runSchedule);
    routes.put("admin_call_extension_function", this::call);
    routes.put("admin_list_parked_changes", this::parked);
    routes.put("admin_retry_parked_change", this::retryParked);
    routes.put("admin_drop_parked_change", this::dropParked);
  }

  private Future<Response> schedules(ApiRequest request) {
    return request
        .ask(new ExtensionCommand.ListJobs(name(request)))
        .map(
            jobs -> {
              var data = new JsonArray();
              jobs.forEach(job -> data.add(view(job)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private static JsonObject view(ExtensionCommand.Job job) {
    return new JsonObject()
        .put("name", job.name())
        .put("schedule", job.schedule())
        .put("running", job.running())
        .put("next_at", time(job.nextMs()))
        .put("started_at", time(job.startedMs()))
        .put("ended_at", time(job.endedMs()))
        .put("error", job.error());
  }

  private static @Nullable String time(@Nullable Long ms) {
    return ms == null ? null : Views.time(ms);
  }

  private Future<Response> runSchedule(ApiRequest request) {
    String job = request.input().textOrEmpty("job");
    return request.ask(new ExtensionCommand.RunJob(name(request), job)).map(Response::empty);
  }

  private Future<Response> call(ApiRequest request) {
    Object args = request.input().any("args");
    var arguments = new JsonArray(HookCall.arguments(args != null, args)).encode();
    return caller(request)
        .compose(
            caller ->
                request.ask(
                    new ExtensionCommand.CallFunction(
                        caller, name(request), request.input().textOrEmpty("function"), arguments)))
        .map(
            report ->
                Response.ok(
                    JsonObject.of(
                        "data",
                        JsonObject.of(
                            "outcome",
                            report.outcome(),
                            "text",
                            report.text(),
                            "took_ms",
                            report.tookMs()))));
  }

  /** The admin, or the test player that is named; nobody is called in place of another player. */
  private static Future<PlayerId> caller(ApiRequest request) {
    Long id = request.input().number("user_id");
    if (id == null) {
      return Future.succeededFuture(request.player());
    }
    var player = new PlayerId(id);
    return request
        .ask(new PlayerCommand.FindAccount(player))
        .compose(
            account ->
                account.isForTests()
                    ? Future.succeededFuture(player)
                    : Future.failedFuture(Refused.denied("not_a_test_player")));
  }

  private Future<Response> parked(ApiRequest request) {
    var page = request.page(limits.pageSizeMax());
    return request
        .ask(new ExtensionCommand.ListParked(name(request), page))
        .map(found -> Response.ok(Views.page(found, AdminExtensionRoutes::view)));
  }

  private static JsonObject view(ParkedEvent event) {
    return new JsonObject()
        .put("id", event.id())
        .put("change", event.type())
        .put("stream", event.stream())
        .put("epoch", event.position().epoch())
        .put("offset", event.position().offset())
        .put("reason", event.reason())
        .put("parked_at", Views.time(event.atMs()));
  }

  private Future<Response> retryParked(ApiRequest request) {
    return request
        .ask(new ExtensionCommand.RetryParked(name(request), request.input().id("id")))
        .map(Response::empty);
  }

  private Future<Response> dropParked(ApiRequest request) {
    return request
        .ask(new ExtensionCommand.DropParked(name(request), request.input().id("id")))
        .map(Response::empty);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new ExtensionCommand.ListAll())
        .map(
            all -> {
              var data = new JsonArray();
              all.forEach(each -> data.add(view(each)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> upload(ApiRequest request) {
    String name = name(request);
    Buffer body = request.context().body().buffer();
    if (body == null || body.length() == 0) {
      throw new InvalidRequest(NO_JAR, Map.of());
    }
    return request
        .ask(new ExtensionCommand.Upload(name, body.getBytes()))
        .map(deployment -> Response.ok(JsonObject.of("data", view(deployment))));
  }

  private Future<Response> remove(ApiRequest request) {
    return request.ask(new ExtensionCommand.Remove(name(request))).map(Response::empty);
  }

  private Future<Response> rollback(ApiRequest request) {
    return request
        .ask(new ExtensionCommand.Rollback(name(request), request.input().text("digest")))
        .map(deployment -> Response.ok(JsonObject.of("data", view(deployment))));
  }

  private static String name(ApiRequest request) {
    String name = request.input().textOrEmpty("name");
    if (!ExtensionJar.isName(name)) {
      throw new InvalidRequest(INVALID_NAME, Map.of());
    }
    return name;
  }

  private static JsonObject view(ExtensionCommand.Listing listing) {
    var view = new JsonObject().put("name", listing.name());
    ExtensionDeployment current = listing.current();
    ExtensionStatus here = listing.here();
    String state = here != null ? here.state().name().toLowerCase(Locale.ROOT) : "stopped";
    view.put("state", state)
        .put("version", here != null ? here.version() : current == null ? null : current.version())
        .put("error", here == null ? null : here.error())
        .put(
            "loaded_at",
            here == null || here.loaded() == null ? null : Views.time(here.loaded().toEpochMilli()))
        .put("start_ms", here == null ? 0 : here.startTime().toMillis())
        .put("calls", here == null ? 0 : here.calls())
        .put("errors", here == null ? 0 : here.errors())
        .put("time_spent_ms", here == null ? 0 : here.timeSpent().toMillis())
        .put("running_calls", here == null ? 0 : here.running())
        .put("current", current == null ? null : view(current))
        .put("nodes", nodes(listing.nodes()));
    var versions = new JsonArray();
    listing.versions().forEach(each -> versions.add(view(each)));
    return view.put("deployments", versions);
  }

  private static JsonArray nodes(List<ExtensionCommand.NodeReport> nodes) {
    var views = new JsonArray();
    for (ExtensionCommand.NodeReport each : nodes) {
      views.add(
          new JsonObject()
              .put("node", each.node())
              .put("run", each.report().run())
              .put("ready", each.report().ready())
              .put("reason", each.report().reason())
              .put("start_ms", each.report().startMs()));
    }
    return views;
  }

  private static JsonObject view(ExtensionDeployment deployment) {
    Long decided = deployment.decidedMs();
    return new JsonObject()
        .put("id", deployment.id())
        .put("name", deployment.name())
        .put("version", deployment.version())
        .put("digest", deployment.digest())
        .put("state", deployment.state().name().toLowerCase(Locale.ROOT))
        .put("reason", deployment.reason())
        .put("source", deployment.source())
        .put("created_at", Views.time(deployment.createdMs()))
        .put("decided_at", decided == null ? null : Views.time(decided));
  }
}
