package dev.rookery.protocol.gamend;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatistics;
import dev.rookery.achievement.PlayerAchievement;
import dev.rookery.base.AchievementId;
import dev.rookery.base.PlayerId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Management of achievements by admins (Gamend HTTP contract, section 17.10). */
final class AdminAchievementRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_achievements", this::list);
    routes.put("admin_create_achievement", this::create);
    routes.put("admin_get_achievement", this::show);
    routes.put("admin_update_achievement", this::update);
    routes.put("admin_delete_achievement", this::delete);
    routes.put("admin_grant_achievement", this::unlock);
    routes.put("admin_unlock_achievement", this::unlock);
    routes.put("admin_increment_achievement", this::increment);
    routes.put("admin_revoke_achievement", this::revoke);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new AchievementCommand.ListDefinitions(AchievementRoutes.page(request)))
        .map(page -> AchievementRoutes.answer(page, AdminAchievementRoutes::view));
  }

  private Future<Response> create(ApiRequest request) {
    return request
        .ask(new AchievementCommand.Create(fields(request.input())))
        .map(created -> Response.created(JsonObject.of("data", view(created))));
  }

  private Future<Response> update(ApiRequest request) {
    return request
        .ask(
            new AchievementCommand.Update(
                id(request), fields(request.input()), EntityTags.revision(request)))
        .map(updated -> answer(request, updated));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new AchievementCommand.FindDefinition(id(request)))
        .map(found -> answer(request, found));
  }

  private static Response answer(ApiRequest request, AchievementStatistics found) {
    EntityTags.set(request, found.achievement().updatedMs());
    return Response.ok(JsonObject.of("data", view(found)));
  }

  private static AchievementCommand.Fields fields(Input in) {
    return new AchievementCommand.Fields(
        in.text("slug"),
        in.text("title"),
        in.text("description"),
        in.text("icon_url"),
        in.integer("sort_order"),
        in.flag("hidden"),
        in.integer("progress_target"),
        in.object("metadata"));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new AchievementCommand.Delete(id(request)))
        .map(_ -> Response.ok(JsonObject.of("message", "achievement deleted")));
  }

  private Future<Response> unlock(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new AchievementCommand.Unlock(
                new PlayerId(in.id("user_id")),
                in.textOrEmpty("slug"),
                request.player(),
                request.idempotencyKey()))
        .map(AdminAchievementRoutes::progress);
  }

  private Future<Response> increment(ApiRequest request) {
    var in = request.input();
    Long amount = in.number("amount");
    return request
        .ask(
            new AchievementCommand.Increment(
                new PlayerId(in.id("user_id")),
                in.textOrEmpty("slug"),
                amount == null ? 1 : amount,
                request.player(),
                request.idempotencyKey()))
        .map(AdminAchievementRoutes::progress);
  }

  private Future<Response> revoke(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new AchievementCommand.Revoke(
                new PlayerId(in.id("user_id")), new AchievementId(in.id("achievement_id"))))
        .map(_ -> Response.ok(JsonObject.of("message", "achievement revoked")));
  }

  private static AchievementId id(ApiRequest request) {
    return new AchievementId(request.input().id("id"));
  }

  private static Response progress(PlayerAchievement progress) {
    JsonObject view = Views.playerAchievement(progress);
    return Response.ok(
        JsonObject.of(
            "data",
            new JsonObject()
                .put("user_id", view.getValue("user_id"))
                .put("achievement_id", view.getValue("achievement_id"))
                .put("progress", view.getValue("progress"))
                .put("unlocked_at", view.getValue("unlocked_at"))));
  }

  /** With the share of players who have it, which extends the contract. */
  private static JsonObject view(AchievementStatistics statistics) {
    Achievement achievement = statistics.achievement();
    return AchievementRoutes.view(achievement)
        .put("unlocked_count", statistics.unlocked())
        .put("unlock_percentage", statistics.unlockedPercent())
        .put("inserted_at", Views.time(achievement.createdMs()))
        .put("updated_at", Views.time(achievement.updatedMs()));
  }
}
