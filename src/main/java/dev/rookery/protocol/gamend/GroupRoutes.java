package dev.rookery.protocol.gamend;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupCommand.AcceptResult;
import dev.rookery.group.GroupCommand.InviteResult;
import dev.rookery.group.GroupCommand.Settings;
import dev.rookery.group.GroupMembership;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupQuery.Filter;
import dev.rookery.group.GroupQuery.Order;
import dev.rookery.group.GroupRole;
import dev.rookery.group.GroupType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Groups: members, join requests and invites (Gamend HTTP contract, section 11), and their
 * management by admins of the server (section 17.7).
 */
final class GroupRoutes {
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String NOTICE_TITLE = "Group Notification";

  private final Bus bus;
  private final Limits limits;

  GroupRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_groups", this::list);
    routes.put("list_my_groups", this::listMine);
    routes.put("get_group", this::show);
    routes.put("create_group", this::create);
    routes.put("update_group", this::update);
    routes.put("list_group_members", this::listMembers);
    routes.put("join_group", this::join);
    routes.put("leave_group", this::leave);
    routes.put("kick_group_member", this::kick);
    routes.put("promote_group_member", this::promote);
    routes.put("demote_group_member", this::demote);
    routes.put("notify_group", this::notifyAll);
    registerRequests(routes);
    registerInvites(routes);
  }

  /** A reason of an extension has another status if it is a text (section 16.4). */
  private static Future<Response> withShownReason(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refused refused
                && refused.refusal() instanceof Refusal.Denied(var code, var details)
                && code.equals("hook_rejected")
                && !CODE.matcher(String.valueOf(details.get("reason"))).matches()
            ? new Refused(new Refusal.Denied("hook_rejected_text", details))
            : failure);
  }

  private void registerRequests(Map<String, Endpoint.Route> routes) {
    routes.put("list_join_requests", this::listRequests);
    routes.put(
        "approve_join_request",
        request ->
            bus.ask(new GroupCommand.Approve(request.player(), requestId(request)))
                .map(member -> Response.ok(GroupViews.member(member)))
                .recover(GroupRoutes::withShownReason));
    routes.put(
        "reject_join_request",
        request ->
            bus.ask(new GroupCommand.Reject(request.player(), requestId(request)))
                .map(rejected -> Response.ok(GroupViews.request(rejected))));
    routes.put(
        "cancel_join_request",
        request ->
            bus.ask(new GroupCommand.CancelRequest(request.player(), requestId(request)))
                .map(cancelled -> Response.ok(GroupViews.request(cancelled))));
  }

  private void registerInvites(Map<String, Endpoint.Route> routes) {
    routes.put("list_group_invitations", this::listReceived);
    routes.put("list_sent_invitations", this::listSent);
    routes.put("invite_to_group", this::invite);
    routes.put("accept_group_invite", this::accept);
    routes.put(
        "decline_group_invite",
        request ->
            bus.ask(new GroupCommand.DeclineInvite(request.player(), inviteId(request)))
                .map(_ -> status("declined")));
    routes.put(
        "cancel_group_invite",
        request ->
            bus.ask(new GroupCommand.CancelInvite(request.player(), inviteId(request)))
                .map(_ -> status("cancelled")));
  }

  private Future<Response> list(ApiRequest request) {
    return bus.ask(
            new GroupQuery.ListVisible(filter(request.input()), request.page(limits.pageSizeMax())))
        .map(groups -> Response.ok(Views.page(groups, GroupViews::group)));
  }

  static Filter filter(Input in) {
    String title = in.text("title");
    return new Filter(
        title == null ? null : title.strip(),
        type(in.text("type")),
        in.integer("min_members"),
        in.integer("max_members"),
        in.text("metadata_key"),
        in.text("metadata_value"),
        order(in.text("sort_by")));
  }

  private static @Nullable GroupType type(@Nullable String name) {
    return name == null ? null : GroupType.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Order order(@Nullable String name) {
    return switch (name == null ? "" : name) {
      case "updated_at" -> Order.UPDATED_LAST;
      case "updated_at_asc" -> Order.UPDATED_FIRST;
      case "inserted_at_asc" -> Order.OLDEST;
      case "title" -> Order.TITLE;
      case "title_desc" -> Order.TITLE_DESCENDING;
      case "max_members" -> Order.LARGEST;
      case "max_members_asc" -> Order.SMALLEST;
      default -> Order.NEWEST;
    };
  }

  private Future<Response> listMine(ApiRequest request) {
    return bus.ask(
            new GroupQuery.ListOfPlayer(request.player(), request.page(limits.pageSizeMax())))
        .map(groups -> Response.ok(Views.page(groups, GroupViews::group)));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new GroupQuery.Show(groupId(request), viewer(request)))
        .map(group -> Response.ok(GroupViews.group(group)));
  }

  private Future<Response> listMembers(ApiRequest request) {
    return bus.ask(
            new GroupQuery.ListMembers(
                groupId(request), viewer(request), request.page(limits.pageSizeMax())))
        .map(members -> Response.ok(Views.page(members, GroupViews::member)));
  }

  private static @Nullable PlayerId viewer(ApiRequest request) {
    var session = request.session();
    return session == null ? null : session.player();
  }

  private Future<Response> create(ApiRequest request) {
    return bus.ask(
            new GroupCommand.Create(
                request.player(), settings(request.input()), request.idempotencyKey()))
        .map(group -> Response.created(GroupViews.group(group)));
  }

  private Future<Response> update(ApiRequest request) {
    return bus.ask(
            new GroupCommand.Update(request.player(), groupId(request), settings(request.input())))
        .map(group -> Response.ok(GroupViews.group(group)));
  }

  static Settings settings(Input in) {
    return new Settings(
        in.text("title"),
        in.text("description"),
        in.text("type"),
        in.integer("max_members"),
        in.object("metadata"),
        in.integer("slowdown"));
  }

  private Future<Response> join(ApiRequest request) {
    return bus.ask(
            new GroupCommand.Join(request.player(), groupId(request), request.idempotencyKey()))
        .map(GroupRoutes::joined);
  }

  private static Response joined(GroupMembership membership) {
    return membership.role() == GroupRole.REQUESTED
        ? Response.created(GroupViews.request(membership))
        : Response.ok(GroupViews.member(membership));
  }

  private Future<Response> leave(ApiRequest request) {
    return bus.ask(
            new GroupCommand.Leave(request.player(), groupId(request), request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> kick(ApiRequest request) {
    return bus.ask(
            new GroupCommand.Kick(
                request.player(), groupId(request), target(request), request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> promote(ApiRequest request) {
    return bus.ask(new GroupCommand.Promote(request.player(), groupId(request), target(request)))
        .map(member -> Response.ok(GroupViews.member(member)));
  }

  private Future<Response> demote(ApiRequest request) {
    return bus.ask(new GroupCommand.Demote(request.player(), groupId(request), target(request)))
        .map(member -> Response.ok(GroupViews.member(member)));
  }

  private Future<Response> listRequests(ApiRequest request) {
    return bus.ask(
            new GroupQuery.ListRequests(
                request.player(), groupId(request), request.page(limits.pageSizeMax())))
        .map(requests -> Response.ok(Views.page(requests, GroupViews::request)));
  }

  private Future<Response> listReceived(ApiRequest request) {
    return bus.ask(
            new GroupQuery.ListReceived(request.player(), request.page(limits.pageSizeMax())))
        .map(invites -> Response.ok(Views.page(invites, GroupViews::invite)));
  }

  private Future<Response> listSent(ApiRequest request) {
    return bus.ask(new GroupQuery.ListSent(request.player(), request.page(limits.pageSizeMax())))
        .map(invites -> Response.ok(Views.page(invites, GroupViews::invite)));
  }

  private Future<Response> invite(ApiRequest request) {
    return bus.ask(new GroupCommand.Invite(request.player(), groupId(request), target(request)))
        .map(GroupRoutes::invited);
  }

  private static Response invited(InviteResult result) {
    return Response.ok(JsonObject.of("status", result.name().toLowerCase(Locale.ROOT)));
  }

  private Future<Response> accept(ApiRequest request) {
    return bus.ask(
            new GroupCommand.AcceptInvite(
                request.player(), inviteId(request), request.idempotencyKey()))
        .map(GroupRoutes::accepted);
  }

  private static Response accepted(AcceptResult result) {
    return Response.ok(
        result.alreadyMember()
            ? JsonObject.of("status", "already_member")
            : GroupViews.member(result.membership()));
  }

  private static Response status(String status) {
    return Response.ok(JsonObject.of("status", status));
  }

  private Future<Response> notifyAll(ApiRequest request) {
    var in = request.input();
    String title = in.text("title");
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new GroupCommand.NotifyAll(
                request.player(),
                groupId(request),
                title == null ? NOTICE_TITLE : title,
                in.textOrEmpty("content"),
                metadata == null ? Map.of() : metadata,
                request.idempotencyKey()))
        .map(sent -> Response.ok(JsonObject.of("sent", sent)));
  }

  static GroupId groupId(ApiRequest request) {
    return new GroupId(request.input().id("id"));
  }

  private static GroupMembershipId requestId(ApiRequest request) {
    return new GroupMembershipId(request.input().id("request_id"));
  }

  private static GroupInviteId inviteId(ApiRequest request) {
    return new GroupInviteId(request.input().id("invite_id"));
  }

  private static PlayerId target(ApiRequest request) {
    return new PlayerId(request.input().id("target_user_id"));
  }
}
