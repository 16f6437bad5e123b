package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupQuery;
import io.vertx.core.Future;
import java.util.Map;

/** Management of groups by admins of the server (Gamend HTTP contract, section 17.7). */
final class AdminGroupRoutes {
  private final Limits limits;

  AdminGroupRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_groups", this::list);
    routes.put("admin_get_group", this::show);
    routes.put("admin_update_group", this::update);
    routes.put("admin_delete_group", this::delete);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(
            new GroupQuery.ListAll(
                GroupRoutes.filter(request.input()), request.page(limits.pageSizeMax())))
        .map(groups -> Response.ok(Views.page(groups, GroupViews::group)));
  }

  private Future<Response> update(ApiRequest request) {
    return request
        .ask(
            new GroupCommand.UpdateAny(
                GroupRoutes.groupId(request),
                GroupRoutes.settings(request.input()),
                EntityTags.revision(request)))
        .map(group -> answer(request, group));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new GroupQuery.Find(GroupRoutes.groupId(request)))
        .map(group -> answer(request, group));
  }

  private static Response answer(ApiRequest request, Group group) {
    EntityTags.set(request, group.updatedMs());
    return Response.ok(GroupViews.group(group));
  }

  private Future<Response> delete(ApiRequest request) {
    return request.ask(new GroupCommand.Delete(GroupRoutes.groupId(request))).map(Response::empty);
  }
}
