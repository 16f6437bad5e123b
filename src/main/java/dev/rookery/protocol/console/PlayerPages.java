package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Ban;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The page of one player: everything that the domains know, and the actions on the player. */
final class PlayerPages implements ConsoleSection {
  private static final String PATH = PlayerListPages.PATH;
  private static final int SESSIONS_SHOWN_MAX = 50;

  private final Bus bus;
  private final Changes changes;
  private final NotePages notes;
  private final ViewAsPages viewAs;
  private final SocketPages sockets;
  private final List<PlayerTab> tabs;
  private final PlayerFrame frame;
  private final PlayerEditPages edits;
  private final PlayerBanPages bans;

  PlayerPages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.notes = new NotePages(bus, changes);
    this.viewAs = new ViewAsPages(changes);
    this.sockets = new SocketPages(bus, changes);
    this.tabs =
        Stream.concat(
                PlayerTabs.all(bus, changes).stream(),
                Stream.of(sockets.tab(), notes.tab(), viewAs.tab()))
            .toList();
    this.frame = new PlayerFrame(bus, tabs);
    this.edits = new PlayerEditPages(bus, changes, clock, frame);
    this.bans = new PlayerBanPages(changes, clock, frame);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PlayerFrame.PLAYER, Permission.PLAYERS_READ, this::summary);
    console.action(
        PlayerFrame.PLAYER + "/end-sessions", Permission.SESSIONS_END, this::endSessions);
    console.action(PlayerFrame.PLAYER + "/unlink", Permission.PLAYERS_EDIT, this::unlink);
    console.action(PlayerFrame.PLAYER + "/delete", Permission.PLAYERS_DELETE, this::delete);
    console.page(PlayerFrame.PLAYER + "/sessions", Permission.SESSIONS_READ, this::sessions);
    edits.register(console);
    bans.register(console);
    notes.register(console);
    viewAs.register(console);
    sockets.register(console);
    for (PlayerTab tab : tabs) {
      console.page(
          PlayerFrame.PLAYER + "/" + tab.path(), tab.permission(), request -> show(request, tab));
    }
    console.message("player-signed-out", "All sessions of the player were ended.");
    console.message("player-unlinked", "The sign-in method was removed.");
    console.message("player-deleted", "The player and all their data were deleted.");
  }

  private Future<ConsoleView> summary(ConsoleRequest request) {
    return frame
        .find(request)
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
              return frame.page(request, account, "", sections);
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
    String path = PlayerFrame.path(player.id()) + "/unlink?method=";
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
    return frame
        .find(request)
        .compose(
            account ->
                tab.load(request, account.player())
                    .map(sections -> frame.page(request, account, tab.path(), sections)));
  }

  private Future<ConsoleView> sessions(ConsoleRequest request) {
    return frame
        .find(request)
        .compose(
            account ->
                bus.ask(
                        new AuthCommand.ListSessions(
                            account.player().id(), new Page.Request(1, SESSIONS_SHOWN_MAX)))
                    .map(
                        sessions ->
                            frame.page(
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

  private Future<ConsoleView> endSessions(ConsoleRequest request) {
    PlayerId player = PlayerFrame.id(request);
    return Confirmation.level1(
            "End all sessions?",
            "The player is signed out on all nodes, and their sockets close.",
            "End the sessions")
        .ask(
            request,
            PlayerFrame.path(player),
            () ->
                changes
                    .make(
                        request,
                        new AuthCommand.SignOutAll(player, null),
                        "admin_delete_user_sessions",
                        "users/" + player.value(),
                        Map.of())
                    .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-signed-out")));
  }

  private Future<ConsoleView> unlink(ConsoleRequest request) {
    PlayerId player = PlayerFrame.id(request);
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
            PlayerFrame.path(player),
            () ->
                changes
                    .make(
                        request,
                        command,
                        "admin_unlink_user",
                        "users/" + player.value(),
                        Changes.values("method", method))
                    .map(_ -> ConsoleView.done(PlayerFrame.path(player), "player-unlinked")));
  }

  private static Provider provider(String name) {
    return Arrays.stream(Provider.values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return frame
        .find(request)
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
                      PlayerFrame.path(player.id()),
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
