package dev.rookery.protocol.gamend;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Management of players by admins: list, edit, delete, ban. */
final class AdminUserRoutes {
  private static final String DEVICE = "device";
  private static final List<String> PERSONAL = List.of("email", "user_email", "address");

  private final Limits limits;
  private final StepUp stepUp;

  AdminUserRoutes(Limits limits, StepUp stepUp) {
    this.limits = limits;
    this.stepUp = stepUp;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_users", this::list);
    routes.put("admin_get_user", this::show);
    routes.put("admin_update_user", this::update);
    routes.put("admin_delete_user", this::delete);
    routes.put("admin_ban_user", this::ban);
    routes.put("admin_unban_user", this::unban);
    routes.put("admin_set_user_email", this::setEmail);
    routes.put("admin_unlink_user", this::unlink);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    String text = in.text("q");
    Page.Request page = request.page(limits.pageSizeMax());
    // To find a player by an email address is to learn whose it is.
    if (text != null
        && text.indexOf('@') >= 0
        && !request.requiredSession().may(Permission.PLAYERS_PERSONAL)) {
      return Future.succeededFuture(
          Response.ok(
              Views.page(
                  new Page<Account>(List.of(), page.number(), page.size(), 0),
                  AdminUserRoutes::details)));
    }
    return request
        .ask(new PlayerCommand.SearchAccounts(text, in.flag("banned"), in.flag("is_admin"), page))
        .map(found -> Response.ok(Views.page(found, account -> shown(request, account))));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new PlayerCommand.FindAccount(user(request)))
        .map(
            account -> {
              EntityTags.set(request, account.player().revision());
              return Response.ok(JsonObject.of("data", shown(request, account)));
            });
  }

  private Future<Response> update(ApiRequest request) {
    var in = request.input();
    Boolean admin = in.flag("is_admin");
    var update =
        new PlayerCommand.Update(
            request.player(),
            user(request),
            admin,
            in.text("display_name"),
            in.object("metadata"),
            EntityTags.revision(request));
    return requireStepUp(request, admin)
        .compose(_ -> request.ask(update))
        .map(
            account -> {
              EntityTags.set(request, account.player().revision());
              return Response.ok(JsonObject.of("data", view(account)));
            });
  }

  /** To give and to take the rights of an admin needs the second factor, whatever the route. */
  private Future<?> requireStepUp(ApiRequest request, @Nullable Boolean admin) {
    return admin == null
        ? Future.succeededFuture()
        : request
            .ask(new PlayerCommand.FindAccount(user(request)))
            .compose(
                account ->
                    Objects.equals(account.player().admin(), admin)
                        ? Future.succeededFuture(Done.DONE)
                        : stepUp.require(request.context(), request.requiredSession()));
  }

  /** Unlike the domain, reports a missing player, so that an admin notices a mistyped id. */
  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new PlayerCommand.FindAccount(user(request)))
        .compose(_ -> request.ask(new AccountCommand.Delete(user(request))))
        .map(Response::empty);
  }

  private Future<Response> ban(ApiRequest request) {
    var in = request.input();
    var ban =
        new AccountCommand.Ban(
            user(request), request.player(), in.textOrEmpty("reason"), in.number("until"));
    return request.ask(ban).map(Response::empty);
  }

  private Future<Response> unban(ApiRequest request) {
    return request.ask(new AuthCommand.LiftBan(user(request))).map(Response::empty);
  }

  /** Also for those alone who may see it, because what is refused tells whose an address is. */
  private Future<Response> setEmail(ApiRequest request) {
    if (!request.requiredSession().may(Permission.PLAYERS_PERSONAL)) {
      return Future.failedFuture(
          new Refused(
              new Denied("forbidden", Map.of("permission", Permission.PLAYERS_PERSONAL.text()))));
    }
    String email = request.input().textOrEmpty("email").strip();
    return request.ask(new EmailCommand.SetEmail(user(request), email)).map(Response::empty);
  }

  private Future<Response> unlink(ApiRequest request) {
    String method = request.input().textOrEmpty("method");
    PlayerCommand<?> command =
        method.equals(DEVICE)
            ? new PlayerCommand.UnlinkDevice(user(request))
            : new PlayerCommand.UnlinkProvider(
                user(request), Provider.valueOf(method.toUpperCase(Locale.ROOT)));
    return request.ask(command).map(Response::empty);
  }

  /** Hides what only admins with {@link Permission#PLAYERS_PERSONAL} see. */
  static JsonObject withoutPersonal(JsonObject view) {
    for (String field : PERSONAL) {
      if (view.containsKey(field)) {
        view.put(field, "");
      }
    }
    return view;
  }

  private static PlayerId user(ApiRequest request) {
    return new PlayerId(request.input().id("id"));
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

  private static JsonObject shown(ApiRequest request, Account account) {
    JsonObject details = details(account);
    return request.requiredSession().may(Permission.PLAYERS_PERSONAL)
        ? details
        : withoutPersonal(details);
  }

  /** The account with fields that extend the contract. */
  private static JsonObject details(Account account) {
    JsonObject own = Views.me(account.player());
    Ban ban = account.ban();
    return view(account)
        .put("profile_url", account.player().profileUrl())
        .put("linked_providers", own.getJsonObject("linked_providers"))
        .put("has_password", account.player().hasPassword())
        .put("ban", ban == null ? null : view(ban))
        .put("mark", account.mark() == null ? null : account.mark().text());
  }

  private static JsonObject view(Ban ban) {
    Long until = ban.untilMs();
    return new JsonObject()
        .put("reason", ban.reason())
        .put("since", Views.time(ban.sinceMs()))
        .put("until", until == null ? null : Views.time(until));
  }
}
