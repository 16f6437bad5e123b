package dev.rookery.protocol.gamend;

import dev.rookery.match.ProfileChangeCommand;
import dev.rookery.match.ProfileChangeCommand.ParkedPage;
import dev.rookery.match.ProfileChangeCommand.ParkedProfileChange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Changes of profiles that the control plane did not take, for admins. */
final class AdminProfileChangeRoutes {
  private static final int PAGE_SIZE = 25;
  private static final ErrorShape INVALID_REASON = ErrorShape.of(400, "invalid_reason");

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_parked_profile_changes", this::list);
    routes.put("admin_retry_parked_profile_change", this::retry);
    routes.put("admin_drop_parked_profile_change", this::drop);
  }

  private Future<Response> list(ApiRequest request) {
    Long after = request.input().number("after");
    Integer size = request.input().integer("page_size");
    return request
        .ask(
            new ProfileChangeCommand.ListParked(
                after == null ? 0 : Math.max(0, after),
                Math.clamp(size == null ? PAGE_SIZE : size, 1, ProfileChangeCommand.PAGE_MAX)))
        .map(page -> Response.ok(view(page)));
  }

  private static JsonObject view(ParkedPage page) {
    var data = new JsonArray();
    page.changes().forEach(change -> data.add(view(change)));
    return new JsonObject().put("data", data).put("next", page.next());
  }

  private static JsonObject view(ParkedProfileChange change) {
    return new JsonObject()
        .put("id", change.id())
        .put("room_id", change.room())
        .put("action_id", change.action())
        .put("player_id", change.player())
        .put("user", change.user())
        .put("game_key", change.gameKey())
        .put("game_version", change.deploymentVersion())
        .put("schema_version", change.schemaVersion())
        .put("delta", new JsonArray(change.delta()))
        .put("attempts", change.attempts())
        .put("reason", change.reason())
        .put("created_at", Views.time(change.createdMs()))
        .put("parked_at", Views.time(change.parkedMs()));
  }

  private Future<Response> retry(ApiRequest request) {
    return request
        .ask(new ProfileChangeCommand.Retry(request.input().id("id")))
        .map(Response::empty);
  }

  private Future<Response> drop(ApiRequest request) {
    String reason = request.input().textOrEmpty("reason");
    if (reason.isBlank() || reason.length() > ProfileChangeCommand.REASON_MAX) {
      throw new InvalidRequest(INVALID_REASON, Map.of());
    }
    return request
        .ask(new ProfileChangeCommand.Drop(request.input().id("id"), reason))
        .map(Response::empty);
  }
}
