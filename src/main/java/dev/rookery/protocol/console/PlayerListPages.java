package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountPlace;
import dev.rookery.player.PlayerMark;
import dev.rookery.player.Provider;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The list of players: search, filters, order, export and actions on several of them. */
final class PlayerListPages implements ConsoleSection {
  static final String PATH = "/admin/users";
  private static final String WORDS = "Beginning of a name, an id, or a whole email address";
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "uuid",
          "display_name",
          "online",
          "admin",
          "providers",
          "created_at",
          "last_seen_at",
          "lobby_id",
          "party_id",
          "banned_until",
          "ban_reason");
  private static final String EMAIL = "email";
  private static final char PLACE_SEPARATOR = ' ';

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;
  private final InstantSource clock;

  PlayerListPages(Bus bus, Changes changes, ListTools lists, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
    this.clock = clock;
  }

  static String name(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Players", PATH, "p", Permission.PLAYERS_READ));
    console.page(PATH, Permission.PLAYERS_READ, this::list);
    lists.register(console, PATH, this::selection, PlayerOffers.all(clock));
    console.action(PATH + "/end-sessions", Permission.SESSIONS_END, this::endSessions);
    console.action(PATH + "/unban", Permission.PLAYERS_BAN, this::unban);
    console.action(PATH + "/delete", Permission.PLAYERS_DELETE, this::delete);
    console.message("players-deleted", "The selected players and all their data were deleted.");
    console.message("players-signed-out", "All sessions of the selected players were ended.");
    console.message("players-unbanned", "The bans of the selected players were lifted.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    PlayerSearch selected = PlayerSearch.of(request);
    ListRequest list = selected.list();
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, selected, List.of(), 0));
    }
    var count =
        Pager.orUncounted(
            bus.ask(new PlayerCommand.CountAccounts(selected.filter(), list.countMax())));
    var found =
        bus.ask(
            new PlayerCommand.ListAccounts(
                selected.filter(),
                selected.order(),
                place(list.isBackwards() ? list.before() : list.after()),
                list.isBackwards(),
                list.size() + 1));
    return Future.all(count, found)
        .map(_ -> page(request, selected, found.result(), count.result()));
  }

  private static String cursor(Account account) {
    return account.player().id().value() + "" + PLACE_SEPARATOR + account.player().displayName();
  }

  private static @Nullable AccountPlace place(String cursor) {
    int end = cursor.indexOf(PLACE_SEPARATOR);
    Long id = SearchQuery.parse(end < 0 ? cursor : cursor.substring(0, end));
    return id == null
        ? null
        : new AccountPlace(new PlayerId(id), end < 0 ? "" : cursor.substring(end + 1));
  }

  private ConsoleView page(
      ConsoleRequest request, PlayerSearch selected, List<Account> found, long total) {
    ListRequest list = selected.list();
    var keyset = Keyset.of(list, found, PlayerListPages::cursor);
    var bulk = new ArrayList<Action>();
    if (request.may(Permission.SESSIONS_END)) {
      bulk.add(new Action("End sessions…", PATH + "/end-sessions", 2));
    }
    if (request.may(Permission.PLAYERS_BAN)) {
      bulk.add(new Action("Unban…", PATH + "/unban", 2));
    }
    if (request.may(Permission.PLAYERS_DELETE)) {
      bulk.add(new Action("Delete…", PATH + "/delete", 2));
    }
    boolean any = list.search().terms().isEmpty();
    return new ListPage(
            ListPage.Search.of(list, PlayerSearch.KEYS, WORDS),
            table(request, list, keyset.items(), !bulk.isEmpty()),
            keyset.pager(list, total),
            any ? "No players yet" : "No player matches",
            any
                ? "A player appears with the first sign-in: POST /api/v1/login/device."
                : "Remove a filter, or search by the beginning of the name.",
            bulk,
            request.may(Permission.PLAYERS_TEST)
                ? List.of(new Link("New test player", TestPlayerPages.PATH))
                : List.of(),
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Players");
  }

  private static ListView table(
      ConsoleRequest request, ListRequest list, List<Account> accounts, boolean selectable) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    var columns =
        List.of(
            list.column("Name", 1, "name", false),
            Column.of("State", 1),
            list.column("Id", 2, "id", true),
            Column.of("Sign-in", 2),
            Column.of("Email", 3),
            Column.of("Created", 3),
            Column.of("Last seen", 2),
            Column.of("In", 2));
    var rows = new ArrayList<Row>();
    for (Account account : accounts) {
      Player player = account.player();
      String id = Long.toString(player.id().value());
      rows.add(
          new Row(
              id,
              name(player),
              List.of(
                  Cell.player(player.displayName(), player.id().value()),
                  state(account),
                  Cell.code(id),
                  Cell.text(methods(player)),
                  personal ? Cell.text(player.email()) : Cell.text(masked(player)),
                  Cell.time(player.createdMs()),
                  Cell.time(player.lastSeenMs()),
                  place(player))));
    }
    return new ListView("list", "Players", columns, rows, selectable);
  }

  static String name(Player player) {
    return player.displayName().isBlank() ? "Player " + player.id().value() : player.displayName();
  }

  private static String masked(Player player) {
    return player.email().isEmpty() ? "" : "hidden";
  }

  static Cell state(Account account) {
    if (account.ban() != null) {
      return Cell.badge("banned", "bad");
    }
    boolean online = account.player().online();
    PlayerMark mark = account.mark();
    if (mark != null) {
      return Cell.badge(mark.text() + (online ? ", online" : ", offline"), online ? "good" : "");
    }
    if (online) {
      return Cell.badge("online", "good");
    }
    return Cell.badge(account.player().admin() ? "admin, offline" : "offline", "");
  }

  /** The sign-in methods of a player, in words. */
  static String methods(Player player) {
    var methods = new ArrayList<String>();
    if (player.hasPassword()) {
      methods.add("password");
    }
    if (player.hasDevice()) {
      methods.add("device");
    }
    player.linked().stream().sorted().map(PlayerListPages::name).forEach(methods::add);
    return String.join(", ", methods);
  }

  private static Cell place(Player player) {
    LobbyId lobby = player.lobby();
    if (lobby != null) {
      return Cell.link("lobby " + lobby.value(), LobbyPages.PATH + "/" + lobby.value());
    }
    Long party = player.partyId();
    return party == null ? Cell.text("") : Cell.link("party " + party, "/admin/parties/" + party);
  }

  private ListSelection<Account> selection(ListInput request) {
    PlayerSearch selected = PlayerSearch.of(request);
    var columns = new ArrayList<>(COLUMNS);
    if (request.may(Permission.PLAYERS_PERSONAL)) {
      columns.add(EMAIL);
    }
    return new ListSelection<>(
        "players",
        Permission.PLAYERS_READ,
        selected.list().search().masked(PlayerSearch.KEYS),
        selected.list().search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new PlayerCommand.ListAccounts(
                        selected.filter(),
                        selected.order(),
                        last == null
                            ? null
                            : new AccountPlace(last.player().id(), last.player().displayName()),
                        false,
                        max)),
            account -> account.player().id().value(),
            columns,
            PlayerListPages::exported));
  }

  private static Map<String, Object> exported(Account account) {
    Player player = account.player();
    Ban ban = account.ban();
    var row = new HashMap<String, Object>();
    row.put("id", player.id().value());
    row.put("uuid", player.uuid());
    row.put("display_name", player.displayName());
    row.put("online", player.online());
    row.put("admin", player.admin());
    row.put(
        "providers",
        player.linked().stream()
            .sorted()
            .map(PlayerListPages::name)
            .collect(Collectors.joining(" ")));
    row.put("created_at", Instant.ofEpochMilli(player.createdMs()).toString());
    if (player.lastSeenMs() > 0) {
      row.put("last_seen_at", Instant.ofEpochMilli(player.lastSeenMs()).toString());
    }
    if (player.lobby() != null) {
      row.put("lobby_id", player.lobby().value());
    }
    if (player.partyId() != null) {
      row.put("party_id", player.partyId());
    }
    if (ban != null) {
      Long until = ban.untilMs();
      row.put("banned_until", until == null ? "never" : Instant.ofEpochMilli(until).toString());
      row.put("ban_reason", ban.reason());
    }
    row.put(EMAIL, player.email());
    return row;
  }

  private Future<ConsoleView> endSessions(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Sign out",
            "players",
            "All their sessions end on all nodes, and their sockets close.",
            "players-signed-out",
            id ->
                changes.make(
                    request,
                    new AuthCommand.SignOutAll(new PlayerId(id), null),
                    "admin_delete_user_sessions",
                    "users/" + id));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "players",
            "The accounts and everything stored about the players are deleted. This cannot be"
                + " undone.",
            "players-deleted",
            id ->
                changes.make(
                    request,
                    new AccountCommand.Delete(new PlayerId(id)),
                    "admin_delete_user",
                    "users/" + id));
  }

  private Future<ConsoleView> unban(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Unban",
            "players",
            "They can sign in again.",
            "players-unbanned",
            id ->
                changes.make(
                    request,
                    new AuthCommand.LiftBan(new PlayerId(id)),
                    "admin_unban_user",
                    "users/" + id));
  }
}
