package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.relay.RelayRoomQuery;
import dev.rookery.relay.RelayRoomQuery.RelayRoom;
import dev.rookery.relay.RelayRoomQuery.RoomPage;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lists the rooms of the relay and the sockets in them, and closes rooms. A client with the name of
 * a room can take a seat in it, so names are shown only to admins who may close rooms.
 */
final class RelayPages implements ConsoleSection {
  private static final String PATH = "/admin/relay";
  private static final String ROOM = "room";

  private final Bus bus;
  private final Changes changes;

  RelayPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAY, "Relay rooms", PATH, null, Permission.RELAY_READ));
    console.page(PATH, Permission.RELAY_READ, this::list);
    console.action(PATH + "/close", Permission.RELAY_CLOSE, this::close);
    console.message("relay-room-closed", "The sockets of the room were closed.");
    console.message(
        "relay-room-partly-closed",
        "Not all nodes answered, and a room on these may be open. Close it again once they do.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    boolean closes = request.may(Permission.RELAY_CLOSE);
    ListRequest list = ListRequest.of(request, List.of(), closes, List.of());
    String prefix = list.search().words();
    return bus.ask(new RelayRoomQuery.ListRooms(prefix == null ? "" : prefix, closes))
        .map(found -> page(request, list, found));
  }

  private static ConsoleView page(ConsoleRequest request, ListRequest list, RoomPage found) {
    boolean closes = request.may(Permission.RELAY_CLOSE);
    var columns = List.of(Column.of("Room", 1), Column.of("Sockets", 1), Column.of("Nodes", 2));
    List<RelayRoom> rooms = found.rooms().stream().limit(RelayRoomQuery.ROOMS_MAX).toList();
    var rows = new ArrayList<Row>();
    for (RelayRoom room : rooms) {
      String close = PATH + "/close?room=" + URLEncoder.encode(room.name(), StandardCharsets.UTF_8);
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              room.name(),
              List.of(
                  Cell.text(room.name()),
                  Cell.number(room.sockets()),
                  Cell.text(String.join(", ", room.nodes()))),
              closes ? List.of(new Action("Close…", close, 2)) : List.of()));
    }
    boolean cut = found.more() || rooms.size() < found.rooms().size();
    String count =
        Pager.exactly(rows.size())
            + (!cut
                ? ""
                : closes
                    ? ", and there are more: search by the beginning of the name"
                    : ", and there are more")
            + (closes ? "" : "; their names need relay.close")
            + (found.silent().isEmpty()
                ? ""
                : "; no answer from " + String.join(", ", found.silent()));
    return new ListPage(
            ListPage.Search.of(list, List.of(), closes ? "Beginning of the name of a room" : ""),
            new ListView("list", "Relay rooms", columns, rows, false),
            new Pager(count, "", "", "", ""),
            "No rooms",
            "A room is there as long as a player has a socket in it, on the wire of Kamon.",
            List.of(),
            List.of(),
            List.of())
        .render("Relay rooms");
  }

  private Future<ConsoleView> close(ConsoleRequest request) {
    String room = request.query(ROOM);
    if (room.isEmpty()) {
      return Future.failedFuture(Refused.missing("relay_room_not_found"));
    }
    return Confirmation.level2(
            "Close room " + room + "?",
            "The sockets in it are closed on all nodes. Players who connect again open it again.",
            "Close the room",
            room)
        .ask(
            request,
            PATH,
            () ->
                changes
                    .make(
                        request,
                        new RelayRoomQuery.CloseRoom(room),
                        "admin_close_relay_room",
                        "relay",
                        Map.of(ROOM, room))
                    .map(
                        closed ->
                            ConsoleView.done(
                                PATH,
                                closed.silent().isEmpty()
                                    ? "relay-room-closed"
                                    : "relay-room-partly-closed")));
  }
}
