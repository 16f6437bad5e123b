package dev.rookery.protocol.gamend;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatus;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Achievements as players see them (Gamend HTTP contract, section 15.2). */
final class AchievementRoutes {
  private static final int PAGE_SIZE = 25;

  private final Bus bus;

  AchievementRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_achievements", this::list);
    routes.put("get_achievement", this::show);
    routes.put("my_achievements", this::listOwn);
    routes.put("user_achievements", this::listOfPlayer);
  }

  private Future<Response> list(ApiRequest request) {
    return bus.ask(new AchievementCommand.ListAll(viewer(request), page(request)))
        .map(achievements -> answer(achievements, AchievementRoutes::view));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(
            new AchievementCommand.Find(request.input().textOrEmpty("slug"), viewer(request)))
        .map(achievement -> Response.ok(JsonObject.of("data", view(achievement))));
  }

  private Future<Response> listOwn(ApiRequest request) {
    return listUnlocked(request, request.player());
  }

  private Future<Response> listOfPlayer(ApiRequest request) {
    return listUnlocked(request, new PlayerId(request.input().id("user_id")));
  }

  private Future<Response> listUnlocked(ApiRequest request, PlayerId player) {
    return bus.ask(new AchievementCommand.ListUnlocked(player, page(request)))
        .map(achievements -> answer(achievements, AchievementRoutes::view));
  }

  private static @Nullable PlayerId viewer(ApiRequest request) {
    Session session = request.session();
    return session == null ? null : session.player();
  }

  /** Pages of any size; only whole numbers count, as the contract has it for achievements. */
  static Page.Request page(ApiRequest request) {
    return new Page.Request(number(request, "page", 1), number(request, "page_size", PAGE_SIZE));
  }

  private static int number(ApiRequest request, String name, int otherwise) {
    Object raw = Params.query(request.context()).get(name);
    Long number = raw == null ? null : FieldType.parseInteger(raw);
    return number == null ? otherwise : Math.clamp(number, 1, Integer.MAX_VALUE);
  }

  /** The contract counts one page even if there is nothing. */
  static <T> Response answer(Page<T> page, Function<? super T, JsonObject> view) {
    JsonObject body = Views.page(page, view);
    if (page.total() == 0) {
      body.getJsonObject("meta").put("total_pages", 1);
    }
    return Response.ok(body);
  }

  private static JsonObject view(AchievementStatus status) {
    Long unlockedMs = status.unlockedMs();
    return view(status.achievement())
        .put("progress", status.progress())
        .put("unlocked_at", unlockedMs == null ? null : Views.time(unlockedMs));
  }

  /** What both players and admins see of a definition. */
  static JsonObject view(Achievement achievement) {
    return new JsonObject()
        .put("id", achievement.id().value())
        .put("slug", achievement.slug())
        .put("title", achievement.title())
        .put("description", achievement.description())
        .put("icon_url", achievement.iconUrl())
        .put("sort_order", achievement.sortOrder())
        .put("hidden", achievement.hidden())
        .put("progress_target", achievement.progressTarget())
        .put("metadata", achievement.metadata());
  }
}
