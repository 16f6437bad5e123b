package dev.rookery.protocol.page;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatus;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Serves the achievements, with the progress of the player who is signed in. */
final class AchievementPages {
  private static final String PATH = "/achievements";
  private static final String UNLOCKED = "unlocked";
  private static final String LOCKED = "locked";
  private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\]).*");
  private static final List<Map<String, Object>> FILTERS =
      List.of(
          Map.of("value", "", "label", Message.of("All")),
          Map.of("value", UNLOCKED, "label", Message.of("Unlocked")),
          Map.of("value", LOCKED, "label", Message.of("Locked")));

  private final Bus bus;

  AchievementPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, PATH, this::render);
  }

  private Future<PageResponse> render(PageRequest request) {
    PlayerId viewer = request.playerOrNull();
    String show = viewer == null ? "" : request.queryParameter("show");
    var list = new PageList(PATH, "page", Map.of("show", show));
    Page.Request page = list.requested(request, AchievementCommand.PAGE_MAX);
    Future<Page<AchievementStatus>> shown =
        viewer != null && show.equals(UNLOCKED)
            ? bus.ask(new AchievementCommand.ListUnlocked(viewer, page))
            : bus.ask(new AchievementCommand.ListAll(viewer, page))
                .map(all -> show.equals(LOCKED) ? locked(all) : all);
    Future<Long> unlocked =
        viewer == null
            ? Future.succeededFuture(0L)
            : bus.ask(new AchievementCommand.ListUnlocked(viewer, new Page.Request(1, 1)))
                .map(Page::total);
    return Future.all(shown, unlocked)
        .map(
            _ -> {
              var model = new HashMap<String, Object>();
              model.put("title", Message.of("Achievements"));
              model.put("filters", FILTERS);
              model.put("show", show);
              model.put("unlocked", unlocked.result());
              model.put("list", list.view(shown.result(), one -> view(one)));
              return request.wantsPart()
                  ? PageResponse.Render.ok("achievement-list", model)
                  : new PageResponse.Scripted(200, "achievements", model);
            });
  }

  /** Those of the page that are locked; the pages stay those of the whole list. */
  private static Page<AchievementStatus> locked(Page<AchievementStatus> all) {
    return new Page<>(
        all.items().stream().filter(one -> one.unlockedMs() == null).toList(),
        all.number(),
        all.size(),
        all.total());
  }

  /** Pages load nothing from other hosts; a picture there is left out. */
  private static String icon(String address) {
    return OWN_PATH.matcher(address).matches() ? address : "";
  }

  private static Map<String, Object> view(AchievementStatus status) {
    Achievement achievement = status.achievement();
    Long unlockedMs = status.unlockedMs();
    return Map.of(
        "title", achievement.title(),
        "icon", icon(achievement.iconUrl()),
        "description", achievement.description(),
        "target", achievement.progressTarget(),
        "progress", status.progress(),
        "done", unlockedMs != null,
        "at", unlockedMs == null ? "" : Instant.ofEpochMilli(unlockedMs));
  }
}
