package dev.rookery.protocol.gamend;

import dev.rookery.console.SavedView;
import dev.rookery.console.ViewCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Saved views of the lists of the console, of the admin and those that are shared. */
final class AdminViewRoutes {
  private static final String LISTS = "/admin/";

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_views", this::list);
    routes.put("admin_save_view", this::save);
    routes.put("admin_change_view", this::change);
    routes.put("admin_delete_view", this::delete);
  }

  private Future<Response> list(ApiRequest request) {
    String list = request.input().text("list");
    return request
        .ask(new ViewCommand.ListViews(request.player(), list == null ? null : LISTS + list))
        .map(
            views -> {
              var data = new JsonArray();
              views.forEach(view -> data.add(view(request, view)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> save(ApiRequest request) {
    Input in = request.input();
    Boolean shared = in.flag("shared");
    return request
        .ask(
            new ViewCommand.Save(
                request.player(),
                LISTS + in.textOrEmpty("list"),
                in.textOrEmpty("name").strip(),
                SavedView.query(in.textOrEmpty("q"), in.textOrEmpty("sort")),
                shared != null && shared))
        .map(saved -> answer(request, saved));
  }

  private Future<Response> change(ApiRequest request) {
    Input in = request.input();
    String name = in.text("name");
    return request
        .ask(
            new ViewCommand.Change(
                request.player(),
                in.id("id"),
                name == null ? null : name.strip(),
                in.flag("shared")))
        .map(changed -> answer(request, changed));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new ViewCommand.Delete(request.player(), request.input().id("id")))
        .map(Response::empty);
  }

  private static Response answer(ApiRequest request, SavedView view) {
    return Response.ok(JsonObject.of("data", view(request, view)));
  }

  private static JsonObject view(ApiRequest request, SavedView view) {
    return new JsonObject()
        .put("id", view.id())
        .put("list", view.list().substring(LISTS.length()))
        .put("name", view.name())
        .put("href", view.href())
        .put("shared", view.shared())
        .put("own", view.admin().equals(request.player()));
  }
}
