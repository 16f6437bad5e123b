package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Grant;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.console.StoredRole;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has a role on the server: list, give and take roles, reset a second factor. */
final class AdminPages implements ConsoleSection {
  static final String PATH = "/admin/admins";
  private static final long DAYS_MAX = 3_650;

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;

  AdminPages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.SETTINGS, "Admins and roles", PATH, null, Permission.ADMINS_READ));
    console.page(PATH, Permission.ADMINS_READ, request -> show(request, FormView.NONE));
    // Where an action goes back to after the second factor was given again.
    console.page(
        PATH + "/:id",
        Permission.ADMINS_READ,
        _ -> Future.succeededFuture(new ConsoleView.Redirect(PATH)));
    console.action(PATH + "/role", Permission.ADMINS_EDIT, this::give);
    console.action(PATH + "/:id/remove", Permission.ADMINS_EDIT, this::remove);
    console.action(PATH + "/:id/factor", Permission.ADMINS_EDIT, this::removeFactor);
    console.message("role-given", "The role was given.");
    console.message("role-removed", "The role was taken.");
    console.message("factor-removed", "The second factor was removed.");
  }

  private Future<ConsoleView> show(ConsoleRequest request, FormView form) {
    var grants = bus.ask(new ConsoleCommand.ListGrants());
    var roles = bus.ask(new ConsoleCommand.ListRoles());
    return Future.all(grants, roles)
        .map(
            _ -> {
              List<RoleTemplate> templates =
                  roles.result().stream().map(StoredRole::template).toList();
              var sections = new ArrayList<Section>();
              sections.add(
                  Section.table(
                      "admins",
                      "Admins",
                      table(grants.result(), templates, request),
                      Pager.NONE,
                      "Nobody has a role"));
              if (request.may(Permission.ADMINS_EDIT)) {
                sections.add(
                    Section.form(
                            "give",
                            "Give a role",
                            form == FormView.NONE ? form(request, templates) : form)
                        .withNote(
                            "In place of the role that the player has. It counts everywhere within"
                                + " a second, and ends their sessions of the console."));
              }
              var links =
                  List.of(
                      new Link("Invitations", InviteAdminPages.PATH),
                      new Link("Roles", RolePages.PATH));
              return new RecordPage(List.of(), List.of(), links, List.of(), List.of(), sections)
                  .render("Admins and roles");
            });
  }

  private static ListView table(
      List<Grant> grants, List<RoleTemplate> templates, ConsoleRequest request) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    boolean edits = request.may(Permission.ADMINS_EDIT);
    var columns =
        List.of(
            Column.of("Player", 1),
            Column.of("Role", 1),
            Column.of("Email", 3),
            Column.of("Second factor", 2),
            Column.of("Console sessions", 3),
            Column.of("Ends", 2),
            Column.of("Given", 4),
            Column.of("By", 4));
    var rows = new ArrayList<Row>();
    for (Grant grant : grants) {
      long id = grant.player().value();
      PlayerId by = grant.by();
      String name = grant.displayName().isBlank() ? "Player " + id : grant.displayName();
      boolean other = !grant.player().equals(request.admin().player());
      var actions = new ArrayList<Action>();
      if (edits && other && mayGrant(request, grant.role(), templates)) {
        actions.add(new Action("Take the role…", PATH + "/" + id + "/remove", 2));
        if (grant.factor()) {
          actions.add(new Action("Reset second factor…", PATH + "/" + id + "/factor", 2));
        }
      }
      rows.add(
          new Row(
              Long.toString(id),
              name,
              List.of(
                  Cell.player(grant.displayName(), id),
                  Cell.link(grant.role(), RolePages.path(grant.role())),
                  Cell.text(personal ? grant.email() : "hidden"),
                  grant.factor() ? Cell.badge("set up", "good") : Cell.badge("none", "warn"),
                  Cell.number(grant.sessions()),
                  Cell.time(grant.untilMs()),
                  Cell.time(grant.sinceMs()),
                  by == null ? Cell.text("the server") : Cell.player(null, by.value())),
              List.copyOf(actions)));
    }
    return new ListView("admins", "Admins", columns, rows, false);
  }

  /** Whether the admin may give or take the role of that name; one that is gone can be taken. */
  private static boolean mayGrant(
      ConsoleRequest request, String name, List<RoleTemplate> templates) {
    return templates.stream()
        .filter(role -> role.name().equals(name))
        .allMatch(role -> request.admin().role().mayGrant(role));
  }

  private static FormView form(ConsoleRequest request, List<RoleTemplate> templates) {
    return new FormView(
        PATH + "/role", "", fields(request, templates), "Give the role…", 2, "", List.of());
  }

  private static List<FormView.Field> fields(ConsoleRequest request, List<RoleTemplate> templates) {
    List<String> roles =
        templates.stream()
            .filter(role -> request.admin().role().mayGrant(role))
            .map(RoleTemplate::name)
            .toList();
    String player = request.query("player");
    return List.of(
        FormView.Field.of("player", "Id of the player", "number", player).needed(),
        FormView.Field.select("role", "Role", RoleTemplate.VIEWER.name(), roles),
        FormView.Field.of("days", "Ends after days", "number", "")
            .hinted("Empty for a role without an end."));
  }

  private Future<ConsoleView> give(ConsoleRequest request) {
    PlayerId player = player(request.field("player"));
    String role = request.field("role");
    Long days = days(request.field("days"));
    return Confirmation.level2(
            "Make player " + player + " " + role + "?",
            "The player may do what this role may, on all nodes"
                + (days == null ? "." : ", for " + days + (days == 1 ? " day." : " days.")),
            "Give the role",
            role)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "role-given"),
            () -> set(request, player, role, days, "admin_set_role"));
  }

  private static PlayerId player(String text) {
    try {
      return new PlayerId(Long.parseLong(text.strip()));
    } catch (NumberFormatException _) {
      throw Refused.invalid("player", "is no id of a player");
    }
  }

  /** Reads after how many days a role ends; null for never. */
  static @Nullable Long days(String text) {
    if (text.isBlank()) {
      return null;
    }
    Long days = SearchQuery.parse(text.strip());
    if (days == null || days < 1 || days > DAYS_MAX) {
      throw Refused.invalid("days", "must be from 1 to " + DAYS_MAX);
    }
    return days;
  }

  private Future<?> set(
      ConsoleRequest request,
      PlayerId player,
      @Nullable String role,
      @Nullable Long days,
      String action) {
    @Nullable Long until =
        days == null ? null : Long.valueOf(clock.millis() + Duration.ofDays(days).toMillis());
    return changes.make(
        request,
        new PlayerCommand.SetRole(request.admin().player(), player, role, until),
        action,
        "admins/" + player,
        Changes.values("role", role, "until", until));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    return Confirmation.level2(
            "Take the role of player " + player + "?",
            "The player is signed out of the console and may not use the API of admins.",
            "Take the role",
            player.toString())
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "role-removed"),
            () -> set(request, player, null, null, "admin_remove_role"));
  }

  private Future<ConsoleView> removeFactor(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    return Confirmation.level2(
            "Reset the second factor of player " + player + "?",
            "The player is signed out of the console and sets up another one. Be sure that it is"
                + " they who ask for it.",
            "Reset the second factor",
            player.toString())
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "factor-removed"),
            () ->
                changes.make(
                    request,
                    new ConsoleCommand.RemoveFactor(request.admin().player(), player),
                    "admin_remove_factor",
                    "admins/" + player));
  }
}
