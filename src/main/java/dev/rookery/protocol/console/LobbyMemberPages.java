package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.Permission;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The members of a lobby, which its page shows: add a player, remove one. */
final class LobbyMemberPages implements ConsoleSection {
  private static final String MEMBERS = LobbyPages.PATH + "/:id/members";
  private static final String USER = "user_id";

  private final Changes changes;

  LobbyMemberPages(Changes changes) {
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.action(MEMBERS + "/add", Permission.LOBBIES_EDIT, this::add);
    console.action(MEMBERS + "/:player/remove", Permission.LOBBIES_EDIT, this::remove);
    console.message("member-removed", "The player was removed.");
    console.message("member-added", "The player was added.");
  }

  private static LobbyId id(ConsoleRequest request) {
    return new LobbyId(request.id("id"));
  }

  private static String path(LobbyId lobby) {
    return LobbyPages.PATH + "/" + lobby.value();
  }

  /** The members of a lobby, and a form to add one. */
  static List<Section> sections(ConsoleRequest request, Lobby lobby, List<Player> members) {
    String path = path(lobby.id());
    boolean edits = request.may(Permission.LOBBIES_EDIT);
    Section table =
        Section.table(
            "members",
            "Members",
            table(lobby, members, edits ? path + "/members/" : ""),
            Pager.NONE,
            "Nobody is in this lobby.");
    return edits
        ? List.of(table, Section.form("add", "Add a player", addForm(path)))
        : List.of(table);
  }

  private static FormView addForm(String path) {
    return new FormView(
        path + "/members/add",
        "",
        List.of(FormView.Field.of(USER, "Id of the player", "number", "").needed()),
        "Add the player",
        0,
        "",
        List.of());
  }

  private static ListView table(Lobby lobby, List<Player> members, String edit) {
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

  private Future<ConsoleView> add(ConsoleRequest request) {
    LobbyId lobby = id(request);
    Long player = SearchQuery.parse(request.field(USER).strip());
    if (player == null) {
      return Future.failedFuture(Refused.invalid(USER, "is not the number of a player"));
    }
    return changes
        .make(
            request,
            new LobbyCommand.Join(lobby, new PlayerId(player), null),
            "admin_add_lobby_member",
            "lobbies/" + lobby.value(),
            Changes.values(USER, player))
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
            ConsoleView.done(path(lobby), "member-removed"),
            () ->
                changes.make(
                    request,
                    new LobbyCommand.Leave(player, lobby, null),
                    "admin_remove_lobby_member",
                    "lobbies/" + lobby.value(),
                    Changes.values(USER, player.value())));
  }
}
