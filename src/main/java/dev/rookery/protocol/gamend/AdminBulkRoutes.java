package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AdminLists;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.BulkCommand;
import dev.rookery.console.BulkJob;
import dev.rookery.console.BulkJob.RowState;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Actions on all rows of a list that match a search, as the jobs of the console: the rows are
 * counted, then the job is started with their number. Each action has operations of its own, which
 * need the permission that the action needs for one row.
 */
final class AdminBulkRoutes {
  /** The actions with operations, as {@link dev.rookery.console.BulkActions} knows them. */
  static final List<String> ACTIONS =
      List.of(
          "users.ban",
          "users.unban",
          "users.sign-out",
          "users.notify",
          "users.delete",
          "sessions.end",
          "friends.remove",
          "groups.delete",
          "lobbies.close",
          "kv.delete",
          "notifications.delete",
          "chat.delete");

  private static final int PAGE_SIZE = 100;
  private static final int PAGE_MAX = 500;

  private final Bus bus;
  private final AdminLists lists;

  AdminBulkRoutes(Bus bus, AdminLists lists) {
    this.bus = bus;
    this.lists = lists;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_bulk_jobs", this::list);
    routes.put("admin_get_bulk_job", this::show);
    routes.put("admin_list_bulk_rows", this::listRows);
    routes.put("admin_cancel_bulk_job", this::cancel);
    for (String action : ACTIONS) {
      String id = action.replace('.', '_').replace('-', '_');
      routes.put("admin_select_" + id, request -> select(request, action));
      routes.put("admin_start_" + id, request -> start(request, action));
    }
  }

  private Future<Response> select(ApiRequest request, String action) {
    String list = action.substring(0, action.indexOf('.'));
    require(action);
    return select(
        request, action, AdminListInput.path(list), AdminListInput.select(request, lists, list));
  }

  private <T> Future<Response> select(
      ApiRequest request, String action, String path, ListSelection<T> selection) {
    var select = new BulkCommand.Select(request.player(), path, action, selection.query());
    return lists
        .selector()
        .select(bus, () -> request.ask(select), selection.rows())
        .map(job -> Response.accepted(JsonObject.of("data", view(job))));
  }

  private BulkAction require(String action) {
    return lists.actions().find(action).orElseThrow(() -> Refused.missing("list_not_found"));
  }

  private Future<Response> start(ApiRequest request, String action) {
    Input in = request.input();
    BulkAction known = require(action);
    Actor actor = AdminChange.actor(request, known.permission(), in.textOrEmpty("audit_reason"));
    Map<String, Object> input = known.input().read(name -> text(in, name));
    return request
        .ask(new BulkCommand.Find(job(request), request.player()))
        .compose(
            job -> {
              if (!job.action().equals(action)) {
                throw Refused.missing("job_not_found");
              }
              return request.ask(new BulkCommand.Start(job.id(), actor, input, in.id("total"), 0));
            })
        .map(AdminBulkRoutes::answer);
  }

  private static String text(Input in, String name) {
    Object value = in.any(name);
    return value == null ? "" : value.toString();
  }

  private static long job(ApiRequest request) {
    return request.input().id("job");
  }

  /** Whose jobs the admin may see; null for those of all. */
  private static @Nullable PlayerId visible(ApiRequest request) {
    return request.requiredSession().may(Permission.JOBS_READ) ? null : request.player();
  }

  private Future<Response> list(ApiRequest request) {
    int size = pageSize(request);
    return request
        .ask(new BulkCommand.ListJobs(visible(request), request.input().number("before"), size))
        .map(
            jobs -> {
              var data = new JsonArray();
              jobs.forEach(job -> data.add(view(job)));
              Long before = jobs.size() < size ? null : jobs.getLast().id();
              return Response.ok(JsonObject.of("data", data, "before", before));
            });
  }

  private static int pageSize(ApiRequest request) {
    Integer given = request.input().integer("page_size");
    return Math.clamp(given == null ? PAGE_SIZE : given, 1, PAGE_MAX);
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new BulkCommand.Find(job(request), visible(request)))
        .map(AdminBulkRoutes::answer);
  }

  private Future<Response> listRows(ApiRequest request) {
    Input in = request.input();
    int size = pageSize(request);
    String result = in.text("result");
    Long after = in.number("after");
    return request
        .ask(new BulkCommand.Find(job(request), visible(request)))
        .compose(
            job ->
                request.ask(
                    new BulkCommand.ListRows(
                        job.id(),
                        result == null ? null : RowState.of(result),
                        after == null ? 0 : after,
                        size)))
        .map(
            rows -> {
              var data = new JsonArray();
              rows.forEach(row -> data.add(view(row)));
              Long next = rows.size() < size ? null : rows.getLast().place();
              return Response.ok(JsonObject.of("data", data, "after", next));
            });
  }

  private Future<Response> cancel(ApiRequest request) {
    return request
        .ask(new BulkCommand.Find(job(request), request.player()))
        .compose(
            job -> {
              // An access key may cancel what it could start.
              Permission needed = require(job.action()).permission();
              if (!request.requiredSession().may(needed)) {
                throw new Refused(
                    new Refusal.Denied("forbidden", Map.of("permission", needed.text())));
              }
              return request.ask(new BulkCommand.Cancel(job.id(), request.player()));
            })
        .map(AdminBulkRoutes::answer);
  }

  private static Response answer(BulkJob job) {
    return Response.ok(JsonObject.of("data", view(job)));
  }

  private static JsonObject view(BulkJob job) {
    BulkJob.Counts counts = job.counts();
    return new JsonObject()
        .put("id", job.id())
        .put("user_id", job.admin().value())
        .put("list", AdminListInput.name(job.list()))
        .put("action", job.action())
        .put("query", job.query())
        .put("state", job.state().text())
        .put("problem", job.problem())
        .put("reason", job.reason())
        .put("total", counts.total())
        .put("done", counts.done())
        .put("refused", counts.refused())
        .put("vanished", counts.vanished())
        .put("starts_at", job.startsMs() == 0 ? null : Views.time(job.startsMs()))
        .put("created_at", Views.time(job.createdMs()))
        .put("changed_at", Views.time(job.changedMs()));
  }

  private static JsonObject view(BulkJob.Row row) {
    return JsonObject.of(
        "place", row.place(),
        "id", row.row(),
        "result", row.state().text(),
        "code", row.code());
  }
}
