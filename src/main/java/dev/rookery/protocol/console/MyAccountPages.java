package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleSession;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.console.Grant;
import dev.rookery.console.Passkey;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an admin may do, their sessions of the console, and their second factor. */
final class MyAccountPages implements ConsoleSection {
  static final String PATH = "/admin/me";

  private final Bus bus;
  private final ConsoleSessions sessions;
  private final MyPasskeys passkeys;

  MyAccountPages(Bus bus, ConsoleSessions sessions) {
    this.bus = bus;
    this.sessions = sessions;
    this.passkeys = new MyPasskeys(bus);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.pageForAll(PATH, this::show);
    console.actionForAll(PATH + "/sessions/:session/end", this::end);
    console.actionForAll("/admin/sign-out", this::signOut);
    passkeys.register(console);
    console.message("console-session-ended", "The session of the console was ended.");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    Admin admin = request.admin();
    var open = bus.ask(new ConsoleCommand.ListSessions(admin.player()));
    var factor = bus.ask(new ConsoleCommand.FindFactor(admin.player()));
    var grants = bus.ask(new ConsoleCommand.ListGrants());
    var found = passkeys.find(admin);
    return Future.all(open, factor, grants, found)
        .map(
            _ ->
                page(
                    admin,
                    open.result(),
                    factor.result(),
                    end(grants.result(), admin),
                    found.result()));
  }

  /** When the role of the admin ends; null for never. */
  private static @Nullable Long end(List<Grant> grants, Admin admin) {
    return grants.stream()
        .filter(grant -> grant.player().equals(admin.player()))
        .findFirst()
        .map(Grant::untilMs)
        .orElse(null);
  }

  private static ConsoleView page(
      Admin admin,
      List<ConsoleSession> open,
      ConsoleCommand.FactorState factor,
      @Nullable Long roleEndsMs,
      List<Passkey> found) {
    Cell state = factor.confirmed() ? Cell.badge("set up", "good") : Cell.badge("none", "warn");
    var facts =
        List.of(
            Fact.of(
                "Player",
                admin.may(Permission.PLAYERS_READ)
                    ? Cell.player(null, admin.player().value())
                    : Cell.text("Player " + admin.player())),
            Fact.of("Role", Cell.badge(admin.role().name(), "")),
            Fact.of("Role ends", roleEndsMs == null ? Cell.text("never") : Cell.time(roleEndsMs)),
            Fact.of("Second factor", state, Cell.link("Second factor", "/admin/factor")),
            Fact.of("Recovery codes left", Cell.number(factor.codesLeft())));
    return new RecordPage(
            List.of(),
            List.of(),
            List.of(new Link("Account settings", "/users/settings")),
            factor.confirmed()
                ? List.of(new Action("Code for the API", ApiCodePages.PATH, 0))
                : List.of(),
            List.of(),
            List.of(
                Section.facts("me", "Account", facts),
                Section.table(
                    "sessions",
                    "My sessions of the console",
                    table(open, admin.session()),
                    Pager.NONE,
                    ""),
                MyPasskeys.section(found),
                Section.table("rights", "What may I do", rights(admin), Pager.NONE, "Nothing")))
        .render("My account");
  }

  private static ListView table(List<ConsoleSession> open, String current) {
    var columns =
        List.of(
            Column.of("Client", 1),
            Column.of("Address", 2),
            Column.of("Created", 3),
            Column.of("Used", 2),
            Column.of("Ends", 3));
    var rows = new ArrayList<Row>();
    for (ConsoleSession session : open) {
      boolean own = session.id().equals(current);
      rows.add(
          new Row(
              session.id(),
              own ? "this session" : "session of " + session.userAgent(),
              List.of(
                  own ? Cell.badge("this session", "") : Cell.text(session.userAgent()),
                  Cell.code(session.address()),
                  Cell.time(session.createdMs()),
                  Cell.time(session.usedMs()),
                  Cell.time(session.expiresMs())),
              own
                  ? List.of()
                  : List.of(new Action("End", PATH + "/sessions/" + session.id() + "/end", 0))));
    }
    return new ListView("sessions", "My sessions of the console", columns, rows, false);
  }

  private static ListView rights(Admin admin) {
    var columns = List.of(Column.of("Permission", 1), Column.of("May I", 1));
    var rows = new ArrayList<Row>();
    Arrays.stream(Permission.values())
        .forEach(
            permission ->
                rows.add(
                    new Row(
                        permission.text(),
                        permission.text(),
                        List.of(Cell.code(permission.text()), may(admin, permission)))));
    return new ListView("rights", "Permissions", columns, rows, false);
  }

  private static Cell may(Admin admin, Permission permission) {
    if (!admin.may(permission)) {
      return Cell.text("no");
    }
    return permission.needsStepUp()
        ? Cell.badge("yes, with a code", "good")
        : Cell.badge("yes", "good");
  }

  private Future<ConsoleView> end(ConsoleRequest request) {
    String session = request.path("session");
    return end(request.admin(), session).map(_ -> ConsoleView.done(PATH, "console-session-ended"));
  }

  private Future<?> end(Admin admin, String session) {
    return bus.ask(new ConsoleCommand.EndSession(admin.player(), session))
        .onSuccess(_ -> sessions.forget(session));
  }

  private Future<ConsoleView> signOut(ConsoleRequest request) {
    request.cookies().clearSession();
    return end(request.admin(), request.admin().session())
        .map(_ -> new ConsoleView.Redirect("/admin/sign-in"));
  }
}
