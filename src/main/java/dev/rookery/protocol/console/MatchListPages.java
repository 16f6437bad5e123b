package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchQuery;
import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.RoomFilter;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.Phase;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The list of rooms with their matches, newest first. */
final class MatchListPages implements ConsoleSection {
  static final String PATH = "/admin/matches";

  private static final String LIVE = "matches";
  private static final int SIZE = 50;
  private static final String STATE = "state";
  private static final String GAME = "game";
  private static final String VERSION = "version";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          new SearchQuery.Key(
              STATE,
              "lobby, active or closed",
              Set.of("lobby", "active", "closed"),
              false,
              false,
              false),
          SearchQuery.Key.of(GAME, "the key of a game"),
          SearchQuery.Key.of(VERSION, "a version of the game, beside game:"),
          SearchQuery.Key.of("node", "the name of the node that owns the room"),
          SearchQuery.Key.of("player", "the id of a player with a seat"));

  private final Bus bus;
  private final LiveViews live;

  MatchListPages(Bus bus, LiveViews live) {
    this.bus = bus;
    this.live = live;
  }

  /** The page of a room. */
  static String path(String room) {
    return ListLinks.below(PATH, room);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAY, "Matches", PATH, "m", Permission.MATCHES_READ));
    console.sharedPage(PATH, Permission.MATCHES_READ, this::list);
    live.add(
        LIVE,
        Permission.MATCHES_READ,
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters));
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, true, List.of());
    SearchQuery search = list.search();
    String room = search.words();
    if (room != null && search.isValid() && room.length() <= MatchCommand.ID_MAX) {
      return bus.ask(new MatchQuery.FindRoom(room))
          .map(found -> page(list, List.of(found), 1))
          .otherwise(_ -> page(list, List.of(), 0));
    }
    SearchQuery checked = checked(search);
    if (!checked.isValid()) {
      return Future.succeededFuture(page(withSearch(list, checked), List.of(), 0));
    }
    var count =
        Pager.orUncounted(bus.ask(new MatchQuery.CountRooms(filter(search), list.countMax())));
    var found = find(search, list.after(), list.before(), list.size());
    return Future.all(count, found).map(_ -> page(list, found.result(), count.result()));
  }

  /** The rooms of a page, and one more. */
  private Future<List<ListedRoom>> find(SearchQuery search, String after, String before, int size) {
    boolean backwards = !before.isEmpty();
    return bus.ask(
        new MatchQuery.FindRooms(
            filter(search), position(backwards ? before : after), backwards, size + 1));
  }

  /** What a list shows of its rooms, so that it is loaded again when that has changed. */
  private Future<JsonObject> message(Map<String, String> parameters) {
    SearchQuery search = SearchQuery.parse(parameters.getOrDefault("q", ""), KEYS, false);
    Long size = SearchQuery.parse(parameters.getOrDefault("size", ""));
    if (!checked(search).isValid()) {
      return Future.succeededFuture(new JsonObject());
    }
    return find(
            search,
            parameters.getOrDefault("after", ""),
            parameters.getOrDefault("before", ""),
            size == null ? SIZE : Math.clamp(size, 1, MatchQuery.PAGE_MAX))
        .map(found -> JsonObject.of("parts", JsonObject.of("list", version(found))));
  }

  private static String version(List<ListedRoom> rooms) {
    return Integer.toHexString(rooms.hashCode());
  }

  private static SearchQuery checked(SearchQuery search) {
    if (search.value(VERSION) != null && search.value(GAME) == null) {
      return search.withProblem("“version:” would read all rooms; add “game:”.");
    }
    if (search.value("player") != null && search.number("player") == null) {
      return search.withProblem("The value of “player” is a number.");
    }
    return search;
  }

  private static ListRequest withSearch(ListRequest list, SearchQuery search) {
    return new ListRequest(
        list.path(),
        search,
        list.sort(),
        list.size(),
        list.after(),
        list.before(),
        list.number(),
        list.exact());
  }

  private static RoomFilter filter(SearchQuery search) {
    String state = search.value(STATE);
    Long player = search.number("player");
    return new RoomFilter(
        state == null ? null : Phase.valueOf(state.toUpperCase(Locale.ROOT)),
        search.value(GAME),
        search.value(VERSION),
        search.value("node"),
        player == null ? null : MatchCommand.user(new PlayerId(player)));
  }

  private static String cursor(ListedRoom room) {
    return room.summary().createdMs() + " " + room.summary().room();
  }

  private static @Nullable RoomPosition position(String cursor) {
    int end = cursor.indexOf(' ');
    Long created = end < 0 ? null : SearchQuery.parse(cursor.substring(0, end));
    return created == null ? null : new RoomPosition(created, cursor.substring(end + 1));
  }

  private static ConsoleView page(ListRequest list, List<ListedRoom> found, long total) {
    boolean live = list.search().isValid() && list.search().words() == null;
    String topic =
        list.urlOf(
            LIVE,
            "size",
            Integer.toString(list.size()),
            "after",
            list.after(),
            "before",
            list.before());
    var keyset = Keyset.of(list, found, MatchListPages::cursor);
    boolean any = list.search().terms().isEmpty();
    return new ListPage(
            ListPage.Search.of(list, KEYS, "The whole id of a room"),
            table(keyset.items()),
            keyset.pager(list, total),
            any ? "No matches" : "No room matches",
            any
                ? "Tic-tac-toe is part of the server: play it at /play/tic-tac-toe."
                : "Remove a filter. Rooms that nobody uses are deleted after a while.",
            List.of(),
            List.of(),
            List.of())
        .renderLive("Matches", live ? topic : "", version(found));
  }

  private static ListView table(List<ListedRoom> rooms) {
    var columns =
        List.of(
            Column.of("Room", 1),
            Column.of("Game", 1),
            Column.of("State", 1),
            Column.of("Players", 2),
            Column.of("Revision", 2),
            Column.of("Owner", 3),
            Column.of("Created", 3),
            Column.of("Version", 3));
    var rows = new ArrayList<Row>();
    for (ListedRoom room : rooms) {
      RoomSummary summary = room.summary();
      rows.add(
          new Row(
              summary.room(),
              summary.room(),
              List.of(
                  Cell.link(summary.room(), path(summary.room())),
                  Cell.text(summary.gameKey()),
                  state(room),
                  Cell.text(room.seats() + " of " + room.capacity()),
                  Cell.number(summary.revision()),
                  owner(room),
                  Cell.time(summary.createdMs()),
                  Cell.code(summary.gameVersion()))));
    }
    return new ListView("list", "Matches", columns, rows, false);
  }

  static Cell state(ListedRoom room) {
    return switch (room.summary().phase()) {
      case LOBBY -> Cell.badge("lobby", "");
      case ACTIVE ->
          room.finishedMs() == null ? Cell.badge("running", "good") : Cell.badge("finished", "");
      case CLOSED -> Cell.badge("closed", "");
    };
  }

  static Cell owner(ListedRoom room) {
    String node = room.node();
    return Cell.text(node == null ? "sleeps" : node + ", epoch " + room.epoch());
  }
}
