package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page of a lobby with its members, and create, edit and close. */
final class LobbyPages implements ConsoleSection {
  static final String PATH = LobbyListPages.PATH;

  private static final String LOBBY = PATH + "/:id";
  private static final String TITLE = "title";
  private static final String SEATS = "max_users";
  private static final String HIDDEN = "is_hidden";
  private static final String LOCKED = "is_locked";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";
  private static final String PASSWORD = "password";

  private final Bus bus;
  private final Changes changes;
  private final LobbyMemberPages memberPages;

  LobbyPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
    this.memberPages = new LobbyMemberPages(changes);
  }

  @Override
  public void register(ConsoleRouter console) {
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
    memberPages.register(console);
    console.message("lobby-saved", "The lobby was saved.");
    console.message("lobby-created", "The lobby was created.");
    console.message("lobby-closed", "The lobby was closed.");
    console.message("lobbies-closed", "The selected lobbies were closed.");
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
    PlayerId host = lobby.host();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(lobby.id().value()))),
            Fact.of("Title", Cell.text(lobby.title())),
            Fact.of("Players", Cell.text(lobby.members() + " of " + lobby.seatsMax())),
            Fact.of(
                "Host",
                host == null ? Cell.text("none") : Cell.player(lobby.hostName(), host.value())),
            Fact.of("State", Cell.text(LobbyListPages.state(lobby))),
            Fact.of("Slow mode", Cell.text(lobby.slowdownSeconds() + " s")),
            Fact.of("Revision", Cell.number(lobby.revision())));
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("lobby", "Lobby", facts));
    sections.add(Section.text("metadata", "Metadata", PrettyJson.of(lobby.metadata())));
    sections.addAll(LobbyMemberPages.sections(request, lobby, members));
    return record(request, lobby, sections);
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
            List.of(Cell.badge(LobbyListPages.state(lobby), "")),
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
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(metadata)));
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
    return RecordPage.of(
            List.of(new Link("Lobbies", PATH)),
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
            "Their players leave, and the lobbies are closed.",
            "lobbies-closed",
            id -> close(request, id));
  }
}
