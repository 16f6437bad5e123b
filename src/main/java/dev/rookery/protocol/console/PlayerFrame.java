package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.player.Account;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerMark;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** What all pages about one player share: badges, links, buttons and tabs. */
final class PlayerFrame {
  static final String PLAYER = PlayerListPages.PATH + "/:id";

  private final Bus bus;
  private final List<PlayerTab> tabs;

  /**
   * @param tabs after the summary and the sessions
   */
  PlayerFrame(Bus bus, List<PlayerTab> tabs) {
    this.bus = bus;
    this.tabs = List.copyOf(tabs);
  }

  Future<Account> find(ConsoleRequest request) {
    return bus.ask(new PlayerCommand.FindAccount(id(request)));
  }

  static PlayerId id(ConsoleRequest request) {
    return new PlayerId(request.id("id"));
  }

  static String path(PlayerId player) {
    return PlayerListPages.PATH + "/" + player.value();
  }

  /**
   * A page about the player.
   *
   * @param current the path of the tab; empty for the summary
   */
  ConsoleView page(
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
    if (request.may(Permission.CHAT_MODERATE)) {
      links.add(new Link("Mute…", ChatMutePages.path(account.player().id())));
    }
    links.addAll(StreamPages.links(request, "player:" + account.player().id()));
    return new RecordPage(
            List.of(new Link("Players", PlayerListPages.PATH)),
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
}
