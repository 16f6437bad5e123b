package dev.rookery.protocol.gamend;

import dev.rookery.auth.GuestCommand;
import io.vertx.core.Future;
import java.util.Map;

/** Guests of the Godra wire, for admins. They are no players, so that nobody can ban them. */
final class AdminGuestRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_end_guest", this::end);
  }

  private Future<Response> end(ApiRequest request) {
    return request
        .ask(new GuestCommand.Remove(request.input().textOrEmpty("id")))
        .map(Response::empty);
  }
}
