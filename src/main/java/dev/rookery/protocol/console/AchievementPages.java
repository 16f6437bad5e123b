package dev.rookery.protocol.console;

import dev.rookery.achievement.Achievement;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatistics;
import dev.rookery.base.AchievementId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page of an achievement, and create, edit and delete. */
final class AchievementPages implements ConsoleSection {
  private static final String PATH = AchievementListPages.PATH;
  private static final String ONE = PATH + "/:id";
  private static final String SLUG = "slug";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String ICON = "icon_url";
  private static final String ORDER = "sort_order";
  private static final String HIDDEN = "hidden";
  private static final String TARGET = "progress_target";
  private static final String METADATA = "metadata";

  private final Bus bus;
  private final Changes changes;
  private final AchievementGrantPages grants;

  AchievementPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
    this.grants = new AchievementGrantPages(bus, changes);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH + "/new", Permission.ACHIEVEMENTS_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.ACHIEVEMENTS_EDIT, this::create);
    console.action(PATH + "/delete", Permission.ACHIEVEMENTS_EDIT, this::deleteSelected);
    console.page(ONE, Permission.ACHIEVEMENTS_READ, this::show);
    console.page(ONE + "/edit", Permission.ACHIEVEMENTS_EDIT, this::edit);
    console.action(ONE + "/edit", Permission.ACHIEVEMENTS_EDIT, this::save);
    console.action(ONE + "/delete", Permission.ACHIEVEMENTS_EDIT, this::delete);
    console.message("achievement-saved", "The achievement was saved.");
    console.message("achievement-created", "The achievement was created.");
    console.message("achievement-deleted", "The achievement was deleted.");
    console.message("achievements-deleted", "The selected achievements were deleted.");
    grants.register(console);
  }

  private Future<AchievementStatistics> find(ConsoleRequest request) {
    return bus.ask(new AchievementCommand.FindDefinition(new AchievementId(request.id("id"))));
  }

  private static String path(Achievement achievement) {
    return PATH + "/" + achievement.id().value();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return find(request).map(found -> show(request, found));
  }

  private static ConsoleView show(ConsoleRequest request, AchievementStatistics found) {
    Achievement achievement = found.achievement();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(achievement.id().value()))),
            Fact.of("Slug", Cell.code(achievement.slug())),
            Fact.of("Title", Cell.text(achievement.title())),
            Fact.of("Description", Cell.text(achievement.description())),
            Fact.of("Icon", Cell.text(achievement.iconUrl())),
            Fact.of("Target", Cell.number(achievement.progressTarget())),
            Fact.of("Hidden", Cell.text(achievement.hidden() ? "yes" : "no")),
            Fact.of("Order", Cell.number(achievement.sortOrder())),
            Fact.of("Unlocked", Cell.text(AchievementListPages.unlocked(found))),
            Fact.of("Created", Cell.time(achievement.createdMs())),
            Fact.of("Updated", Cell.time(achievement.updatedMs())));
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("achievement", "Achievement", facts));
    sections.add(Section.text("metadata", "Metadata", PrettyJson.of(achievement.metadata())));
    sections.addAll(AchievementGrantPages.sections(request, achievement));
    return record(request, achievement, sections);
  }

  private static ConsoleView record(
      ConsoleRequest request, Achievement achievement, List<Section> sections) {
    boolean edits = request.may(Permission.ACHIEVEMENTS_EDIT);
    String path = path(achievement);
    return new RecordPage(
            List.of(new Link("Achievements", PATH)),
            List.of(),
            ExplorerPages.withApi(
                request,
                edits ? List.of(new Link("Edit", path + "/edit")) : List.of(),
                "admin_get_achievement",
                achievement.id().value()),
            edits ? List.of(new Action("Delete…", path + "/delete", 2)) : List.of(),
            List.of(),
            sections)
        .render(achievement.title());
  }

  private static List<FormView.Field> fields(@Nullable Achievement achievement) {
    return List.of(
        FormView.Field.of(SLUG, "Slug", "text", achievement == null ? "" : achievement.slug())
            .needed(),
        FormView.Field.of(TITLE, "Title", "text", achievement == null ? "" : achievement.title())
            .needed(),
        FormView.Field.of(
            DESCRIPTION,
            "Description",
            "textarea",
            achievement == null ? "" : achievement.description()),
        FormView.Field.of(
            ICON, "Address of the icon", "text", achievement == null ? "" : achievement.iconUrl()),
        FormView.Field.of(
            TARGET,
            "Progress that unlocks it",
            "number",
            achievement == null ? "1" : Integer.toString(achievement.progressTarget())),
        FormView.Field.checkbox(
            HIDDEN, "Hidden until it is unlocked", achievement != null && achievement.hidden()),
        FormView.Field.of(
            ORDER,
            "Order",
            "number",
            achievement == null ? "0" : Integer.toString(achievement.sortOrder())),
        FormView.Field.of(
            METADATA,
            "Metadata",
            "json",
            achievement == null ? "" : PrettyJson.of(achievement.metadata())));
  }

  /** An achievement has no revision; the time of its last change tells the same to an editor. */
  private static FormView form(Achievement achievement) {
    String path = path(achievement);
    return new FormView(
        path + "/edit",
        Long.toString(achievement.updatedMs()),
        fields(achievement),
        "Save",
        0,
        path,
        List.of());
  }

  private static ConsoleView editPage(
      ConsoleRequest request, Achievement achievement, FormView form) {
    return record(request, achievement, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request)
        .map(found -> editPage(request, found.achievement(), form(found.achievement())));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            found -> {
              Achievement achievement = found.achievement();
              return new EditForm(
                      request, Long.toString(achievement.updatedMs()), fields(achievement))
                  .submit(
                      form(achievement),
                      again -> editPage(request, achievement, again),
                      typed -> save(request, achievement, typed),
                      () -> save(request));
            });
  }

  private Future<ConsoleView> save(
      ConsoleRequest request, Achievement achievement, EditForm typed) {
    var fields =
        new AchievementCommand.Fields(
            typed.changed(SLUG),
            typed.changed(TITLE),
            typed.changed(DESCRIPTION),
            typed.changed(ICON),
            typed.changed(ORDER) == null ? null : typed.integer(ORDER),
            typed.changed(HIDDEN) == null ? null : typed.flag(HIDDEN),
            typed.changed(TARGET) == null ? null : typed.integer(TARGET),
            typed.changed(METADATA) == null ? null : typed.object(METADATA));
    return changes
        .make(
            request,
            new AchievementCommand.Update(achievement.id(), fields, typed.expected()),
            "admin_update_achievement",
            "achievements/" + achievement.id().value(),
            values(fields))
        .map(_ -> ConsoleView.done(path(achievement), "achievement-saved"));
  }

  private static Map<String, @Nullable Object> values(AchievementCommand.Fields fields) {
    return Changes.values(
        SLUG, fields.slug(),
        TITLE, fields.title(),
        DESCRIPTION, fields.description(),
        ICON, fields.iconUrl(),
        ORDER, fields.sortOrder(),
        HIDDEN, fields.hidden(),
        TARGET, fields.progressTarget(),
        METADATA, fields.metadata());
  }

  private static FormView newForm() {
    return new FormView(
        PATH + "/new", "", fields(null), "Create the achievement", 0, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Achievements", PATH)),
            List.of(Section.form("new", "New achievement", form)))
        .render("New achievement");
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(newForm()));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields(null))
        .submit(
            newForm(),
            AchievementPages::createPage,
            typed -> {
              var fields =
                  new AchievementCommand.Fields(
                      typed.value(SLUG),
                      typed.value(TITLE),
                      typed.value(DESCRIPTION),
                      typed.value(ICON),
                      typed.integer(ORDER),
                      typed.flag(HIDDEN),
                      typed.integer(TARGET),
                      typed.object(METADATA));
              return changes
                  .make(
                      request,
                      new AchievementCommand.Create(fields),
                      "admin_create_achievement",
                      "achievements",
                      values(fields))
                  .map(made -> ConsoleView.done(path(made.achievement()), "achievement-created"));
            });
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new AchievementCommand.Delete(new AchievementId(id)),
        "admin_delete_achievement",
        "achievements/" + id);
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return find(request)
        .compose(
            found -> {
              Achievement achievement = found.achievement();
              return Confirmation.level2(
                      "Delete " + achievement.title() + "?",
                      "The achievement and the progress of all players are deleted.",
                      "Delete the achievement",
                      achievement.slug())
                  .ask(
                      request,
                      path(achievement),
                      ConsoleView.done(PATH, "achievement-deleted"),
                      () -> delete(request, achievement.id().value()));
            });
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "achievements",
            "They and the progress of all players are deleted.",
            "achievements-deleted",
            id -> delete(request, id));
  }
}
