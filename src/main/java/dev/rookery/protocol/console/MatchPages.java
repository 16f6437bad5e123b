package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchQuery;
import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A room: its match at any revision, who holds its seats and which node owns it; fork, reset, end
 * and close. What players keep from each other is a page of its own, which the audit log shows.
 */
final class MatchPages implements ConsoleSection {
  private static final String MATCH = MatchListPages.PATH + "/:id";
  private static final String ROOM = "/room";
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
    console.page(MATCH + ROOM, Permission.MATCHES_READ, this::room);
    console.page(MATCH + SECRET, Permission.MATCHES_SECRET, this::secrets);
    console.action(MATCH + "/fork", Permission.MATCHES_FORK, this::fork);
    console.action(MATCH + "/close", Permission.MATCHES_ACT, this::close);
    console.action(MATCH + "/end", Permission.MATCHES_ACT, this::end);
    console.action(MATCH + "/reset", Permission.MATCHES_ACT, this::reset);
    console.message("match-forked", "This room goes on from the revision that you chose.");
    console.message("match-closed", "The room was closed.");
    console.message("match-ended", "The match was ended; its seats are offered again.");
    console.message("match-reset", "The match starts again from its beginning.");
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

  private Future<ListedRoom> find(ConsoleRequest request) {
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
    return find(request)
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
  private static String shortId(ListedRoom room) {
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

  private static List<Tab> tabs(ConsoleRequest request, String match, String current) {
    var tabs = new ArrayList<Tab>();
    tabs.add(new Tab("Timeline", match, current.equals(match)));
    if (request.may(Permission.MATCHES_SECRET)) {
      tabs.add(new Tab("Views of seats", match + SECRET, current.equals(match + SECRET)));
    }
    tabs.add(new Tab("Room", match + ROOM, current.equals(match + ROOM)));
    return tabs;
  }

  private static List<Action> buttons(ConsoleRequest request, ListedRoom room) {
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

  private Future<ConsoleView> room(ConsoleRequest request) {
    return find(request)
        .compose(
            found ->
                bus.ask(new MatchCommand.Find(found.summary().room()))
                    // Its game may be gone; the row says enough to close it.
                    .otherwise(Optional.empty())
                    .map(info -> room(request, found, info.orElse(null))));
  }

  private static ConsoleView room(
      ConsoleRequest request, ListedRoom room, @Nullable RoomInfo info) {
    RoomSummary summary = room.summary();
    String match = MatchListPages.path(summary.room());
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("room", "Room", facts(room)));
    if (info == null) {
      sections.add(
          Section.text("seats", "Seats", "")
              .withNote("The game of this room cannot be loaded, so its seats are not known."));
    } else {
      sections.add(
          Section.table("seats", "Seats", seats(info), Pager.NONE, "Nobody has taken a seat."));
      String config = info.config();
      sections.add(Section.text("config", "Options of the game", config == null ? "" : config));
    }
    return new RecordPage(
            List.of(new Link("Matches", MatchListPages.PATH)),
            List.of(MatchListPages.state(room)),
            List.of(
                new Link(
                    "Lease",
                    ClusterPages.OWNERSHIP
                        + "?q=name%3Amatch%2F"
                        + URLEncoder.encode(summary.room(), StandardCharsets.UTF_8))),
            buttons(request, room),
            summary.startedMs() == null ? List.of() : tabs(request, match, match + ROOM),
            sections)
        .render(summary.gameKey() + ", " + shortId(room));
  }

  private static List<Fact> facts(ListedRoom room) {
    RoomSummary summary = room.summary();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("Id", Cell.code(summary.room())));
    facts.add(Fact.of("Game", Cell.text(summary.gameKey())));
    facts.add(Fact.of("Version", Cell.code(summary.gameVersion())));
    facts.add(Fact.of("State", MatchListPages.state(room)));
    facts.add(Fact.of("Host", user(summary.hostUser(), null)));
    facts.add(Fact.of("Seats", Cell.text(room.seats() + " of " + room.capacity())));
    facts.add(Fact.of("Owner", MatchListPages.owner(room)));
    facts.add(Fact.of("Revision", Cell.number(summary.revision())));
    facts.add(Fact.of("Actions", Cell.number(summary.actions())));
    facts.add(Fact.of("Created", Cell.time(summary.createdMs())));
    facts.add(Fact.of("Started", Cell.time(summary.startedMs())));
    facts.add(Fact.of("Finished", Cell.time(room.finishedMs())));
    facts.add(Fact.of("Next deadline", Cell.time(room.wakeMs())));
    String from = summary.forkedFrom();
    if (from != null) {
      facts.add(
          Fact.of(
              "Goes on from",
              Cell.link(
                  from + " at revision " + summary.forkedRevision(),
                  MatchListPages.path(from) + "?at=" + summary.forkedRevision())));
    }
    return facts;
  }

  /** A user who is a player of this server is a number. */
  private static Cell user(String user, @Nullable String name) {
    Long player = SearchQuery.parse(user);
    if (player != null) {
      return Cell.player(name, player);
    }
    return Cell.text(name == null ? user : name + " (" + user + ")");
  }

  private static ListView seats(RoomInfo info) {
    var columns =
        List.of(
            Column.of("Seat", 1),
            Column.of("Held by", 1),
            Column.of("Player of the game", 2),
            Column.of("State", 2));
    var rows = new ArrayList<Row>();
    for (SeatInfo seat : info.seats()) {
      var bot = seat.bot();
      Cell holder =
          bot == null
              ? seat.user().isEmpty()
                  ? Cell.text("an account that has ended")
                  : user(seat.user(), seat.userName())
              : Cell.badge("bot " + bot.label(), "");
      String index = Integer.toString(seat.index());
      rows.add(
          new Row(
              index,
              "seat " + index,
              List.of(
                  Cell.text(index),
                  holder,
                  Cell.code(info.playerIDs().get(seat.index())),
                  bot != null
                      ? Cell.text("")
                      : seat.connected()
                          ? Cell.badge("connected", "good")
                          : Cell.badge(seat.ready() ? "ready, away" : "away", ""))));
    }
    return new ListView("seats", "Seats", columns, rows, false);
  }

  private Future<ConsoleView> fork(ConsoleRequest request) {
    Long revision = SearchQuery.parse(request.field("revision"));
    long at = revision == null ? 0 : Math.max(0, revision);
    return find(request)
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
            new MatchQuery.Fork(room, revision),
            "admin_fork_match",
            "matches/" + room,
            Changes.values("revision", revision))
        .map(forked -> ConsoleView.done(MatchListPages.path(forked.room().room()), "match-forked"));
  }

