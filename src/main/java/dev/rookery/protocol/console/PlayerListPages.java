package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.AccountPlace;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import dev.rookery.player.Provider;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.SearchQuery.Operator;
import dev.rookery.protocol.console.SearchQuery.Term;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The list of players: search, filters, order, export and actions on several of them. */
final class PlayerListPages implements ConsoleSection {
  static final String PATH = "/admin/users";

  private static final String IS = "is";
  private static final String CREATED = "created";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.oneOf(
              IS,
              "online, banned, admin, test or sample",
              "online",
              "banned",
              "admin",
              "test",
              "sample"),
          SearchQuery.Key.oneOf("has", "email", "email"),
          SearchQuery.Key.oneOf(
              "provider",
              "a linked account: google, facebook, discord, apple, steam or openid",
              Arrays.stream(Provider.values()).map(PlayerListPages::name).toArray(String[]::new)),
          SearchQuery.Key.compared(
              CREATED, ">2026-01-31 or <2026-01-31T18:00, in UTC; a day alone is that day"),
          SearchQuery.Key.of("lobby", "the id of a lobby"));
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

  private static String name(Provider provider) {
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

  /** What the list selects, or why it cannot. */
  private record Selected(ListRequest list, AccountFilter filter) {}

  private Selected select(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, true, List.of("name", "id"));
    SearchQuery search = list.search();
    String words = search.words();
    if (words != null && words.indexOf('@') > 0 && !request.may(Permission.PLAYERS_PERSONAL)) {
      search = search.withProblem("Finding by email address needs players.personal.");
    }
    Long lobby = search.number("lobby");
    if (search.value("lobby") != null && lobby == null) {
      search = search.withProblem("The value of “lobby” is a number.");
    }
    @Nullable Long from = null;
    @Nullable Long before = null;
    for (Term term : search.terms()) {
      if (term.key().equals(CREATED) && search.isValid()) {
        @Nullable Long at = time(term.value());
        if (at == null) {
          search =
              search.withProblem(
                  "“"
                      + term.source()
                      + "”: write a day as 2026-01-31, or a time as"
                      + " 2026-01-31T18:00.");
        } else {
          from = term.operator() == Operator.BELOW ? from : at;
          before =
              switch (term.operator()) {
                case IS -> Long.valueOf(at + 86_400_000L);
                case ABOVE -> before;
                case BELOW -> at;
              };
        }
      }
    }
    if (Boolean.TRUE.equals(search.flag(IS, PlayerMark.TEST.text()))
        && Boolean.TRUE.equals(search.flag(IS, PlayerMark.SAMPLE.text()))) {
      search = search.withProblem("A player is a test player or a sample player, never both.");
    }
    String provider = search.value("provider");
    var filter =
        new AccountFilter(
            words,
            search.flag(IS, "online"),
            search.flag(IS, "banned"),
            search.flag(IS, "admin"),
            search.flag("has", EMAIL),
            provider == null || !search.isValid()
                ? null
                : Provider.valueOf(provider.toUpperCase(Locale.ROOT)),
            lobby == null ? null : new LobbyId(lobby),
            mark(search),
            from,
            before);
    return new Selected(
        new ListRequest(
            list.path(),
            search,
            list.sort(),
            list.size(),
            list.after(),
            list.before(),
            list.number(),
            list.exact()),
        filter);
  }

  /** A player has one mark at most, so that what is looked for decides before what is not. */
  private static @Nullable MarkFilter mark(SearchQuery search) {
    @Nullable MarkFilter found = null;
    for (PlayerMark mark : PlayerMark.values()) {
      Boolean wanted = search.flag(IS, mark.text());
      if (wanted != null && (wanted || found == null)) {
        found = new MarkFilter(mark, !wanted);
      } else if (found != null && found.excluded() && Boolean.FALSE.equals(wanted)) {
        found = MarkFilter.NONE;
      }
    }
    return found;
  }

  private static @Nullable Long time(String text) {
    try {
      return text.length() <= 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
          : Instant.parse(text.length() == 16 ? text + ":00Z" : text).toEpochMilli();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** By name if a name is looked for, so that the index gives both. */
  private static AccountOrder order(Selected selected) {
    return switch (selected.list().sort()) {
      case "name" -> AccountOrder.NAME;
      case "-name" -> AccountOrder.NAME_DESCENDING;
      case "id" -> AccountOrder.OLDEST;
      case "-id" -> AccountOrder.NEWEST;
      default -> selected.filter().text() == null ? AccountOrder.NEWEST : AccountOrder.NAME;
    };
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    Selected selected = select(request);
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
                order(selected),
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
      ConsoleRequest request, Selected selected, List<Account> found, long total) {
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
            ListPage.Search.of(list, KEYS, WORDS),
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

  private ListSelection<Account> selection(ConsoleRequest request) {
    Selected selected = select(request);
    var columns = new ArrayList<>(COLUMNS);
    if (request.may(Permission.PLAYERS_PERSONAL)) {
      columns.add(EMAIL);
    }
    return new ListSelection<>(
        selected.list(),
        "players",
        Permission.PLAYERS_READ,
        selected.list().search().masked(KEYS),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new PlayerCommand.ListAccounts(
                        selected.filter(),
                        order(selected),
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
