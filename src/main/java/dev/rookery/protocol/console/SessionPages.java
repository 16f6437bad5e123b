package dev.rookery.protocol.console;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.OpenSession;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sign-ins of all players: list, filter by player, end one or several. */
final class SessionPages implements ConsoleSection {
  static final String PATH = "/admin/sessions";

  private static final List<SearchQuery.Key> KEYS =
      List.of(SearchQuery.Key.of("player", "the id of a player"));
  private static final List<String> COLUMNS =
      List.of("id", "user_id", "kind", "user_agent", "created_at", "used_at", "expires_at");
  private static final List<String> PERSONAL_COLUMNS =
      Stream.concat(COLUMNS.stream(), Stream.of("email", "address")).toList();

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  SessionPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Sessions", PATH, "s", Permission.SESSIONS_READ));
    console.page(PATH, Permission.SESSIONS_READ, this::list);
    lists.register(
        console,
        PATH,
        this::select,
        BulkOffer.of(
            "End",
            "sessions",
            "Their clients are signed out on all nodes and must sign in again.",
            new BulkAction(
                Permission.SESSIONS_END,
                "admin_delete_session",
                "sessions",
                true,
                (session, _, _, _) -> new AuthCommand.EndSession(session, null))));
    console.action(PATH + "/end", Permission.SESSIONS_END, this::endSelected);
    console.action(PATH + "/:id/end", Permission.SESSIONS_END, this::end);
    console.message("session-ended", "The session was ended.");
    console.message("sessions-ended", "The selected sessions were ended.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    return show(request, list, player(list));
  }

  private static ListRequest listRequest(ListInput request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    return list.search().value("player") != null && list.search().number("player") == null
        ? withProblem(list, "The value of “player” is the number of a player.")
        : list;
  }

  private static @Nullable PlayerId player(ListRequest list) {
    Long id = list.search().number("player");
    return id == null ? null : new PlayerId(id);
  }

  private ListSelection<OpenSession> select(ListInput request) {
    ListRequest list = listRequest(request);
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    return new ListSelection<>(
        "sessions",
        Permission.SESSIONS_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new AuthCommand.BrowseSessions(
                        player(list), last == null ? null : last.number(), false, max)),
            OpenSession::number,
            personal ? PERSONAL_COLUMNS : COLUMNS,
            SessionPages::exported));
  }

  private static Map<String, Object> exported(OpenSession session) {
    return Exports.row(
        "id", session.number(),
        "user_id", session.player().value(),
        "kind", session.kind(),
        "user_agent", session.userAgent(),
        "created_at", Exports.time(session.createdMs()),
        "used_at", Exports.time(session.usedMs()),
        "expires_at", Exports.time(session.expiresMs()),
        "email", session.email(),
        "address", session.address());
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
    var count = Pager.orUncounted(bus.ask(new AuthCommand.CountSessions(player, list.countMax())));
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
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
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
        .ask(request, back, ConsoleView.done(back, "session-ended"), () -> end(request, number));
  }

  private Future<?> end(ConsoleRequest request, long number) {
    return changes.make(
        request,
        new AuthCommand.EndSession(number, null),
        "admin_delete_session",
        "sessions/" + number);
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