  private Future<ConsoleView> close(ConsoleRequest request) {
    return asHost(
        request,
        "Close",
        "Nobody joins or acts in it any more, and its players are told.",
        MatchCommand.CloseRoom::new,
        "admin_close_match",
        "match-closed");
  }

  private Future<ConsoleView> end(ConsoleRequest request) {
    return asHost(
        request,
        "End the match of",
        "The match ends without a result, its log is deleted, and its seats are offered again.",
        MatchCommand.ReturnToLobby::new,
        "admin_end_match",
        "match-ended");
  }

  private Future<ConsoleView> reset(ConsoleRequest request) {
    return asHost(
        request,
        "Reset the match of",
        "The log so far is deleted; the same players start again with new randomness.",
        MatchCommand.Reset::new,
        "admin_reset_match",
        "match-reset");
  }

  /** Carries out a command of the room's host, after a confirmation. */
  private Future<ConsoleView> asHost(
      ConsoleRequest request,
      String verb,
      String consequence,
      BiFunction<String, String, MatchCommand<?>> command,
      String action,
      String done) {
    return find(request)
        .compose(
            found -> {
              RoomSummary room = found.summary();
              String back = MatchListPages.path(room.room()) + ROOM;
              return Confirmation.level2(
                      verb + " room " + room.room() + "?",
                      found.seats() + " seats are taken. " + consequence,
                      verb + " room " + shortId(found),
                      room.gameKey())
                  .ask(
                      request,
                      back,
                      ConsoleView.done(back, done),
                      () ->
                          changes.make(
                              request,
                              command.apply(room.room(), room.hostUser()),
                              action,
                              "matches/" + room.room()));
            });
  }
}
