package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.console.PlayerSockets.PlayerSocket;
import dev.rookery.console.SocketQuery;
import dev.rookery.console.SocketQuery.NodeSocket;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The open sockets of a player on all nodes: a tab of the page of the player. */
final class SocketPages {
  private static final String PLAYER = PlayerListPages.PATH + "/:id";
  private static final String TAB = "connections";
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final Bus bus;
  private final Changes changes;

  SocketPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  PlayerTab tab() {
    return new PlayerTab(TAB, "Connections", Permission.SESSIONS_READ, this::sections);
  }

  void register(ConsoleRouter console) {
    console.action(
        PLAYER + "/" + TAB + "/:node/:socket/close", Permission.SESSIONS_END, this::close);
    console.message("socket-closed", "The socket was closed. The client may connect again.");
  }

  private static String path(PlayerId player) {
    return PlayerListPages.PATH + "/" + player.value() + "/" + TAB;
  }

  private Future<List<Section>> sections(ConsoleRequest request, Player player) {
    boolean ends = request.may(Permission.SESSIONS_END);
    return bus.ask(new SocketQuery.ListSockets(player.id()))
        .map(
            page -> {
              Section table =
                  Section.table(
                      "sockets",
                      "Open sockets",
                      table(path(player.id()), page.sockets(), ends),
                      Pager.NONE,
                      "No socket of this player is open.");
              return List.of(
                  page.silent().isEmpty()
                      ? table
                      : table.withNote("No answer from " + String.join(", ", page.silent()) + "."));
            });
  }

  private static ListView table(String path, List<NodeSocket> sockets, boolean ends) {
    var rows = new ArrayList<Row>();
    for (NodeSocket of : sockets) {
      PlayerSocket socket = of.socket();
      rows.add(
          new Row(
              of.node() + "-" + socket.id(),
              "socket " + socket.id() + " on " + of.node(),
              List.of(
                  Cell.code(socket.path()),
                  Cell.text(of.node()),
                  Cell.text(String.join(", ", socket.topics())),
                  Cell.number(socket.queuedBytes())),
              ends
                  ? List.of(
                      new Action(
                          "Disconnect", path + "/" + of.node() + "/" + socket.id() + "/close", 1))
                  : List.of()));
    }
    var columns =
        List.of(
            Column.of("Wire", 1),
            Column.of("Node", 1),
            Column.of("Topics", 2),
            Column.of("Queued bytes", 3));
    return new ListView("sockets", "Open sockets", columns, rows, false);
  }

  private Future<ConsoleView> close(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    String node = request.path("node");
    long socket = request.id("socket");
    if (!NODE.matcher(node).matches()) {
      throw Refused.missing("socket_not_found");
    }
    return Confirmation.level1(
            "Disconnect the socket?",
            "It is closed at once. The session stays, so the client may connect again.",
            "Disconnect")
        .ask(
            request,
            path(player),
            ConsoleView.done(path(player), "socket-closed"),
            () ->
                changes.make(
                    request,
                    new SocketQuery.CloseSocket(player, node, socket),
                    "admin_disconnect_user",
                    "users/" + player.value(),
                    Changes.values("node", node, "socket", socket)));
  }
}
