package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.AdminLists;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.edge.ListExport;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/** Downloads of the lists of the console, with the search and the order of their pages. */
final class AdminListRoutes {
  private static final String AUDIT = "audit";

  private final Bus bus;
  private final AdminLists lists;

  AdminListRoutes(Bus bus, AdminLists lists) {
    this.bus = bus;
    this.lists = lists;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put(
        "admin_export_list",
        request -> export(request, request.input().textOrEmpty("list"), Permission.PLAYERS_EXPORT));
    routes.put("admin_export_audit", request -> export(request, AUDIT, Permission.AUDIT_EXPORT));
  }

  private Future<Response> export(ApiRequest request, String name, Permission permission) {
    return send(request, AdminListInput.select(request, lists, name), permission);
  }

  private <T> Future<Response> send(
      ApiRequest request, ListSelection<T> selection, Permission permission) {
    HttpServerResponse response = request.context().response();
    if (response.closed()) {
      // A handler of the end would not be called any more.
      return Future.failedFuture(new Refused(new Refusal.Unavailable("client_gone")));
    }
    var format = ListExport.Format.of(request.input().textOrEmpty("format"));
    var download =
        lists
            .downloads()
            .begin(bus, AdminChange.actor(request, permission), selection, format.text());
    request.context().addEndHandler(_ -> download.end());
    return download
        .record()
        .compose(
            _ ->
                ListExport.of(
                    format, selection.rows().columns(), download::read, selection.rows().values()))
        .map(
            body -> {
              response
                  .putHeader(HttpHeaders.CONTENT_TYPE, format.contentType())
                  .putHeader(
                      HttpHeaders.CONTENT_DISPOSITION,
                      "attachment; filename=\"" + format.file(selection.area()) + "\"");
              return Response.chunked(body);
            });
  }
}
