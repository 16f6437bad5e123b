package dev.rookery.protocol.gamend;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.Refused;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Invite;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

/** Invitations to roles: list, create, cancel. */
final class AdminInviteRoutes {
  private final Supplier<String> publicUrl;

  /**
   * @param publicUrl the address under which players reach the server
   */
  AdminInviteRoutes(Supplier<String> publicUrl) {
    this.publicUrl = publicUrl;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_invites", this::list);
    routes.put("admin_create_invite", this::create);
    routes.put("admin_cancel_invite", this::cancel);
  }

  private Future<Response> list(ApiRequest request) {
    boolean personal = request.requiredSession().may(Permission.PLAYERS_PERSONAL);
    return request
        .ask(new ConsoleCommand.ListInvites())
        .map(
            invites -> {
              var data = new JsonArray();
              invites.forEach(invite -> data.add(view(invite, personal)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> create(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new ConsoleCommand.CreateInvite(
                request.player(), in.textOrEmpty("role"), in.text("email"), in.number("until")))
        .compose(
            created ->
                send(request, created.invite(), created.path())
                    .map(
                        emailed ->
                            Response.ok(
                                JsonObject.of(
                                    "data",
                                    view(created.invite(), true)
                                        .put("emailed", emailed)
                                        .put(
                                            "url",
                                            emailed ? null : publicUrl.get() + created.path())))));
  }

  /** Sends the link, and returns whether the server could. */
  private static Future<Boolean> send(ApiRequest request, Invite invite, String path) {
    return invite.email().isEmpty()
        ? Future.succeededFuture(false)
        : request
            .ask(
                new EmailCommand.SendInvite(
                    invite.email(), invite.role(), invite.by(), invite.byName(), path))
            .map(true)
            .recover(
                failure ->
                    failure instanceof Refused refused && refused.refusal() instanceof Unavailable
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
  }

  private Future<Response> cancel(ApiRequest request) {
    return request
        .ask(new ConsoleCommand.CancelInvite(request.input().textOrEmpty("invite")))
        .map(Response::empty);
  }

  private static JsonObject view(Invite invite, boolean personal) {
    Long until = invite.untilMs();
    return new JsonObject()
        .put("id", invite.id())
        .put("role", invite.role())
        .put("email", personal ? invite.email() : "")
        .put("invited_by", invite.by().value())
        .put("created_at", Views.time(invite.createdMs()))
        .put("expires_at", Views.time(invite.expiresMs()))
        .put("role_ends_at", until == null ? null : Views.time(until));
  }
}
