package dev.rookery.protocol.gamend;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.bus.Bus;
import dev.rookery.edge.ChunkedBody;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What players see and change of themselves. */
final class MeRoutes {
  private final Bus bus;

  MeRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("get_current_user", this::show);
    routes.put("export_current_user", this::export);
    routes.put("delete_current_user", this::delete);
    routes.put("update_current_user_password", this::setPassword);
    routes.put("update_current_user_display_name", this::setDisplayName);
    routes.put("link_device", this::linkDevice);
    routes.put("unlink_device", this::unlinkDevice);
    routes.put("unlink_provider", this::unlinkProvider);
  }

  private Future<Response> show(ApiRequest call) {
    return bus.ask(new PlayerCommand.Find(call.player()))
        .map(player -> Response.ok(Views.me(player)));
  }

  private Future<Response> export(ApiRequest call) {
    return ChunkedBody.of(
            (AccountCommand.@Nullable ExportCursor from) ->
                bus.ask(new AccountCommand.ExportData(call.player(), from)),
            AccountCommand.ExportChunk::json,
            AccountCommand.ExportChunk::next)
        .map(
            pieces -> {
              String name = "attachment; filename=\"player-%s.json\"".formatted(call.player());
              call.context().response().putHeader("content-disposition", name);
              return Response.chunked(pieces);
            });
  }

  private Future<Response> delete(ApiRequest call) {
    return bus.ask(new AccountCommand.Delete(call.player())).map(Response::empty);
  }

  private Future<Response> setPassword(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new AuthCommand.ChangePassword(
                call.player(),
                call.requiredSession().id(),
                in.text("current_password"),
                in.textOrEmpty("password"),
                in.text("password_confirmation")))
        .map(_ -> Response.ok(new JsonObject().put("ok", true).put("id", call.player().value())));
  }

  private Future<Response> setDisplayName(ApiRequest call) {
    return bus.ask(new PlayerCommand.Rename(call.player(), call.input().text("display_name")))
        .map(player -> Response.ok(renamed(player)));
  }

  private static JsonObject renamed(Player player) {
    return new JsonObject()
        .put("ok", true)
        .put("id", player.id().value())
        .put("display_name", player.displayName());
  }

  private Future<Response> linkDevice(ApiRequest call) {
    return bus.ask(
            new PlayerCommand.LinkDevice(call.player(), call.input().textOrEmpty("device_id")))
        .map(Response::empty);
  }

  private Future<Response> unlinkDevice(ApiRequest call) {
    return bus.ask(new PlayerCommand.UnlinkDevice(call.player())).map(Response::empty);
  }

  private Future<Response> unlinkProvider(ApiRequest call) {
    String name = call.input().textOrEmpty("provider");
    Provider provider = Provider.valueOf(name.toUpperCase(Locale.ROOT));
    return bus.ask(new PlayerCommand.UnlinkProvider(call.player(), provider)).map(Response::empty);
  }
}
