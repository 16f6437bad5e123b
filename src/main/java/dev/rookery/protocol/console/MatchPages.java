package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.match.MatchQuery;
import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A match at any revision, with what each seat sees; fork. What players keep from each other is a
 * page of its own, which the audit log shows.
 */
final class MatchPages implements ConsoleSection {
  static final String MATCH = MatchListPages.PATH + "/:id";
  static final String ROOM = "/room";
  private static final String SECRET = "/secret";
  private static final String LIVE = "match";
  private static final int AROUND = 8;

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  MatchPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  /** What the head of the page shows of a room. */
  record Head(
      List<Link> crumbs,
      List<Cell> badges,
      List<Action> buttons,
      List<Tab> tabs,
      String path,
      String live,
      String fork) {}

  @Override
  public void register(ConsoleRouter console) {
    console.page(MATCH, Permission.MATCHES_READ, request -> timeline(request, false));
    console.page(MATCH + SECRET, Permission.MATCHES_SECRET, this::secrets);
    console.action(MATCH + "/fork", Permission.MATCHES_FORK, this::fork);
    console.message("match-forked", "This room goes on from the revision that you chose.");
    live.add(
        LIVE,
        Permission.MATCHES_READ,
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters));
  }

  private Future<JsonObject> message(Map<String, String> parameters) {
    return bus.ask(new MatchQuery.FindRoom(parameters.getOrDefault("room", "")))
        .map(
            found -> {
              String revision = Long.toString(found.summary().revision());
              var message =
                  JsonObject.of(
                      "values",
                      JsonObject.of(
                          "revision", revision, "state", MatchListPages.state(found).text()));
              return parameters.containsKey("at")
                  ? message
                  : message.put("parts", JsonObject.of("moment", revision));
            });
  }

  private static String id(ConsoleRequest request) {
    return request.path("id");
  }

  static Future<ListedRoom> find(Bus bus, ConsoleRequest request) {
    return bus.ask(new MatchQuery.FindRoom(id(request)));
  }

  private Future<ConsoleView> secrets(ConsoleRequest request) {
    Map<String, @Nullable Object> values =
        Changes.values("at", request.query("at"), "seat", request.query("seat"));
    return changes
        .recordRead(request, "admin_match_at", "matches/" + id(request), values)
        .compose(_ -> timeline(request, true));
  }

  private Future<ConsoleView> timeline(ConsoleRequest request, boolean secrets) {
    String path = MatchListPages.path(id(request)) + (secrets ? SECRET : "");
    Long wanted = SearchQuery.parse(request.query("at"));
    String go = request.query("go");
    return find(bus, request)
        .compose(
            found -> {
              if (!go.isEmpty()) {
                return Future.succeededFuture(
                    new ConsoleView.Redirect(path + target(request, found, wanted, go)));
              }
              if (found.summary().startedMs() == null) {
                return Future.succeededFuture(
                    new ConsoleView.Redirect(MatchListPages.path(id(request)) + ROOM));
              }
              Long at = wanted == null ? null : Math.max(0, wanted);
              return bus.ask(new MatchQuery.ReadMoment(found.summary().room(), at, AROUND))
                  .map(
                      moment ->
                          ConsoleView.page(
                              "match",
                              found.summary().gameKey() + ", " + shortId(found),
                              Map.of(
                                  "page",
                                  head(request, found, path, secrets, wanted != null),
                                  "moment",
                                  MatchMoment.of(moment, request.query("seat"), secrets, path))));
            });
  }

  private static String target(
      ConsoleRequest request, ListedRoom room, @Nullable Long wanted, String go) {
    long last = room.summary().revision();
    long at = wanted == null ? last : Math.clamp(wanted, 0, last);
    long to =
        switch (go) {
          case "first" -> 0;
          case "previous" -> Math.max(0, at - 1);
          case "next" -> Math.min(last, at + 1);
          default -> -1;
        };
    String seat = request.query("seat");
    String chosen = seat.isEmpty() ? "" : "seat=" + URLEncoder.encode(seat, StandardCharsets.UTF_8);
    String revision = to < 0 ? "" : "at=" + to;
    String both = revision + (revision.isEmpty() || chosen.isEmpty() ? "" : "&") + chosen;
    return both.isEmpty() ? "" : "?" + both;
  }

  /** The last characters of an id tell rooms apart. */
  static String shortId(ListedRoom room) {
    String id = room.summary().room();
    return id.length() <= 12 ? id : "…" + id.substring(id.length() - 8);
  }

  private static Head head(
      ConsoleRequest request, ListedRoom room, String path, boolean secrets, boolean fixed) {
    RoomSummary summary = room.summary();
    String match = MatchListPages.path(summary.room());
    String topic =
        LIVE
            + "?room="
            + URLEncoder.encode(summary.room(), StandardCharsets.UTF_8)
            + (fixed ? "&at=fixed" : "");
    return new Head(
        List.of(new Link("Matches", MatchListPages.PATH)),
        List.of(
            MatchListPages.state(room),
            Cell.text(summary.gameVersion()),
            MatchListPages.owner(room)),
        buttons(request, room),
        tabs(request, match, path),
        path,
        secrets ? "" : topic,
        request.may(Permission.MATCHES_FORK) ? match + "/fork" : "");
  }

  static List<Tab> tabs(ConsoleRequest request, String match, String current) {
    var tabs = new ArrayList<Tab>();
    tabs.add(new Tab("Timeline", match, current.equals(match)));
    if (request.may(Permission.MATCHES_SECRET)) {
      tabs.add(new Tab("Views of seats", match + SECRET, current.equals(match + SECRET)));
    }
    tabs.add(new Tab("Room", match + ROOM, current.equals(match + ROOM)));
    return tabs;
  }

  static List<Action> buttons(ConsoleRequest request, ListedRoom room) {
    if (!request.may(Permission.MATCHES_ACT)) {
      return List.of();
    }
    String match = MatchListPages.path(room.summary().room());
    Action close = new Action("Close the room…", match + "/close", 2);
    return switch (room.summary().phase()) {
      case LOBBY -> List.of(close);
      case ACTIVE ->
          List.of(
              new Action("Reset…", match + "/reset", 2),
              new Action("End the match…", match + "/end", 2),
              close);
      case CLOSED -> List.of();
    };
  }

  private Future<ConsoleView> fork(ConsoleRequest request) {
    Long revision = SearchQuery.parse(request.field("revision"));
    long at = revision == null ? 0 : Math.max(0, revision);
    return find(bus, request)
        .compose(
            found ->
                Confirmation.level1(
                        "Fork from revision " + at + "?",
                        "A new room opens with the same seats and randomness, and its match goes"
                            + " on from there. The players are not told, and this match goes on.",
                        "Fork from " + at)
                    .ask(
                        request,
                        MatchListPages.path(found.summary().room()) + "?at=" + at,
                        () -> fork(request, found.summary().room(), at)));
  }

  private Future<ConsoleView> fork(ConsoleRequest request, String room, long revision) {
    return changes
        .make(
            request,
            new MatchQuery.Fork(room, revision, request.admin().player(), null),
            "admin_fork_match",
            "matches/" + room,
            Changes.values("revision", revision))
        .map(forked -> ConsoleView.done(MatchListPages.path(forked.room().room()), "match-forked"));
  }
}
