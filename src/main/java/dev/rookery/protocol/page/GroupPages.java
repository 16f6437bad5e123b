package dev.rookery.protocol.page;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupMember;
import dev.rookery.group.GroupMembership;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupRole;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the groups that everybody may see, and the page of a group, from which its admins manage
 * it. A hidden group does not exist for others than its members.
 */
final class GroupPages {
  private static final String PATH = "/groups";
  private static final String GROUP = PATH + "/:id";
  private static final Page.Request FRIENDS = new Page.Request(1, 100);
  private static final List<Map<String, Object>> TYPES =
      List.of(
          GroupView.option("", Message.of("All")),
          GroupView.option("public", Message.of("Open to everybody")),
          GroupView.option("private", Message.of("Admins approve members")));
  private static final List<Map<String, Object>> ORDERS =
      List.of(
          GroupView.option("", Message.of("Newest first")),
          GroupView.option("updated", Message.of("Changed last")),
          GroupView.option("title", Message.of("Title")),
          GroupView.option("largest", Message.of("Largest first")));

  private final Bus bus;

  GroupPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, PATH, this::list);
    pages.get(router, GROUP, request -> render(request, null, FormErrors.NONE));
    action(router, pages, "join", "group-joined", this::join);
    action(router, pages, "cancel", "group-cancelled", this::cancel);
    action(
        router,
        pages,
        "leave",
        "group-left",
        request -> ask(new GroupCommand.Leave(request.player(), group(request), null)));
    action(
        router,
        pages,
        "invite",
        "group-invited",
        request -> ask(new GroupCommand.Invite(request.player(), group(request), target(request))));
    action(
        router,
        pages,
        "kick",
        "group-kicked",
        request ->
            ask(new GroupCommand.Kick(request.player(), group(request), target(request), null)));
    action(
        router,
        pages,
        "promote",
        "group-promoted",
        request ->
            ask(new GroupCommand.Promote(request.player(), group(request), target(request))));
    action(
        router,
        pages,
        "demote",
        "group-demoted",
        request -> ask(new GroupCommand.Demote(request.player(), group(request), target(request))));
    action(
        router,
        pages,
        "approve",
        "group-approved",
        request -> ask(new GroupCommand.Approve(request.player(), membership(request))));
    action(
        router,
        pages,
        "reject",
        "group-rejected",
        request -> ask(new GroupCommand.Reject(request.player(), membership(request))));
    pages.postSignedIn(router, GROUP + "/edit", this::edit);
  }

  /**
   * Mounts a form of the page of a group.
   *
   * @param change answers the code of its success if it is another one
   */
  private void action(
      Router router,
      PageRouter pages,
      String name,
      String done,
      Function<PageRequest, Future<Optional<String>>> change) {
    pages.postSignedIn(
        router,
        GROUP + "/" + name,
        request ->
            Forms.submit(
                change.apply(request).map(other -> redirect(request, other.orElse(done))),
                errors -> render(request, null, errors)));
  }

  private Future<Optional<String>> ask(Command<?> command) {
    return bus.ask(command).map(_ -> Optional.empty());
  }

  /** Who has left a hidden group cannot see it any more. */
  private static PageResponse.Redirect redirect(PageRequest request, String done) {
    String path = done.equals("group-left") ? "/users/settings/groups" : path(group(request));
    return new PageResponse.Redirect(path + "?done=" + done);
  }

  private static String path(GroupId group) {
    return PATH + "/" + group;
  }

  private static GroupId group(PageRequest request) {
    return new GroupId(request.pathId("id"));
  }

  private static PlayerId target(PageRequest request) {
    return new PlayerId(request.fieldId("player"));
  }

  private static GroupMembershipId membership(PageRequest request) {
    return new GroupMembershipId(request.fieldId("request"));
  }

  private Future<PageResponse> list(PageRequest request) {
    Map<String, String> parameters =
        Map.of(
            "title", request.queryParameter("title").strip(),
            "type", request.queryParameter("type"),
            "sort", request.queryParameter("sort"));
    String title = parameters.getOrDefault("title", "");
    var filter =
        new GroupQuery.Filter(
            title.isEmpty() ? null : title,
            GroupView.type(request.queryParameter("type")),
            null,
            null,
            null,
            null,
            order(request.queryParameter("sort")));
    var list = new PageList(PATH, "page", parameters);
    return bus.ask(new GroupQuery.ListVisible(filter, list.requested(request)))
        .map(
            page ->
                PageResponse.Render.ok(
                    "groups",
                    Map.of(
                        "title", Message.of("Groups"),
                        "filter", parameters,
                        "types", TYPES,
                        "orders", ORDERS,
                        "list", list.view(page, one -> GroupView.of(one)))));
  }

  private static GroupQuery.Order order(String name) {
    return switch (name) {
      case "updated" -> GroupQuery.Order.UPDATED_LAST;
      case "title" -> GroupQuery.Order.TITLE;
      case "largest" -> GroupQuery.Order.LARGEST;
      default -> GroupQuery.Order.NEWEST;
    };
  }

  /**
   * @param form what was sent to change the group; null for what is stored
   */
  private Future<PageResponse> render(
      PageRequest request, @Nullable Map<String, Object> form, FormErrors errors) {
    GroupId id = group(request);
    PlayerId viewer = request.playerOrNull();
    return bus.ask(new GroupQuery.Show(id, viewer))
        .compose(
            group -> role(id, viewer).compose(role -> render(request, group, role, form, errors)));
  }

  private Future<Optional<GroupRole>> role(GroupId group, @Nullable PlayerId viewer) {
    return viewer == null
        ? Future.succeededFuture(Optional.empty())
        : bus.ask(new GroupQuery.FindMembership(group, viewer))
            .map(membership -> Optional.of(membership.role()))
            .recover(
                failure ->
                    isMissing(failure)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
  }

  private static boolean isMissing(Throwable failure) {
    return failure instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
  }

  private Future<PageResponse> render(
      PageRequest request,
      Group group,
      Optional<GroupRole> role,
      @Nullable Map<String, Object> form,
      FormErrors errors) {
    String path = path(group.id());
    PlayerId viewer = request.playerOrNull();
    boolean admin = role.filter(GroupRole::isAdmin).isPresent();
    var memberList = new PageList(path, "page");
    var requestList = new PageList(path, "requests");
    var members =
        bus.ask(new GroupQuery.ListMembers(group.id(), viewer, memberList.requested(request)));
    Page.Request requested = requestList.requested(request);
    Future<Page<GroupMember>> requests =
        admin && viewer != null
            ? bus.ask(new GroupQuery.ListRequests(viewer, group.id(), requested))
            : Future.succeededFuture(
                new Page<>(List.of(), requested.number(), requested.size(), 0));
    Future<List<Map<String, Object>>> friends =
        admin && viewer != null ? friends(viewer) : Future.succeededFuture(List.of());
    return Future.all(members, requests, friends)
        .map(
            _ -> {
              var model = new HashMap<String, Object>();
              model.put("title", group.title());
              model.put("path", path);
              model.put("group", GroupView.of(group));
              model.put("role", roleName(role));
              model.put("member", role.filter(GroupRole::isMember).isPresent());
              model.put("admin", admin);
              model.put("own", viewer == null ? 0 : viewer.value());
              model.put("friends", friends.result());
              model.put("types", GroupView.TYPES);
              model.put("form", form == null ? GroupView.form(group) : form);
              model.put("members", memberList.view(members.result(), one -> GroupView.member(one)));
              model.put(
                  "requests", requestList.view(requests.result(), one -> GroupView.member(one)));
              return Forms.render("group", model, errors);
            });
  }

  /** Whom an admin can invite with one choice: the first of their friends. */
  private Future<List<Map<String, Object>>> friends(PlayerId player) {
    return bus.ask(new FriendCommand.ListOnlineFirst(player, FRIENDS))
        .map(
            friends ->
                friends.items().stream()
                    .map(
                        friend ->
                            GroupView.option(
                                friend.other().id().toString(),
                                PlayerView.name(friend.other().id(), friend.other().displayName())))
                    .toList());
  }

  private static String roleName(Optional<GroupRole> role) {
    return role.map(
            found ->
                switch (found) {
                  case OWNER, ADMIN, MEMBER -> "member";
                  case REQUESTED -> "requested";
                  case BANNED -> "banned";
                  case DECLINED -> "none";
                })
        .orElse("none");
  }

  private Future<Optional<String>> join(PageRequest request) {
    return bus.ask(new GroupCommand.Join(request.player(), group(request), null))
        .map(
            joined ->
                joined.role() == GroupRole.REQUESTED
                    ? Optional.of("group-requested")
                    : Optional.empty());
  }

  private Future<Optional<String>> cancel(PageRequest request) {
    return bus.ask(new GroupQuery.FindMembership(group(request), request.player()))
        .map(GroupMembership::id)
        .compose(id -> ask(new GroupCommand.CancelRequest(request.player(), id)));
  }

  private Future<PageResponse> edit(PageRequest request) {
    return Forms.submit(
        Future.succeededFuture()
            .compose(
                _ ->
                    bus.ask(
                        new GroupCommand.Update(
                            request.player(), group(request), GroupView.settings(request))))
            .map(group -> redirect(request, "group-saved")),
        errors -> render(request, GroupView.form(request), errors));
  }
}
