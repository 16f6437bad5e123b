package dev.rookery.protocol.gamend;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.ShortToken;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Test players, as which admins try requests; nobody acts as a real player. */
final class AdminTestPlayerRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_test_players", this::list);
    routes.put("admin_create_test_player", this::create);
    routes.put("admin_create_test_token", this::createToken);
    routes.put("admin_delete_test_player", this::delete);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(
            new PlayerCommand.ListAccounts(
                AccountFilter.withMark(MarkFilter.of(PlayerMark.TEST)),
                AccountOrder.OLDEST,
                null,
                false,
                PlayerMark.TEST.max()))
        .map(
            found -> {
              var data = new JsonArray();
              found.forEach(account -> data.add(view(account)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> create(ApiRequest request) {
    String name = request.input().textOrEmpty("display_name");
    return request
        .ask(
            new AuthCommand.CreateMarkedPlayers(
                PlayerMark.TEST, List.of(name), request.player(), request.idempotencyKey()))
        .compose(created -> request.ask(new PlayerCommand.FindAccount(created.getFirst())))
        .map(account -> Response.created(JsonObject.of("data", view(account))));
  }

  private Future<Response> createToken(ApiRequest request) {
    return request
        .ask(new AuthCommand.OpenTestSession(id(request), request.client()))
        .map(token -> Response.ok(JsonObject.of("data", view(token))));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new PlayerCommand.FindAccount(id(request)))
        .compose(
            account ->
                account.mark() == PlayerMark.TEST
                    ? request.ask(new AccountCommand.Delete(account.player().id()))
                    : Future.failedFuture(Refused.denied("not_a_test_player")))
        .map(Response::empty);
  }

  private static PlayerId id(ApiRequest request) {
    return new PlayerId(request.input().id("id"));
  }

  private static JsonObject view(Account account) {
    return new JsonObject()
        .put("id", account.player().id().value())
        .put("display_name", account.player().displayName())
        .put("is_online", account.player().online())
        .put("inserted_at", Views.time(account.player().createdMs()));
  }

  private static JsonObject view(ShortToken token) {
    return new JsonObject()
        .put("access_token", token.accessToken())
        .put("expires_in", token.lifetime().toSeconds())
        .put("user_id", token.player().value());
  }
}
