package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A room: who holds its seats and which node owns it; close, end and reset. */
final class MatchRoomPages implements ConsoleSection {
  private static final String PATH = MatchPages.MATCH + MatchPages.ROOM;

  private final Bus bus;
  private final Changes changes;

  MatchRoomPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.MATCHES_READ, this::room);
    console.action(MatchPages.MATCH + "/close", Permission.MATCHES_ACT, this::close);
    console.action(MatchPages.MATCH + "/end", Permission.MATCHES_ACT, this::end);
    console.action(MatchPages.MATCH + "/reset", Permission.MATCHES_ACT, this::reset);
    console.message("match-closed", "The room was closed.");
    console.message("match-ended", "The match was ended; its seats are offered again.");
    console.message("match-reset", "The match starts again from its beginning.");
  }

  private Future<ConsoleView> room(ConsoleRequest request) {
    return MatchPages.find(bus, request)
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
            request.may(Permission.CLUSTER_READ)
                ? List.of(
                    new Link(
                        "Lease",
                        ClusterPages.OWNERSHIP
                            + "?q=name%3Amatch%2F"
                            + URLEncoder.encode(summary.room(), StandardCharsets.UTF_8)))
                : List.of(),
            MatchPages.buttons(request, room),
            summary.startedMs() == null
                ? List.of()
                : MatchPages.tabs(request, match, match + MatchPages.ROOM),
            sections)
        .render(summary.gameKey() + ", " + MatchPages.shortId(room));
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

  private Future<ConsoleView> close(ConsoleRequest request) {
    return asHost(
        request,
        "Close",
        "Nobody can join it or act in it any more. Its players get an event.",
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
    return MatchPages.find(bus, request)
        .compose(
            found -> {
              RoomSummary room = found.summary();
              String back = MatchListPages.path(room.room()) + MatchPages.ROOM;
              return Confirmation.level2(
                      verb + " room " + room.room() + "?",
                      found.seats() + " seats are taken. " + consequence,
                      verb + " room " + MatchPages.shortId(found),
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
