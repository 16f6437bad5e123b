package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.Permission;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lobbies: list, members, settings, create, close. */
final class LobbyPages implements ConsoleSection {
  static final String PATH = "/admin/lobbies";

  private static final String LOBBY = PATH + "/:id";
  private static final String IS = "is";
  private static final String TITLE = "title";
  private static final String SEATS = "max_users";
  private static final String HIDDEN = "is_hidden";
  private static final String LOCKED = "is_locked";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";
  private static final String PASSWORD = "password";
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
  private final Changes changes;
  private final ListTools lists;

  LobbyPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
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
            "Their players are taken out, and the lobbies are gone for all of them.",
            new BulkAction(
                Permission.LOBBIES_CLOSE,
                "admin_delete_lobby",
                "lobbies",
                true,
                (lobby, _, _, _) -> new LobbyCommand.Close(new LobbyId(lobby)))));
    console.page(PATH + "/new", Permission.LOBBIES_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.LOBBIES_EDIT, this::create);
    console.page(
        PATH + "/live",
        Permission.LOBBIES_READ,
        _ -> Future.succeededFuture(new ConsoleView.Redirect(PATH)));
    console.action(PATH + "/close", Permission.LOBBIES_CLOSE, this::closeSelected);
    console.page(LOBBY, Permission.LOBBIES_READ, this::show);
    console.page(LOBBY + "/edit", Permission.LOBBIES_EDIT, this::edit);
    console.action(LOBBY + "/edit", Permission.LOBBIES_EDIT, this::save);
    console.action(LOBBY + "/password", Permission.LOBBIES_EDIT, this::savePassword);
    console.action(LOBBY + "/close", Permission.LOBBIES_CLOSE, this::close);
    console.action(LOBBY + "/members/add", Permission.LOBBIES_EDIT, this::add);
    console.action(LOBBY + "/members/:player/remove", Permission.LOBBIES_EDIT, this::remove);
    console.message("lobby-saved", "The lobby was saved.");
    console.message("lobby-created", "The lobby was created.");
    console.message("lobby-closed", "The lobby was closed.");
    console.message("lobbies-closed", "The selected lobbies were closed.");
    console.message("member-removed", "The player was removed.");
    console.message("member-added", "The player was added.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    SearchQuery search = list.search();
    if (!search.isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return bus.ask(new LobbyQuery.ListAll(filter(search), search.flag(IS, "hidden"), list.page()))
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ConsoleRequest request) {
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

  private ListSelection<WatchedLobby> select(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    SearchQuery search = list.search();
    return new ListSelection<>(
        list,
        "lobbies",
        Permission.LOBBIES_READ,
        search.masked(KEYS),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new LobbyQuery.ListAfter(
                        filter(search),
                        search.flag(IS, "hidden"),
                        last == null ? null : last.lobby().id(),
                        max)),
            row -> row.lobby().id().value(),
            COLUMNS,
            LobbyPages::exported));
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
    for (WatchedLobby watched : found) {
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
            list.pager(total),
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

  private static String state(Lobby lobby) {
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

  private static LobbyId id(ConsoleRequest request) {
    return new LobbyId(request.id("id"));
  }

  private Future<Lobby> find(ConsoleRequest request) {
    return bus.ask(new LobbyQuery.Find(id(request))).map(found -> found.lobby());
  }

  private static String path(LobbyId lobby) {
    return PATH + "/" + lobby.value();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var lobby = find(request);
    var members = bus.ask(new LobbyQuery.ListMembers(id(request)));
    return Future.all(lobby, members).map(_ -> show(request, lobby.result(), members.result()));
  }

  private ConsoleView show(ConsoleRequest request, Lobby lobby, List<Player> members) {
    String path = path(lobby.id());
    boolean edits = request.may(Permission.LOBBIES_EDIT);
    PlayerId host = lobby.host();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(lobby.id().value()))),
            Fact.of("Title", Cell.text(lobby.title())),
            Fact.of("Players", Cell.text(lobby.members() + " of " + lobby.seatsMax())),
            Fact.of(
                "Host",
                host == null ? Cell.text("none") : Cell.player(lobby.hostName(), host.value())),
            Fact.of("State", Cell.text(state(lobby))),
            Fact.of("Slow mode", Cell.text(lobby.slowdownSeconds() + " s")),
            Fact.of("Revision", Cell.number(lobby.revision())));
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("lobby", "Lobby", facts));
    sections.add(
        Section.text(
            "metadata",
            "Metadata",
            lobby.metadata().isEmpty() ? "" : new JsonObject(lobby.metadata()).encodePrettily()));
    sections.add(
        Section.table(
            "members",
            "Members",
            members(lobby, members, edits ? path + "/members/" : ""),
            Pager.NONE,
            "Nobody is in this lobby."));
    if (edits) {
      sections.add(Section.form("add", "Add a player", addForm(path)));
    }
    return record(request, lobby, sections);
  }

  private static FormView addForm(String path) {
    return new FormView(
        path + "/members/add",
        "",
        List.of(FormView.Field.of("user_id", "Id of the player", "number", "").needed()),
        "Add the player",
        0,
        "",
        List.of());
  }

  private static ListView members(Lobby lobby, List<Player> members, String edit) {
    var rows = new ArrayList<Row>();
    for (Player player : members) {
      String id = Long.toString(player.id().value());
      rows.add(
          new Row(
              id,
              PlayerListPages.name(player),
              List.of(
                  Cell.player(player.displayName(), player.id().value()),
                  player.id().equals(lobby.host()) ? Cell.badge("host", "good") : Cell.text(""),
                  player.online() ? Cell.badge("online", "good") : Cell.badge("offline", "")),
              edit.isEmpty()
                  ? List.of()
                  : List.of(new Action("Remove", edit + id + "/remove", 1))));
    }
    var columns = List.of(Column.of("Player", 1), Column.of("Role", 2), Column.of("State", 2));
    return new ListView("members", "Members", columns, rows, false);
  }

  private ConsoleView record(ConsoleRequest request, Lobby lobby, List<Section> sections) {
    String path = path(lobby.id());
    var links = new ArrayList<Link>();
    if (request.may(Permission.LOBBIES_EDIT)) {
      links.add(new Link("Edit", path + "/edit"));
    }
    links.addAll(StreamPages.links(request, "lobby:" + lobby.id().value()));
    return new RecordPage(
            List.of(new Link("Lobbies", PATH)),
            List.of(Cell.badge(state(lobby), "")),
            ExplorerPages.withApi(request, links, "admin_get_lobby", lobby.id().value()),
            request.may(Permission.LOBBIES_CLOSE)
                ? List.of(new Action("Close…", path + "/close", 1))
                : List.of(),
            List.of(),
            sections)
        .render(lobby.title());
  }

  private static List<FormView.Field> fields(@Nullable Lobby lobby) {
    var metadata = lobby == null ? Map.<String, Object>of() : lobby.metadata();
    return List.of(
        FormView.Field.of(TITLE, "Title", "text", lobby == null ? "" : lobby.title()).needed(),
        FormView.Field.of(
            SEATS, "Seats", "number", lobby == null ? "8" : Integer.toString(lobby.seatsMax())),
        FormView.Field.checkbox(HIDDEN, "Hidden from lists", lobby != null && lobby.hidden()),
        FormView.Field.checkbox(LOCKED, "Locked, nobody may join", lobby != null && lobby.locked()),
        FormView.Field.of(
            SLOWDOWN,
            "Slow mode, seconds between messages",
            "number",
            lobby == null ? "0" : Integer.toString(lobby.slowdownSeconds())),
        FormView.Field.of(
            METADATA,
            "Metadata",
            "json",
            metadata.isEmpty() ? "" : new JsonObject(metadata).encodePrettily()));
  }

  private static EditForm editForm(ConsoleRequest request, Lobby lobby) {
    return new EditForm(request, Long.toString(lobby.revision()), fields(lobby));
  }

  private static FormView form(Lobby lobby, EditForm edit) {
    String path = path(lobby.id());
    return new FormView(path + "/edit", edit.revision(), fields(lobby), "Save", 0, path, List.of());
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request)
        .map(lobby -> editPage(request, lobby, form(lobby, editForm(request, lobby))));
  }

  private ConsoleView editPage(ConsoleRequest request, Lobby lobby, FormView form) {
    return record(
        request,
        lobby,
        List.of(Section.form("edit", "Edit", form), passwordSection(lobby, passwordForm(lobby))));
  }

  private static List<FormView.Field> passwordFields() {
    return List.of(
        FormView.Field.of(PASSWORD, "Password", "password", "")
            .hinted("Who joins must give it. Empty for a lobby without one."));
  }

  private static FormView passwordForm(Lobby lobby) {
    String path = path(lobby.id());
    return new FormView(
        path + "/password", "", passwordFields(), "Set the password", 0, path, List.of());
  }

  private static Section passwordSection(Lobby lobby, FormView form) {
    return Section.form("password", "Password", form)
        .withNote(lobby.passworded() ? "The lobby has a password." : "The lobby has no password.");
  }

  private Future<ConsoleView> savePassword(ConsoleRequest request) {
    return find(request)
        .compose(
            lobby ->
                new EditForm(request, "", passwordFields())
                    .submit(
                        passwordForm(lobby),
                        again -> record(request, lobby, List.of(passwordSection(lobby, again))),
                        typed -> setPassword(request, lobby, typed.value(PASSWORD))));
  }

  private Future<ConsoleView> setPassword(ConsoleRequest request, Lobby lobby, String password) {
    var settings = new LobbyCommand.Settings(null, null, null, null, password, null, null);
    return changes
        .make(
            request,
            new LobbyCommand.ChangeAny(lobby.id(), settings, null),
            "admin_update_lobby",
            "lobbies/" + lobby.id().value(),
            Changes.values(PASSWORD, password.isEmpty() ? "" : "set"))
        .map(_ -> ConsoleView.done(path(lobby.id()), "lobby-saved"));
  }

  private static LobbyCommand.Settings settings(EditForm typed) {
    return new LobbyCommand.Settings(
        typed.changed(TITLE),
        typed.changed(SEATS) == null ? null : typed.integer(SEATS),
        typed.changed(HIDDEN) == null ? null : typed.flag(HIDDEN),
        typed.changed(LOCKED) == null ? null : typed.flag(LOCKED),
        null,
        typed.changed(METADATA) == null ? null : typed.object(METADATA),
        typed.changed(SLOWDOWN) == null ? null : typed.integer(SLOWDOWN));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            lobby -> {
              EditForm edit = editForm(request, lobby);
              return edit.submit(
                  form(lobby, edit),
                  again -> editPage(request, lobby, again),
                  typed -> {
                    LobbyCommand.Settings settings = settings(typed);
                    return changes
                        .make(
                            request,
                            new LobbyCommand.ChangeAny(lobby.id(), settings, typed.expected()),
                            "admin_update_lobby",
                            "lobbies/" + lobby.id().value(),
                            Changes.values(
                                TITLE, settings.title(),
                                SEATS, settings.seatsMax(),
                                HIDDEN, settings.hidden(),
                                LOCKED, settings.locked(),
                                METADATA, settings.metadata(),
                                SLOWDOWN, settings.slowdownSeconds()))
                        .map(_ -> ConsoleView.done(path(lobby.id()), "lobby-saved"));
                  },
                  () -> save(request));
            });
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(newForm()));
  }

  private static FormView newForm() {
    return new FormView(PATH + "/new", "", fields(null), "Create the lobby", 0, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return new RecordPage(
            List.of(new Link("Lobbies", PATH)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                Section.form("new", "New lobby", form)
                    .withNote("It has no host, and stays open when it is empty.")))
        .render("New lobby");
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields(null))
        .submit(
            newForm(),
            LobbyPages::createPage,
            typed -> {
              if (typed.value(TITLE).isBlank()) {
                throw Refused.invalid(TITLE, "can't be blank");
              }
              var settings =
                  new LobbyCommand.Settings(
                      typed.value(TITLE),
                      typed.integer(SEATS),
                      typed.flag(HIDDEN),
                      typed.flag(LOCKED),
                      null,
                      typed.object(METADATA),
                      typed.integer(SLOWDOWN));
              return changes
                  .make(
                      request,
                      new LobbyCommand.OpenHostless(settings),
                      "admin_create_lobby",
                      "lobbies",
                      Changes.values(TITLE, settings.title(), SEATS, settings.seatsMax()))
                  .map(lobby -> ConsoleView.done(path(lobby.id()), "lobby-created"));
            });
  }

  private Future<?> close(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new LobbyCommand.Close(new LobbyId(id)),
        "admin_delete_lobby",
        "lobbies/" + id,
        Map.of());
  }

  private Future<ConsoleView> close(ConsoleRequest request) {
    return find(request)
        .compose(
            lobby ->
                Confirmation.level1(
                        "Close " + lobby.title() + "?",
                        lobby.members()
                            + " players are taken out, and the lobby is gone for all of them.",
                        "Close the lobby")
                    .ask(
                        request,
                        path(lobby.id()),
                        () ->
                            close(request, lobby.id().value())
                                .map(_ -> ConsoleView.done(PATH, "lobby-closed"))));
  }

  private Future<ConsoleView> closeSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Close",
            "lobbies",
            "Their players are taken out, and the lobbies are gone for all of them.",
            "lobbies-closed",
            id -> close(request, id));
  }

  private Future<ConsoleView> add(ConsoleRequest request) {
    LobbyId lobby = id(request);
    Long player = SearchQuery.parse(request.field("user_id").strip());
    if (player == null) {
      return Future.failedFuture(Refused.invalid("user_id", "is not the number of a player"));
    }
    return changes
        .make(
            request,
            new LobbyCommand.Join(lobby, new PlayerId(player), null),
            "admin_add_lobby_member",
            "lobbies/" + lobby.value(),
            Changes.values("user_id", player))
        .map(_ -> ConsoleView.done(path(lobby), "member-added"));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    LobbyId lobby = id(request);
    var player = new PlayerId(request.id("player"));
    return Confirmation.level1(
            "Remove player " + player.value() + "?",
            "The player leaves the lobby and may join again.",
            "Remove the player")
        .ask(
            request,
            path(lobby),
            () ->
                bus.ask(new LobbyQuery.ListMembers(lobby))
                    .compose(members -> remove(request, lobby, player, members)));
  }

  private Future<ConsoleView> remove(
      ConsoleRequest request, LobbyId lobby, PlayerId player, List<Player> members) {
    if (members.stream().noneMatch(member -> member.id().equals(player))) {
      return Future.failedFuture(Refused.conflict("target_not_in_lobby"));
    }
    return changes
        .make(
            request,
            new LobbyCommand.Leave(player),
            "admin_remove_lobby_member",
            "lobbies/" + lobby.value(),
            Changes.values("user_id", player.value()))
        .map(_ -> ConsoleView.done(path(lobby), "member-removed"));
  }
}
