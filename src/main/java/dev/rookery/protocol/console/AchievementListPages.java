package dev.rookery.protocol.console;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatistics;
import dev.rookery.base.Page;
import dev.rookery.bus.Bus;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The list of achievements with the share of players who have them, and its export. */
final class AchievementListPages implements ConsoleSection {
  static final String PATH = "/admin/achievements";

  private static final String SLUG = "slug";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String ORDER = "sort_order";
  private static final String HIDDEN = "hidden";
  private static final String TARGET = "progress_target";
  private static final String METADATA = "metadata";
  private static final List<String> COLUMNS =
      List.of(
          "id",
          SLUG,
          TITLE,
          DESCRIPTION,
          TARGET,
          HIDDEN,
          ORDER,
          "unlocked",
          METADATA,
          "created_at",
          "updated_at");

  private final Bus bus;
  private final ListTools lists;

  AchievementListPages(Bus bus, ListTools lists) {
    this.bus = bus;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.CONTENT, "Achievements", PATH, null, Permission.ACHIEVEMENTS_READ));
    console.page(PATH, Permission.ACHIEVEMENTS_READ, this::list);
    lists.register(console, PATH, this::select);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new AchievementCommand.ListDefinitions(list.page()))
        .map(found -> page(request, list, found));
  }

  private ListSelection<AchievementStatistics> select(ListInput request) {
    return new ListSelection<>(
        "achievements",
        Permission.ACHIEVEMENTS_READ,
        "",
        ListRequest.of(request, List.of(), false, List.of()).search().problems(),
        new ListSelection.Rows<>(
            new NumberedPages<>(
                AchievementCommand.PAGE_MAX,
                page -> bus.ask(new AchievementCommand.ListDefinitions(page))),
            statistics -> statistics.achievement().id().value(),
            COLUMNS,
            AchievementListPages::exported));
  }

  private static Map<String, Object> exported(AchievementStatistics statistics) {
    Achievement achievement = statistics.achievement();
    return Exports.row(
        "id",
        achievement.id().value(),
        SLUG,
        achievement.slug(),
        TITLE,
        achievement.title(),
        DESCRIPTION,
        achievement.description(),
        TARGET,
        achievement.progressTarget(),
        HIDDEN,
        achievement.hidden(),
        ORDER,
        achievement.sortOrder(),
        "unlocked",
        statistics.unlocked(),
        METADATA,
        new JsonObject(achievement.metadata()).encode(),
        "created_at",
        Exports.time(achievement.createdMs()),
        "updated_at",
        Exports.time(achievement.updatedMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, Page<AchievementStatistics> found) {
    boolean edits = request.may(Permission.ACHIEVEMENTS_EDIT);
    var columns =
        List.of(
            Column.of("Achievement", 1),
            Column.of("Unlocked", 1),
            Column.of("Slug", 2),
            Column.of("Target", 3),
            Column.of("Hidden", 3),
            Column.of("Order", 4),
            Column.of("Updated", 4));
    var rows = new ArrayList<Row>();
    for (AchievementStatistics statistics : found.items()) {
      Achievement achievement = statistics.achievement();
      String id = Long.toString(achievement.id().value());
      rows.add(
          new Row(
              id,
              achievement.title(),
              List.of(
                  Cell.link(achievement.title(), PATH + "/" + id),
                  Cell.text(unlocked(statistics)),
                  Cell.code(achievement.slug()),
                  Cell.number(achievement.progressTarget()),
                  Cell.yes(achievement.hidden()),
                  Cell.number(achievement.sortOrder()),
                  Cell.time(achievement.updatedMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Achievements", columns, rows, edits),
            list.pager(found.total()),
            "No achievements",
            "Create one here, or with POST /api/v1/admin/achievements.",
            edits ? List.of(new Action("Delete…", PATH + "/delete", 2)) : List.of(),
            edits ? List.of(new Link("New achievement", PATH + "/new")) : List.of(),
            lists.exports().links(request, list, PATH))
        .render("Achievements");
  }

  static String unlocked(AchievementStatistics statistics) {
    return String.format(
        Locale.ENGLISH, "%,d (%.1f %%)", statistics.unlocked(), statistics.unlockedPercent());
  }
}
