package dev.rookery.protocol.console;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.OpenSession;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sign-ins of all players: list, filter by player, end one or several. */
final class SessionPages implements ConsoleSection {
  static final String PATH = "/admin/sessions";

  private static final List<SearchQuery.Key> KEYS =
      List.of(SearchQuery.Key.of("player", "the id of a player"));

  private final Bus bus;
  private final Changes changes;

  SessionPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Sessions", PATH, "s", Permission.SESSIONS_READ));
    console.page(PATH, Permission.SESSIONS_READ, this::list);
    console.action(PATH + "/end", Permission.SESSIONS_END, this::endSelected);
    console.action(PATH + "/:id/end", Permission.SESSIONS_END, this::end);
    console.message("session-ended", "The session was ended.");
    console.message("sessions-ended", "The selected sessions were ended.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    Long id = list.search().number("player");
    if (list.search().value("player") != null && id == null) {
      list = withProblem(list, "The value of “player” is the number of a player.");
    }
    return show(request, list, id == null ? null : new PlayerId(id));
  }

  private static ListRequest withProblem(ListRequest list, String problem) {
    return new ListRequest(
        list.path(),
        list.search().withProblem(problem),
        list.sort(),
        list.size(),
        list.after(),
        list.before(),
        list.number(),
        list.exact());
  }

  private Future<ConsoleView> show(
      ConsoleRequest request, ListRequest list, @Nullable PlayerId player) {
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    var count =
        Pager.orUncounted(bus.ask(new AuthCommand.CountSessions(player, list.countMax())));
    var found =
        bus.ask(
            new AuthCommand.BrowseSessions(
                player,
                SearchQuery.parse(list.isBackwards() ? list.before() : list.after()),
                list.isBackwards(),
                list.size() + 1));
    return Future.all(count, found).map(_ -> page(request, list, found.result(), count.result()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<OpenSession> found, long total) {
    var keyset = Keyset.of(list, found, session -> Long.toString(session.number()));
    boolean ends = request.may(Permission.SESSIONS_END);
    List<Action> bulk = ends ? List.of(new Action("End sessions…", PATH + "/end", 2)) : List.of();
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            table("list", keyset.items(), request),
            keyset.pager(list, total),
            "Nobody is signed in",
            "Sessions appear as soon as a client signs in.",
            bulk,
            List.of(),
            List.of())
        .render("Sessions");
  }

  /** The table of sessions, also for the page of a player. */
  static ListView table(String id, List<OpenSession> sessions, ConsoleRequest request) {
    boolean ends = request.may(Permission.SESSIONS_END);
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    var columns =
        List.of(
            Column.of("Player", 1),
            Column.of("Sign-in", 2),
            Column.of("Client", 3),
            Column.of("Address", 3),
            Column.of("Created", 3),
            Column.of("Used", 2),
            Column.of("Ends", 4));
    var rows = new ArrayList<Row>();
    for (OpenSession session : sessions) {
      String name =
          session.playerName().isBlank()
              ? "Player " + session.player().value()
              : session.playerName();
      rows.add(
          new Row(
              Long.toString(session.number()),
              "session " + session.number() + " of " + name,
              List.of(
                  Cell.player(session.playerName(), session.player().value()),
                  Cell.text(session.kind()),
                  Cell.text(session.userAgent()),
                  personal ? Cell.code(session.address()) : Cell.text("hidden"),
                  Cell.time(session.createdMs()),
                  Cell.time(session.usedMs()),
                  Cell.time(session.expiresMs())),
              ends
                  ? List.of(new Action("End", PATH + "/" + session.number() + "/end", 1))
                  : List.of()));
    }
    return new ListView(id, "Sessions", columns, rows, ends && id.equals("list"));
  }

  private Future<ConsoleView> end(ConsoleRequest request) {
    long number = request.id("id");
    String back = request.back(PATH);
    return Confirmation.level1(
            "End session " + number + "?",
            "The client is signed out on all nodes and must sign in again.",
            "End the session")
        .ask(
            request,
            back,
            () -> end(request, number).map(_ -> ConsoleView.done(back, "session-ended")));
  }

  private Future<?> end(ConsoleRequest request, long number) {
    return changes.make(
        request,
        new AuthCommand.EndSession(number, null),
        "admin_delete_session",
        "sessions/" + number,
        Map.of());
  }

  private Future<ConsoleView> endSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "End",
            "sessions",
            "Their clients are signed out on all nodes and must sign in again.",
            "sessions-ended",
            id -> end(request, id));
  }
}
