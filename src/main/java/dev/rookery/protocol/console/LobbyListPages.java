package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The list of lobbies, its export, and what can be done with many of them. */
final class LobbyListPages implements ConsoleSection {
  static final String PATH = "/admin/lobbies";

  private static final String IS = "is";
  private static final String TITLE = "title";
  private static final String SEATS = "max_users";
  private static final String HIDDEN = "is_hidden";
  private static final String LOCKED = "is_locked";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";
  private static final List<String> COLUMNS =
      List.of(
          "id",
          TITLE,
          "host_id",
          "members",
          SEATS,
          HIDDEN,
          LOCKED,
          "is_passworded",
          SLOWDOWN,
          "spectators",
          METADATA,
          "revision");
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.oneOf(IS, "hidden, locked or protected", "hidden", "locked", "protected"),
          SearchQuery.Key.of("seats", "the number of seats"));

  private final Bus bus;
  private final ListTools lists;

  LobbyListPages(Bus bus, ListTools lists) {
    this.bus = bus;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAY, "Lobbies", PATH, "l", Permission.LOBBIES_READ));
    console.page(PATH, Permission.LOBBIES_READ, this::list);
    lists.register(
        console,
        PATH,
        this::select,
        BulkOffer.of(
            "Close",
            "lobbies",
            "Their players leave, and the lobbies are closed.",
            new BulkAction(
                Permission.LOBBIES_CLOSE,
                "admin_delete_lobby",
                "lobbies",
                true,
                (lobby, _, _, _) -> new LobbyCommand.Close(new LobbyId(lobby)))));
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    SearchQuery search = list.search();
    if (!search.isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    LobbyQuery.Filter filter = filter(search);
    Boolean hidden = search.flag(IS, "hidden");
    Long cursor = SearchQuery.parse(list.isBackwards() ? list.before() : list.after());
    var count =
        Pager.orUncounted(bus.ask(new LobbyQuery.CountLobbies(filter, hidden, list.countMax())));
    var found =
        bus.ask(
            new LobbyQuery.Browse(
                filter,
                hidden,
                cursor == null ? null : new LobbyId(cursor),
                list.isBackwards(),
                list.size() + 1));
    return Future.all(count, found).map(_ -> page(request, list, found.result(), count.result()));
  }

  private static ListRequest listRequest(ListInput request) {
    return ListRequest.of(request, KEYS, true, List.of());
  }

  private static LobbyQuery.Filter filter(SearchQuery search) {
    Long seats = search.number("seats");
    @Nullable Integer exactly = seats == null ? null : Math.clamp(seats, 0, 100_000);
    return new LobbyQuery.Filter(
        search.words(),
        search.flag(IS, "protected"),
        search.flag(IS, "locked"),
        exactly,
        exactly,
        null,
        null);
  }

  private ListSelection<WatchedLobby> select(ListInput request) {
    ListRequest list = listRequest(request);
    SearchQuery search = list.search();
    return new ListSelection<>(
        "lobbies",
        Permission.LOBBIES_READ,
        search.masked(KEYS),
        search.problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new LobbyQuery.Browse(
                        filter(search),
                        search.flag(IS, "hidden"),
                        last == null ? null : last.lobby().id(),
                        false,
                        max)),
            row -> row.lobby().id().value(),
            COLUMNS,
            LobbyListPages::exported));
  }

  private static Map<String, Object> exported(WatchedLobby row) {
    Lobby lobby = row.lobby();
    PlayerId host = lobby.host();
    return Exports.row(
        "id",
        lobby.id().value(),
        TITLE,
        lobby.title(),
        "host_id",
        host == null ? null : host.value(),
        "members",
        lobby.members(),
        SEATS,
        lobby.seatsMax(),
        HIDDEN,
        lobby.hidden(),
        LOCKED,
        lobby.locked(),
        "is_passworded",
        lobby.passworded(),
        SLOWDOWN,
        lobby.slowdownSeconds(),
        "spectators",
        row.spectators(),
        METADATA,
        new JsonObject(lobby.metadata()).encode(),
        "revision",
        lobby.revision());
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<WatchedLobby> found, long total) {
    var keyset = Keyset.of(list, found, watched -> Long.toString(watched.lobby().id().value()));
    boolean closes = request.may(Permission.LOBBIES_CLOSE);
    var columns =
        List.of(
            Column.of("Lobby", 1),
            Column.of("Players", 1),
            Column.of("Host", 2),
            Column.of("State", 2),
            Column.of("Spectators", 3),
            Column.of("Id", 3),
            Column.of("Revision", 4));
    var rows = new ArrayList<Row>();
    for (WatchedLobby watched : keyset.items()) {
      Lobby lobby = watched.lobby();
      String id = Long.toString(lobby.id().value());
      PlayerId host = lobby.host();
      rows.add(
          new Row(
              id,
              lobby.title(),
              List.of(
                  Cell.link(lobby.title(), PATH + "/" + id),
                  Cell.text(lobby.members() + " of " + lobby.seatsMax()),
                  host == null ? Cell.text("") : Cell.player(lobby.hostName(), host.value()),
                  Cell.text(state(lobby)),
                  Cell.number(watched.spectators()),
                  Cell.code(id),
                  Cell.number(lobby.revision()))));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Beginning of the title"),
            new ListView("list", "Lobbies", columns, rows, closes),
            keyset.pager(list, total),
            "No lobbies",
            "Clients open lobbies with POST /api/v1/lobbies.",
            closes ? List.of(new Action("Close…", PATH + "/close", 2)) : List.of(),
            request.may(Permission.LOBBIES_EDIT)
                ? List.of(new Link("New lobby", PATH + "/new"))
                : List.of(),
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Lobbies");
  }

  static String state(Lobby lobby) {
    var words = new ArrayList<String>();
    if (lobby.hidden()) {
      words.add("hidden");
    }
    if (lobby.locked()) {
      words.add("locked");
    }
    if (lobby.passworded()) {
      words.add("protected");
    }
    if (lobby.members() >= lobby.seatsMax()) {
      words.add("full");
    }
    if (lobby.roster() != null) {
      words.add("teams");
    }
    return words.isEmpty() ? "open" : String.join(", ", words);
  }
}
