package dev.rookery.protocol.gamend;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What admins see and change of players. */
final class AdminUserRoutes {
  private final Bus bus;
  private final Limits limits;

  AdminUserRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_users", this::list);
    routes.put("admin_get_user", this::show);
    routes.put("admin_update_user", this::update);
    routes.put("admin_delete_user", this::delete);
    routes.put("admin_ban_user", this::ban);
    routes.put("admin_unban_user", this::unban);
  }

  private Future<Response> list(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new PlayerCommand.SearchAccounts(
                in.text("q"),
                in.flag("banned"),
                in.flag("is_admin"),
                call.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, AdminUserRoutes::details)));
  }

  private Future<Response> show(ApiRequest call) {
    return bus.ask(new PlayerCommand.FindAccount(user(call)))
        .map(account -> Response.ok(JsonObject.of("data", details(account))));
  }

  private Future<Response> update(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new PlayerCommand.Update(
                call.player(),
                user(call),
                in.flag("is_admin"),
                in.text("display_name"),
                in.object("metadata")))
        .map(account -> Response.ok(JsonObject.of("data", view(account))));
  }

  /** Deleting nobody is harmless for the domain; an admin who mistyped wants to know. */
  private Future<Response> delete(ApiRequest call) {
    return bus.ask(new PlayerCommand.FindAccount(user(call)))
        .compose(_ -> bus.ask(new AccountCommand.Delete(user(call))))
        .map(Response::empty);
  }

  private Future<Response> ban(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new AccountCommand.Ban(
                user(call), call.player(), in.textOrEmpty("reason"), in.number("until")))
        .map(Response::empty);
  }

  private Future<Response> unban(ApiRequest call) {
    return bus.ask(new AuthCommand.LiftBan(user(call))).map(Response::empty);
  }

  private static PlayerId user(ApiRequest call) {
    return new PlayerId(call.input().id("id"));
  }

  private static JsonObject view(Account account) {
    Player player = account.player();
    JsonObject user = Views.user(player);
    user.remove("profile_url");
    return user.put("email", player.email())
        .put("is_admin", player.admin())
        .put("inserted_at", Views.time(player.createdMs()))
        .put("updated_at", Views.time(account.updatedMs()));
  }

  /** With what the admin API of other servers of this kind does not know. */
  private static JsonObject details(Account account) {
    JsonObject me = Views.me(account.player());
    Ban ban = account.ban();
    return view(account)
        .put("profile_url", account.player().profileUrl())
        .put("linked_providers", me.getJsonObject("linked_providers"))
        .put("has_password", account.player().hasPassword())
        .put("ban", ban == null ? null : view(ban));
  }

  private static JsonObject view(Ban ban) {
    Long until = ban.untilMs();
    return new JsonObject()
        .put("reason", ban.reason())
        .put("since", Views.time(ban.sinceMs()))
        .put("until", until == null ? null : Views.time(until));
  }
}
