package dev.rookery.protocol.console;

import dev.rookery.auth.AdminOidcCommand;
import dev.rookery.auth.AdminOidcCommand.GroupRole;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Grant;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.console.StoredRole;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The roles that players can have: copy one, choose its permissions, see whom that affects. */
final class RolePages implements ConsoleSection {
  static final String PATH = "/admin/roles";
  private static final int NAMES_SHOWN = 5;

  private final Bus bus;
  private final Changes changes;

  RolePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  static String path(String role) {
    return PATH + "/" + role;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.ADMINS_READ, request -> list(request, FormView.NONE));
    console.action(PATH + "/copy", Permission.ADMINS_EDIT, this::copy);
    console.page(PATH + "/:name", Permission.ADMINS_READ, request -> show(request, FormView.NONE));
    console.action(PATH + "/:name/save", Permission.ADMINS_EDIT, this::save);
    console.action(PATH + "/:name/delete", Permission.ADMINS_EDIT, this::delete);
    console.message("role-saved", "The role was saved.");
    console.message("role-deleted", "The role was deleted.");
  }

  private Future<ConsoleView> list(ConsoleRequest request, FormView form) {
    var roles = bus.ask(new ConsoleCommand.ListRoles());
    var groups = bus.ask(new AdminOidcCommand.ListGroupRoles());
    return Future.all(roles, groups).map(_ -> list(request, roles.result(), groups.result(), form));
  }

  private static ConsoleView list(
      ConsoleRequest request, List<StoredRole> roles, List<GroupRole> groups, FormView form) {
    var sections = new ArrayList<Section>();
    sections.add(Section.table("roles", "Roles", table(roles), Pager.NONE, ""));
    if (!groups.isEmpty()) {
      sections.add(groups(groups));
    }
    if (request.may(Permission.ADMINS_EDIT)) {
      sections.add(
          Section.form("copy", "Copy a role", form == FormView.NONE ? copyForm(roles) : form)
              .withNote("Then choose its permissions. Nobody has it at first."));
    }
    var crumbs = List.of(new Link("Admins and roles", AdminPages.PATH));
    return RecordPage.of(crumbs, sections).render("Roles");
  }

  private static ListView table(List<StoredRole> roles) {
    var columns =
        List.of(
            Column.of("Role", 1),
            Column.of("Holders", 1),
            Column.of("Changed", 3),
            Column.of("By", 4),
            Column.of("Permissions", 2));
    var rows = new ArrayList<Row>();
    for (StoredRole role : roles) {
      String name = role.template().name();
      PlayerId by = role.by();
      List<String> permissions =
          role.template().permissions().stream().map(Permission::text).toList();
      rows.add(
          new Row(
              name,
              name,
              List.of(
                  Cell.link(name, path(name)),
                  Cell.number(role.holders()),
                  Cell.time(role.changedMs()),
                  by == null ? Cell.text("part of the release") : Cell.player(null, by.value()),
                  new Cell("text", String.join(", ", permissions), "", ""))));
    }
    return new ListView("roles", "Roles", columns, rows, false);
  }

  private static Section groups(List<GroupRole> groups) {
    var rows = new ArrayList<Row>();
    for (GroupRole one : groups) {
      rows.add(
          new Row(
              one.group(),
              one.group(),
              List.of(
                  Cell.text(one.group()),
                  one.exists() ? Cell.link(one.role(), path(one.role())) : Cell.code(one.role()),
                  one.exists()
                      ? Cell.text("")
                      : Cell.badge("no such role: sign-ins are refused", "bad"))));
    }
    var columns = List.of(Column.of("Group", 1), Column.of("Role", 1), Column.of("State", 1));
    return Section.table(
            "groups",
            "Groups of the identity provider",
            new ListView("groups", "Groups", columns, rows, false),
            Pager.NONE,
            "")
        .withNote("The roles that groups give are in the configuration, as admin.oidc.roles.");
  }

  private static List<FormView.Field> copyFields(List<StoredRole> roles) {
    return List.of(
        FormView.Field.select(
            "from",
            "Copy of",
            RoleTemplate.VIEWER.name(),
            roles.stream().map(role -> role.template().name()).toList()),
        FormView.Field.of("name", "Name", "text", "")
            .hinted("Begins with a-z; then a-z, 0-9, - and _.")
            .needed());
  }

  private static FormView copyForm(List<StoredRole> roles) {
    return new FormView(PATH + "/copy", "", copyFields(roles), "Copy", 0, "", List.of());
  }

  private Future<ConsoleView> copy(ConsoleRequest request) {
    var roles = bus.ask(new ConsoleCommand.ListRoles());
    var groups = bus.ask(new AdminOidcCommand.ListGroupRoles());
    return Future.all(roles, groups)
        .compose(
            _ ->
                new EditForm(request, "", copyFields(roles.result()))
                    .submit(
                        copyForm(roles.result()),
                        again -> list(request, roles.result(), groups.result(), again),
                        typed -> copy(request, roles.result(), typed)));
  }

  private Future<ConsoleView> copy(ConsoleRequest request, List<StoredRole> roles, EditForm typed) {
    RoleTemplate from = find(roles, typed.value("from")).template();
    String name = typed.value("name").strip();
    return put(request, new RoleTemplate(name, from.permissions()), 0)
        .map(_ -> ConsoleView.done(path(name), "role-saved"));
  }

  private static StoredRole find(List<StoredRole> roles, String name) {
    return roles.stream()
        .filter(role -> role.template().name().equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  private Future<?> put(ConsoleRequest request, RoleTemplate role, long revision) {
    return changes.make(
        request,
        new ConsoleCommand.PutRole(
            request.admin().player(), role.name(), role.permissions(), revision),
        "admin_put_role",
        "roles/" + role.name(),
        Map.of("permissions", role.permissions().stream().map(Permission::text).toList()));
  }

  /** A role and those who have it. */
  private record Shown(StoredRole role, List<Grant> holders) {}

  private Future<Shown> read(ConsoleRequest request) {
    String name = request.path("name");
    var roles = bus.ask(new ConsoleCommand.ListRoles());
    var grants = bus.ask(new ConsoleCommand.ListGrants());
    return Future.all(roles, grants)
        .map(
            _ ->
                new Shown(
                    find(roles.result(), name),
                    grants.result().stream().filter(grant -> grant.role().equals(name)).toList()));
  }

  private Future<ConsoleView> show(ConsoleRequest request, FormView form) {
    return read(request).map(shown -> show(request, shown, form));
  }

  private static ConsoleView show(ConsoleRequest request, Shown shown, FormView form) {
    RoleTemplate role = shown.role().template();
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("role", "Role", facts(shown.role())));
    boolean edits =
        request.may(Permission.ADMINS_EDIT)
            && !role.isBuiltIn()
            && !role.name().equals(request.admin().role().name())
            && request.admin().role().mayGrant(role);
    if (edits) {
      sections.add(
          Section.form(
                  "permissions",
                  "Permissions",
                  form == FormView.NONE ? form(request, shown.role()) : form)
              .withNote(
                  "A change is effective everywhere within a second, and signs the holders out of"
                      + " the console. Permissions that you lack are not shown."));
    } else {
      sections.add(
          Section.table("permissions", "Permissions", permissions(role), Pager.NONE, "None"));
    }
    sections.add(
        Section.table(
            "holders", "Whom a change affects", holders(shown.holders()), Pager.NONE, "Nobody"));
    List<Action> buttons =
        edits && shown.role().holders() == 0
            ? List.of(new Action("Delete…", path(role.name()) + "/delete", 1))
            : List.of();
    return new RecordPage(
            List.of(new Link("Admins and roles", AdminPages.PATH), new Link("Roles", PATH)),
            List.of(),
            List.of(),
            buttons,
            List.of(),
            sections)
        .render("Role " + role.name());
  }

  private static List<Fact> facts(StoredRole role) {
    PlayerId by = role.by();
    return List.of(
        Fact.of("Name", Cell.code(role.template().name())),
        Fact.of("Holders", Cell.number(role.holders())),
        Fact.of("Changed", Cell.time(role.changedMs())),
        Fact.of(
            "By", by == null ? Cell.text("part of the release") : Cell.player(null, by.value())));
  }

  private static ListView permissions(RoleTemplate role) {
    List<Row> rows =
        role.permissions().stream()
            .map(Permission::text)
            .map(text -> new Row(text, text, List.of(Cell.code(text))))
            .toList();
    return new ListView(
        "permissions", "Permissions", List.of(Column.of("Permission", 1)), rows, false);
  }

  private static ListView holders(List<Grant> holders) {
    var rows = new ArrayList<Row>();
    for (Grant grant : holders) {
      long id = grant.player().value();
      rows.add(
          new Row(
              Long.toString(id),
              name(grant),
              List.of(
                  Cell.player(grant.displayName(), id),
                  Cell.number(grant.sessions()),
                  Cell.time(grant.untilMs()))));
    }
    var columns =
        List.of(
            Column.of("Player", 1), Column.of("Console sessions", 2), Column.of("Role ends", 2));
    return new ListView("holders", "Holders", columns, rows, false);
  }

  private static String name(Grant grant) {
    return grant.displayName().isBlank() ? "Player " + grant.player() : grant.displayName();
  }

  private static List<FormView.Field> fields(ConsoleRequest request, RoleTemplate role) {
    return Arrays.stream(Permission.values())
        .filter(request::may)
        .map(
            permission ->
                FormView.Field.checkbox(permission.text(), permission.text(), role.may(permission)))
        .toList();
  }

  private static FormView form(ConsoleRequest request, StoredRole role) {
    String path = path(role.template().name());
    return new FormView(
        path + "/save",
        Long.toString(role.revision()),
        fields(request, role.template()),
        "Save…",
        2,
        path,
        List.of());
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return read(request)
        .compose(
            shown -> {
              StoredRole role = shown.role();
              String name = role.template().name();
              var edit =
                  new EditForm(
                      request, Long.toString(role.revision()), fields(request, role.template()));
              return edit.submit(
                  form(request, role),
                  again -> show(request, shown, again),
                  typed ->
                      Confirmation.level2(
                              "Change the role " + name + "?",
                              consequence(shown.holders()),
                              "Change the role",
                              name)
                          .ask(
                              request,
                              path(name),
                              ConsoleView.done(path(name), "role-saved"),
                              () ->
                                  put(
                                      request,
                                      new RoleTemplate(name, chosen(request, typed)),
                                      role.revision())));
            });
  }

  private static Set<Permission> chosen(ConsoleRequest request, EditForm typed) {
    Set<Permission> chosen = EnumSet.noneOf(Permission.class);
    for (Permission permission : Permission.values()) {
      if (request.may(permission) && typed.flag(permission.text())) {
        chosen.add(permission);
      }
    }
    return chosen;
  }

  private static String consequence(List<Grant> holders) {
    if (holders.isEmpty()) {
      return "Nobody has it now.";
    }
    List<String> names = holders.stream().limit(NAMES_SHOWN).map(RolePages::name).toList();
    int more = holders.size() - names.size();
    return "It affects "
        + String.join(", ", names)
        + (more > 0 ? " and " + more + " more" : "")
        + ", who are signed out of the console.";
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    String name = request.path("name");
    return Confirmation.level1("Delete the role " + name + "?", "Nobody has it.", "Delete")
        .ask(
            request,
            path(name),
            ConsoleView.done(PATH, "role-deleted"),
            () ->
                changes.make(
                    request,
                    new ConsoleCommand.DeleteRole(request.admin().player(), name),
                    "admin_delete_role",
                    "roles/" + name));
  }
}
