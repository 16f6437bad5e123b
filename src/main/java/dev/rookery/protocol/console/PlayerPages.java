package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Grants;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerMark;
import dev.rookery.player.Provider;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page of one player: everything that the domains know, and the actions on the player. */
final class PlayerPages implements ConsoleSection {
  private static final String PATH = PlayerListPages.PATH;
  private static final String PLAYER = PATH + "/:id";
  private static final String NAME = "display_name";
  private static final String EMAIL = "email";
  private static final String METADATA = "metadata";
  private static final String ADMIN = "is_admin";
  private static final String REASON = "reason";
  private static final String HOURS = "hours";
  private static final int SESSIONS_SHOWN_MAX = 50;

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final StepUp stepUp;
  private final NotePages notes;
  private final ViewAsPages viewAs;
  private final SocketPages sockets;
  private final List<PlayerTab> tabs;

  PlayerPages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.stepUp = new StepUp(bus, clock);
    this.notes = new NotePages(bus, changes);
    this.viewAs = new ViewAsPages(changes);
    this.sockets = new SocketPages(bus, changes);
    this.tabs =
        Stream.concat(
                PlayerTabs.all(bus, changes).stream(),
                Stream.of(sockets.tab(), notes.tab(), viewAs.tab()))
            .toList();
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PLAYER, Permission.PLAYERS_READ, this::summary);
    console.page(PLAYER + "/edit", Permission.PLAYERS_EDIT, this::edit);
    console.action(PLAYER + "/edit", Permission.PLAYERS_EDIT, this::save);
    console.action(PLAYER + "/email", Permission.PLAYERS_EDIT, this::saveEmail);
    console.page(PLAYER + "/ban", Permission.PLAYERS_BAN, this::banForm);
    console.action(PLAYER + "/ban", Permission.PLAYERS_BAN, this::ban);
    console.action(PLAYER + "/unban", Permission.PLAYERS_BAN, this::unban);
    console.action(PLAYER + "/end-sessions", Permission.SESSIONS_END, this::endSessions);
    console.action(PLAYER + "/unlink", Permission.PLAYERS_EDIT, this::unlink);
    console.action(PLAYER + "/delete", Permission.PLAYERS_DELETE, this::delete);
    console.page(PLAYER + "/sessions", Permission.SESSIONS_READ, this::sessions);
    notes.register(console);
    viewAs.register(console);
    sockets.register(console);
    for (PlayerTab tab : tabs) {
      console.page(PLAYER + "/" + tab.path(), tab.permission(), request -> show(request, tab));
    }
    console.message("player-saved", "The player was saved.");
    console.message("player-banned", "The player is banned, and all their sessions were ended.");
    console.message("player-unbanned", "The ban was lifted.");
    console.message("player-signed-out", "All sessions of the player were ended.");
    console.message("player-unlinked", "The sign-in method was removed.");
    console.message("player-deleted", "The player and all their data were deleted.");
  }

  private Future<Account> find(ConsoleRequest request) {
    return bus.ask(new PlayerCommand.FindAccount(id(request)));
  }

  private static PlayerId id(ConsoleRequest request) {
    return new PlayerId(request.id("id"));
  }

  private static String path(PlayerId player) {
    return PATH + "/" + player.value();
  }

  private ConsoleView page(
      ConsoleRequest request, Account account, String current, List<Section> sections) {
    Player player = account.player();
    String path = path(player.id());
    var shown = new ArrayList<RecordPage.Tab>();
    shown.add(new RecordPage.Tab("Summary", path, current.isEmpty()));
    if (request.may(Permission.SESSIONS_READ)) {
      shown.add(new RecordPage.Tab("Sessions", path + "/sessions", current.equals("sessions")));
    }
    for (PlayerTab tab : tabs) {
      if (request.may(tab.permission())) {
        shown.add(
            new RecordPage.Tab(tab.title(), path + "/" + tab.path(), current.equals(tab.path())));
      }
    }
    var links = new ArrayList<Link>();
    if (request.may(Permission.PLAYERS_EDIT)) {
      links.add(new Link("Edit", path + "/edit"));
    }
    if (request.may(Permission.PLAYERS_BAN) && account.ban() == null) {
      links.add(new Link("Ban…", path + "/ban"));
    }
    links.addAll(StreamPages.links(request, "player:" + account.player().id()));
    return new RecordPage(
            List.of(new Link("Players", PATH)),
            List.of(PlayerListPages.state(account)),
            ExplorerPages.withApi(request, links, "admin_get_user", player.id().value()),
            buttons(request, account),
            shown,
            sections)
        .render(PlayerListPages.name(player));
  }

  private static List<Action> buttons(ConsoleRequest request, Account account) {
    String path = path(account.player().id());
    var buttons = new ArrayList<Action>();
    if (request.may(Permission.PLAYERS_BAN) && account.ban() != null) {
      buttons.add(new Action("Unban", path + "/unban", 1));
    }
    if (request.may(Permission.PLAYERS_TEST) && account.mark() == PlayerMark.TEST) {
      buttons.add(new Action("Get a token", path + "/token", 0));
      buttons.add(new Action("Remove the test player", path + "/remove-test", 1));
    }
    if (request.may(Permission.SESSIONS_END)) {
      buttons.add(new Action("End sessions", path + "/end-sessions", 1));
    }
    if (request.may(Permission.PLAYERS_DELETE)) {
      buttons.add(new Action("Delete…", path + "/delete", 2));
    }
    return buttons;
  }

  private Future<ConsoleView> summary(ConsoleRequest request) {
    return find(request)
        .map(
            account -> {
              var sections = new ArrayList<Section>();
              sections.add(profile(request, account));
              sections.add(now(account.player()));
              sections.add(signIn(request, account.player()));
              if (account.ban() != null) {
                sections.add(ban(account.ban()));
              }
              sections.add(
                  Section.text("metadata", "Metadata", PrettyJson.of(account.player().metadata())));
              return page(request, account, "", sections);
            });
  }

  private static Section profile(ConsoleRequest request, Account account) {
    Player player = account.player();
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    return Section.facts(
        "profile",
        "Profile",
        List.of(
            Fact.of("Id", Cell.code(Long.toString(player.id().value()))),
            Fact.of("UUID", Cell.code(player.uuid())),
            Fact.of("Display name", Cell.text(player.displayName())),
            Fact.of(
                "Email",
                personal || player.email().isEmpty()
                    ? Cell.text(player.email())
                    : Cell.text("hidden, needs players.personal")),
            Fact.of("Admin", Cell.text(player.admin() ? "yes" : "no")),
            Fact.of("Created", Cell.time(player.createdMs())),
            Fact.of("Updated", Cell.time(account.updatedMs())),
            Fact.of("Revision", Cell.number(player.revision()))));
  }

  private static Section now(Player player) {
    var lobby = player.lobby();
    Long party = player.partyId();
    return Section.facts(
        "now",
        "Now",
        List.of(
            Fact.of(
                "State",
                player.online() ? Cell.badge("online", "good") : Cell.badge("offline", "")),
            Fact.of("Last seen", Cell.time(player.lastSeenMs())),
            Fact.of(
                "Lobby",
                lobby == null
                    ? Cell.text("")
                    : Cell.link(
                        Long.toString(lobby.value()), LobbyPages.PATH + "/" + lobby.value())),
            Fact.of(
                "Party",
                party == null
                    ? Cell.text("")
                    : Cell.link(Long.toString(party), "/admin/parties/" + party))));
  }

  private static Section signIn(ConsoleRequest request, Player player) {
    boolean edits = request.may(Permission.PLAYERS_EDIT);
    String path = path(player.id()) + "/unlink?method=";
    var rows = new ArrayList<ListView.Row>();
    if (player.hasPassword()) {
      rows.add(new ListView.Row("password", "password", List.of(Cell.text("password"))));
    }
    if (player.hasDevice()) {
      rows.add(method("device", edits ? path : ""));
    }
    for (Provider provider : Provider.values()) {
      if (player.linked().contains(provider)) {
        rows.add(method(provider.name().toLowerCase(Locale.ROOT), edits ? path : ""));
      }
    }
    var methods =
        new ListView(
            "methods", "Sign-in methods", List.of(ListView.Column.of("Method", 1)), rows, false);
    return Section.table(
        "sign-in", "Sign-in methods", methods, Pager.NONE, "The player cannot sign in.");
  }

  private static ListView.Row method(String method, String unlink) {
    return new ListView.Row(
        method,
        method,
        List.of(Cell.text(method)),
        unlink.isEmpty() ? List.of() : List.of(new Action("Unlink", unlink + method, 1)));
  }

  private static Section ban(Ban ban) {
    Long until = ban.untilMs();
    return Section.facts(
        "ban",
        "Ban",
        List.of(
            Fact.of("Reason", Cell.text(ban.reason())),
            Fact.of("Since", Cell.time(ban.sinceMs())),
            Fact.of("Until", until == null ? Cell.text("for ever") : Cell.time(until))));
  }

  private Future<ConsoleView> show(ConsoleRequest request, PlayerTab tab) {
    return find(request)
        .compose(
            account ->
                tab.load(request, account.player())
                    .map(sections -> page(request, account, tab.path(), sections)));
  }

  private Future<ConsoleView> sessions(ConsoleRequest request) {
    return find(request)
        .compose(
            account ->
                bus.ask(
                        new AuthCommand.ListSessions(
                            account.player().id(), new Page.Request(1, SESSIONS_SHOWN_MAX)))
                    .map(
                        sessions ->
                            page(
                                request,
                                account,
                                "sessions",
                                List.of(
                                    Section.table(
                                        "sessions",
                                        "Sessions",
                                        SessionPages.table("sessions", sessions.items(), request),
                                        new Pager(Pager.exactly(sessions.total()), "", "", "", ""),
                                        "No open sessions.")))));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request)
        .map(account -> editPage(request, account, form(account, editForm(request, account))));
  }

  private ConsoleView editPage(ConsoleRequest request, Account account, FormView form) {
    Section edit = Section.form("edit", "Edit", form);
    return page(
        request,
        account,
        "edit",
        request.may(Permission.PLAYERS_PERSONAL)
            ? List.of(edit, emailSection(account, emailForm(account)))
            : List.of(edit));
  }

  private static List<FormView.Field> emailFields(Account account) {
    return List.of(
        FormView.Field.of(EMAIL, "Email address", "email", account.player().email()).needed());
  }

  private static FormView emailForm(Account account) {
    String path = path(account.player().id());
    return new FormView(
        path + "/email", "", emailFields(account), "Set the address", 1, path, List.of());
  }

  private static Section emailSection(Account account, FormView form) {
    return Section.form("email", "Email", form)
        .withNote(
            account.player().email().isEmpty()
                ? "It counts as confirmed."
                : "It counts as confirmed, and the address before is told.");
  }

  private Future<ConsoleView> saveEmail(ConsoleRequest request) {
    if (!request.may(Permission.PLAYERS_PERSONAL)) {
      return Future.succeededFuture(
          ConsoleProblem.noPermission(Permission.PLAYERS_PERSONAL).view());
    }
    return find(request)
        .compose(
            account -> {
              PlayerId player = account.player().id();
              String name = PlayerListPages.name(account.player());
              return new EditForm(request, "", emailFields(account))
                  .submit(
                      emailForm(account),
                      again ->
                          page(request, account, "edit", List.of(emailSection(account, again))),
                      typed ->
                          Confirmation.level1(
                                  "Change the address of " + name + "?",
                                  "Who has the new address can sign in as the player.",
                                  "Set the address")
                              .ask(
                                  request,
                                  path(player) + "/edit",
                                  () -> setEmail(request, player, typed.value(EMAIL).strip())));
            });
  }

  private Future<ConsoleView> setEmail(ConsoleRequest request, PlayerId player, String email) {
    return changes
        .make(
            request,
            new EmailCommand.SetEmail(player, email),
            "admin_set_user_email",
            "users/" + player.value(),
            Changes.values(EMAIL, email))
        .map(_ -> ConsoleView.done(path(player), "player-saved"));
  }

  private static List<FormView.Field> fields(Account account) {
    Player player = account.player();
    return List.of(
        FormView.Field.of(NAME, "Display name", "text", player.displayName())
            .hinted("Empty for none."),
        FormView.Field.checkbox(ADMIN, "Admin of the API", player.admin()),
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(player.metadata()))
            .hinted("A JSON object that other players can read."));
  }

  private static EditForm editForm(ConsoleRequest request, Account account) {
    return new EditForm(request, Long.toString(account.player().revision()), fields(account));
  }

  private static FormView form(Account account, EditForm edit) {
    String path = path(account.player().id());
    return new FormView(
        path + "/edit", edit.revision(), fields(account), "Save", 0, path, List.of());
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request).compose(account -> save(request, account));
  }

  private Future<ConsoleView> save(ConsoleRequest request, Account account) {
    PlayerId player = account.player().id();
    EditForm edit = editForm(request, account);
    return edit.submit(
        form(account, edit),
        again -> editPage(request, account, again),
        typed -> {
          @Nullable Boolean admin = typed.changed(ADMIN) == null ? null : typed.flag(ADMIN);
          if (admin != null && !request.may(Permission.ADMINS_EDIT)) {
            throw Refused.invalid(ADMIN, "needs the permission admins.edit");
          }
          @Nullable Map<String, Object> metadata =
              typed.changed(METADATA) == null ? null : typed.object(METADATA);
          var update =
              new PlayerCommand.Update(
                  request.admin().player(),
                  player,
                  admin,
                  typed.changed(NAME),
                  metadata,
                  account.player().revision());
          return requireStepUp(request, admin)
              .compose(
                  _ ->
                      changes.make(
                          request,
                          update,
                          "admin_update_user",
                          "users/" + player.value(),
                          Changes.values(
                              ADMIN, admin, NAME, typed.changed(NAME), METADATA, metadata)))
              .map(_ -> ConsoleView.done(path(player), "player-saved"));
        },
        () -> save(request));
  }

  /** Giving and taking the rights of an admin is an action of level 3. */
  private Future<?> requireStepUp(ConsoleRequest request, @Nullable Boolean admin) {
    return admin == null
        ? Future.succeededFuture()
        : stepUp
            .isNeeded(request.admin(), Permission.ADMINS_EDIT)
            .compose(
                needed ->
                    needed
                        ? Future.failedFuture(Refused.conflict("step_up_required"))
                        : Future.succeededFuture());
  }

  private Future<ConsoleView> banForm(ConsoleRequest request) {
    return find(request).map(account -> banPage(request, account, banForm(account)));
  }

  private ConsoleView banPage(ConsoleRequest request, Account account, FormView form) {
    return page(
        request,
        account,
        "ban",
        List.of(
            Section.form("ban-form", "Ban", form)
                .withNote(
                    "All sessions end at once, and every sign-in is refused with the reason.")));
  }

  private static List<FormView.Field> banFields() {
    return List.of(
        FormView.Field.of(REASON, "Reason, shown to the player", "text", "").needed(),
        FormView.Field.of(HOURS, "For how many hours", "number", "24")
            .hinted("Empty for ever. Moderators ban for at most 30 days."));
  }

  private static FormView banForm(Account account) {
    String path = path(account.player().id());
    return new FormView(path + "/ban", "", banFields(), "Ban the player", 1, path, List.of());
  }

  private Future<ConsoleView> ban(ConsoleRequest request) {
    return find(request).compose(account -> ban(request, account));
  }

  private Future<ConsoleView> ban(ConsoleRequest request, Account account) {
    PlayerId player = account.player().id();
    EditForm edit = new EditForm(request, "", banFields());
    return edit.submit(
        banForm(account),
        again -> banPage(request, account, again),
        typed -> {
          @Nullable Long hours = typed.number(HOURS);
          if (hours != null && (hours < 1 || hours > 24 * 3_650)) {
            throw Refused.invalid(HOURS, "must be from 1 to 87600");
          }
          if (typed.value(REASON).isBlank()) {
            throw Refused.invalid(REASON, "can't be blank");
          }
          boolean limited = !request.may(Permission.PLAYERS_BAN_LONG);
          if (limited && (hours == null || hours > Grants.SHORT_BAN_MAX.toHours())) {
            throw Refused.invalid(HOURS, "must be at most 720 with your role");
          }
          @Nullable Long until =
              hours == null
                  ? null
                  : Long.valueOf(clock.millis() + Duration.ofHours(hours).toMillis());
          var ban =
              new AccountCommand.Ban(player, request.admin().player(), typed.value(REASON), until);
          String name = PlayerListPages.name(account.player());
          return Confirmation.level1(
                  "Ban " + name + "?",
                  name
                      + " is signed out everywhere and cannot sign in "
                      + (hours == null ? "again." : "for " + hours + " hours."),
                  "Ban " + name)
              .ask(
                  request,
                  path(player),
                  () ->
                      changes
                          .make(
                              request,
                              ban,
                              "admin_ban_user",
                              "users/" + player.value(),
                              Changes.values(REASON, typed.value(REASON), "until", until))
                          .map(_ -> ConsoleView.done(path(player), "player-banned")));
        });
  }

  private Future<ConsoleView> unban(ConsoleRequest request) {
    PlayerId player = id(request);
    return Confirmation.level1("Lift the ban?", "The player can sign in again.", "Lift the ban")
        .ask(
            request,
            path(player),
            () ->
                changes
                    .make(
                        request,
                        new AuthCommand.LiftBan(player),
                        "admin_unban_user",
                        "users/" + player.value(),
                        Map.of())
                    .map(_ -> ConsoleView.done(path(player), "player-unbanned")));
  }

  private Future<ConsoleView> endSessions(ConsoleRequest request) {
    PlayerId player = id(request);
    return Confirmation.level1(
            "End all sessions?",
            "The player is signed out on all nodes, and their sockets close.",
            "End the sessions")
        .ask(
            request,
            path(player),
            () ->
                changes
                    .make(
                        request,
                        new AuthCommand.SignOutAll(player, null),
                        "admin_delete_user_sessions",
                        "users/" + player.value(),
                        Map.of())
                    .map(_ -> ConsoleView.done(path(player), "player-signed-out")));
  }

  private Future<ConsoleView> unlink(ConsoleRequest request) {
    PlayerId player = id(request);
    String method =
        request.query("method").isEmpty() ? request.field("method") : request.query("method");
    PlayerCommand<?> command =
        method.equals("device")
            ? new PlayerCommand.UnlinkDevice(player)
            : new PlayerCommand.UnlinkProvider(player, provider(method));
    return Confirmation.level1(
            "Remove " + method + "?",
            "The player can no longer sign in with it.",
            "Remove " + method)
        .ask(
            request,
            path(player),
            () ->
                changes
                    .make(
                        request,
                        command,
                        "admin_unlink_user",
                        "users/" + player.value(),
                        Changes.values("method", method))
                    .map(_ -> ConsoleView.done(path(player), "player-unlinked")));
  }

  private static Provider provider(String name) {
    return Arrays.stream(Provider.values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return find(request)
        .compose(
            account -> {
              Player player = account.player();
              String name = PlayerListPages.name(player);
              return Confirmation.level2(
                      "Delete " + name + "?",
                      "The account and everything stored about the player are deleted in every"
                          + " domain. This cannot be undone.",
                      "Delete " + name,
                      name)
                  .ask(
                      request,
                      path(player.id()),
                      () ->
                          changes
                              .make(
                                  request,
                                  new AccountCommand.Delete(player.id()),
                                  "admin_delete_user",
                                  "users/" + player.id().value(),
                                  Map.of())
                              .map(_ -> ConsoleView.done(PATH, "player-deleted")));
            });
  }
}
