package dev.rookery.protocol.console;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupType;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of a group with its members, and edit and delete. */
final class GroupPages implements ConsoleSection {
  private static final String PATH = GroupListPages.PATH;
  private static final String GROUP = PATH + "/:id";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String TYPE = "type";
  private static final String MEMBERS_MAX = "max_members";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";

  private final Bus bus;
  private final Changes changes;
  private final GroupMemberPages memberPages;

  GroupPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
    this.memberPages = new GroupMemberPages(bus, changes);
  }

  static String name(GroupType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.action(PATH + "/delete", Permission.SOCIAL_EDIT, this::deleteSelected);
    console.page(GROUP, Permission.SOCIAL_READ, this::show);
    console.page(GROUP + "/edit", Permission.SOCIAL_EDIT, this::edit);
    console.action(GROUP + "/edit", Permission.SOCIAL_EDIT, this::save);
    console.action(GROUP + "/delete", Permission.SOCIAL_EDIT, this::delete);
    memberPages.register(console);
    console.message("group-saved", "The group was saved.");
    console.message("group-deleted", "The group was deleted.");
    console.message("groups-deleted", "The selected groups were deleted.");
  }

  private static GroupId id(ConsoleRequest request) {
    return new GroupId(request.id("id"));
  }

  private static String path(GroupId group) {
    return PATH + "/" + group.value();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var group = bus.ask(new GroupQuery.Find(id(request)));
    var members = memberPages.section(request);
    return Future.all(group, members).map(_ -> show(request, group.result(), members.result()));
  }

  private ConsoleView show(ConsoleRequest request, Group group, Section members) {
    PlayerId creator = group.creator();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(group.id().value()))),
            Fact.of("Title", Cell.text(group.title())),
            Fact.of("Description", Cell.text(group.description())),
            Fact.of("Type", Cell.text(name(group.type()))),
            Fact.of("Members", Cell.text(group.members() + " of " + group.membersMax())),
            Fact.of(
                "Creator",
                creator == null
                    ? Cell.text("deleted")
                    : Cell.player(group.creatorName(), creator.value())),
            Fact.of("Slow mode", Cell.text(group.slowdownSeconds() + " s")),
            Fact.of("Created", Cell.time(group.createdMs())),
            Fact.of("Updated", Cell.time(group.updatedMs())));
    return record(
        request,
        group,
        List.of(
            Section.facts("group", "Group", facts),
            Section.text("metadata", "Metadata", PrettyJson.of(group.metadata())),
            members));
  }

  private ConsoleView record(ConsoleRequest request, Group group, List<Section> sections) {
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    String path = path(group.id());
    return new RecordPage(
            List.of(new Link("Groups", PATH)),
            List.of(Cell.badge(name(group.type()), "")),
            ExplorerPages.withApi(
                request,
                edits ? List.of(new Link("Edit", path + "/edit")) : List.of(),
                "admin_get_group",
                group.id().value()),
            edits ? List.of(new Action("Delete…", path + "/delete", 2)) : List.of(),
            List.of(),
            sections)
        .render(group.title());
  }

  private static List<FormView.Field> fields(Group group) {
    return List.of(
        FormView.Field.of(TITLE, "Title", "text", group.title()).needed(),
        FormView.Field.of(DESCRIPTION, "Description", "textarea", group.description()),
        FormView.Field.select(
            TYPE,
            "Type",
            name(group.type()),
            Arrays.stream(GroupType.values()).map(GroupPages::name).toList()),
        FormView.Field.of(
            MEMBERS_MAX, "Most members", "number", Integer.toString(group.membersMax())),
        FormView.Field.of(
            SLOWDOWN,
            "Slow mode, seconds between messages",
            "number",
            Integer.toString(group.slowdownSeconds())),
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(group.metadata())));
  }

  /** A group has no revision; the time of its last change tells the same to an editor. */
  private static EditForm editForm(ConsoleRequest request, Group group) {
    return new EditForm(request, Long.toString(group.updatedMs()), fields(group));
  }

  private static FormView form(Group group, EditForm edit) {
    String path = path(group.id());
    return new FormView(path + "/edit", edit.revision(), fields(group), "Save", 0, path, List.of());
  }

  private ConsoleView editPage(ConsoleRequest request, Group group, FormView form) {
    return record(request, group, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .map(group -> editPage(request, group, form(group, editForm(request, group))));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .compose(
            group -> {
              EditForm edit = editForm(request, group);
              return edit.submit(
                  form(group, edit),
                  again -> editPage(request, group, again),
                  typed -> save(request, group.id(), typed),
                  () -> save(request));
            });
  }

  private Future<ConsoleView> save(ConsoleRequest request, GroupId group, EditForm typed) {
    var settings =
        new GroupCommand.Settings(
            typed.changed(TITLE),
            typed.changed(DESCRIPTION),
            typed.changed(TYPE),
            typed.changed(MEMBERS_MAX) == null ? null : typed.integer(MEMBERS_MAX),
            typed.changed(METADATA) == null ? null : typed.object(METADATA),
            typed.changed(SLOWDOWN) == null ? null : typed.integer(SLOWDOWN));
    return changes
        .make(
            request,
            new GroupCommand.UpdateAny(group, settings, typed.expected()),
            "admin_update_group",
            "groups/" + group.value(),
            Changes.values(
                TITLE, settings.title(),
                DESCRIPTION, settings.description(),
                TYPE, settings.type(),
                MEMBERS_MAX, settings.membersMax(),
                METADATA, settings.metadata(),
                SLOWDOWN, settings.slowdownSeconds()))
        .map(_ -> ConsoleView.done(path(group), "group-saved"));
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new GroupCommand.Delete(new GroupId(id)),
        "admin_delete_group",
        "groups/" + id,
        Map.of());
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .compose(
            group ->
                Confirmation.level2(
                        "Delete " + group.title() + "?",
                        "The group, its chat and the memberships of "
                            + group.members()
                            + " players are deleted.",
                        "Delete the group",
                        group.title())
                    .ask(
                        request,
                        path(group.id()),
                        () ->
                            delete(request, group.id().value())
                                .map(_ -> ConsoleView.done(PATH, "group-deleted"))));
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "groups",
            "The groups, their chats and all memberships are deleted.",
            "groups-deleted",
            id -> delete(request, id));
  }
}
