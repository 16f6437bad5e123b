package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Search for players and their public profiles. */
final class UserRoutes {
  private final Bus bus;
  private final Limits limits;

  UserRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("search_users", this::search);
    routes.put("get_user", this::show);
  }

  private Future<Response> search(ApiRequest request) {
    String text = request.input().text("q");
    Page.Request page = request.page(limits.pageSizeMax());
    Future<Page<Player>> found =
        text == null
            ? Future.succeededFuture(new Page<>(List.of(), page.number(), page.size(), 0))
            : bus.ask(new PlayerCommand.Search(text, page));
    return found.map(players -> Response.ok(Views.page(players, Views::user)));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new PlayerCommand.Find(new PlayerId(request.input().id("id"))))
        .map(player -> Response.ok(Views.user(player)));
  }
}
