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

/** The player's own account: profile, data export, password, devices, linked providers. */
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

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new PlayerCommand.Find(request.player()))
        .map(player -> Response.ok(Views.me(player)));
  }

  private Future<Response> export(ApiRequest request) {
    return ChunkedBody.of(
            (AccountCommand.@Nullable ExportCursor cursor) ->
                bus.ask(new AccountCommand.ExportData(request.player(), cursor)),
            AccountCommand.ExportChunk::json,
            AccountCommand.ExportChunk::next)
        .map(
            chunks -> {
              String name = "attachment; filename=\"player-%s.json\"".formatted(request.player());
              request.context().response().putHeader("content-disposition", name);
              return Response.chunked(chunks);
            });
  }

  private Future<Response> delete(ApiRequest request) {
    return bus.ask(new AccountCommand.Delete(request.player())).map(Response::empty);
  }

  private Future<Response> setPassword(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new AuthCommand.ChangePassword(
                request.player(),
                request.requiredSession().id(),
                in.text("current_password"),
                in.textOrEmpty("password"),
                in.text("password_confirmation")))
        .map(
            _ -> Response.ok(new JsonObject().put("ok", true).put("id", request.player().value())));
  }

  private Future<Response> setDisplayName(ApiRequest request) {
    return bus.ask(new PlayerCommand.Rename(request.player(), request.input().text("display_name")))
        .map(player -> Response.ok(renamed(player)));
  }

  private static JsonObject renamed(Player player) {
    return new JsonObject()
        .put("ok", true)
        .put("id", player.id().value())
        .put("display_name", player.displayName());
  }

  private Future<Response> linkDevice(ApiRequest request) {
    return bus.ask(
            new PlayerCommand.LinkDevice(
                request.player(), request.input().textOrEmpty("device_id")))
        .map(Response::empty);
  }

  private Future<Response> unlinkDevice(ApiRequest request) {
    return bus.ask(new PlayerCommand.UnlinkDevice(request.player())).map(Response::empty);
  }

  private Future<Response> unlinkProvider(ApiRequest request) {
    String name = request.input().textOrEmpty("provider");
    Provider provider = Provider.valueOf(name.toUpperCase(Locale.ROOT));
    return bus.ask(new PlayerCommand.UnlinkProvider(request.player(), provider))
        .map(Response::empty);
  }
}
