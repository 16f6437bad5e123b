package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.console.ViewCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds pages and things by one text: the name of a page or of a saved view, a player by id,
 * beginning of the name or email address, a lobby by its id, the traces and log lines of a request.
 * The command palette shows its results, too.
 */
final class SearchPages implements ConsoleSection {
  static final String PATH = "/admin/search";
  private static final int PLAYERS_MAX = 10;
  private static final int TEXT_MAX = 200;

  /** As the server makes them; those that clients send may be shorter. */
  private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{20,200}");

  /** Something that was found. */
  record Result(String kind, String text, String href) {}

  private final Bus bus;
  private List<MenuEntry> menu = List.of();

  SearchPages(Bus bus) {
    this.bus = bus;
  }

  @Override
  public void register(ConsoleRouter console) {
    menu = console.menu();
    console.pageForAll(PATH, this::search);
  }

  private Future<ConsoleView> search(ConsoleRequest request) {
    String typed = request.query("q").strip();
    String text = typed.length() > TEXT_MAX ? typed.substring(0, TEXT_MAX) : typed;
    String number = text.startsWith("#") ? text.substring(1) : text;
    var pages = pages(request, text);
    var players = players(request, number);
    var lobby = lobby(request, number);
    var views = views(request, text);
    return Future.all(players, lobby, views)
        .map(
            _ -> {
              var results = new ArrayList<Result>();
              results.addAll(players.result());
              results.addAll(lobby.result());
              results.addAll(pages);
              results.addAll(requests(request, text));
              results.addAll(views.result());
              return ConsoleView.page("search", "Search", Map.of("text", text, "results", results));
            });
  }

  private List<Result> pages(ConsoleRequest request, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return menu.stream()
        .filter(entry -> request.may(entry.permission()))
        .filter(entry -> entry.label().toLowerCase(Locale.ROOT).contains(wanted))
        .map(entry -> new Result("page", entry.label(), entry.path()))
        .toList();
  }

  /** Where the request of an id is looked up, which may have left nothing. */
  private static List<Result> requests(ConsoleRequest request, String text) {
    var found = new ArrayList<Result>();
    if (TracePages.isId(text) && request.may(Permission.TRACES_READ)) {
      found.add(new Result("trace", text, TracePages.PATH + "/" + text));
    } else if (REQUEST_ID.matcher(text).matches()) {
      if (request.may(Permission.TRACES_READ)) {
        found.add(new Result("traces of request", text, TracePages.ofRequest(text)));
      }
      if (request.may(Permission.LOGS_READ)) {
        found.add(new Result("log of request", text, LogPages.ofRequest(text)));
      }
    }
    return found;
  }

  private Future<List<Result>> views(ConsoleRequest request, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return bus.ask(new ViewCommand.ListViews(request.admin().player(), null))
        .map(
            views ->
                views.stream()
                    .filter(view -> mayRead(request, view.list()))
                    .filter(view -> view.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .map(view -> new Result("view", view.name(), view.href()))
                    .toList());
  }

  private boolean mayRead(ConsoleRequest request, String list) {
    return menu.stream()
        .noneMatch(entry -> entry.path().equals(list) && !request.may(entry.permission()));
  }

  private Future<List<Result>> players(ConsoleRequest request, String text) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    if (text.isEmpty()
        || !request.may(Permission.PLAYERS_READ)
        || (text.indexOf('@') > 0 && !personal)) {
      return Future.succeededFuture(List.of());
    }
    var filter = AccountFilter.withText(text);
    return bus.ask(
            new PlayerCommand.ListAccounts(filter, AccountOrder.NAME, null, false, PLAYERS_MAX))
        .map(found -> found.stream().map(SearchPages::result).toList());
  }

  private static Result result(Account account) {
    long id = account.player().id().value();
    String name = account.player().displayName();
    String text = name.isBlank() ? "Player " + id : name + " #" + id;
    return new Result("player", text, PlayerListPages.PATH + "/" + id);
  }

  private Future<List<Result>> lobby(ConsoleRequest request, String text) {
    Long id = SearchQuery.parse(text);
    if (id == null || !request.may(Permission.LOBBIES_READ)) {
      return Future.succeededFuture(List.of());
    }
    return bus.ask(new LobbyQuery.Find(new LobbyId(id)))
        .map(
            found ->
                List.of(
                    new Result(
                        "lobby", found.lobby().title() + " #" + id, LobbyPages.PATH + "/" + id)))
        .recover(
            failure ->
                failure instanceof Refused
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(failure));
  }
}
