package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
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
    routes.put("admin_list_group_members", this::listMembers);
    routes.put("admin_change_group_member", this::changeMember);
    routes.put("admin_remove_group_member", this::removeMember);
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

  private Future<Response> listMembers(ApiRequest request) {
    return request
        .ask(
            new GroupQuery.ListMembersOfAny(
                GroupRoutes.groupId(request), request.page(limits.pageSizeMax())))
        .map(members -> Response.ok(Views.page(members, GroupViews::member)));
  }

  private Future<Response> changeMember(ApiRequest request) {
    boolean admin = request.input().textOrEmpty("role").equals("admin");
    return request
        .ask(new GroupCommand.ChangeRole(GroupRoutes.groupId(request), member(request), admin))
        .map(Response::empty);
  }

  private Future<Response> removeMember(ApiRequest request) {
    return request
        .ask(new GroupCommand.RemoveMember(GroupRoutes.groupId(request), member(request)))
        .map(Response::empty);
  }

  private static PlayerId member(ApiRequest request) {
    return new PlayerId(request.input().id("user_id"));
  }

  private Future<Response> delete(ApiRequest request) {
    return request.ask(new GroupCommand.Delete(GroupRoutes.groupId(request))).map(Response::empty);
  }
}
