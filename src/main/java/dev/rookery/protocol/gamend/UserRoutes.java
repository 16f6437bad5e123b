package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Search for players and their public profiles. */
final class UserRoutes {
  private final Bus bus;
  private final Limits limits;
  private final boolean everybodySearchesByEmail;

  /**
   * @param everybodySearchesByEmail whether others than admins find players by email address
   */
  UserRoutes(Bus bus, Limits limits, boolean everybodySearchesByEmail) {
    this.bus = bus;
    this.limits = limits;
    this.everybodySearchesByEmail = everybodySearchesByEmail;
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
            : bus.ask(new PlayerCommand.Search(text, searchesByEmail(request), page));
    return found.compose(
        players ->
            MembershipVisibility.of(bus, request.session(), players.items())
                .map(visible -> Response.ok(Views.page(players, visible::user))));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new PlayerCommand.Find(new PlayerId(request.input().id("id"))))
        .compose(
            player ->
                MembershipVisibility.of(bus, request.session(), List.of(player))
                    .map(visible -> Response.ok(visible.user(player))));
  }

  private boolean searchesByEmail(ApiRequest request) {
    Session session = request.session();
    return everybodySearchesByEmail || (session != null && session.admin());
  }
}
